package dev.codexmcp.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FakeCodexIT {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void speaksLikeTheRealOne() {
        CodexRun run = run(FakeCodex.brief(folder));

        assertThat(run.kinds())
                .containsExactly("thread.started", "turn.started", "item.completed agent_message", "turn.completed");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void floodsWithNumberedMessages() {
        CodexRun run = run(FakeCodex.flood(folder, 5_000, 100));

        List<JsonNode> messages = run.completed("agent_message");
        assertThat(messages).hasSize(5_000);
        assertThat(messages.get(4_999).path("text").asText())
                .startsWith("4999 x")
                .hasSizeGreaterThan(100);
    }

    @Test
    void replaysWhatTheRealOneWasRecordedToSay() {
        CodexRun run = run(FakeCodex.replays(folder, "turn-failed", 1));

        assertThat(run.kinds()).endsWith("turn.failed");
        assertThat(run.exitCode()).isEqualTo(1);
    }

    @Test
    void recordsHowItWasStarted() {
        LaunchRecorder recorder = LaunchRecorder.in(folder);

        CodexRun.exec(recorder.program(), Map.of("MARK", "two words"), folder, "two\nlines", "-c", "a=\"b c\"");

        LaunchRecorder.Launch launch = recorder.launch();
        assertThat(launch.arguments())
                .containsExactly("exec", "--json", "--skip-git-repo-check", "-c", "a=\"b c\"", "--", "two\nlines");
        assertThat(launch.environment()).contains("MARK=two words");
        assertThat(launch.directory()).isEqualTo(folder.toString());
        assertThat(launch.stdinTarget()).isEqualTo("/dev/null");
        assertThat(launch.stdin()).isEmpty();
    }

    @Test
    void cutsACharacterInTwoAtTheGate() throws IOException {
        try (FakeCodex fake = FakeCodex.cutsInsideACharacter(folder)) {
            Process process = new ProcessBuilder(fake.program().toString()).start();
            try (InputStream out = process.getInputStream()) {
                byte[] before = readThrough(out, 0x82);
                fake.gate().open();
                byte[] after = out.readAllBytes();

                assertThat(before).endsWith(0xE2, 0x82);
                assertThat(new String(after, 1, after.length - 1, StandardCharsets.UTF_8))
                        .startsWith(" and more");
            }
        }
    }

    @Test
    void leavesAProcessWithThePipe() throws InterruptedException, IOException {
        Process process = new ProcessBuilder(
                        FakeCodex.leavesAGrandchildWithThePipe(folder).program().toString())
                .directory(folder.toFile())
                .start();
        assertThat(process.waitFor()).isZero();

        ProcessProbe.Found left = ProcessProbe.inDirectory(folder)
                .and(ProcessProbe.running("sleep", "300"))
                .awaitSome(1)
                .get(0);
        assertThat(process.getInputStream().readNBytes(10)).hasSize(10);
        ProcessHandle.of(left.pid()).ifPresent(ProcessHandle::destroyForcibly);
        ProcessProbe.inDirectory(folder).awaitNone();
    }

    @Test
    void diesBySignal() {
        assertThat(run(FakeCodex.diesBySignal(folder)).exitCode()).isEqualTo(128 + 9);
    }

    @Test
    void failsWithAWordOnStderr() {
        CodexRun run = run(FakeCodex.failsBeforeTheFirstEvent(folder, 7, "no such \"thing\""));

        assertThat(run).isEqualTo(new CodexRun(7, List.of(), "no such \"thing\"\n"));
    }

    private CodexRun run(FakeCodex fake) {
        return CodexRun.exec(fake.program(), Map.of(), folder, "hello");
    }

    private static byte[] readThrough(InputStream in, int last) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int next;
        do {
            next = in.read();
            bytes.write(next);
        } while (next >= 0 && next != last);
        return bytes.toByteArray();
    }
}
