package dev.codexmcp.install.edit;

/** A text is invalid, or valid but in a form that cannot be edited in place. */
public final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;

    /** @param line counted from 1 */
    SyntaxException(int line, String message) {
        super(message);
        this.line = line;
    }

    /** Creates an exception for a position in a text. */
    static SyntaxException at(String text, int offset, String message) {
        String before = text.substring(0, Math.min(offset, text.length()));
        return new SyntaxException((int) before.chars().filter(c -> c == '\n').count() + 1, message);
    }

    public int line() {
        return line;
    }
}
