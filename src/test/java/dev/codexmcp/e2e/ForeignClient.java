package dev.codexmcp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Runs clients that others have made. */
final class ForeignClient {
    private ForeignClient() {}

    /** Runs a program that must exit with code 0. */
    static String outputOf(EndToEndFixture bench, List<String> command, Map<String, String> environment)
            throws Exception {
        Path stdout = bench.folder("client").resolve("stdout");
        Path stderr = bench.folder("client").resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(bench.workspace().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().putAll(bench.environment(CliVariant.NPM));
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES))
                    .as(command.toString())
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(stderr)).isZero();
            return Files.readString(stdout);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** A script of ours that uses such a client. */
    static Path script(String name) throws URISyntaxException {
        String resource = "/clients/" + name;
        return Path.of(Objects.requireNonNull(ForeignClient.class.getResource(resource), resource)
                .toURI());
    }
}
