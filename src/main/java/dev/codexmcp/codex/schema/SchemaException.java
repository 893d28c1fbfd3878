package dev.codexmcp.codex.schema;

/** A value is no schema that can be used; the message continues the name of the value: {@code has …: it must be …}. */
public final class SchemaException extends Exception {
    private static final long serialVersionUID = 1L;

    SchemaException(String message) {
        super(message);
    }
}
