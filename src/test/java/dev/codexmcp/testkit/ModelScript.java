package dev.codexmcp.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a prompt that instructs {@link ModelServer}. The script travels in the prompt itself, one {@code MODEL:}
 * line per step, so the model server needs no memory and serves any number of workers at once:
 *
 * <pre>{@code
 * ModelScript.script()
 *         .think("a look around first")
 *         .shell("ls")
 *         .addFile("a.txt", "hello")
 *         .say("Done.\nmodifiedFiles:\na.txt")
 *         .prompt();
 * }</pre>
 *
 * A model's turn goes from request to request: each tool call ends a reply, and the next reply goes on after the last call
 * that was answered. {@code {{label.field}}} in any text stands for a field of an earlier call's JSON answer, {@code
 * {{label}}} for the whole answer, <code>{{$label}}</code> for the answer without the line breaks at its end; calls without a label are
 * numbered from 1.
 */
public final class ModelScript {

    private final List<String> lines = new ArrayList<>();
    private String prefix = "";

    private ModelScript() {}

    public static ModelScript script() {
        return new ModelScript();
    }

    /** A line of plain prompt between the steps, which the model ignores. */
    public ModelScript remark(String line) {
        if (line.startsWith(ScriptParser.MARK) || line.contains("\n")) {
            throw new IllegalArgumentException("a remark is one plain line: " + line);
        }
        lines.add(line);
        return this;
    }

    /** Names the next call, so that later steps can refer to its answer. */
    public ModelScript as(String label) {
        prefix = word(label) + " = " + prefix;
        return this;
    }

    /** Puts the next call into the same reply as the call before it: the two are parallel calls. */
    public ModelScript also() {
        prefix += "also ";
        return this;
    }

    /** Repeats the next call until a field of its JSON answer has this value. */
    public ModelScript until(String field, String value) {
        prefix += "until " + word(field) + "=" + word(value) + " ";
        return this;
    }

    /** A message of the agent: the last step of a turn, or a note before a call or a hold. */
    public ModelScript say(String text) {
        return act("say", quoted(text));
    }

    /** A reasoning summary. */
    public ModelScript think(String text) {
        return act("think", quoted(text));
    }

    /** A web search that the provider has run. */
    public ModelScript search(String query) {
        return act("search", quoted(query));
    }

    /** A shell command. */
    public ModelScript shell(String command) {
        return act("sh", quoted(command));
    }

    /** A patch in the CLI's own format. */
    public ModelScript patch(String patch) {
        return act("patch", quoted(patch));
    }

    /** A patch that adds a file. */
    public ModelScript addFile(String path, String content) {
        return act("add", word(path) + " " + quoted(content));
    }

    /** A patch that replaces one line of a file. */
    public ModelScript updateFile(String path, String oldLine, String newLine) {
        return act("update", word(path) + " " + TestJson.print(List.of(oldLine, newLine)));
    }

    /** A patch that deletes a file. */
    public ModelScript deleteFile(String path) {
        return act("delete", word(path));
    }

    /** A call of an MCP server's tool; the server by the name that the CLI's configuration gives it. */
    public ModelScript mcp(String server, String tool, Map<String, ?> arguments) {
        return act("mcp", word(server) + " " + word(tool) + " " + TestJson.print(arguments));
    }

    /** A call of one of the CLI's own functions, {@code name} or {@code namespace/name}. */
    public ModelScript call(String function, Map<String, ?> arguments) {
        return act("call", word(function) + " " + TestJson.print(arguments));
    }

    /** The to-do list: steps that begin with {@code [x] } are done. */
    public ModelScript plan(String... steps) {
        return act("plan", TestJson.print(steps));
    }

    /** JavaScript for a model in code mode. */
    public ModelScript javaScript(String code) {
        return act("js", quoted(code));
    }

    /** Goes on once the test opens this gate. */
    public ModelScript gate(String name) {
        return act("gate", word(name));
    }

    /** Goes on once this many models have reached the meeting point, which proves that they overlap. */
    public ModelScript meet(String name, int parties) {
        return act("meet", word(name) + " " + parties);
    }

    /** Goes on after a while. */
    public ModelScript delay(Duration time) {
        return act("delay", Long.toString(time.toMillis()));
    }

    /** Never goes on: the reply ends when the server closes or the client hangs up. */
    public ModelScript stall() {
        return act("stall", "");
    }

    /** The turn fails unless the two texts are the same, after references are filled in. */
    public ModelScript expect(String text, String expected) {
        return act("expect", TestJson.print(List.of(text, expected)));
    }

    /** The turn fails unless the text holds these lines, in this order, with or without others between them. */
    public ModelScript expectLines(String text, String lines) {
        return act("lines", TestJson.print(List.of(text, lines)));
    }

    /** The provider reports a failure, and the turn fails. */
    public ModelScript fail(String message) {
        return act("fail", quoted(message));
    }

    /** The same with this code, which decides whether the CLI retries. */
    public ModelScript fail(String code, String message) {
        return act("failure", word(code) + " " + quoted(message));
    }

    /** The provider refuses the request with this HTTP status. */
    public ModelScript http(int status, String message) {
        return act("http", status + " " + quoted(message));
    }

    /** The same with these headers and this body. */
    public ModelScript http(int status, Map<String, ?> headers, Map<String, ?> body) {
        return act("answer", status + " " + TestJson.print(Map.of("headers", headers, "body", body)));
    }

    /** The connection breaks off in the middle of the reply. */
    public ModelScript hangUp() {
        return act("hangup", "");
    }

    /** The script as a prompt. */
    public String prompt() {
        return String.join("\n", lines);
    }

    @Override
    public String toString() {
        return prompt();
    }

    private ModelScript act(String verb, String rest) {
        lines.add((ScriptParser.MARK + prefix + verb + " " + rest).stripTrailing());
        prefix = "";
        return this;
    }

    private static String word(String word) {
        if (word.isEmpty() || word.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("not one word: '" + word + "'");
        }
        return word;
    }

    /** A text as it is if it fits on a line, otherwise as a JSON string. */
    private static String quoted(String text) {
        boolean plain = text.equals(text.strip()) && !text.isEmpty() && !text.startsWith("\"");
        return plain && text.lines().count() == 1 ? text : TestJson.print(text);
    }
}
