package dev.codexmcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients can call and set is known to the tools; what lies below them reports facts, and the tools word them. */
class ToolNamesTest {
    /** The name of a tool, or of a setting; the cookie by which workers are known is neither. */
    private static final Pattern NAME = Pattern.compile("\\bcodex_[a-z_]+|\\bCODEX_MCP_(?!JOB\\b)[A-Z_]+");

    @ParameterizedTest
    @ValueSource(strings = {"job", "worker", "json"})
    void nothingBelowTheToolsNamesAToolOrASetting(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/dev/codexmcp", folder))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources).isNotEmpty();
            for (Path source : sources) {
                List<String> names = NAME.matcher(Files.readString(source))
                        .results()
                        .map(found -> found.group())
                        .toList();
                assertThat(names).as("%s", source).isEmpty();
            }
        }
    }
}
