package dev.codexmcp.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.git.ChangeLedger.Overlap;
import dev.codexmcp.git.RepoPath;
import dev.codexmcp.job.changes.ChangeReport;
import dev.codexmcp.json.Json;
import dev.codexmcp.testkit.TestJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangesAnswerTest {
    private static final int MOST = 2000;

    private static Overlap overlap(int number) {
        return new Overlap(RepoPath.of("src/file-" + number), Set.of("job-1", "job-2"));
    }

    @Test
    void overlapsComeInPagesToo() throws Exception {
        List<Overlap> overlaps =
                IntStream.range(0, 100).mapToObj(ChangesAnswerTest::overlap).toList();
        ChangeReport report = new ChangeReport(Path.of("/tree"), List.of(), List.of(), overlaps, List.of("A note."));
        Set<String> seen = new LinkedHashSet<>();
        List<Integer> sizes = new ArrayList<>();

        for (int from = 0; from >= 0; ) {
            ChangesAnswer.Page page = ChangesAnswer.page(report, from, MOST, false);
            byte[] answer = Json.bytes(ChangesAnswer.write(report, page, "cursor"));
            sizes.add(answer.length);
            for (JsonNode row : TestJson.parse(new String(answer, UTF_8)).path("overlaps")) {
                assertThat(seen.add(row.path("path").asText())).isTrue();
            }
            from = page.next();
        }

        assertThat(seen).hasSize(100);
        assertThat(sizes).hasSizeGreaterThan(2).allMatch(size -> size <= MOST);
    }
}
