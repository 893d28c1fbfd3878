package dev.codexmcp.tool;

/** Receives the progress of a long call. Reports made after the call has been answered are dropped. */
@FunctionalInterface
public interface ProgressListener {
    /** For a call whose client did not ask for progress. */
    ProgressListener UNWANTED = message -> {};

    /** Reports progress in a few words for a person. */
    void report(String message);

    /** Whether the client asked for progress. */
    default boolean wanted() {
        return this != UNWANTED;
    }
}
