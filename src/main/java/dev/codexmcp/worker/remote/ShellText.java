package dev.codexmcp.worker.remote;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Writes text as code of a POSIX shell. */
final class ShellText {
    private ShellText() {}

    /** A word that any shell reads as this text. */
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /** The same for several words, with blanks between them. */
    static String quoted(List<String> words) {
        return words.stream().map(ShellText::quoted).collect(Collectors.joining(" "));
    }

    /**
     * A word without line feeds that a POSIX shell reads as this text, in code that begins with {@link #LINE_FEED}.
     *
     * @throws IllegalArgumentException if the text has a NUL, which no shell can hold
     */
    static String onOneLine(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in \"" + text + "\"");
        }
        return quoted(text).replace("\n", "'\"$cm_nl\"'");
    }

    /** Code that defines what {@link #onOneLine} uses. */
    static final String LINE_FEED = "cm_nl=$(printf '\\nx') cm_nl=${cm_nl%x}; ";

    /** A script from the resources, without its comments on whole lines. */
    static String script(String name) {
        try (InputStream in = ShellText.class.getResourceAsStream(name)) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.stripLeading().startsWith("#") && !line.isBlank())
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the resource " + name, e);
        }
    }
}
