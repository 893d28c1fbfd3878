package dev.codexmcp.tool.schema;

/** MCP's tool annotations: what a host may assume of a tool before it asks its user. */
public record ToolAnnotations(boolean readOnly, boolean destructive, boolean idempotent, boolean openWorld) {
    /** Looks, changes nothing, and may be asked again. */
    public static final ToolAnnotations LOOKS = new ToolAnnotations(true, false, true, false);

    /** Looks, and what it sees changes from one call to the next. */
    public static final ToolAnnotations WATCHES = new ToolAnnotations(true, false, false, false);

    /** Sets an agent to work, which may change anything that it has access to. */
    public static final ToolAnnotations DELEGATES = new ToolAnnotations(false, true, false, true);

    /** Ends work that is under way. */
    public static final ToolAnnotations ENDS = new ToolAnnotations(false, true, false, false);
}
