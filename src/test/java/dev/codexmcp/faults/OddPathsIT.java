package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.GitFolder;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.ProcessProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File names that git, a shell or JSON could take for something else: every path that a tool prints is one that it takes. */
class OddPathsIT {
    private static final List<String> NAMES = List.of(
            "-dash",
            "--",
            "line\nfeed",
            "tab\tname",
            " space ",
            "ü",
            "*",
            "[id]",
            ":(glob)x",
            ":!x",
            "\"quoted\"",
            "back\\slash",
            "...",
            ".gitx",
            "git~2",
            "x".repeat(255));

    @TempDir
    Path scratch;

    private GitFolder repository;
    private ShellClient server;
    private String job;

    @BeforeEach
    void start() throws IOException {
        ShellCodex.install(scratch);
        repository = GitFolder.create(scratch.resolve("repository"));
        server = ShellCodexServer.in(scratch).start();
        server.initialize();
        Path go = scratch.resolve("go");
        JobTools jobs = new JobTools(server);
        job = jobs.spawn(Map.of(
                "prompt",
                "until [ -e " + go + " ]; do sleep 0.02; done; echo x >\"$(printf '\\377\\376A')\"",
                "workingDirectory",
                repository.root().toString()));
        changes(Map.of());
        for (String name : NAMES) {
            Files.writeString(repository.root().resolve(name), "x");
        }
        Files.createFile(go);
        jobs.awaitEnd(job);
    }

    @AfterEach
    void end() {
        server.close();
        ProcessProbe.inDirectory(scratch).kill();
        assertThat(server.strays()).isEmpty();
    }

    private JsonNode call(String tool, Map<String, ?> more) {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("jobId", job);
        return server.call(tool, arguments).json();
    }

    private JsonNode changes(Map<String, ?> more) {
        return call("codex_changes", more);
    }

    private static List<String> paths(JsonNode files) {
        List<String> paths = new ArrayList<>();
        files.forEach(file -> paths.add(file.path("path").asText()));
        return paths;
    }

    @Test
    void everyPathThatIsPrintedIsTaken() {
        List<String> printed = paths(changes(Map.of()).path("files"));
        List<String> expected = new ArrayList<>(NAMES);
        expected.replaceAll(name -> name.equals("\"quoted\"") ? "\"\\\"quoted\\\"\"" : name);
        expected.add("\"\\377\\376A\"");

        assertThat(printed).containsExactlyInAnyOrderElementsOf(expected);
        for (String path : printed) {
            assertThat(paths(changes(Map.of("path", path)).path("files"))).containsExactly(path);
            assertThat(JobTools.texts(call("codex_restore", Map.of("paths", List.of(path), "dryRun", true))
                            .path("restored")))
                    .containsExactly(path);
        }
        assertThat(changes(Map.of("path", ".")).path("files")).hasSize(printed.size());
        assertThat(call("codex_restore", Map.of("paths", List.of("."))).path("restored"))
                .hasSize(printed.size());
        assertThat(repository.status()).isEmpty();
    }

    @Test
    void thePatchOfOddNamesApplies() {
        GitFolder other = GitFolder.create(scratch.resolve("other"));
        other.write(
                "../p",
                changes(Map.of("view", "patch", "maxBytes", 1_000_000))
                        .path("patch")
                        .asText());

        other.git("apply", "../p");

        assertThat(other.status()).hasSize(NAMES.size() + 1);
    }

    @Test
    void aPathOutsideTheRepositoryIsRefused() {
        for (String path : List.of("../x", "/etc/passwd", "a/../../x", "\"../x\"", "\".git/config\"")) {
            assertThat(server.call("codex_changes", Map.of("jobId", job, "path", path))
                            .text())
                    .isEqualTo("Error in tool \"codex_changes\": \"path\" is \"" + path
                            + "\": it must be a file or folder below " + repository.root() + ".");
            assertThat(server.call("codex_restore", Map.of("jobId", job, "paths", List.of(path)))
                            .text())
                    .contains("outside");
        }
    }
}
