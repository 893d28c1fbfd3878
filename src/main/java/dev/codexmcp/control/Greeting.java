package dev.codexmcp.control;

import dev.codexmcp.json.Json;

/** The first line on each connection: the version of the protocol, and the server's identity. */
public final class Greeting {
    /** The version of the protocol. It is increased with each incompatible change. */
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
