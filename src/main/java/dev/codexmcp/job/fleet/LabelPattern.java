package dev.codexmcp.job.fleet;

import java.util.Optional;

/**
 * Selects labels.
 *
 * @param text the label, or what it begins with
 * @param prefix whether {@code text} is only the beginning
 */
public record LabelPattern(String text, boolean prefix) {
    /** Parses a label, or a prefix that ends in {@code *}. */
    public static LabelPattern of(String given) {
        return given.endsWith("*")
                ? new LabelPattern(given.substring(0, given.length() - 1), true)
                : new LabelPattern(given, false);
    }

    /** Whether it matches a job's label; a job without a label never matches. */
    public boolean matches(Optional<String> label) {
        return label.isPresent()
                && (prefix ? label.get().startsWith(text) : label.get().equals(text));
    }
}
