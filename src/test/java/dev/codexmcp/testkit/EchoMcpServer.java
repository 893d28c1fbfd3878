package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A toy MCP server, run as a separate process, for the test kit's own tests. */
public final class EchoMcpServer {

    private static final List<String> TOOLS = List.of("echo", "structured", "fail", "count", "hang", "rubbish");

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private int count;

    private EchoMcpServer() {}

    /** The command that starts it. */
    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                EchoMcpServer.class.getName());
    }

    public static void main(String[] args) throws IOException {
        new EchoMcpServer().serve();
    }

    private void serve() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode request = TestJson.parse(line);
            JsonNode params = request.path("params");
            switch (request.path("method").asText()) {
                case "initialize" -> answer(request, initialized(params));
                case "tools/list" -> answer(request, tools());
                case "tools/call" -> call(request, params.path("name").asText(), params.path("arguments"));
                default -> System.err.println("ignored: " + line);
            }
        }
    }

    private void call(JsonNode request, String tool, JsonNode arguments) {
        switch (tool) {
            case "echo" -> answer(request, text(arguments.toString()));
            case "structured" -> answer(request, text("see structuredContent").set("structuredContent", arguments));
            case "fail" -> answer(request, text("it failed").put("isError", true));
            case "count" -> answer(request, text("{\"count\":" + ++count + ",\"enough\":" + (count >= 3) + "}"));
            case "rubbish" -> {
                out.println("this is no JSON-RPC");
                answer(request, text("printed"));
            }
            default -> System.err.println("no answer to " + tool);
        }
    }

    private static ObjectNode initialized(JsonNode params) {
        ObjectNode result = TestJson.object();
        result.set("protocolVersion", params.path("protocolVersion"));
        result.putObject("capabilities").putObject("tools");
        result.putObject("serverInfo").put("name", "echo").put("version", "1");
        return result;
    }

    private static ObjectNode tools() {
        ObjectNode result = TestJson.object();
        ArrayNode tools = result.putArray("tools");
        for (String name : TOOLS) {
            ObjectNode tool = tools.addObject().put("name", name).put("description", name);
            tool.putObject("inputSchema").put("type", "object");
        }
        return result;
    }

    private static ObjectNode text(String text) {
        ObjectNode result = TestJson.object();
        result.putArray("content").addObject().put("type", "text").put("text", text);
        return result;
    }

    private void answer(JsonNode request, JsonNode result) {
        ObjectNode response = TestJson.object().put("jsonrpc", "2.0");
        response.set("id", request.path("id"));
        response.set("result", result);
        out.println(response);
    }
}
