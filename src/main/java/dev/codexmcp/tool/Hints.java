package dev.codexmcp.tool;

/** MCP's tool annotations: what a host may assume of a tool before it asks its user. */
public record Hints(boolean readOnly, boolean destructive, boolean idempotent, boolean openWorld) {
    /** Looks, changes nothing, and may be asked again. */
    static final Hints LOOKS = new Hints(true, false, true, false);

    /** Looks, and what it sees changes from one call to the next. */
    static final Hints WATCHES = new Hints(true, false, false, false);

    /** Sets an agent to work, which may change anything that it has access to. */
    static final Hints DELEGATES = new Hints(false, true, false, true);

    /** Ends work that is under way. */
    static final Hints ENDS = new Hints(false, true, false, false);
}
