package dev.codexmcp.worker;

/** No worker was started, because this server runs within too many others. */
public final class TooDeepException extends StartException {
    private static final long serialVersionUID = 1L;

    private final int depth;
    private final int limit;

    TooDeepException(int depth, int limit) {
        super("this server runs within " + depth + " others, and " + limit + " is the limit");
        this.depth = depth;
        this.limit = limit;
    }

    /** How many servers this one runs within. */
    public int depth() {
        return depth;
    }

    /** The depth from which on servers start no workers. */
    public int limit() {
        return limit;
    }
}
