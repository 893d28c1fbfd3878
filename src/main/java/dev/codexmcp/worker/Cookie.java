package dev.codexmcp.worker;

/**
 * A word in a worker's environment that identifies the worker's processes. Descendants inherit it even after they lose
 * their parent or change session.
 *
 * @param variable the environment variable; its value is one or more cookies separated by spaces, since a server inside
 *     a worker appends its own
 * @param word a word without spaces, such as {@code server/job}
 */
public record Cookie(String variable, String word) {
    public Cookie {
        if (variable.isEmpty() || word.isEmpty() || word.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("\"" + word + "\" in " + variable + " is not a cookie");
        }
    }

    /** The variable's value for the worker: the cookies of this process, followed by this one. */
    public String value() {
        String own = System.getenv(variable);
        return own == null || own.isEmpty() ? word : own + " " + word;
    }
}
