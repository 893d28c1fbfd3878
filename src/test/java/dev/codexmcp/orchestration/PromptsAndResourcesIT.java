package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.TestJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The skill's texts as served to hosts without skills. */
class PromptsAndResourcesIT {

    private static final List<String> LAUNCHER =
            List.of(Objects.requireNonNull(System.getProperty("codexmcp.launcher")));
    private static final Map<String, String> ENVIRONMENT = Map.of("JAVA_HOME", System.getProperty("java.home"));

    @Test
    void delegateFillsTheTemplateOfTheSkill() {
        Map<String, String> values = new HashMap<>();
        Skill.PLACEHOLDERS.forEach(name -> values.put(name, "the " + name + ",\nwith $1 and {{label}}"));
        ObjectNode params = TestJson.object().put("name", "delegate");
        params.set("arguments", TestJson.MAPPER.valueToTree(values));

        try (McpClient client = McpClient.start(LAUNCHER, ENVIRONMENT)) {
            JsonNode listed = client.request("prompts/list", TestJson.object())
                    .path("result")
                    .path("prompts")
                    .path(0);
            JsonNode prompt = client.request("prompts/get", params).path("result");

            List<String> arguments = new ArrayList<>();
            listed.path("arguments")
                    .forEach(argument -> arguments.add(argument.path("name").asText()));
            assertThat(listed.path("name").asText()).isEqualTo("delegate");
            assertThat(arguments).isEqualTo(Skill.PLACEHOLDERS);
            assertThat(prompt.path("messages")).hasSize(1);
            assertThat(prompt.at("/messages/0/content/text").asText()).isEqualTo(Skill.delegate(values));
        }
    }

    @Test
    void theRunbookIsAResource() {
        try (McpClient client = McpClient.start(LAUNCHER, ENVIRONMENT)) {
            JsonNode listed =
                    client.request("resources/list", TestJson.object()).at("/result/resources/0");
            JsonNode resource = client.request(
                            "resources/read",
                            TestJson.object().put("uri", listed.path("uri").asText()))
                    .at("/result/contents/0");

            assertThat(resource.path("text").asText()).isEqualTo(Skill.read(Skill.RUNBOOK));
            assertThat(resource.path("mimeType").asText()).isEqualTo("text/markdown");
            assertThat(resource.path("uri")).isEqualTo(listed.path("uri"));
        }
    }
}
