package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No worker outlives its cancellation or its server, nor do its descendants. */
class WorkerTreesIT {
    @TempDir
    Path scratch;

    private final List<ShellClient> servers = new ArrayList<>();

    @BeforeEach
    void installCodex() {
        ShellCodex.install(scratch);
    }

    @AfterEach
    void killWhatIsLeft() {
        servers.forEach(ShellClient::close);
        ProcessProbe.inDirectory(scratch).kill();
        servers.forEach(server -> assertThat(server.strays()).isEmpty());
    }

    /** In a process group of its own, as the real CLI starts its servers. */
    private ShellClient server() {
        ShellClient server = ShellCodexServer.in(scratch).by("setsid").start();
        servers.add(server);
        server.initialize();
        return server;
    }

    /** How a server can end. */
    enum End {
        STDIN_CLOSED(true) {
            @Override
            void apply(ShellClient server) {
                server.closeStdin();
            }
        },
        SIGTERM(true) {
            @Override
            void apply(ShellClient server) {
                server.signal("TERM");
            }
        },
        SIGINT(true) {
            @Override
            void apply(ShellClient server) {
                server.signal("INT");
            }
        },
        SIGHUP(true) {
            @Override
            void apply(ShellClient server) {
                server.signal("HUP");
            }
        },
        /** What the real CLI does when it exits. */
        SIGTERM_TO_THE_GROUP_THEN_SIGKILL_13_MS_LATER(false) {
            @Override
            void apply(ShellClient server) {
                server.closeStdin();
                ShellClient.run("sh", "-c", "kill -TERM -$0; sleep 0.013; kill -KILL $0", Long.toString(server.pid()));
            }
        },
        SIGTERM_THEN_SIGKILL_13_MS_LATER(false) {
            @Override
            void apply(ShellClient server) {
                ShellClient.run("sh", "-c", "kill -TERM $0; sleep 0.013; kill -KILL $0", Long.toString(server.pid()));
            }
        },
        SIGKILL(false) {
            @Override
            void apply(ShellClient server) {
                server.signal("KILL");
            }
        },
        SIGKILL_TO_THE_GROUP(false) {
            @Override
            void apply(ShellClient server) {
                ShellClient.run("sh", "-c", "kill -KILL -" + server.pid());
            }
        };

        private final boolean orderly;

        End(boolean orderly) {
            this.orderly = orderly;
        }

        abstract void apply(ShellClient server);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLeftAfterEveryWayToEndTheServer(End end, TestReporter reporter) {
        ShellClient server = server();
        WorkerTree obedient = WorkerTree.in(scratch, "obedient");
        WorkerTree stubborn = WorkerTree.in(scratch, "stubborn");
        server.spawn(obedient.script());
        server.spawn(stubborn.stubbornScript());
        obedient.awaitAllAtWork();
        stubborn.awaitAllAtWork();

        long start = System.nanoTime();
        end.apply(server);
        ProcessProbe.inDirectory(scratch).awaitNone();

        reporter.publishEntry(end + ": all ended after ms", String.valueOf(millisSince(start)));
        obedient.awaitGone();
        stubborn.awaitGone();
        if (end.orderly) {
            assertThat(server.awaitExit()).isZero();
        }
    }

    @Test
    void serverGoesOnAfterSigquitAndKeepsItOutOfTheProtocol() throws Exception {
        ShellClient server = server();

        server.signal("QUIT");

        Polling.until("the VM's threads on stderr", () -> server.stderr().contains("Full thread dump"));
        server.ping();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancelEndsTheTreeAndNoOther(boolean force, TestReporter reporter) {
        ShellClient server = server();
        WorkerTree canceled = WorkerTree.in(scratch, "canceled");
        WorkerTree other = WorkerTree.in(scratch, "other");
        String job = server.spawn(canceled.script());
        server.spawn(other.script());
        canceled.awaitAllAtWork();
        other.awaitAllAtWork();

        long start = System.nanoTime();
        assertThat(server.cancel(job, force)).isTrue();
        server.awaitEnd(job);
        reporter.publishEntry("ended after ms", String.valueOf(millisSince(start)));
        canceled.awaitGone();

        assertThat(server.status(job)).isEqualTo("canceled");
        assertThat(server.cancel(job, force)).isFalse();
        other.awaitStillAtWork();
    }

    @Test
    void forceEndsAWorkerThatIgnoresARequestToEnd(TestReporter reporter) {
        ShellClient server = server();
        WorkerTree tree = WorkerTree.in(scratch, "stubborn");
        String job = server.spawn("trap 'touch asked' TERM\n"
                + tree.script().replace("exec beat worker", "while :; do beat worker & wait; done"));
        tree.awaitAllAtWork();

        assertThat(server.cancel(job, false)).isTrue();
        Polling.until("SIGTERM", () -> Files.exists(tree.directory().resolve("asked")));
        assertThat(server.status(job)).isEqualTo("running");
        long start = System.nanoTime();
        assertThat(server.cancel(job, true)).isTrue();
        server.awaitEnd(job);

        reporter.publishEntry("ended after ms", String.valueOf(millisSince(start)));
        tree.awaitGone();
        assertThat(server.status(job)).isEqualTo("canceled");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cancelEndsATreeThatGrowsWhileItIsCutDown(boolean force) {
        ShellClient server = server();
        WorkerTree tree = WorkerTree.in(scratch, "breeder");
        String job = server.spawn("cd '" + tree.directory() + "'\n"
                + "breed() { while :; do setsid sleep 1000 & sleep 0.005; done; }\n"
                + "breed & breed &\n"
                + "breed");
        Polling.until(
                "offspring",
                () -> ProcessProbe.inDirectory(tree.directory()).find().size() > 20);

        assertThat(server.cancel(job, force)).isTrue();
        server.awaitEnd(job);

        tree.awaitGone();
    }

    @Test
    void nothingIsLeftWhenTheServerIsKilledAtAnyMoment() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 15; round++) {
            ShellClient server = server();
            StringBuilder requests = new StringBuilder();
            for (int worker = 0; worker < 12; worker++) {
                WorkerTree tree = WorkerTree.in(scratch, "tree" + worker);
                requests.append(server.callLine(
                        "codex_spawn", TestJson.object().put("prompt", tree.script()), new CompletableFuture<>()));
            }
            server.sendText(requests.toString());
            TimeUnit.MICROSECONDS.sleep(random.nextInt(round % 3 == 0 ? 20_000 : 200_000));

            server.signal("KILL");

            server.awaitExit();
            try {
                ProcessProbe.inDirectory(scratch).awaitNone();
            } catch (RuntimeException e) {
                throw new AssertionError("round " + round + " of seed " + seed, e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsLeftWhenTheBossIsKilled(boolean reads, TestReporter reporter) throws Exception {
        WorkerTree tree = WorkerTree.in(scratch, "tree");
        Files.writeString(scratch.resolve("request"), spawnLine(tree.stubbornScript()));
        // Holds the only other ends of the server's two pipes.
        String boss = """
                mkfifo in out
                "$0" <in >out &
                exec 3>in 4<out
                cat request >&3
                if [ "$1" = true ]; then while read -r line <&4; do echo "$line" >>answers; done; fi
                exec sleep 1000
                """;
        ShellCodexServer launch = ShellCodexServer.in(scratch);
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", boss, System.getProperty("codexmcp.launcher"), String.valueOf(reads))
                .directory(scratch.toFile())
                .inheritIO();
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        Process process = builder.start();
        tree.awaitAllAtWork();

        long start = System.nanoTime();
        process.destroyForcibly();
        ProcessProbe.inDirectory(scratch).awaitNone();

        reporter.publishEntry("all ended after ms", String.valueOf(millisSince(start)));
        tree.awaitGone();
    }

    /** Every real worker starts the servers in its configuration, including this one. */
    @ParameterizedTest
    @ValueSource(strings = {"cancel", "forced cancel", "stdin closed", "SIGKILL"})
    void nothingIsLeftOfAServerWithinAWorker(String how) throws Exception {
        ShellClient server = server();
        WorkerTree inner = WorkerTree.in(scratch, "inner");
        Files.writeString(scratch.resolve("request"), spawnLine(inner.script()));
        String job = server.spawn("cd '" + scratch + "'; mkfifo in; exec 3<>in; cat request >&3\n" + "\""
                + System.getProperty("codexmcp.launcher") + "\" <in >answers 2>&1");
        inner.awaitAllAtWork();

        switch (how) {
            case "cancel" -> assertThat(server.cancel(job, false)).isTrue();
            case "forced cancel" -> assertThat(server.cancel(job, true)).isTrue();
            case "stdin closed" -> server.closeStdin();
            default -> server.signal("KILL");
        }

        inner.awaitGone();
    }

    private static String spawnLine(String script) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"codex_spawn\",\"arguments\":"
                + TestJson.object().put("prompt", script) + "}}\n";
    }

    private static long millisSince(long start) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }
}
