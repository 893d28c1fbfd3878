package dev.codexmcp.codex;

/**
 * The number of tokens used by a thread or a job.
 *
 * @param input all input, including cached input
 * @param cached the input that the provider had cached
 * @param output all output, including reasoning
 * @param reasoning the output that was reasoning
 */
public record TokenUsage(long input, long cached, long output, long reasoning) {
    /** No tokens. */
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0);

    public TokenUsage {
        if (input < 0 || cached < 0 || output < 0 || reasoning < 0) {
            throw new IllegalArgumentException(
                    "negative token count: " + input + ", " + cached + ", " + output + ", " + reasoning);
        }
    }

    /** What counts against a limit: input and output. */
    public long total() {
        return input + output;
    }

    /** The usage since {@code baseline}; never negative. */
    public TokenUsage since(TokenUsage baseline) {
        return new TokenUsage(
                Math.max(0, input - baseline.input),
                Math.max(0, cached - baseline.cached),
                Math.max(0, output - baseline.output),
                Math.max(0, reasoning - baseline.reasoning));
    }
}
