package dev.codexmcp.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import com.sun.net.httpserver.HttpServer;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.testkit.Polling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The page in a real browser. */
class DashboardBrowserIT {
    private static final String MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>";

    @TempDir
    private Path folder;

    private TestDashboard page;

    @BeforeEach
    void start() throws Exception {
        page = new TestDashboard(folder);
    }

    @AfterEach
    void stop() {
        page.close();
    }

    private static String commandCall(String command) {
        return "{\"type\":\"item.started\",\"item\":{\"id\":\"item_9\",\"type\":\"command_execution\",\"command\":\""
                + command + "\",\"aggregated_output\":\"\",\"exit_code\":null,\"status\":\"in_progress\"}}\n";
    }

    @Test
    void jobsAppearMoveAndEndWithoutAReload() {
        try (Chromium browser = new Chromium(1400, 900, false)) {
            browser.open(page.url());
            browser.awaitText("#empty", "No jobs yet");

            Job job = page.jobs.running("job-1", Optional.of("fix-lexer"));
            browser.awaitText(".rows .label", "fix-lexer");
            FakeFleet.print(job, commandCall("npm test"));
            browser.awaitText(".rows .c-doing", "Runs: npm test");
            browser.one(".rows [data-id]").click();
            browser.awaitText("#detail h2", "fix-lexer");
            browser.awaitText(".events", "npm test");
            FakeFleet.message(job, "All tests pass.");
            browser.awaitText(".events", "All tests pass.");
            FakeFleet.end(job);

            browser.awaitText(".pill", "done");
            browser.awaitText("#live", "");
            Polling.until(
                    "the end of the job for screen readers",
                    () -> "fix-lexer: done".equals(browser.value("document.querySelector('#live').textContent")));
            browser.one("#tab-result").click();
            browser.awaitText(".message", "All tests pass.");
            assertThat((String) browser.value("location.href")).doesNotContain("token");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void aJobIsCanceledWithTheSecondClick() {
        Job job = page.jobs.queued("job-1", Optional.of("one"));
        try (Chromium browser = new Chromium(1400, 900, false)) {
            browser.open(page.url());
            browser.one(".rows [data-id]").click();
            browser.one(".cancel").click();
            browser.awaitText(".cancel", "Really cancel?");
            assertThat(job.ended()).isFalse();

            browser.one(".cancel").click();

            browser.awaitText(".pill", "canceled");
            assertThat(job.ended()).isTrue();
        }
    }

    @Test
    void whatAWorkerWritesStaysText() {
        Job job = page.jobs.running("job-1", Optional.of(MARKUP + "\u202egnp"));
        FakeFleet.message(job, MARKUP + " [link](javascript:alert(3)) \u202egnp");
        FakeFleet.print(job, commandCall("echo '<b onclick=alert(4)>x</b>'"));
        try (Chromium browser = new Chromium(1400, 900, false)) {
            browser.open(page.url());
            browser.awaitText(".rows .label", "<img src=x onerror=alert(1)>");
            browser.one(".rows [data-id]").click();
            browser.awaitText(".events", "<script>alert(2)</script>");
            browser.awaitText(".events", "<b onclick=alert(4)>x</b>");
            assertThat(browser.text(".events")).contains("\\u202egnp");
            browser.one("#tab-result").click();
            browser.awaitText(".message", "onerror");

            assertThat(browser.all("main img, main script, main b[onclick], main a"))
                    .isEmpty();
            assertThat(browser.complaints()).isEmpty(); // no request for an image, no violation of the policy, no alert
        }
    }

    @ParameterizedTest
    @CsvSource({"1400, 900, false", "1400, 900, true", "390, 800, false", "390, 800, true"})
    void axeFindsNothing(int width, int height, boolean dark) {
        Job first = page.jobs.running("job-1", Optional.of("fix-lexer"));
        FakeFleet.message(first, "hello");
        FakeFleet.print(first, commandCall("npm test"));
        page.jobs.queued("job-2", Optional.of("queued"));
        FakeFleet.end(page.jobs.running("job-3", Optional.of("done")));
        FakeFleet.fail(page.jobs.running("job-4", Optional.of("failed")));
        page.jobs.queued("job-5", Optional.of("canceled")).cancel(false);
        try (Chromium browser = new Chromium(width, height, dark)) {
            browser.open(page.url());
            Polling.until("all rows", () -> browser.all(".rows [data-id]").size() == 5);
            assertThat(violations(browser)).isEmpty();
            browser.run("document.querySelector('[data-id=job-1]').click()");
            browser.awaitText(".events", "npm test");
            assertThat(violations(browser)).isEmpty();
        }
    }

    private static List<String> violations(Chromium browser) {
        return new AxeBuilder()
                .analyze(browser.driver()).getViolations().stream()
                        .filter(rule -> !"minor".equals(rule.getImpact()))
                        .map(DashboardBrowserIT::describe)
                        .toList();
    }

    private static String describe(Rule rule) {
        return rule.getImpact() + " " + rule.getId() + ": " + rule.getHelp() + " "
                + rule.getNodes().stream()
                        .map(node -> node.getHtml() + " " + node.getAny())
                        .toList();
    }

    @Test
    void theKeyboardIsEnough() {
        for (int i = 0; i < 3; i++) {
            page.jobs.running("job-" + i, Optional.of("label-" + i));
        }
        try (Chromium browser = new Chromium(1400, 900, false)) {
            browser.open(page.url());
            Polling.until("all rows", () -> browser.all(".rows [data-id]").size() == 3);
            browser.type("/");
            browser.type("label");
            browser.type(Keys.ENTER);
            String first = browser.text("[aria-selected=true] .label");
            browser.type(Keys.ARROW_DOWN);
            browser.type(Keys.ENTER);
            Polling.until("the detail", () -> !browser.text("#detail h2").isEmpty());
            assertThat(browser.text("#detail h2")).startsWith("label-").isNotEqualTo(first);
            browser.escape();
            Polling.until("no detail", () -> !browser.one("#detail").isDisplayed());
            assertThat(browser.value("document.activeElement.getAttribute('role')"))
                    .isEqualTo("row");
        }
    }

    @Test
    void fiveHundredJobsTakeNoMoreElementsThanAScreenful() {
        for (int i = 0; i < 500; i++) {
            page.jobs.running("job-" + i, Optional.of("label-" + i));
        }
        try (Chromium browser = new Chromium(1400, 900, false)) {
            browser.open(page.url());
            browser.awaitText("#totals", "500");
            assertThat((Long) browser.value("document.querySelectorAll('*').length"))
                    .isLessThan(1500);
            browser.run("document.querySelector('.scroller').scrollTop = 1e6");
            Polling.until(
                    "the last row", () -> browser.all("[aria-rowindex='501']").size() == 1);
        }
    }

    @Test
    void aPageOfAnotherSiteNeitherReadsNorCancels() throws Exception {
        Job job = page.jobs.running("job-1", Optional.of("one"));
        page.awaitJobs(1);
        HttpServer evil = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        evil.createContext("/", exchange -> {
            byte[] html = "<!doctype html><title>evil</title>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, html.length);
            exchange.getResponseBody().write(html);
            exchange.close();
        });
        evil.start();
        try (Chromium browser = new Chromium(800, 600, false)) {
            browser.open("http://localhost:" + evil.getAddress().getPort() + "/");
            for (String mode : List.of("cors", "no-cors")) {
                String result = (String)
                        browser.driver().executeAsyncScript("""
                        const [url, token, mode, done] = arguments;
                        fetch(url + '/api/jobs/job-1/cancel', {method: 'POST', mode, headers: mode === 'cors' ? {Authorization: 'Bearer ' + token} : {}})
                            .then(async answer => done('read: ' + await answer.text()), failure => done('refused'));
                        """, page.origin().toString(), page.token(), mode);
                assertThat(result).isIn("refused", "read: ");
            }
            assertThat(job.ended()).isFalse();
        } finally {
            evil.stop(0);
        }
    }

    @Test
    void withoutTheTokenThePageShowsNothing() {
        page.jobs.running("job-1", Optional.of("secret"));
        try (Chromium browser = new Chromium(800, 600, false)) {
            browser.open(page.origin() + "/#token=wrong");
            browser.awaitText("#empty", "no access");
            assertThat(browser.driver().getPageSource()).doesNotContain("secret");
        }
    }
}
