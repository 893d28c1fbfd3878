package dev.codexmcp.job.log;

/** The words on a page of events that depend on who reads it: they name calls and settings, which a log knows nothing of. */
public interface EventWording {
    /** How to get an event whole of which this page shows a part, as a main clause without a full stop. */
    String howToGetWhole(int index);

    /** What to say where the server's memory was full, and what to do about it. */
    String outOfMemory();
}
