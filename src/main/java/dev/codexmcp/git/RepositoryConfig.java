package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads configuration files, without following their includes. Of a repository's settings only the few that define how
 * a file's bytes become an object are used; whatever names a program is dropped or overridden with an empty value.
 */
final class RepositoryConfig {
    private static final long LONGEST_FILE = 1024 * 1024;

    private static final Set<String> BOOLEANS = Set.of(
            "core.filemode",
            "core.ignorecase",
            "core.symlinks",
            "core.precomposeunicode",
            "core.trustctime",
            "core.sparsecheckout",
            "core.sparsecheckoutcone");

    private static final Map<String, Set<String>> WORDS = Map.of(
            "core.autocrlf", Set.of("true", "false", "input"),
            "core.eol", Set.of("lf", "crlf", "native"),
            "core.checkstat", Set.of("default", "minimal"));

    /** These name files that git reads; only the user's own configuration may set them. */
    private static final Set<String> FILES = Set.of("core.excludesfile", "core.attributesfile");

    private static final Set<String> TRUE = Set.of("true", "yes", "on", "1", "");
    private static final Set<String> FALSE = Set.of("false", "no", "off", "0");

    private RepositoryConfig() {}

    /** All settings in a file, the last for each key; empty if the file does not exist. */
    static Map<String, String> read(GitProgram program, Settings settings, Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LONGEST_FILE) {
            return Map.of();
        }
        return parse(program.command(
                        program.scratch(),
                        settings,
                        "config",
                        "--file",
                        file.toString(),
                        "--no-includes",
                        "--list",
                        "-z")
                .run());
    }

    /** A run of git for all settings from outside any repository, to be {@linkplain #parse parsed}. */
    static GitCommand users(GitProgram program) {
        Settings nowhere =
                Settings.none().withVariable("GIT_DIR", program.scratch().toString());
        return program.command(program.scratch(), nowhere, "config", "--list", "-z");
    }

    /** The last value of each key. */
    static Map<String, String> parse(GitOutput output) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String entry : output.text().split("\0", -1)) {
            if (!entry.isEmpty()) {
                int line = entry.indexOf('\n');
                values.put(line < 0 ? entry : entry.substring(0, line), line < 0 ? "" : entry.substring(line + 1));
            }
        }
        return values;
    }

    /** Adds those of the user's, then of the repository's settings that define how files become objects. */
    static Settings harmless(Settings settings, Map<String, String> users, Map<String, String> repository) {
        Settings result = settings;
        for (Map<String, String> source : List.of(users, repository)) {
            for (Map.Entry<String, String> entry : source.entrySet()) {
                String key = entry.getKey();
                String word = entry.getValue().toLowerCase(Locale.ROOT);
                if (BOOLEANS.contains(key) && (TRUE.contains(word) || FALSE.contains(word))) {
                    result = result.withValue(key, String.valueOf(TRUE.contains(word)));
                } else if (WORDS.containsKey(key)
                        && WORDS.getOrDefault(key, Set.of()).contains(word)) {
                    result = result.withValue(key, word);
                } else if (key.equals("core.autocrlf") && TRUE.contains(word)) {
                    result = result.withValue(key, "true");
                }
            }
        }
        for (Map.Entry<String, String> entry : users.entrySet()) {
            if (FILES.contains(entry.getKey())) {
                result = result.withValue(entry.getKey(), entry.getValue());
            }
        }
        return result;
    }

    /**
     * Overrides every filter, driver and alias of these settings, for a run that reads the repository's own
     * configuration.
     */
    static Settings disarmed(Settings settings, Map<String, String> repository) {
        Settings result = settings.withValue("diff.external", "").withValue("core.attributesFile", "/dev/null");
        for (String key : repository.keySet()) {
            String name = key.substring(key.lastIndexOf('.') + 1);
            boolean filter = key.startsWith("filter.");
            if (filter && name.equals("required")) {
                result = result.withValue(key, "false");
            } else if (filter
                    || (key.startsWith("diff.") && (name.equals("command") || name.equals("textconv")))
                    || (key.startsWith("merge.") && name.equals("driver"))
                    || key.startsWith("alias.")) {
                result = result.withValue(key, "");
            }
        }
        return result;
    }
}
