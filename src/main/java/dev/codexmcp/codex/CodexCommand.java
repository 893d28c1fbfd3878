package dev.codexmcp.codex;

import dev.codexmcp.worker.Cookie;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command line of the CLI, and its standard input.
 *
 * <p>No value from a caller can become a flag or a second setting: the prompt follows {@code --}, a value that starts
 * with a dash is joined to its option, and a value in {@code -c key="value"} is a TOML string.
 *
 * @param arguments without the program's name
 * @param stdin the prompt if it cannot be an argument, else null: the CLI then gets the null device, since it would
 *     wait for EOF on a pipe
 */
public record CodexCommand(List<String> arguments, byte @Nullable [] stdin) {
    /** In bytes. Linux limits an argument to 131,071 bytes; this leaves room for wrappers around the CLI. */
    static final int MAX_PROMPT_ARGUMENT = 100 * 1024;

    public CodexCommand {
        arguments = List.copyOf(arguments);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("no arguments: the CLI would require a terminal");
        }
    }

    /**
     * The arguments for a worker with this cookie. The user's configuration may restrict what the worker's commands
     * inherit from its environment, so the cookie is also passed as a setting: {@code exec --json -c
     * shell_environment_policy.set.NAME="VALUE" …}.
     */
    public List<String> arguments(Cookie cookie) {
        return arguments(cookie, List.of());
    }

    /** The same with options that are known only at the start, such as the path of a file made for the worker. */
    public List<String> arguments(Cookie cookie, List<String> atStart) {
        int json = arguments.indexOf("--json");
        if (json < 0) {
            return arguments;
        }
        List<String> all = new ArrayList<>(arguments.subList(0, json + 1));
        setting(all, "shell_environment_policy.set." + cookie.variable(), cookie.value());
        all.addAll(atStart);
        all.addAll(arguments.subList(json + 1, arguments.size()));
        return all;
    }

    /** The same in another working directory. */
    public CodexCommand in(String directory) {
        int end = arguments.indexOf("--") < 0 ? arguments.size() : arguments.indexOf("--");
        List<String> all = new ArrayList<>();
        int at = 0;
        for (; at < end; at++) {
            String argument = arguments.get(at);
            if (argument.equals("-C")) {
                at++;
            } else if (!argument.startsWith("-C")) {
                all.add(argument);
            }
        }
        int json = all.indexOf("--json");
        all.addAll(json + 1, List.of("-C", directory));
        all.addAll(arguments.subList(at, arguments.size()));
        return new CodexCommand(all, stdin);
    }

    /** {@code codex exec --json …}: a new conversation. */
    public static CodexCommand exec(String prompt, WorkerOptions options, Sandbox sandbox) {
        List<String> arguments = new ArrayList<>(List.of("exec", "--json"));
        options.model().ifPresent(model -> option(arguments, "--model", model));
        options.reasoningEffort().ifPresent(effort -> setting(arguments, "model_reasoning_effort", effort));
        option(arguments, "--sandbox", sandbox.wire());
        options.workingDirectory().ifPresent(directory -> option(arguments, "-C", directory));
        extra(arguments, options.extra());
        arguments.add("--skip-git-repo-check");
        return withPrompt(arguments, prompt);
    }

    /** {@code codex exec --json … resume THREAD}: another turn of a conversation. */
    public static CodexCommand resume(String threadId, String prompt, WorkerOptions options, Sandbox sandbox) {
        return goOn("resume", threadId, prompt, options, sandbox);
    }

    /** {@code codex exec --json … fork THREAD}: a new conversation that begins with the history of another. */
    public static CodexCommand fork(String threadId, String prompt, WorkerOptions options, Sandbox sandbox) {
        return goOn("fork", threadId, prompt, options, sandbox);
    }

    private static CodexCommand goOn(
            String how, String threadId, String prompt, WorkerOptions options, Sandbox sandbox) {
        List<String> arguments = new ArrayList<>(List.of("exec", "--json", "--skip-git-repo-check"));
        option(arguments, "--sandbox", sandbox.wire());
        options.workingDirectory().ifPresent(directory -> option(arguments, "-C", directory));
        options.model().ifPresent(model -> setting(arguments, "model", model));
        options.reasoningEffort().ifPresent(effort -> setting(arguments, "model_reasoning_effort", effort));
        extra(arguments, options.extra());
        arguments.add(how);
        arguments.add(threadId);
        return withPrompt(arguments, prompt);
    }

    /** {@code codex exec --json … review} with either a target or a prompt: the CLI does not accept both. */
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
     * {@code codex --search exec --json -c web_search="live" …}: a turn that may search the live web. Older CLIs use
     * the flag; 0.169.0 accepts it but uses the setting.
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

    private static void extra(List<String> arguments, ExtraOptions extra) {
        extra.profile().ifPresent(profile -> arguments.add("--profile=" + profile));
        extra.network().ifPresent(allowed -> setting(arguments, "sandbox_workspace_write.network_access", allowed));
        extra.webSearch().ifPresent(live -> setting(arguments, "web_search", live ? "live" : "disabled"));
        extra.addDirs().forEach(folder -> arguments.add("--add-dir=" + folder));
        // Joined: the CLI takes everything after "--image PATH" for further images.
        extra.images().forEach(image -> arguments.add("--image=" + image));
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

    private static void setting(List<String> arguments, String key, boolean value) {
        arguments.add("-c");
        arguments.add(key + "=" + value);
    }

    /** The value as a TOML 1.0 basic string. */
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
