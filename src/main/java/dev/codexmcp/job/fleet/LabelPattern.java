package dev.codexmcp.job.fleet;

import java.util.Optional;

/**
 * Which labels are meant.
 *
 * @param text the label, or what it begins with
 * @param prefix whether {@code text} is only the beginning
 */
public record LabelPattern(String text, boolean prefix) {
    /** A label as it is, or a prefix that ends in {@code *}. */
    public static LabelPattern of(String given) {
        return given.endsWith("*")
                ? new LabelPattern(given.substring(0, given.length() - 1), true)
                : new LabelPattern(given, false);
    }

    /** Whether a job with this label is meant; one without a label never is. */
    public boolean matches(Optional<String> label) {
        return label.isPresent()
                && (prefix ? label.get().startsWith(text) : label.get().equals(text));
    }
}
