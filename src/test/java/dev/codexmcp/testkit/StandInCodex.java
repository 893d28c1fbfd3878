package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Replaces the Codex CLI if there is none: a separate process that asks {@link ModelServer}, runs shell commands,
 * adds files and replaces lines, and prints the events that the CLI prints. It has no sandbox, so it is only for scripts.
 */
public final class StandInCodex {

    private final URI model;
    private final Path directory;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final ArrayNode conversation = TestJson.array();
    private int items;

    private StandInCodex(URI model, Path directory) {
        this.model = model;
        this.directory = directory.toAbsolutePath();
    }

    /** Makes a {@code codex} in a folder that uses this model. */
    public static Path program(Path folder, ModelServer model) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "exec '" + java + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '"
                + System.getProperty("java.class.path") + "' " + StandInCodex.class.getName() + " '" + model.baseUrl()
                + "' \"$@\"\n";
        return FakeCodex.script(folder, "stand-in", command);
    }

    /** Takes the address of the model, then the arguments of {@code codex exec}: the last one is the prompt. */
    public static void main(String[] args) throws IOException {
        List<String> arguments = Arrays.asList(args);
        int directory = arguments.indexOf("-C") + 1;
        new StandInCodex(URI.create(args[0] + "/responses"), Path.of(directory == 0 ? "" : arguments.get(directory)))
                .turn(args[args.length - 1]);
    }

    private void turn(String prompt) throws IOException {
        conversation
                .addObject()
                .put("type", "message")
                .put("role", "user")
                .putArray("content")
                .addObject()
                .put("type", "input_text")
                .put("text", prompt);
        print(TestJson.object().put("type", "thread.started").put("thread_id", "stand-in"));
        print(TestJson.object().put("type", "turn.started"));
        boolean called = true;
        while (called) {
            called = false;
            for (JsonNode item : ask()) {
                called |= item.has("call_id");
                conversation.add(item);
                perform(item);
            }
        }
        ObjectNode completed = TestJson.object().put("type", "turn.completed");
        completed
                .putObject("usage")
                .put("input_tokens", 1)
                .put("cached_input_tokens", 0)
                .put("output_tokens", 1);
        print(completed);
    }

    private List<JsonNode> ask() throws IOException {
        HttpURLConnection request = (HttpURLConnection) model.toURL().openConnection();
        request.setDoOutput(true);
        ObjectNode body = TestJson.object().put("model", CodexHome.FUNCTION_MODEL);
        body.set("input", conversation);
        try (OutputStream upload = request.getOutputStream()) {
            upload.write(body.toString().getBytes(StandardCharsets.UTF_8));
        }
        String reply = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<JsonNode> items = new ArrayList<>();
        reply.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> TestJson.parse(line.substring("data: ".length())))
                .forEach(event -> {
                    switch (event.path("type").asText()) {
                        case "response.output_item.done" -> items.add(event.path("item"));
                        case "response.failed" -> throw new IllegalStateException(event.toString());
                        default -> {} // what tells that a reply or an item has begun
                    }
                });
        return items;
    }

    private void perform(JsonNode item) throws IOException {
        switch (item.path("type").asText()) {
            case "message" ->
                print(
                        "completed",
                        item("agent_message")
                                .put(
                                        "text",
                                        item.path("content")
                                                .path(0)
                                                .path("text")
                                                .asText()));
            case "reasoning" ->
                print(
                        "completed",
                        item("reasoning")
                                .put(
                                        "text",
                                        item.path("summary")
                                                .path(0)
                                                .path("text")
                                                .asText()));
            case "function_call" ->
                run(
                        item,
                        TestJson.parse(item.path("arguments").asText())
                                .path("cmd")
                                .asText());
            case "custom_tool_call" -> patch(item, item.path("input").asText());
            default -> throw new IllegalStateException("cannot do this: " + item);
        }
    }

    private void run(JsonNode call, String command) throws IOException {
        ObjectNode item = item("command_execution").put("command", "/bin/sh -c '" + command + "'");
        print("started", item.put("status", "in_progress"));
        Process shell = new ProcessBuilder("/bin/sh", "-c", command)
                .directory(directory.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            item.put("exit_code", shell.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        print("completed", item.put("aggregated_output", output).put("status", "completed"));
        answer(call, output);
    }

    private void patch(JsonNode call, String patch) throws IOException {
        List<String> lines = patch.lines().toList();
        boolean add = lines.get(1).startsWith("*** Add File: ");
        Path path = directory.resolve(lines.get(1).replaceFirst("\\*\\*\\* \\w+ File: ", ""));
        ObjectNode item = item("file_change");
        item.putArray("changes").addObject().put("path", path.toString()).put("kind", add ? "add" : "update");
        print("started", item.put("status", "in_progress"));
        Files.writeString(path, (add ? "" : Files.readString(path)).replace(side(lines, "-"), "") + side(lines, "+"));
        print("completed", item.put("status", "completed"));
        answer(call, "done");
    }

    /** The lines of a patch that start like this. */
    private static String side(List<String> patch, String sign) {
        StringBuilder side = new StringBuilder();
        patch.stream()
                .filter(line -> line.startsWith(sign))
                .forEach(line -> side.append(line.substring(1)).append('\n'));
        return side.toString();
    }

    private void answer(JsonNode call, String output) {
        conversation
                .addObject()
                .put("type", "function_call_output")
                .put("call_id", call.path("call_id").asText())
                .put("output", "Output:\n" + output);
    }

    private ObjectNode item(String type) {
        return TestJson.object().put("id", "item_" + items++).put("type", type);
    }

    private void print(String what, ObjectNode item) {
        ObjectNode event = TestJson.object().put("type", "item." + what);
        event.set("item", item);
        print(event);
    }

    private void print(ObjectNode event) {
        out.println(event);
    }
}
