package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.Cookie;
import dev.codexmcp.worker.LocalLauncher;
import dev.codexmcp.worker.WorkerCommand;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The shell script at the worker's end, {@code runner.sh}, and what it reads first. The script itself comes over standard input
 * as well, so the engine's command is short, is the same for all workers, and shows no prompt to other users.
 */
final class Runner {
    /** Evaluates the first line of standard input. What the engine may have passed on of the launcher's cookie is removed. */
    static final List<String> SHELL = List.of(
            "env",
            LocalLauncher.COOKIE + "=",
            "sh",
            "-c",
            "IFS= read -r cm_line && eval \"$cm_line\"",
            "codex-mcp-node");

    /** Ends the line. */
    private static final String RUN_SCRIPT =
            "; cm_script=" + ShellText.onOneLine(ShellText.script("runner.sh")) + "; eval \"$cm_script\"";

    private Runner() {}

    /** The command that the engine starts, with the worker's name for those who look at a list of processes. */
    static List<String> shell(RemoteJob job) {
        List<String> shell = new ArrayList<>(SHELL);
        shell.add(job.name());
        return shell;
    }

    /** The cookie of a worker's processes. */
    static String cookie(RemoteJob job) {
        String prefix = Names.prefix(job.name());
        return prefix.substring(0, prefix.length() - 1) + "/" + job.jobId();
    }

    /**
     * What the script reads first: its line, then the worker's prompt.
     *
     * @param key begins every report; nobody else may know it
     * @param environment what the worker is to find in its environment, beside what the engine gives it
     * @param folder as seen from the job's directory, empty if there is none to check
     * @param leaseSeconds for how long a sign of life is good
     */
    static byte[] input(
            String key,
            RemoteJob job,
            Cookie cookie,
            WorkerCommand command,
            Map<String, String> environment,
            String folder,
            int leaseSeconds) {
        StringBuilder line = new StringBuilder(ShellText.LINE_FEED);
        command.unset().stream()
                .sorted()
                .filter(Runner::isName)
                .forEach(name -> line.append("unset ").append(name).append("; "));
        new TreeMap<>(environment).forEach((name, value) -> {
            if (isName(name)) {
                line.append("export ")
                        .append(name)
                        .append('=')
                        .append(ShellText.onOneLine(value))
                        .append("; ");
            }
        });
        byte[] stdin = command.stdin();
        set(line, "cm_mode", "run");
        set(line, "cm_key", key);
        set(line, "cm_mark", cookie.value());
        set(line, "cm_marked", cookie.word() + "( |$)");
        set(line, "cm_directory", job.directory());
        set(line, "cm_folder", folder);
        set(line, "cm_bytes", stdin == null ? "" : Integer.toString(stdin.length));
        set(line, "cm_lease", Integer.toString(leaseSeconds));
        line.append("set -- ").append(ShellText.onOneLine(command.program()));
        command.arguments().forEach(argument -> line.append(' ').append(ShellText.onOneLine(argument)));
        line.append(RUN_SCRIPT).append('\n');
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(line.toString().getBytes(StandardCharsets.UTF_8));
        if (stdin != null) {
            bytes.writeBytes(stdin);
        }
        return bytes.toByteArray();
    }

    /** The line with which the script ends the processes whose cookie matches this regular expression. */
    static String reaping(String cookies) {
        StringBuilder line = new StringBuilder(ShellText.LINE_FEED);
        set(line, "cm_mode", "reap");
        set(line, "cm_key", "");
        set(line, "cm_marked", "(" + cookies + ")");
        return line.append(":").append(RUN_SCRIPT).toString();
    }

    private static void set(StringBuilder line, String name, String value) {
        line.append(name).append('=').append(ShellText.onOneLine(value)).append("; ");
    }

    /** Other names can't be given to a shell, nor come from one. */
    static boolean isName(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*");
    }
}
