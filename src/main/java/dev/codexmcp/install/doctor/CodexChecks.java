package dev.codexmcp.install.doctor;

import dev.codexmcp.install.edit.ConfigFile;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.edit.RefusedException;
import dev.codexmcp.install.edit.SyntaxException;
import dev.codexmcp.install.host.CodexHost;
import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.Programs;
import dev.codexmcp.install.os.Programs.Outcome;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks Java, and the Codex CLI with its folder, its login and its registration of the server. */
final class CodexChecks {
    private static final String TESTED_VERSION = "0.169.0";
    private static final String GET_CODEX = "npm install -g @openai/codex, or set CODEX_MCP_CODEX_BIN to the CLI";
    private static final int SECONDS = 20;

    private final Report report;
    private final Environment environment;

    CodexChecks(Report report, Environment environment) {
        this.report = report;
        this.environment = environment;
    }

    void run() throws IOException, InterruptedException {
        java();
        boolean home = codexHome();
        Optional<Path> codex = cli();
        if (home && codex.isPresent()) {
            login(codex.get());
            registration(codex.get());
        }
    }

    private void java() {
        boolean byVariable = environment.variable("JAVA_HOME").isPresent();
        report.ok(
                "Java",
                System.getProperty("java.version") + ", " + System.getProperty("java.home") + " (from "
                        + (byVariable ? "JAVA_HOME" : "PATH") + ")");
        if (byVariable && environment.program("java").isEmpty()) {
            report.note(
                    "Java",
                    "none on PATH. If a host does not pass on JAVA_HOME, the server's env must set it;"
                            + " scripts/install does that");
        }
    }

    private boolean codexHome() {
        Path home = CodexHost.home(environment);
        boolean isSet = environment.variable("CODEX_HOME").isPresent();
        boolean isFolder = Files.isDirectory(home);
        if (isSet && !isFolder) {
            report.wrong(
                    "CODEX_HOME",
                    home + " is not a folder, so the Codex CLI cannot start",
                    "create it (mkdir -p), or unset CODEX_HOME");
            return false;
        }
        if (isFolder && !Files.isWritable(home)) {
            report.wrong(
                    "CODEX_HOME",
                    home + " is not writable, but workers store their sessions there",
                    "correct its permissions, or set CODEX_HOME to another folder");
        } else {
            report.ok(
                    "CODEX_HOME", home + (isSet ? "" : " (not set)") + (isFolder ? "" : ", which the CLI will create"));
        }
        return true;
    }

    private Optional<Path> cli() throws IOException, InterruptedException {
        Optional<String> configured = environment.variable("CODEX_MCP_CODEX_BIN");
        String name = configured.orElse("codex");
        Optional<Path> found = name.contains(File.separator)
                ? Optional.of(Path.of(name)).filter(Environment::isProgram)
                : environment.program(name);
        if (found.isEmpty()) {
            String problem = configured.isPresent()
                    ? "CODEX_MCP_CODEX_BIN is " + name + ", but there is no such program"
                    : "there is no codex on PATH";
            report.wrong("Codex CLI", problem, GET_CODEX);
            return found;
        }
        Path codex = found.get();
        String kind = kind(codex.toRealPath());
        if (kind.startsWith("a Node script") && environment.program("node").isEmpty()) {
            report.wrong(
                    "Codex CLI",
                    codex + " is " + kind + ", but there is no node on PATH",
                    "put Node.js on PATH, or set CODEX_MCP_CODEX_BIN to the native binary");
            return Optional.empty();
        }
        Outcome version = ask(codex, "--version");
        String answer = lastLine(version);
        if (!version.isSuccess()) {
            report.wrong(
                    "Codex CLI",
                    codex + " --version failed (exit code " + version.exitCode() + "): " + answer,
                    GET_CODEX);
            return Optional.empty();
        }
        report.ok("Codex CLI", answer + ", " + codex + " (" + kind + ")");
        if (!answer.endsWith(" " + TESTED_VERSION)) {
            report.note("Codex CLI", "this server is tested with " + TESTED_VERSION);
        }
        return found;
    }

    private static String kind(Path program) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(program)) {
            head = in.readNBytes(128);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("#!")) {
            return "a native program";
        }
        String first = text.lines().findFirst().orElse("");
        return first.contains("node") ? "a Node script from npm, which starts the native program" : "a script";
    }

    private void login(Path codex) throws InterruptedException {
        Outcome status = ask(codex, "login", "status");
        if (status.isSuccess()) {
            report.ok("Login", lastLine(status));
        } else if (status.output().contains("Error")) {
            report.wrong("Login", lastLine(status), "correct the error, then check with codex login status");
        } else if (environment.variable("CODEX_API_KEY").isPresent()) {
            report.ok(
                    "Login",
                    "none, but CODEX_API_KEY is set. As a host, the Codex CLI passes it on only if env_vars lists it");
        } else if (hasOwnProvider()) {
            report.note("Login", "none; " + configFile() + " sets a model_provider, which may not need a login");
        } else {
            report.wrong(
                    "Login",
                    lastLine(status) + ": workers would fail at their first request",
                    "codex login, or set CODEX_API_KEY");
        }
    }

    private Path configFile() {
        return CodexHost.home(environment).resolve("config.toml");
    }

    private boolean hasOwnProvider() {
        try {
            String text = ConfigFile.read(configFile()).text();
            return ConfigFormat.TOML.parse(text).has("model_provider");
        } catch (RefusedException | SyntaxException e) {
            return false; // registration() reports it
        }
    }

    /** Checks whether Codex has the server under any name, with the settings it needs. */
    private void registration(Path codex) throws InterruptedException {
        Outcome list = ask(codex, "mcp", "list");
        if (!list.isSuccess()) {
            report.wrong("Codex config", firstLines(list), "correct " + configFile());
            return;
        }
        List<String> names = list.output()
                .lines()
                .filter(line -> line.contains("codex-mcp-server"))
                .map(line -> line.split("\\s", 2)[0])
                .toList();
        if (names.isEmpty()) {
            report.note("Codex config", "the server is not registered; run scripts/install codex");
        }
        for (String name : names) {
            if (ask(codex, "mcp", "get", name).output().contains("default_tools_approval_mode: approve")) {
                report.ok("Codex config", name + " is registered, with its tools approved");
            } else {
                report.wrong(
                        "Codex config",
                        name + " is registered without default_tools_approval_mode = \"approve\":"
                                + " codex exec refuses the tools that start workers",
                        "scripts/install codex --name=" + name);
            }
        }
    }

    private Outcome ask(Path codex, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(codex.toString()));
        command.addAll(List.of(arguments));
        return Programs.run(environment, SECONDS, command);
    }

    private static String lastLine(Outcome outcome) {
        List<String> lines =
                outcome.output().lines().filter(line -> !line.isBlank()).toList();
        return lines.isEmpty() ? "no output" : lines.get(lines.size() - 1).strip();
    }

    /** The CLI prints the error first, then its causes, then a stack trace. */
    private static String firstLines(Outcome outcome) {
        return String.join(
                " ",
                outcome.output()
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.equals("Caused by:"))
                        .limit(3)
                        .toList());
    }
}
