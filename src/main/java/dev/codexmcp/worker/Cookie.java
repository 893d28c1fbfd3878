package dev.codexmcp.worker;

/**
 * A word in the environment of a worker, which everything that the worker starts inherits, whatever becomes of parent or
 * session. By it a process is known as this worker's.
 *
 * @param variable of the environment, whose value is one cookie or more with blanks between them: a server within a worker
 *     adds its own
 * @param word without blanks, such as {@code server/job}
 */
public record Cookie(String variable, String word) {
    public Cookie {
        if (variable.isEmpty() || word.isEmpty() || word.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("\"" + word + "\" in " + variable + " is no cookie");
        }
    }

    /** What the variable must hold: this cookie behind those that this process carries itself. */
    public String value() {
        String own = System.getenv(variable);
        return own == null || own.isEmpty() ? word : own + " " + word;
    }
}
