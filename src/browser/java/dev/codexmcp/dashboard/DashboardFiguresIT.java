package dev.codexmcp.dashboard;

import dev.codexmcp.cli.CommandRun;
import dev.codexmcp.testkit.McpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** What pages cost under load; prints figures. {@code scripts/bench-dashboard} runs it, on a machine that does nothing else. */
@EnabledIfSystemProperty(
        named = "codexmcp.figures",
        matches = ".+",
        disabledReason = "measures; see scripts/bench-dashboard")
class DashboardFiguresIT {
    private static final int JOBS = 512;
    private static final int PAGES = 10;
    private static final Duration SPAN = Duration.ofSeconds(20);

    /** Ten lines a second. */
    private static final String PROMPT = "us=100000 burst=1 n=1000000 size=200";

    @TempDir
    private Path folder;

    @Test
    void measures() throws Exception {
        long minutes = Long.getLong("codexmcp.minutes", 10);
        Map<String, String> environment = CommandRun.environment(folder);
        try (McpClient client = McpClient.server(List.of(CommandRun.LAUNCHER))
                .environment(environment)
                .environment(Map.of(
                        "CODEX_MCP_CODEX_BIN",
                        Objects.requireNonNull(System.getProperty("codexmcp.figures")),
                        "CODEX_MCP_MAX_JOBS",
                        "" + JOBS))
                .start()) {
            List<Map<String, String>> jobs = new ArrayList<>();
            for (int i = 0; i < JOBS; i++) {
                jobs.add(Map.of("prompt", PROMPT, "label", "job-" + i));
            }
            client.call("codex_spawn_group", Map.of("jobs", jobs));
            long server = client.process().pid(); // the launcher becomes the server
            rest();
            double without = cpu(server);
            ProcessBuilder command = new ProcessBuilder(CommandRun.LAUNCHER, "dashboard", "--no-open");
            command.environment().putAll(environment);
            Process dashboard = command.start();
            try (BufferedReader url = dashboard.inputReader();
                    Chromium browser = new Chromium(1400, 900, false)) {
                openPages(browser, url.readLine());
                rest();
                double with = cpu(server);
                System.out.printf(
                        "server's CPU, %%: %.1f without pages, %.1f with %d pages, ratio %.2f%n",
                        without, with, PAGES, with / without);
                System.out.println("event shown, ms (count, p50, p95): " + latency(browser.driver()));
                System.out.println("elements, heap KB: " + size(browser.driver()));
                for (long i = 0; i < minutes; i++) {
                    Thread.sleep(Duration.ofMinutes(1).toMillis());
                    System.out.println("after " + (i + 1) + " min: " + size(browser.driver()));
                }
            } finally {
                dashboard.destroy();
                dashboard.waitFor();
            }
        }
    }

    private static void rest() throws InterruptedException {
        Thread.sleep(SPAN.toMillis() / 2);
    }

    private static void openPages(Chromium browser, String url) {
        browser.open(url);
        for (int i = 1; i < PAGES; i++) {
            browser.driver().switchTo().newWindow(WindowType.TAB);
            browser.open(url);
        }
        browser.one(".rows [data-id]").click();
    }

    /** In percent of one processor. */
    private static double cpu(long pid) throws IOException, InterruptedException {
        long before = ticks(pid);
        Thread.sleep(SPAN.toMillis());
        return (ticks(pid) - before) * 10.0 * 100 / SPAN.toMillis();
    }

    /** Of 10 ms each. */
    private static long ticks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    /** From an event's time in the server to its appearance in the page. */
    private static String latency(ChromeDriver driver) {
        driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(1));
        return String.valueOf(driver.executeAsyncScript("""
                const done = arguments[0], seen = new Set(), took = [];
                const first = Date.now();
                const observer = new MutationObserver(() => {
                  const now = Date.now();
                  for (const time of document.querySelectorAll('.events time')) {
                    const at = Date.parse(time.dateTime), text = time.closest('li').textContent + time.dateTime;
                    if (at > first && !seen.has(text)) { seen.add(text); took.push(now - at); }
                  }
                });
                observer.observe(document.querySelector('#detail'), {subtree: true, childList: true, characterData: true, attributes: true});
                setTimeout(() => {
                  observer.disconnect();
                  took.sort((a, b) => a - b);
                  done([took.length, took[Math.floor(took.length * .5)], took[Math.floor(took.length * .95)]]);
                }, 20000);
                """));
    }

    private static String size(ChromeDriver driver) {
        driver.executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
        return String.valueOf(
                driver.executeScript(
                        "return [document.querySelectorAll('*').length, Math.round(performance.memory.usedJSHeapSize / 1024)]"));
    }
}
