package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.McpClient;
import dev.codexmcp.testkit.McpServerCommand;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.TestJson;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A client of a server whose workers run their prompts as shell scripts. Closing it kills the server. */
final class ShellClient extends McpClient {
    private final JobTools jobs = new JobTools(this);

    ShellClient(McpServerCommand command) {
        super(command);
    }

    /** The arguments of a tool that takes a job's id. */
    static ObjectNode job(String jobId) {
        return TestJson.object().put("jobId", jobId);
    }

    long pid() {
        return process().pid();
    }

    /** Whatever the server has printed that is not the one answer to a request. */
    List<String> strays() {
        return Stream.concat(violations().stream(), received().stream().map(JsonNode::toString))
                .toList();
    }

    /** Reads one line, which must answer a spawn, and returns the job's id; before {@link #startReading}. */
    String readJobId(CompletableFuture<JsonNode> spawned) throws IOException {
        readOneLine();
        return Responses.json(get(spawned)).path("jobId").textValue();
    }

    /** Starts a worker that runs this shell script. */
    String spawn(String script) {
        return jobs.spawn(Map.of("prompt", script));
    }

    String status(String jobId) {
        return jobs.status(jobId).path("status").textValue();
    }

    boolean cancel(String jobId, boolean force) {
        return jobs.cancel(jobId, force);
    }

    /** Waits for the end of a job. */
    void awaitEnd(String jobId) {
        jobs.awaitEnd(jobId);
    }

    /** All events of a job that has ended. */
    List<JsonNode> events(String jobId) {
        return jobs.eventsSoFar(jobId);
    }

    void ping() {
        assertThat(call("ping", Map.of("message", "still there")).text()).isEqualTo("still there");
    }

    /** Sends a signal to the server's process alone. */
    void signal(String name) {
        run("sh", "-c", "kill -" + name + " " + pid());
    }

    /** Runs a program to its end; it must exit with 0. */
    static void run(String... command) {
        try {
            Process helper = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start();
            assertThat(helper.waitFor(Polling.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            assertThat(helper.exitValue()).as("%s", List.of(command)).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process().destroyForcibly();
        awaitExit();
    }
}
