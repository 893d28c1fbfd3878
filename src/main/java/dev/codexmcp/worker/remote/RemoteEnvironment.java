package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.LauncherException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of this server's variables remote workers get: what the CLI and its programs need, what the user's Codex configuration names, and
 * what the user lists. Everything else stays here.
 */
final class RemoteEnvironment {
    /** For the worker. */
    private static final Pattern WORKER =
            Pattern.compile("CODEX_(MCP_CALLBACK_URI|(?!MCP_).*)|OPENAI_.*|LANG|LANGUAGE|LC_.*|TZ|SSL_CERT_(FILE|DIR)"
                    + "|(?i:(http|https|all|no)_proxy)");

    /** For an engine's command that passes its own environment on to the worker. */
    private static final Pattern COMMAND = Pattern.compile(
            "PATH|HOME|USER|LOGNAME|SHELL|TERM|TMPDIR|LANG|LANGUAGE|LC_.*|TZ|XDG_RUNTIME_DIR|S(LURM|RUN)_.*");

    /** What Slurm sets for the processes of a job: with it, {@code srun} would start a step of that job. */
    private static final Pattern OF_A_JOB = Pattern.compile("S(LURM|RUN)_(?!CONF$).*");

    private static final Pattern TEXT_IN_CONFIG = Pattern.compile("[\"']([A-Za-z_][A-Za-z0-9_]*)[\"']");

    private final Map<String, String> own;
    private final Set<String> listed;

    /**
     * @param own this process's environment
     * @param listed names that the user lists; a {@code *} at the end stands for anything
     */
    RemoteEnvironment(Map<String, String> own, Set<String> listed) {
        this.own = Map.copyOf(own);
        this.listed = Set.copyOf(listed);
    }

    /** The variables for the worker, apart from those of its command. */
    Map<String, String> forWorker() {
        Set<String> named = namedInConfiguration();
        Map<String, String> passed = new TreeMap<>();
        own.forEach((name, value) -> {
            if (WORKER.matcher(name).matches() || named.contains(name) || isListed(name)) {
                passed.put(name, value);
            }
        });
        String locale = System.getProperty("codexmcp.lc_all"); // what it was before the launcher script set it
        if (locale != null) {
            passed.remove("LC_ALL");
            if (!locale.isEmpty()) {
                passed.put("LC_ALL", locale);
            }
        }
        return passed;
    }

    private boolean isListed(String name) {
        return listed.stream()
                .anyMatch(word ->
                        word.endsWith("*") ? name.startsWith(word.substring(0, word.length() - 1)) : name.equals(word));
    }

    /** The variables that the command of an engine must not have because it would pass them on. */
    Set<String> keptFromCommand() {
        Set<String> kept = new HashSet<>(own.keySet());
        kept.removeIf(name -> COMMAND.matcher(name).matches()
                && !(own.containsKey("SLURM_JOB_ID") && OF_A_JOB.matcher(name).matches()));
        return kept;
    }

    /** Names of variables that stand in the configuration as strings: {@code env_key}, {@code env_vars} and the like. */
    private Set<String> namedInConfiguration() {
        String home = own.getOrDefault("CODEX_HOME", own.getOrDefault("HOME", "") + "/.codex");
        Set<String> names = new HashSet<>();
        try {
            String config = Files.readString(Path.of(home, "config.toml"), StandardCharsets.ISO_8859_1);
            Matcher text = TEXT_IN_CONFIG.matcher(config);
            while (text.find()) {
                names.add(text.group(1));
            }
        } catch (IOException e) {
            // no configuration, or none that can be read: then it names nothing
        }
        names.removeIf(name -> name.startsWith("CODEX_MCP_"));
        return names;
    }

    /** Checks what an engine's command needs here: its program and its files. */
    void check(Engine engine) throws LauncherException {
        for (String variable : engine.files()) {
            String file = own.getOrDefault(variable, "");
            if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
                throw new LauncherException(engine.title() + ": " + variable + " is " + file
                        + ", but there is no such file that can be read");
            }
        }
        String program = engine.program();
        if (program.contains(File.separator)) {
            if (!Files.isExecutable(Path.of(program))) {
                throw new LauncherException(engine.title() + ": there is no program " + program + " here");
            }
            return;
        }
        for (String folder : own.getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, program))) {
                return;
            }
        }
        throw new LauncherException(engine.title() + ": there is no " + program + " on the server's PATH ("
                + own.getOrDefault("PATH", "") + ")");
    }
}
