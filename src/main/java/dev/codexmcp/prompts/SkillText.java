package dev.codexmcp.prompts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads a text of the skill, which the build puts into the jar, so that each stands in one place. */
final class SkillText {
    private SkillText() {}

    static String text(String file) {
        try (InputStream in = SkillText.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the jar holds no " + file + ": it was not built with ./mvnw package");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " from the jar", e);
        }
    }
}
