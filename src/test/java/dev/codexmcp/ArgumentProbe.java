package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;

/**
 * Stands in for the server: starts a worker with a text in many scripts and prints, in hexadecimal, what the worker
 * received.
 */
final class ArgumentProbe {
    private static final String TEXT = "äЖ漢😀e\u0301";

    private ArgumentProbe() {}

    public static void main(String[] arguments) throws IOException {
        String worker = "printf %s \"$1\" | od -An -v -tx1 | tr -d ' \\n'";
        Process process = new ProcessBuilder("/bin/sh", "-c", worker, "worker", TEXT).start();
        try (InputStream output = process.getInputStream()) {
            System.out.println(new String(output.readAllBytes(), UTF_8) + " " + System.getProperty("codexmcp.lc_all"));
        }
    }

    /** The expected output for this user's {@code LC_ALL}. */
    static String expected(String locale) {
        return HexFormat.of().formatHex(TEXT.getBytes(UTF_8)) + " " + locale + "\n";
    }
}
