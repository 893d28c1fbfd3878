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

/** Java, and the Codex CLI with its folder, its login and its registration of the server. */
final class CodexChecks {
    private static final String TESTED_VERSION = "0.169.0";
    private static final String GET_CODEX = "npm install -g @openai/codex, or name the CLI in CODEX_MCP_CODEX_BIN";
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
                    "there is none on PATH. A host that does not pass JAVA_HOME on needs it in the server's env;"
                            + " scripts/install sees to that");
        }
    }

    private boolean codexHome() {
        Path home = CodexHost.home(environment);
        boolean isSet = environment.variable("CODEX_HOME").isPresent();
        boolean isFolder = Files.isDirectory(home);
        if (isSet && !isFolder) {
            report.wrong(
                    "CODEX_HOME",
                    home + " is not a folder: the Codex CLI does not start",
                    "create it (mkdir -p), or unset CODEX_HOME");
            return false;
        }
        if (isFolder && !Files.isWritable(home)) {
            report.wrong(
                    "CODEX_HOME",
                    home + " cannot be written to, but workers keep their sessions there",
                    "correct its permissions, or set CODEX_HOME to a folder of yours");
        } else {
            report.ok(
                    "CODEX_HOME",
                    home + (isSet ? "" : " (not set)") + (isFolder ? "" : ", not there yet: the CLI creates it"));
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
                    "put Node.js on PATH, or name the native binary in CODEX_MCP_CODEX_BIN");
            return Optional.empty();
        }
        Outcome version = ask(codex, "--version");
        String answer = lastLine(version);
        if (!version.isSuccess()) {
            report.wrong(
                    "Codex CLI",
                    codex + " --version fails (exit code " + version.exitCode() + "): " + answer,
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
            report.wrong("Login", lastLine(status), "correct what it names; codex login status shows it again");
        } else if (environment.variable("CODEX_API_KEY").isPresent()) {
            report.ok(
                    "Login",
                    "none, but CODEX_API_KEY is set. The Codex CLI, as a host, passes it on only if env_vars names it");
        } else if (hasOwnProvider()) {
            report.note("Login", "none; " + configFile() + " names a model_provider, which may need none");
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
            return false; // the CLI itself says so, see below
        }
    }

    /** Whether Codex itself has the server, under any name, in a way that works. */
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
            report.note("Codex config", "the server is not registered; scripts/install codex does it");
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
        return lines.isEmpty()
                ? "it prints nothing"
                : lines.get(lines.size() - 1).strip();
    }

    /** The CLI prints an error first, then its causes, then a stack. */
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
