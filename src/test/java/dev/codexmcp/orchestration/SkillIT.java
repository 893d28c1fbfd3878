package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.ModelRequest;
import dev.codexmcp.testkit.ModelScript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the real CLI passes to its model about the skill. */
class SkillIT {

    private static final Pattern FRONT_MATTER =
            Pattern.compile("\\A---\\nname: (?<name>\\S+)\\ndescription: \"(?<description>[^\"\\n]+)\"\\n---\\n");

    @Test
    void theCliListsTheSkillInAnotherRepository() {
        try (BossFixture scene = BossFixture.of("skill-listed", Map.of())) {
            scene.run("Hello.", scene.repository());

            String listed = skillLine(scene.model().requests().get(0));

            assertThat(listed).contains(frontMatter().group("description"));
            assertThat(listed).contains(Skill.NAME + "/SKILL.md");
        }
    }

    @Test
    void theSkillSendsAWorkerBackToItsTask() {
        try (BossFixture scene = BossFixture.of("skill-in-a-worker", Map.of())) {
            BossRun run = scene.run(new Boss(scene)
                    .spawn("worker", "(none)", ModelScript.script().say("modifiedFiles:\n(none)"))
                    .collect("worker")
                    .script()
                    .say("{{workerStatus.status}}"));

            assertThat(run.answer()).isEqualTo("done");
            ModelRequest worker = scene.model()
                    .requests(request -> request.prompt().startsWith("You are a worker:"))
                    .get(0);
            assertThat(skillLine(worker))
                    .contains("Never inside a delegated job, whose prompt says that you are a worker.");
            String skill = Skill.read(Skill.FOLDER.resolve("SKILL.md"));
            assertThat(skill.substring(skill.indexOf("\n## ")))
                    .startsWith("\n## Boss or worker?\n\nDoes your prompt say that you are a worker")
                    .containsSubsequence("do the task yourself", "stop reading here", "Otherwise you are the boss");
        }
    }

    @Test
    void theCliAcceptsTheFrontMatter() {
        Matcher front = frontMatter();

        assertThat(front.group("name")).isEqualTo(Skill.NAME).hasSizeLessThanOrEqualTo(64);
        assertThat(front.group("description")).hasSizeLessThanOrEqualTo(1024);
    }

    private static Matcher frontMatter() {
        Matcher front = FRONT_MATTER.matcher(Skill.read(Skill.FOLDER.resolve("SKILL.md")));
        assertThat(front.find()).isTrue();
        return front;
    }

    /**
     * The only line about the skill in the CLI's own messages to the model. A repository below one with a plugin's
     * manifest, as below a clone of this one, has the plugin's name before the skill's.
     */
    private static String skillLine(ModelRequest request) {
        Pattern beginning = Pattern.compile("- (codex-mcp-server:)?" + Skill.NAME + ": ");
        List<String> lines = new ArrayList<>();
        for (JsonNode item : request.body().path("input")) {
            if (item.path("role").asText().equals("developer")) {
                item.path("content")
                        .forEach(part -> part.path("text")
                                .asText()
                                .lines()
                                .filter(line -> beginning.matcher(line).lookingAt())
                                .forEach(lines::add));
            }
        }
        assertThat(lines)
                .as("lines with %s in %s", beginning, request.body().path("input"))
                .hasSize(1);
        return lines.get(0);
    }
}
