package dev.codexmcp.orchestration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The skill's folder in this repository, and the content of its files. */
final class Skill {
    static final String NAME = "codex-subagent-orchestrator";

    /** The working directory of the build: the root of the repository. */
    static final Path ROOT = Path.of("").toAbsolutePath();

    static final Path FOLDER = ROOT.resolve(".codex/skills").resolve(NAME);
    static final Path RUNBOOK = FOLDER.resolve("references/CODEX_SUBAGENTS_ORCHESTRATION.md");
    static final Path QUICK_REFERENCE = FOLDER.resolve("references/CODEX_SUBAGENTS_ORCHESTRATION_QUICKREF.md");
    static final Path DRILLS = FOLDER.resolve("references/CODEX_SUBAGENTS_TOY_DRILLS.md");
    static final Path DELEGATE_PROMPT = FOLDER.resolve("references/DELEGATE_PROMPT.md");

    static final List<String> PLACEHOLDERS =
            List.of("objective", "label", "task", "scope", "constraints", "outputFormat");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)}}");
    private static final Pattern DEFAULT = Pattern.compile("(?m)^\\| `([KNT]_\\w+)` \\| (\\d+) \\|");

    private Skill() {}

    /** The names and values of the runbook's table of defaults. */
    static Map<String, Integer> defaults() {
        Map<String, Integer> defaults = new LinkedHashMap<>();
        Matcher row = DEFAULT.matcher(read(RUNBOOK));
        while (row.find()) {
            defaults.put(row.group(1), Integer.valueOf(row.group(2)));
        }
        return defaults;
    }

    /** A worker's prompt: the template with these values in place of its placeholders. */
    static String delegate(Map<String, String> values) {
        return PLACEHOLDER.matcher(read(DELEGATE_PROMPT)).replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException("no value for " + found.group());
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** The placeholders of the template, in order. */
    static List<String> placeholders() {
        return PLACEHOLDER
                .matcher(read(DELEGATE_PROMPT))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** The skill's documents. */
    static List<Path> documents() {
        return markdownBelow(FOLDER);
    }

    /** Every Markdown file below a folder, except in build output and {@code .git}. */
    static List<Path> markdownBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> Stream.of("target", ".git", "node_modules")
                            .noneMatch(name -> folder.relativize(file).startsWith(name)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Copies the skill to where the CLI looks for it in a repository, as documented. */
    static Path copyInto(Path repository) {
        Path copy = repository.resolve(".codex/skills").resolve(NAME);
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(FOLDER.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the skill cannot be copied into " + repository, e);
        }
        return copy;
    }
}
