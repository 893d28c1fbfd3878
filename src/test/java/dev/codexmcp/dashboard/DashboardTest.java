package dev.codexmcp.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.job.FakeFleet;
import dev.codexmcp.job.Job;
import dev.codexmcp.testkit.Polling;
import dev.codexmcp.testkit.TestJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardTest {
    private static final String MARKUP = "<img src=x onerror=alert(1)>\u202e";

    @TempDir
    private Path folder;

    private TestDashboard page;
    private Job job;

    @BeforeEach
    void start() throws Exception {
        page = new TestDashboard(folder);
        job = page.jobs.running("job-1", Optional.of(MARKUP));
        page.awaitJobs(1);
    }

    @AfterEach
    void stop() {
        page.close();
    }

    private String host() {
        return "Host: " + page.origin().getAuthority();
    }

    private String bearer() {
        return "Authorization: Bearer " + page.token();
    }

    private String send(String method, String path, String... headers) throws IOException {
        return RawHttp.send(page.origin(), method, path, List.of(headers));
    }

    private JsonNode json(String path) throws IOException {
        String answer = send("GET", path, host(), bearer());
        assertThat(RawHttp.status(answer)).as(answer).isEqualTo(200);
        return TestJson.parse(answer.substring(answer.indexOf("\r\n\r\n") + 4));
    }

    private static List<String> paths() {
        return List.of("/", "/app.js", "/api/jobs", "/api/jobs/job-1", "/api/stream", "/api/lanes", "/none");
    }

    @Test
    void everyRouteRefusesAnotherHost() throws IOException {
        for (String path : paths()) {
            for (String host : List.of(
                    "Host: evil.example",
                    "Host: evil.example:" + page.origin().getPort(),
                    "Host: 127.0.0.1",
                    "Host: 127.0.0.1:1",
                    "Host: [::1]:" + page.origin().getPort(),
                    "Host: localhost.:" + page.origin().getPort(),
                    "Host: " + page.origin().getAuthority() + "@evil.example",
                    "Host:")) {
                assertThat(RawHttp.status(send("GET", path, host, bearer())))
                        .as(path + " " + host)
                        .isEqualTo(421);
            }
            assertThat(RawHttp.status(send("GET", path, host(), "Host: evil.example", bearer())))
                    .as(path)
                    .isIn(400, 421);
        }
        assertThat(RawHttp.status(send("POST", "/api/jobs/job-1/cancel", "Host: evil.example", bearer())))
                .isEqualTo(421);
        assertThat(job.ended()).isFalse();
    }

    @Test
    void aNameInTheRequestLineCountsAsMuchAsTheHost() throws IOException {
        assertThat(RawHttp.status(send("GET", "http://evil.example/api/jobs", host(), bearer())))
                .isEqualTo(421);
        assertThat(RawHttp.status(send("GET", "//evil.example/api/jobs", host(), bearer())))
                .isEqualTo(421);
        assertThat(RawHttp.status(send("GET", page.origin() + "/api/jobs", host(), bearer())))
                .isEqualTo(200);
    }

    private byte[] streamRequest() {
        return ("GET /api/stream HTTP/1.1\r\n" + host() + "\r\n" + bearer() + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void everyRouteOfTheApiNeedsTheToken() throws IOException {
        for (String path : List.of(
                "/api/jobs", "/api/jobs/job-1", "/api/jobs/job-1/events", "/api/stream", "/api/lanes", "/api/none")) {
            for (String header : List.of(
                    "X: y",
                    "Authorization: Bearer",
                    "Authorization: Bearer x" + page.token(),
                    "Authorization: Basic " + page.token(),
                    "Cookie: token=" + page.token())) {
                String answer = send("GET", path, host(), header);
                assertThat(RawHttp.status(answer)).as(path + " " + header).isEqualTo(401);
                assertThat(answer).doesNotContain("onerror");
            }
            assertThat(RawHttp.status(send("GET", path + "?token=" + page.token(), host())))
                    .isEqualTo(401);
        }
        assertThat(RawHttp.status(send("POST", "/api/jobs/job-1/cancel", host())))
                .isEqualTo(401);
        assertThat(job.ended()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://127.0.0.1:1",
                "Sec-Fetch-Site: cross-site"
            })
    void anotherSiteCancelsNothingEvenWithTheToken(String header) throws IOException {
        assertThat(RawHttp.status(send("POST", "/api/jobs/job-1/cancel", host(), bearer(), header)))
                .isEqualTo(403);
        assertThat(job.ended()).isFalse();
    }

    @Test
    void nothingInvitesOtherSites() throws IOException {
        for (String path : paths()) {
            if (!path.equals("/api/stream")) {
                String answer = send("GET", path, host(), bearer(), "Origin: http://evil.example");
                assertThat(answer).doesNotContainIgnoringCase("access-control");
                assertThat(answer)
                        .contains("default-src 'none'; script-src 'self'")
                        .containsIgnoringCase("nosniff");
            }
        }
        assertThat(RawHttp.status(send("OPTIONS", "/api/jobs/job-1/cancel", host(), "Origin: http://evil.example")))
                .isEqualTo(403);
    }

    @Test
    void aGetCancelsNothing() throws IOException {
        assertThat(RawHttp.status(send("GET", "/api/jobs/job-1/cancel", host(), bearer())))
                .isEqualTo(405);
        assertThat(RawHttp.status(send("POST", "/api/jobs", host(), bearer()))).isEqualTo(405);
        assertThat(job.ended()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../../etc/passwd",
                "/%2e%2e/app.js",
                "/api/jobs/../jobs",
                "/api/jobs/%00",
                "/api/jobs/a%2Fb",
                "/META-INF/MANIFEST.MF"
            })
    void thereIsNothingButThePageAndItsApi(String path) throws IOException {
        assertThat(RawHttp.status(send("GET", path, host(), bearer()))).isIn(400, 404);
    }

    @Test
    void thePageLoadsNothingFromElsewhere() throws IOException {
        for (String path : List.of(
                "/",
                "/app.js",
                "/feed.js",
                "/list.js",
                "/lanes.js",
                "/detail.js",
                "/format.js",
                "/style.css",
                "/detail.css",
                "/lib/d3.js",
                "/lib/lit-html.js")) {
            String answer = send("GET", path, host());
            assertThat(RawHttp.status(answer)).as(path).isEqualTo(200);
            assertThat(answer).doesNotContain("@import", "src=\"http", "href=\"http");
        }
    }

    @Test
    void theApiShowsJobsAndTheirEventsAndCancels() throws IOException {
        FakeFleet.message(job, "hello");

        JsonNode row = json("/api/jobs").path("jobs").path(0);
        assertThat(row.path("label").asText()).isEqualTo(MARKUP);
        assertThat(row.path("status").asText()).isEqualTo("running");
        assertThat(json("/api/jobs/job-1/events?cursor=1")
                        .path("events")
                        .path(0)
                        .path("content")
                        .path("text")
                        .asText())
                .isEqualTo("hello");
        assertThat(json("/api/jobs/job-1").path("message").asText()).isEqualTo("hello");
        assertThat(json("/api/jobs/job-1/changes").has("patch")).isTrue();
        assertThat(json("/api/lanes?ids=job-1&from=0&to=1000&steps=10")
                        .path("lanes")
                        .has("job-1"))
                .isTrue();
        assertThat(RawHttp.status(send("GET", "/api/jobs/none", host(), bearer())))
                .isEqualTo(404);
        assertThat(RawHttp.status(send("GET", "/api/jobs/job-1/events?cursor=x", host(), bearer())))
                .isEqualTo(400);

        assertThat(send("POST", "/api/jobs/job-1/cancel", host(), bearer(), "Origin: " + page.origin()))
                .contains("{\"canceled\":true}");
    }

    @Test
    void theStreamBringsEveryChange() throws IOException {
        List<String> seen = new ArrayList<>();
        try (Socket socket = new Socket(page.origin().getHost(), page.origin().getPort())) {
            socket.setSoTimeout((int) Polling.LIMIT.toMillis());
            socket.getOutputStream().write(streamRequest());
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            boolean ended = false;
            while (!seen.contains("done")) {
                String line = lines.readLine();
                if (line.startsWith("{")) {
                    TestJson.parse(line)
                            .path("jobs")
                            .forEach(row -> seen.add(row.path("status").asText()));
                    if (!ended && seen.contains("running")) {
                        FakeFleet.end(job);
                        ended = true;
                    }
                }
            }
        }
        assertThat(seen).startsWith("running").endsWith("done");
    }

    @Test
    void oneStreamTooManyIsRefused() throws IOException {
        List<Socket> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                Socket stream =
                        new Socket(page.origin().getHost(), page.origin().getPort());
                streams.add(stream);
                stream.getOutputStream().write(streamRequest());
                assertThat(stream.getInputStream().read()).isEqualTo('H');
            }

            String answer = send("GET", "/api/stream", host(), bearer());

            assertThat(RawHttp.status(answer)).isEqualTo(503);
            assertThat(answer).endsWith("{\"error\":\"too many pages\"}");
        } finally {
            for (Socket stream : streams) {
                stream.close();
            }
        }
    }
}
