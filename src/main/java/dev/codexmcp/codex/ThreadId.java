package dev.codexmcp.codex;

import java.util.regex.Pattern;

/** The CLI's thread ids. */
public final class ThreadId {
    private static final Pattern FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private static final int LONGEST = 200;

    private ThreadId() {}

    /** Whether a worker's or a file's word for a thread can stand on a command line: it is no flag. */
    public static boolean isUsable(String text) {
        return !text.isEmpty() && text.length() <= LONGEST && text.charAt(0) != '-' && text.indexOf('\0') < 0;
    }

    /** Whether a text has the form of the CLI's own ids. */
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }
}
