package dev.codexmcp.tool;

/** Where a long call says how it gets on. What is said after the call has been answered is dropped. */
@FunctionalInterface
public interface ProgressListener {
    /** For a call whose client did not ask. */
    ProgressListener UNWANTED = message -> {};

    /** Tells the client, in a few words that a person understands. */
    void report(String message);

    /** Whether anybody listens. */
    default boolean wanted() {
        return this != UNWANTED;
    }
}
