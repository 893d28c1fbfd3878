package dev.codexmcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.McpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server loads until it has listed its tools. Everything else costs each session time and memory, used or not. */
class StartClassesIT {
    private static final String LAUNCHER = Objects.requireNonNull(System.getProperty("codexmcp.launcher"));

    /** The commands for people, their libraries, data binding, and what only some calls need. */
    private static final Pattern LATER =
            Pattern.compile("dev\\.codexmcp\\.(cli|install|dashboard|git\\.Shadow|worker\\.remote\\.Remote)"
                    + "|picocli\\.|org\\.jline\\.|org\\.snakeyaml\\.|com\\.fasterxml\\.jackson\\.(dataformat|databind\\.(ObjectMapper|ser\\.Bean|deser))"
                    + "|com\\.sun\\.net\\.httpserver|java\\.net\\.http\\.|java\\.util\\.ServiceLoader$");

    @TempDir
    Path scratch;

    @Test
    void aStartLoadsNothingThatOnlyLaterCallsNeed() throws IOException {
        Path log = scratch.resolve("classes.txt");
        String flag = "-Xlog:class+load:file=" + log;
        try (McpClient client = McpClient.start(List.of(LAUNCHER), Map.of("CODEX_MCP_JAVA_OPTS", flag))) {
            assertThat(RealTraining.tools(client)).isNotEmpty();
            try (Stream<String> lines = Files.lines(log)) {
                assertThat(lines.map(line -> line.replaceFirst("^.*\\] ", "").replaceFirst(" source: .*", ""))
                                .filter(LATER.asPredicate()))
                        .isEmpty();
            }
        }
    }
}
