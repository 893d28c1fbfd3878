package dev.codexmcp.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.ResourceUsage;
import dev.codexmcp.testkit.TestJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Sends a server lines of every kind, each followed by a valid request, and checks that it survives. */
final class Fuzz {
    private static final int BLOCK = 250;

    /** A codex that exits at once without output, unless asked to take a while. */
    private static final String CODEX = """
            #!/bin/sh
            for prompt; do :; done
            [ "$prompt" != slow ] || sleep 1
            """;

    /**
     * The outcome of a run.
     *
     * @param answered how many of the valid requests were answered, once each
     * @param violations unexpected lines on standard output
     */
    record Report(
            long seed,
            int sent,
            int answered,
            List<String> violations,
            ResourceUsage before,
            ResourceUsage after,
            int exitCode,
            String figures) {
        boolean good() {
            return answered == sent && violations.isEmpty() && after.within(before) && exitCode == 0;
        }
    }

    private Fuzz() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int lines = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
        Path folder = Files.createTempDirectory("fuzz");
        System.out.println("fuzz: " + lines + " lines from seed " + seed + ", in " + folder);
        Report report = run(arguments[0], folder, lines, seed, true);
        System.out.println(report.figures());
        report.violations().stream().limit(20).forEach(System.out::println);
        System.out.println(report.good() ? "fuzz: passed" : "fuzz: FAILED");
        System.exit(report.good() ? 0 : 1);
    }

    /** @param launcher the server's launcher */
    static Report run(String launcher, Path folder, int count, long seed, boolean talks)
            throws IOException, InterruptedException {
        Path codex = LoadClient.program(folder.resolve("codex"), CODEX);
        try (LoadClient server = LoadClient.start(launcher, folder, codex, Map.of("CODEX_MCP_MAX_JOBS", "4"))) {
            FuzzLines lines = new FuzzLines(seed);
            // Everything allocated once exists before counting starts.
            block(server, lines, BLOCK);
            ObjectNode wait = TestJson.object().put("timeoutMs", 1);
            ObjectNode slow = TestJson.object().put("prompt", "slow");
            String job = server.call("codex_spawn", slow).json().path("jobId").asText();
            wait.putArray("jobIds").add(job);
            server.call("codex_wait_any", wait);
            server.call("codex_wait_any", wait.put("timeoutMs", 30_000));
            ResourceUsage before = server.resources().atRest();
            long start = System.nanoTime();
            long bytes = 0;
            int answered = 0;
            for (int sent = 0; sent < count; sent += BLOCK) {
                bytes += block(server, lines, Math.min(BLOCK, count - sent));
                answered += Math.min(BLOCK, count - sent);
                if (talks && sent % 100_000 == 0 && sent > 0) {
                    System.out.println("fuzz: " + sent + " lines, " + server.resources());
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            ResourceUsage after = server.awaitResources(now -> now.within(before));
            int exitCode = server.end().code();
            String figures = String.format(
                    "%,d lines, %,d MB, %.0f s, %,.0f messages a second; %,d lines came back, other answers %s%n"
                            + "at the start %s%nat the end   %s; exit code %d",
                    count,
                    bytes / 1_000_000,
                    seconds,
                    2 * count / seconds,
                    server.lines(),
                    new TreeMap<>(server.others()),
                    before,
                    after,
                    exitCode);
            return new Report(seed, count, answered, server.problems(), before, after, exitCode, figures);
        }
    }

    /** Sends lines, each followed by a valid request, and waits for the answers to those. */
    private static long block(LoadClient server, FuzzLines lines, int count) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<CompletableFuture<JsonNode>> answers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            bytes.writeBytes(lines.next());
            CompletableFuture<JsonNode> answer = new CompletableFuture<>();
            bytes.writeBytes(server.line("ping", TestJson.object(), answer).getBytes(UTF_8));
            answers.add(answer);
        }
        server.sendBytes(bytes.toByteArray());
        for (CompletableFuture<JsonNode> answer : answers) {
            if (!server.get(answer).has("result")) {
                throw new IllegalStateException("a valid request failed: " + answer);
            }
        }
        return bytes.size();
    }
}
