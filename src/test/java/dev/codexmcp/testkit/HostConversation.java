package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a host has sent to its model, without what it adds of its own. A request that offers no tools is one of the host's own,
 * such as for a title: it is answered with one word.
 */
final class HostConversation {

    /** The tool with which Qwen Code's model calls those that it was not offered. */
    private static final String DEFERRED_CALL = "tool_call";

    /** The mark with which Gemini CLI surrounds what a server has said. */
    private static final Pattern UNTRUSTED =
            Pattern.compile("(?s)\\s*<untrusted_context>\\n?(.*?)\\n?</untrusted_context>\\s*");

    private final ArrayNode input = TestJson.array();
    private final List<String> tools = new ArrayList<>();
    private final StringBuilder texts = new StringBuilder();
    private boolean prompted;

    /** A part of the model's reply. */
    sealed interface Part {
        record Text(String text) implements Part {}

        /**
         * A call of a tool.
         *
         * @param tool its name in the host
         */
        record Call(String id, String tool, JsonNode arguments) implements Part {}
    }

    /** A text of the user or of the host in the user's name. Only one with a script counts. */
    void user(String text) {
        if (text.lines().anyMatch(line -> line.strip().startsWith(ScriptParser.MARK))) {
            input.addObject().put("type", "message").put("role", "user").put("content", text);
            prompted = true;
        }
        texts.append(text).append('\n');
    }

    void answer(String callId, String text) {
        input.addObject()
                .put("type", "function_call_output")
                .put("call_id", callId)
                .put("output", plain(text));
    }

    void tool(String name) {
        tools.add(name);
    }

    List<Part> reply() {
        if (!prompted || tools.isEmpty()) {
            return List.of(new Part.Text("ok"));
        }
        ObjectNode body = TestJson.object();
        body.set("input", input);
        List<Part> parts = new ArrayList<>();
        for (Reply.Cue cue : Reply.to(new ModelRequest(Instant.now(), "POST", "/v1/responses", body))) {
            if (cue instanceof Reply.Cue.Send send) {
                parts.add(part(send.item()));
            } else if (cue instanceof Reply.Cue.BreakOff end && end.how() instanceof ScriptStep.Break.Failure failure) {
                parts.add(new Part.Text("The script failed: " + failure.message()));
            }
        }
        return parts;
    }

    private Part part(ObjectNode item) {
        if (!item.path("type").asText().equals("function_call")) {
            return new Part.Text(item.at("/content/0/text").asText());
        }
        String id = item.path("call_id").asText();
        String tool = item.path("name").asText();
        JsonNode arguments = TestJson.parse(item.path("arguments").asText());
        Optional<String> offered = tools.stream()
                .filter(name -> name.equals(tool) || name.matches(".*[^a-z]" + tool))
                .findFirst();
        if (offered.isEmpty() && tools.contains(DEFERRED_CALL)) {
            ObjectNode wrapped = TestJson.object().put("name", deferred(tool));
            wrapped.set("arguments", arguments);
            return new Part.Call(id, DEFERRED_CALL, wrapped);
        }
        return new Part.Call(id, offered.orElse(tool), arguments);
    }

    /** The name under which the host has announced a tool that it does not offer. */
    private String deferred(String tool) {
        Matcher name = Pattern.compile("[\\w-]+__" + tool + "\\b").matcher(texts);
        return name.find() ? name.group() : tool;
    }

    /** What the server has said, without what the host has put around it. */
    private static String plain(String text) {
        Matcher untrusted = UNTRUSTED.matcher(text);
        if (untrusted.matches()) {
            return untrusted.group(1);
        }
        // Cline shows the whole result, and Continue its content.
        JsonNode json = TestJson.tryParse(text).orElse(TestJson.array());
        JsonNode content = json.isObject() ? json.path("content") : json;
        return content.isArray() && content.path(0).has("text") ? text(content) : text;
    }

    /** A text, or the joined texts of a list of content parts. */
    static String text(JsonNode content) {
        if (!content.isArray()) {
            return content.asText();
        }
        List<String> parts = new ArrayList<>();
        content.forEach(part -> parts.add(part.path("text").asText()));
        return String.join("\n", parts);
    }
}
