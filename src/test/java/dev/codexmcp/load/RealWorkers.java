package dev.codexmcp.load;

import dev.codexmcp.testkit.CodexHome;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.ModelScript;
import dev.codexmcp.testkit.ModelServer;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.RealCodex;
import dev.codexmcp.testkit.ScratchFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Measures workers of the real CLI while they wait for their model: the number of processes, and the memory of these
 * and the server.
 */
public final class RealWorkers {
    private static final String MARK = "CODEX_REAL_WORKERS";

    private RealWorkers() {}

    /** Arguments: the launcher; how many workers, default 8. */
    public static void main(String[] arguments) throws IOException {
        int workers = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8;
        for (String mode : List.of("off", "on", "off", "on", "off", "on")) {
            measure(arguments[0], workers, mode);
        }
        System.exit(0);
    }

    private static void measure(String launcher, int workers, String mode) throws IOException {
        Path folder = ScratchFolders.fresh(Path.of("target", "real-workers").toAbsolutePath());
        String mark = UUID.randomUUID().toString();
        try (ModelServer model = ModelServer.start()) {
            Map<String, String> environment = new HashMap<>(
                    CodexHome.create(folder.resolve("home"), model).environment());
            environment.put("JAVA_HOME", System.getProperty("java.home"));
            environment.put("CODEX_MCP_CODEX_BIN", RealCodex.find().script().toString());
            environment.put("CODEX_MCP_NATIVE", mode);
            environment.put(MARK, mark);
            Path workspace = Files.createDirectories(folder.resolve("workspace"));
            try (McpClient client = McpClient.start(List.of(launcher), environment)) {
                JobTools jobs = new JobTools(client);
                List<String> ids = new ArrayList<>();
                long start = System.nanoTime();
                for (int i = 0; i < workers; i++) {
                    ids.add(jobs.spawn(ModelScript.script().gate("model").prompt(), workspace, "read-only"));
                }
                model.gate("model").awaitArrivals(workers);
                long millis = (System.nanoTime() - start) / 1_000_000;
                long server = client.process().pid();
                List<ProcessProbe.Found> found = new ArrayList<>();
                for (String id : ids) {
                    found.addAll(ProcessProbe.ofJob(id).find());
                }
                long kib = pssKib(server);
                for (ProcessProbe.Found process : found) {
                    kib += pssKib(process.pid());
                }
                System.out.printf(
                        "CODEX_MCP_NATIVE=%s: %d processes, %d MB, all waiting for their model after %d ms%n",
                        mode, found.size() + 1, kib / 1024, millis);
            }
        }
    }

    /** The proportional set size of a process, in KiB. */
    private static long pssKib(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup")).stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
