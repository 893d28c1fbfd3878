package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests that the specs name exist. */
class OpenSpecTest {

    private static final Path OPENSPEC = Skill.ROOT.resolve("openspec");
    private static final Pattern SCENARIO = Pattern.compile("(?m)^#### Scenario: ");
    private static final Pattern TEST_LINE = Pattern.compile("(?m)^- \\*\\*TEST\\*\\* (\\w+#\\w+)$");
    /** Of a change that is under way: its test is still to be written. */
    private static final Pattern OPEN_LINE = Pattern.compile("(?m)^- \\*\\*TEST\\*\\* open$");

    private static final Pattern TASK = Pattern.compile("(?m)^- \\[(?<ticked>[ x])] (?<text>.*)$");
    private static final Pattern TEST = Pattern.compile("`(\\w+#\\w+)`");

    static Stream<Path> specs() {
        return Skill.markdownBelow(OPENSPEC).stream()
                .filter(file -> file.getFileName().toString().equals("spec.md"));
    }

    static Stream<Path> taskLists() {
        return Skill.markdownBelow(OPENSPEC).stream()
                .filter(file -> file.getFileName().toString().equals("tasks.md"));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void everyScenarioNamesAnExistingTest(Path spec) throws IOException {
        String text = Skill.read(spec);
        List<String> scenarios = SCENARIO.splitAsStream(text).skip(1).collect(Collectors.toCollection(ArrayList::new));

        boolean underWay = spec.startsWith(OPENSPEC.resolve("changes"));
        assertThat(scenarios)
                .isNotEmpty()
                .allSatisfy(scenario -> assertThat(TEST_LINE
                                        .matcher(scenario)
                                        .results()
                                        .count()
                                + (underWay
                                        ? OPEN_LINE.matcher(scenario).results().count()
                                        : 0))
                        .isEqualTo(1));
        assertThat(missing(TEST_LINE.matcher(text).results())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("taskLists")
    void everyTickedTaskNamesAnExistingTest(Path tasks) throws IOException {
        List<MatchResult> ticked = TASK.matcher(Skill.read(tasks))
                .results()
                .filter(task -> task.group(1).equals("x"))
                .toList();

        for (MatchResult task : ticked) {
            assertThat(TEST.matcher(task.group(2)).results()).as(task.group()).isNotEmpty();
            assertThat(missing(TEST.matcher(task.group(2)).results())).isEmpty();
        }
    }

    private static List<String> missing(Stream<MatchResult> tests) throws IOException {
        Map<String, String> sources;
        try (Stream<Path> files = Files.walk(Skill.ROOT.resolve("src/test/java"))) {
            sources = files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(
                            file -> file.getFileName().toString().replace(".java", ""),
                            Skill::read,
                            (first, second) -> first + second));
        }
        return tests.map(test -> test.group(1))
                .filter(test -> {
                    String[] name = test.split("#", 2);
                    return !Pattern.compile("(?m)^    void " + name[1] + "\\(")
                            .matcher(sources.getOrDefault(name[0], ""))
                            .find();
                })
                .distinct()
                .toList();
    }
}
