package dev.codexmcp.codex;

import dev.codexmcp.worker.Cookie;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of the CLI: its arguments, and what it reads from standard input.
 *
 * <p>No value that a caller names can become a flag or a second setting: the prompt stands behind {@code --}, a value that
 * begins with a dash is joined to its option, and a value within {@code -c key="value"} is a TOML string.
 *
 * @param arguments behind the program's name
 * @param stdin the prompt where it can't be an argument, else null: then the CLI gets the null device, since it waits for
 *     the end of any pipe
 */
public record CodexCommand(List<String> arguments, byte @Nullable [] stdin) {
    /** One argument may hold 131,071 bytes on Linux; this leaves room for whatever wraps the CLI. */
    static final int MAX_PROMPT_ARGUMENT = 100 * 1024;

    public CodexCommand {
        arguments = List.copyOf(arguments);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a run of the CLI without arguments asks for a terminal");
        }
    }

    /**
     * The arguments with which a worker is started that carries this cookie. The user's configuration decides what the
     * worker's commands inherit of its environment, and often that is little, so it has to be a setting too: {@code exec
     * --json -c shell_environment_policy.set.NAME="VALUE" …}.
     */
    public List<String> arguments(Cookie cookie) {
        int json = arguments.indexOf("--json");
        if (json < 0) {
            return arguments;
        }
        List<String> all = new ArrayList<>(arguments.subList(0, json + 1));
        setting(all, "shell_environment_policy.set." + cookie.variable(), cookie.value());
        all.addAll(arguments.subList(json + 1, arguments.size()));
        return all;
    }

    /** {@code codex exec --json …} with a prompt of its own. */
    public static CodexCommand exec(String prompt, WorkerOptions options, Sandbox sandbox) {
        List<String> arguments = new ArrayList<>(List.of("exec", "--json"));
        options.model().ifPresent(model -> option(arguments, "--model", model));
        options.reasoningEffort().ifPresent(effort -> setting(arguments, "model_reasoning_effort", effort));
        option(arguments, "--sandbox", sandbox.wire());
        options.workingDirectory().ifPresent(directory -> option(arguments, "-C", directory));
        arguments.add("--skip-git-repo-check");
        return withPrompt(arguments, prompt);
    }

    /** {@code codex exec --json … resume THREAD}: another turn of a conversation. */
    public static CodexCommand resume(String threadId, String prompt, WorkerOptions options, Sandbox sandbox) {
        List<String> arguments = new ArrayList<>(List.of("exec", "--json", "--skip-git-repo-check"));
        option(arguments, "--sandbox", sandbox.wire());
        options.workingDirectory().ifPresent(directory -> option(arguments, "-C", directory));
        options.model().ifPresent(model -> setting(arguments, "model", model));
        options.reasoningEffort().ifPresent(effort -> setting(arguments, "model_reasoning_effort", effort));
        arguments.add("resume");
        arguments.add(threadId);
        return withPrompt(arguments, prompt);
    }

    /** {@code codex exec --json … review}, of a target or by a prompt: the CLI takes one of the two. */
    public static CodexCommand review(ReviewTarget target, WorkerOptions options) {
        List<String> arguments = new ArrayList<>(List.of("exec", "--json"));
        option(arguments, "--sandbox", Sandbox.READ_ONLY.wire());
        options.workingDirectory().ifPresent(directory -> option(arguments, "-C", directory));
        arguments.add("--skip-git-repo-check");
        options.model().ifPresent(model -> setting(arguments, "model", model));
        arguments.add("review");
        if (target.prompt().isPresent()) {
            return withPrompt(arguments, target.inWords());
        }
        target.base().ifPresent(base -> option(arguments, "--base", base));
        target.commit().ifPresent(commit -> option(arguments, "--commit", commit));
        if (target.base().isEmpty() && target.commit().isEmpty()) {
            arguments.add("--uncommitted");
        }
        target.title().ifPresent(title -> option(arguments, "--title", title));
        return new CodexCommand(arguments, null);
    }

    /**
     * {@code codex --search exec --json -c web_search="live" …}: a turn that may search the live web. The flag is what older
     * CLIs go by; 0.169.0 takes it and goes by the setting.
     */
    public static CodexCommand search(String prompt) {
        List<String> arguments = new ArrayList<>(List.of("--search", "exec", "--json"));
        setting(arguments, "web_search", "live");
        option(arguments, "--sandbox", Sandbox.READ_ONLY.wire());
        arguments.add("--skip-git-repo-check");
        return withPrompt(arguments, prompt);
    }

    /** {@code codex --help}. */
    public static CodexCommand help() {
        return new CodexCommand(List.of("--help"), null);
    }

    private static CodexCommand withPrompt(List<String> arguments, String prompt) {
        byte[] bytes = prompt.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_PROMPT_ARGUMENT || prompt.equals("-")) {
            arguments.add("-");
            return new CodexCommand(arguments, bytes);
        }
        arguments.add("--");
        arguments.add(prompt);
        return new CodexCommand(arguments, null);
    }

    private static void option(List<String> arguments, String name, String value) {
        if (!value.startsWith("-")) {
            arguments.add(name);
            arguments.add(value);
        } else if (name.startsWith("--")) {
            arguments.add(name + "=" + value);
        } else {
            arguments.add(name + value);
        }
    }

    private static void setting(List<String> arguments, String key, String value) {
        arguments.add("-c");
        arguments.add(key + "=" + tomlString(value));
    }

    /** The value as a basic string of TOML 1.0. */
    static String tomlString(String value) {
        StringBuilder text = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7F) {
                        text.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        return text.append('"').toString();
    }
}
