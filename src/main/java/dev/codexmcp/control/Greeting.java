package dev.codexmcp.control;

import dev.codexmcp.json.Json;

/** The first line that a reader gets: which protocol the server speaks, and which server it is. */
public final class Greeting {
    /** The version of the protocol. It grows when a reader that does not know the change would go wrong. */
    public static final int PROTOCOL = 1;

    private Greeting() {}

    static byte[] of(String version) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("protocol", PROTOCOL);
            json.writeObjectFieldStart("server");
            json.writeStringField("name", "codex-mcp-server");
            json.writeStringField("version", version);
            json.writeNumberField("pid", ProcessHandle.current().pid());
            json.writeStringField("directory", System.getProperty("user.dir", ""));
            json.writeEndObject();
            json.writeEndObject();
        });
    }
}
