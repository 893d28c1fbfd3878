package dev.codexmcp.tool.schema;

/** MCP's tool annotations: what a host may assume of a tool before it asks its user. */
public record ToolAnnotations(boolean readOnly, boolean destructive, boolean idempotent, boolean openWorld) {
    /** Reads only, and repeating it makes no difference. */
    public static final ToolAnnotations LOOKS = new ToolAnnotations(true, false, true, false);

    /** Reads only; the result may change from one call to the next. */
    public static final ToolAnnotations WATCHES = new ToolAnnotations(true, false, false, false);

    /** Starts an agent, which may change anything it has access to. */
    public static final ToolAnnotations DELEGATES = new ToolAnnotations(false, true, false, true);

    /** Changes files; repeating it changes nothing more. */
    public static final ToolAnnotations WRITES = new ToolAnnotations(false, true, true, false);

    /** Ends running work. */
    public static final ToolAnnotations ENDS = new ToolAnnotations(false, true, false, false);
}
