package dev.codexmcp.job.log;

/** The texts on a page of events that name tools and settings, which a log knows nothing about. */
public interface EventWording {
    /** How to get the whole of an event that this page shows in part, as a main clause without a full stop. */
    String howToGetWhole(int index);

    /** Says that the server's heap was full, and what to do about it. */
    String outOfMemory();
}
