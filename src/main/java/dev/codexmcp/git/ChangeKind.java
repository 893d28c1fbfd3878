package dev.codexmcp.git;

/** What happened to a file. */
public enum ChangeKind {
    ADD,
    /** New content, mode or type of file. */
    UPDATE,
    DELETE,
    /** Moved, with most of its content. */
    RENAME
}
