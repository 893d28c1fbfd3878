package dev.codexmcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks every Markdown file of the repository: its links work, and it contains no details of the author's machine. */
class MarkdownLinksTest {
    private static final Path ROOT = Path.of("").toAbsolutePath();

    private static final Pattern FENCED =
            Pattern.compile("^(`{3,}|~{3,}).*?^\\1\\s*$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern CODE_SPAN = Pattern.compile("`[^`\\n]+`");
    private static final Pattern LINK = Pattern.compile("\\[(?:[^\\[\\]]|\\[[^\\]]*])*]\\(\\s*<?([^)\\s>]+)>?[^)]*\\)");
    private static final Pattern DEFINITION = Pattern.compile("^\\[[^\\]]+]:\\s*(\\S+)", Pattern.MULTILINE);
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.+?)\\s*#*$", Pattern.MULTILINE);
    private static final Pattern HTML_ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

    private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:Test|IT))`");

    /** A path in a home or work folder; {@code /home/me} is allowed for examples. */
    private static final Pattern MACHINE_PATH =
            Pattern.compile("(?<![\\w.~$}])(/(root|work|Users|mnt|var/folders)/|/home/(?!me\\b)\\w|[A-Z]:\\\\\\w)");

    /** Package mirrors differ between users, so none may be named. */
    private static final Pattern PACKAGE_HOST =
            Pattern.compile("(?i)\\b(registry|repo\\d*|npm|nexus|artifactory|mirrors?)\\.[\\w-]+\\.[\\w-]+");

    static Stream<Path> files() throws IOException, InterruptedException {
        Process git = new ProcessBuilder(
                        "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "*.md")
                .directory(ROOT.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String names = new String(git.getInputStream().readAllBytes(), UTF_8);
        if (git.waitFor() == 0 && !names.isEmpty()) {
            return Stream.of(names.split("\0")).map(Path::of).filter(file -> Files.exists(ROOT.resolve(file)));
        }
        // Not a clone: take all files.
        try (Stream<Path> walk = Files.walk(ROOT)) {
            return walk
                    .filter(file -> file.toString().endsWith(".md"))
                    .map(ROOT::relativize)
                    .filter(file -> !file.startsWith("target"))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyRelativeLinkHasAnExistingTarget(Path file) throws IOException {
        String prose = prose(file);
        List<String> broken = new ArrayList<>();
        Stream.concat(LINK.matcher(prose).results(), DEFINITION.matcher(prose).results())
                .map(match -> match.group(1))
                .filter(target -> !target.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*"))
                .forEach(target -> {
                    if (!resolves(file, target)) {
                        broken.add(target);
                    }
                });

        assertThat(broken).as("broken links in %s", file).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void containsNoPathsOfTheAuthorsMachine(Path file) throws IOException {
        assertThat(MACHINE_PATH
                        .matcher(Files.readString(ROOT.resolve(file)))
                        .results()
                        .map(MatchResult::group))
                .as("paths in %s", file)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void containsNoPackageHosts(Path file) throws IOException {
        assertThat(PACKAGE_HOST
                        .matcher(Files.readString(ROOT.resolve(file)))
                        .results()
                        .map(MatchResult::group))
                .as("hosts in %s", file)
                .isEmpty();
    }

    @Test
    void theTestsNamedInTheArchitectureExist() throws IOException {
        Set<String> there;
        try (Stream<Path> tests = Files.walk(ROOT.resolve("src"))) {
            there = tests.map(file -> file.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
        String page = Files.readString(ROOT.resolve("docs/architecture.md"));

        assertThat(TEST_NAME.matcher(page).results().map(match -> match.group(1)))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(there).contains(name));
    }

    private static boolean resolves(Path from, String target) {
        int hash = target.indexOf('#');
        String path = hash < 0 ? target : target.substring(0, hash);
        Path folder = ROOT.resolve(from).resolveSibling("");
        Path file = path.isEmpty() ? ROOT.resolve(from) : folder.resolve(path).normalize();
        if (!file.startsWith(ROOT) || !Files.exists(file)) {
            return false;
        }
        return hash < 0 || anchors(file).contains(target.substring(hash + 1));
    }

    /** The anchors that the repository's host generates from a file's headings. */
    private static Set<String> anchors(Path file) {
        String prose;
        try {
            prose = FENCED.matcher(Files.readString(file)).replaceAll("");
        } catch (IOException e) {
            throw new AssertionError("cannot read " + file, e);
        }
        Set<String> anchors = new HashSet<>();
        Map<String, Integer> seen = new HashMap<>();
        HEADING.matcher(prose).results().forEach(heading -> {
            String anchor = heading.group(1)
                    .replaceAll("\\[([^\\]]*)]\\([^)]*\\)", "$1")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                    .replace(' ', '-');
            int before = seen.merge(anchor, 1, Integer::sum) - 1;
            anchors.add(before == 0 ? anchor : anchor + "-" + before);
        });
        HTML_ANCHOR.matcher(prose).results().forEach(match -> anchors.add(match.group(1)));
        return anchors;
    }

    private static String prose(Path file) throws IOException {
        String text = FENCED.matcher(Files.readString(ROOT.resolve(file))).replaceAll("");
        return CODE_SPAN.matcher(text).replaceAll("code");
    }
}
