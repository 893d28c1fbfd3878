package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Makes programs named {@code codex} that do what the real CLI cannot be made to do. Each is a small shell script in its own
 * folder, which is named after what it does. All answer {@code --version} and {@code --help} as the real CLI does.
 *
 * @param program the program to run
 * @param gate where those programs wait that wait at all
 */
public record FakeCodex(Path program, FileGate gate) implements AutoCloseable {

    private static final String THREAD = "{\"type\":\"thread.started\",\"thread_id\":\"fake-thread\"}";
    private static final String TURN = "{\"type\":\"turn.started\"}";
    private static final String COMPLETED =
            "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":1,\"cached_input_tokens\":0,\"output_tokens\":1}}";

    private static final String PRELUDE = """
            #!/bin/sh
            here=${0%%/*}
            case "$1" in
            --version) echo "codex-cli %s"; exit 0 ;;
            --help) echo "Codex CLI (fake)"; exit 0 ;;
            esac
            say() { printf '%%s\\n' "$1"; }
            pass_gate() { read -r _ < "$here/gate"; }
            message() { say '{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"'"$1"'"}}'; }
            begin() { say '%s'; say '%s'; }
            complete() { say '%s'; }
            """.formatted(RealCodex.VERSION, THREAD, TURN, COMPLETED);

    /** Prints one message and exits with 0. */
    public static FakeCodex brief(Path folder) {
        return program(folder, "brief", """
            begin
            message hello
            complete
            """);
    }

    /** Begins its turn, waits at the gate, and exits with 0. */
    public static FakeCodex waitsAtTheGate(Path folder) {
        return program(folder, "waits-at-the-gate", """
            begin
            pass_gate
            message 'past the gate'
            complete
            """);
    }

    /** Prints messages as fast as the pipe takes them, numbered from 0, each with a text of about this length. */
    public static FakeCodex flood(Path folder, int messages, int textLength) {
        FakeCodex fake = program(folder, "flood-" + messages + "-" + textLength, """
            cat "$here/flood.jsonl"
            """);
        try (BufferedWriter out = Files.newBufferedWriter(fake.sibling("flood.jsonl"))) {
            writeLine(out, THREAD);
            writeLine(out, TURN);
            String filling = "x".repeat(textLength);
            for (int i = 0; i < messages; i++) {
                ObjectNode event = TestJson.object().put("type", "item.completed");
                event.putObject("item")
                        .put("id", "item_" + i)
                        .put("type", "agent_message")
                        .put("text", i + " " + filling);
                writeLine(out, event.toString());
            }
            writeLine(out, COMPLETED);
        } catch (IOException e) {
            throw new UncheckedIOException("no flood can be written in " + folder, e);
        }
        return fake;
    }

    /** Prints nothing and keeps running. */
    public static FakeCodex silent(Path folder) {
        return program(folder, "silent", """
            exec sleep 300
            """);
    }

    /** Begins its turn and ignores SIGTERM, as does its child, a sleep. */
    public static FakeCodex ignoresSigterm(Path folder) {
        return program(folder, "ignores-sigterm", """
            trap '' TERM
            begin
            sleep 300
            """);
    }

    /** Exits with 0 but leaves a process in the same session that holds stdout and stderr open. */
    public static FakeCodex leavesAGrandchildWithThePipe(Path folder) {
        return program(folder, "leaves-a-grandchild-with-the-pipe", """
            begin
            (sleep 300 &)
            message done
            complete
            """);
    }

    /** Keeps running, with a descendant in its own session that holds no pipe and has lost its parent. */
    public static FakeCodex hasAnEscapedGrandchild(Path folder) {
        return program(folder, "has-an-escaped-grandchild", """
            (setsid sleep 300 < /dev/null > /dev/null 2>&1 &)
            begin
            sleep 300
            """);
    }

    /** Prints the first half of a message, up to the middle of a euro sign, and the rest after the gate. */
    public static FakeCodex cutsInsideACharacter(Path folder) {
        return program(folder, "cuts-inside-a-character", """
            begin
            printf '{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"\\342\\202'
            pass_gate
            printf '\\254 and more"}}\\n'
            complete
            """);
    }

    /** Prints a last line without a line break. */
    public static FakeCodex endsWithoutALineBreak(Path folder) {
        return program(folder, "ends-without-a-line-break", """
            begin
            message hello
            printf '%s' '{"type":"turn.completed"}'
            """);
    }

    /** Mixes its events with lines that are not JSON and bytes that are not UTF-8. */
    public static FakeCodex talksNonsense(Path folder) {
        return program(folder, "talks-nonsense", """
            begin
            say 'this is no JSON'
            say '{"type":"item.completed","item":{'
            printf '\\377\\376 no text\\n'
            say ''
            say '[1,2]'
            message 'still here'
            complete
            """);
    }

    /** Begins its turn and is killed by a signal. */
    public static FakeCodex diesBySignal(Path folder) {
        return program(folder, "dies-by-signal", """
            begin
            message 'about to die'
            kill -KILL $$
            """);
    }

    /** Exits with this code before it prints anything on stdout. */
    public static FakeCodex failsBeforeTheFirstEvent(Path folder, int exitCode, String stderr) {
        FakeCodex fake = program(folder, "fails-before-the-first-event", """
            cat "$here/stderr.txt" >&2
            exit %d
            """.formatted(exitCode));
        fake.write("stderr.txt", stderr + "\n");
        return fake;
    }

    /** Prints recorded lines and exits with this code. */
    public static FakeCodex replays(Path folder, List<String> lines, int exitCode) {
        FakeCodex fake = program(folder, "replays", """
            cat "$here/lines.jsonl"
            exit %d
            """.formatted(exitCode));
        fake.write("lines.jsonl", String.join("\n", lines) + "\n");
        return fake;
    }

    /** Prints a recording of the real CLI: a file of {@code codex-0.169.0} in the test resources. */
    public static FakeCodex replays(Path folder, String recording, int exitCode) {
        return replays(folder, recorded(recording), exitCode);
    }

    /** The lines of a recording of the real CLI. */
    public static List<String> recorded(String recording) {
        String name = "/codex-" + RealCodex.VERSION + "/" + recording + ".jsonl";
        try (InputStream in = FakeCodex.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalArgumentException("no recording " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    /** A program with the given body, which can use {@code begin}, {@code message TEXT}, {@code say LINE}, {@code complete}, {@code pass_gate}. */
    public static FakeCodex program(Path folder, String name, String body) {
        return new FakeCodex(script(folder, name, body), FileGate.in(folder.resolve(name)));
    }

    /** The same without a gate. */
    static Path script(Path folder, String name, String body) {
        try {
            Path program = ScratchFolders.fresh(folder.resolve(name)).resolve("codex");
            Files.writeString(program, PRELUDE + body);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
            return program;
        } catch (IOException e) {
            throw new UncheckedIOException("no fake codex can be made in " + folder, e);
        }
    }

    @Override
    public void close() {
        gate.close();
    }

    private Path sibling(String name) {
        return program.resolveSibling(name);
    }

    private void write(String name, String content) {
        try {
            Files.writeString(sibling(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + sibling(name), e);
        }
    }

    private static void writeLine(BufferedWriter out, String line) throws IOException {
        out.write(line);
        out.write('\n');
    }
}
