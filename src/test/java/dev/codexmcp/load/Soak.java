package dev.codexmcp.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.ResourceUsage;
import dev.codexmcp.testkit.TestJson;
import dev.codexmcp.testkit.ToolOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Runs very many jobs, good and faulty, on few permits, and checks that nothing is lost or left. */
final class Soak {
    private static final int PERMITS = 32;

    /** A codex that runs its prompt as a shell script. */
    private static final String CODEX = """
            #!/bin/sh
            for prompt; do :; done
            eval "$prompt"
            """;

    /**
     * The outcome of a run.
     *
     * @param problems problems of single jobs, and unexpected lines on standard output
     * @param permits how many jobs could be started at once at the end
     */
    record Report(
            int jobs,
            List<String> problems,
            int permits,
            ResourceUsage before,
            ResourceUsage after,
            Optional<Long> heapPerJob,
            int exitCode,
            String figures) {
        boolean good() {
            return problems.isEmpty() && permits == PERMITS && after.within(before) && exitCode == 0;
        }
    }

    private Soak() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        int jobs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10_000;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : System.nanoTime();
        Path folder = Files.createTempDirectory("soak");
        System.out.println("soak: " + jobs + " jobs from seed " + seed + ", in " + folder);
        Report report = run(arguments[0], folder, jobs, seed, true);
        System.out.println(report.figures());
        report.problems().stream().limit(20).forEach(System.out::println);
        System.out.println(report.good() ? "soak: passed" : "soak: FAILED");
        System.exit(report.good() ? 0 : 1);
    }

    /** @param launcher the server's launcher */
    static Report run(String launcher, Path folder, int jobs, long seed, boolean talks)
            throws IOException, InterruptedException, ExecutionException {
        Path codex = LoadClient.program(folder.resolve("codex"), CODEX);
        Map<String, String> environment = Map.of("CODEX_MCP_MAX_JOBS", String.valueOf(PERMITS));
        ExecutorService drivers = Executors.newFixedThreadPool(PERMITS);
        try (LoadClient server = LoadClient.start(launcher, folder, codex, environment)) {
            // All that is made once is there before the counting begins.
            openJournal(server);
            fill(server);
            server.heapBytes();
            ResourceUsage before = server.resources().atRest();
            Optional<Long> heapBefore = server.heapBytes();
            long start = System.nanoTime();
            Tally tally = new Tally();
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < jobs; i++) {
                long own = seed + i;
                running.add(drivers.submit(() -> {
                    SoakJob job = new SoakJob(server, own);
                    job.run();
                    tally.add(job, talks);
                }));
            }
            for (Future<?> driver : running) {
                driver.get();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            int permits = fill(server);
            ResourceUsage after = server.awaitResources(now -> now.within(before));
            Optional<Long> heapAfter = server.heapBytes();
            Optional<Long> perJob = heapAfter.map(heap -> (heap - heapBefore.orElse(0L)) / jobs);
            int exitCode = server.end().code();
            tally.problems.addAll(server.problems());
            String figures = String.format(
                    "%,d jobs in %.0f s, %,d of them faulty, %,d cancelled; %,d events, seen by three cursors each%n"
                            + "%d permits at the end; heap for each kept job %s bytes%n"
                            + "at the start %s%nat the end   %s; exit code %d",
                    jobs,
                    seconds,
                    tally.faulty.get(),
                    tally.canceled.get(),
                    tally.events.get(),
                    permits,
                    perJob.map(bytes -> String.format("%,d", bytes)).orElse("unknown"),
                    before,
                    after,
                    exitCode);
            return new Report(jobs, List.copyOf(tally.problems), permits, before, after, perJob, exitCode, figures);
        } finally {
            drivers.shutdownNow();
        }
    }

    /** The outcomes of the jobs so far. */
    private static final class Tally {
        private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
        private final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger faulty = new AtomicInteger();
        private final AtomicInteger canceled = new AtomicInteger();
        private final AtomicLong events = new AtomicLong();

        private void add(SoakJob job, boolean talks) {
            problems.addAll(job.problems());
            faulty.addAndGet(job.good() ? 0 : 1);
            canceled.addAndGet(job.canceled() ? 1 : 0);
            events.addAndGet(job.events());
            int count = ended.incrementAndGet();
            if (talks && count % 1000 == 0) {
                System.out.println("soak: " + count + " jobs");
            }
        }
    }

    /** The server opens its journal once a worker names its thread. */
    private static void openJournal(LoadClient server) {
        String prompt = "echo '{\"type\":\"thread.started\",\"thread_id\":\"0199a213-81c0-7800-8aa1-bbab2a035a53\"}'";
        String job = server.call("codex_spawn", TestJson.object().put("prompt", prompt))
                .json()
                .path("jobId")
                .asText();
        ObjectNode wait = TestJson.object().put("timeoutMs", 30_000);
        wait.putArray("jobIds").add(job);
        server.call("codex_wait_any", wait);
    }

    /** Starts jobs until one is refused, and ends them again; gives how many there were. */
    private static int fill(LoadClient server) {
        List<String> jobs = new ArrayList<>();
        while (true) {
            ToolOutput result = server.call("codex_spawn", TestJson.object().put("prompt", "exec sleep 1000"));
            if (result.isError()) {
                break;
            }
            jobs.add(result.json().path("jobId").asText());
        }
        for (String job : jobs) {
            ObjectNode which = TestJson.object().put("jobId", job);
            server.call("codex_cancel", which.deepCopy().put("force", true));
            ObjectNode wait = TestJson.object().put("timeoutMs", 30_000);
            wait.putArray("jobIds").add(job);
            server.call("codex_wait_any", wait);
        }
        return jobs.size();
    }
}
