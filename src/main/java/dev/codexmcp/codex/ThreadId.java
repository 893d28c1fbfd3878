package dev.codexmcp.codex;

import java.util.regex.Pattern;

/** The form of the CLI's thread ids. Nothing else that a worker, a file or a caller says gets into a command line as one. */
public final class ThreadId {
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private ThreadId() {}

    /** Whether a text has this form. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }
}
