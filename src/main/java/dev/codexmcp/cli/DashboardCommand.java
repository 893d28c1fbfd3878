package dev.codexmcp.cli;

import dev.codexmcp.cli.fleet.LiveFleet;
import dev.codexmcp.dashboard.Browser;
import dev.codexmcp.dashboard.Dashboard;
import java.io.IOException;
import java.net.BindException;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the page in the browser until it is interrupted. */
@Command(
        name = "dashboard",
        header = "Show the jobs of all your running servers in the browser.",
        description = {
            "",
            "Serves one page on 127.0.0.1 until you press Ctrl-C. The address contains a token: anyone who has it can read and "
                    + "cancel your jobs.",
            ""
        },
        footer = {"", "Exit codes: 0 ended by Ctrl-C; 1 the port is taken; 2 wrong usage."})
final class DashboardCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--port", paramLabel = "N", description = "The port; by default, any that is free.")
    private int port;

    @Option(names = "--no-open", description = "Do not open the browser.")
    private boolean closed;

    DashboardCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > 65_535) {
            console.error("--port is " + port + ", but takes a number from 0 to 65535");
            return 2;
        }
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endAndWait(end, ended), "end"));
        try (LiveFleet fleet = Cli.fleet(console);
                Dashboard dashboard = Dashboard.start(fleet, port)) {
            console.print(dashboard.url());
            Optional<Browser> browser =
                    closed ? Optional.empty() : Browser.open(dashboard.url(), console.environment());
            end.await();
            if (browser.isPresent()) {
                browser.get().close();
            }
            return 0;
        } catch (BindException e) {
            console.error("port " + port + " is taken: choose another with --port, or leave it out");
            return Cli.FAILED;
        } finally {
            ended.countDown();
        }
    }

    private static void endAndWait(CountDownLatch end, CountDownLatch ended) {
        end.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
