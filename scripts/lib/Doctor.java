import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What scripts/doctor runs: a line for each check, and below each that fails what to do. */
public final class Doctor {
    private static final int STARTS = 5;
    private static final String TRIED_VERSION = "0.169.0";

    private static final List<String> SANDBOXES = List.of("read-only", "workspace-write", "danger-full-access");
    private static final List<String> LOG_LEVELS = List.of("off", "error", "warn", "info", "debug", "trace", "all");

    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
            + "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"doctor\",\"version\":\"1\"}}}";

    private final Path launcher;
    private final Map<String, String> environment;
    private int wrong;

    private Doctor(Path launcher, Map<String, String> environment) {
        this.launcher = launcher;
        this.environment = environment;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Doctor doctor = new Doctor(Path.of(arguments[0]), System.getenv());
        doctor.java(arguments[1], arguments[2], arguments[3]);
        boolean home = doctor.codexHome();
        Optional<Path> codex = doctor.cli();
        if (home && codex.isPresent()) {
            doctor.login(codex.get());
            doctor.registration(codex.get());
        }
        doctor.variables();
        if (doctor.jar() && doctor.starts()) {
            doctor.roundTrip();
        }
        System.out.println();
        System.out.println(
                doctor.wrong == 0
                        ? "All is well."
                        : doctor.wrong == 1 ? "1 thing is wrong." : doctor.wrong + " things are wrong.");
        System.exit(doctor.wrong == 0 ? 0 : 1);
    }

    private void ok(String what, String text) {
        System.out.println("ok     " + what + ": " + text);
    }

    /** Something to know, that need not be wrong. */
    private void note(String what, String text) {
        System.out.println("note   " + what + ": " + text);
    }

    private void wrong(String what, String text, String advice) {
        wrong++;
        System.out.println("WRONG  " + what + ": " + text);
        System.out.println("       do: " + advice);
    }

    private void java(String java, String version, String from) {
        ok("Java", version + ", " + java + " (from " + from + ")");
        if (from.equals("JAVA_HOME") && onPath("java").isEmpty()) {
            note("Java", "there is none on PATH. A host that does not pass JAVA_HOME on needs it in the server's env;"
                    + " scripts/install sees to that");
        }
    }

    private boolean codexHome() {
        Optional<String> set = variable("CODEX_HOME");
        Path home = set.map(Path::of).orElse(Path.of(variable("HOME").orElse("")).resolve(".codex"));
        if (set.isPresent() && !Files.isDirectory(home)) {
            wrong("CODEX_HOME", home + " is no folder: the Codex CLI does not start",
                    "create it (mkdir -p), or unset CODEX_HOME");
            return false;
        }
        if (Files.isDirectory(home) && !Files.isWritable(home)) {
            wrong("CODEX_HOME", home + " cannot be written to, but workers keep their sessions there",
                    "mend its rights, or set CODEX_HOME to a folder of yours");
        } else {
            ok("CODEX_HOME", home + (set.isPresent() ? "" : " (not set)")
                    + (Files.isDirectory(home) ? "" : ", not there yet: the CLI makes it"));
        }
        return true;
    }

    private Optional<Path> cli() throws IOException, InterruptedException {
        String install = "npm install -g @openai/codex, or name the CLI in CODEX_MCP_CODEX_BIN";
        Optional<String> configured = variable("CODEX_MCP_CODEX_BIN");
        String name = configured.orElse("codex");
        Optional<Path> found = name.contains(File.separator)
                ? Optional.of(Path.of(name)).filter(path -> Files.isExecutable(path) && !Files.isDirectory(path))
                : onPath(name);
        if (found.isEmpty()) {
            wrong("Codex CLI", configured.isPresent()
                    ? "CODEX_MCP_CODEX_BIN is " + name + ", but there is no such program"
                    : "there is no codex on PATH", install);
            return found;
        }
        Path codex = found.get();
        String kind = kind(codex.toRealPath());
        if (kind.startsWith("a Node script") && onPath("node").isEmpty()) {
            wrong("Codex CLI", codex + " is " + kind + ", but there is no node on PATH",
                    "put Node.js on PATH, or name the native binary in CODEX_MCP_CODEX_BIN");
            return Optional.empty();
        }
        Said version = run(List.of(codex.toString(), "--version"));
        if (version.exitCode != 0) {
            wrong("Codex CLI", codex + " --version fails (exit code " + version.exitCode + "): " + version.lastLine(),
                    install);
            return Optional.empty();
        }
        ok("Codex CLI", version.lastLine() + ", " + codex + " (" + kind + ")");
        if (!version.lastLine().endsWith(" " + TRIED_VERSION)) {
            note("Codex CLI", "this server is tested with " + TRIED_VERSION);
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
        return first.contains("node") ? "a Node script, npm's, that starts the native program" : "a script";
    }

    private void login(Path codex) throws IOException, InterruptedException {
        Said status = run(List.of(codex.toString(), "login", "status"));
        if (status.exitCode == 0) {
            ok("Login", status.lastLine());
        } else if (status.text.contains("Error")) {
            wrong("Login", status.lastLine(), "mend what it names; codex login status shows it again");
        } else if (variable("CODEX_API_KEY").isPresent()) {
            ok("Login", "none, but CODEX_API_KEY is set. A host that is the Codex CLI passes it on only where env_vars"
                    + " names it");
        } else if (read(configFile()).lines().anyMatch(line -> line.matches("\\s*model_provider\\s*=.*"))) {
            note("Login", "none; " + configFile() + " names a model_provider, which may need none");
        } else {
            wrong("Login", status.lastLine() + ": workers would fail at their first request",
                    "codex login, or set CODEX_API_KEY");
        }
    }

    private Path configFile() {
        return variable("CODEX_HOME")
                .map(Path::of)
                .orElse(Path.of(variable("HOME").orElse("")).resolve(".codex"))
                .resolve("config.toml");
    }

    private static String read(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.readString(file) : "";
    }

    /** Whether Codex itself has the server, under any name, in a way that works. */
    private void registration(Path codex) throws IOException, InterruptedException {
        Said list = run(List.of(codex.toString(), "mcp", "list"));
        if (list.exitCode != 0) {
            wrong("Codex config", list.firstError(), "mend " + configFile());
            return;
        }
        List<String> names = list.text
                .lines()
                .filter(line -> line.contains("codex-mcp-server"))
                .map(line -> line.split("\\s", 2)[0])
                .toList();
        if (names.isEmpty()) {
            note("Codex config", "the server is not registered; scripts/install codex does it");
        }
        for (String name : names) {
            Said entry = run(List.of(codex.toString(), "mcp", "get", name));
            if (entry.text.contains("default_tools_approval_mode: approve")) {
                ok("Codex config", name + " is registered, with its tools approved");
            } else {
                wrong("Codex config", name + " is registered without default_tools_approval_mode = \"approve\":"
                        + " codex exec refuses the tools that start workers", "scripts/install codex --name=" + name);
            }
        }
    }

    private void variables() {
        Map<String, String> ours = new TreeMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("CODEX_MCP_") && !name.startsWith("CODEX_MCP_TEST_")) {
                ours.put(name, value.strip());
            }
        });
        int before = wrong;
        ours.forEach((name, value) -> {
            switch (name) {
                case "CODEX_MCP_MAX_JOBS" -> {
                    if (!value.isEmpty() && !isPositiveInteger(value)) {
                        wrong(name, "\"" + value + "\" is no positive whole number: the server takes 32",
                                "set a number, such as 8, or unset it");
                    }
                }
                case "CODEX_MCP_DEFAULT_SANDBOX" -> oneOf(name, value, SANDBOXES, "workspace-write");
                case "CODEX_MCP_LOG_LEVEL" -> oneOf(name, value.toLowerCase(Locale.ROOT), LOG_LEVELS, "warn");
                case "CODEX_MCP_NATIVE" -> oneOf(name, value, List.of("on", "off"), "on");
                case "CODEX_MCP_JOB" ->
                    note(name, "set: this runs inside a worker, or in what one has started, and ends with its job");
                case "CODEX_MCP_CODEX_BIN", "CODEX_MCP_CALLBACK_URI", "CODEX_MCP_JAVA_OPTS" -> {}
                default ->
                    wrong(name, "no variable of this server",
                            "unset it, or mend its name; the README lists those there are");
            }
        });
        if (wrong == before) {
            ok("Variables", ours.isEmpty() ? "no CODEX_MCP_ variable is set" : String.join(", ", ours.keySet()));
        }
    }

    private static boolean isPositiveInteger(String value) {
        try {
            return Integer.parseInt(value) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void oneOf(String name, String value, List<String> words, String byDefault) {
        if (!value.isEmpty() && !words.contains(value)) {
            wrong(name, "\"" + value + "\" is none of " + String.join(", ", words) + ": the server takes " + byDefault,
                    "set one of them, or unset it");
        }
    }

    private boolean jar() throws IOException {
        Path here = launcher.getParent();
        Path root = here.getParent();
        Optional<Path> jar = Stream.of(here, root.resolve("lib"), root.resolve("target"))
                .map(folder -> folder.resolve("codex-mcp-server.jar"))
                .filter(Files::isRegularFile)
                .findFirst();
        boolean clone = Files.exists(root.resolve("pom.xml"));
        if (jar.isEmpty()) {
            wrong("Jar", "there is none" + (clone ? " yet: the first start would build it, while the host waits" : ""),
                    clone ? "./mvnw package -DskipTests in " + root : "install the server again");
            return false;
        }
        FileTime made = Files.getLastModifiedTime(jar.get());
        String archive = hasArchive(jar.get().getParent()) ? ", with an archive of classes for a faster start" : "";
        ok("Jar", jar.get() + archive);
        if (clone && jar.get().startsWith(root.resolve("target")) && newestSource(root).compareTo(made) > 0) {
            note("Jar", "the sources are newer; ./mvnw package -DskipTests builds it anew");
        }
        return true;
    }

    /** The launcher makes one for each Java; an empty one says that this did not work. */
    private static boolean hasArchive(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().matches("codex-mcp-server-.+\\.(jsa|aot)")
                    && file.toFile().length() > 0);
        }
    }

    private static FileTime newestSource(Path root) throws IOException {
        FileTime newest = Files.getLastModifiedTime(root.resolve("pom.xml"));
        if (Files.isDirectory(root.resolve("src/main"))) {
            try (Stream<Path> files = Files.walk(root.resolve("src/main"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    FileTime time = Files.getLastModifiedTime(file);
                    newest = time.compareTo(newest) > 0 ? time : newest;
                }
            }
        }
        return newest;
    }

    private boolean starts() throws IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            long begun = System.nanoTime();
            try (Server server = new Server()) {
                if (!server.ask(INITIALIZE).contains("\"id\":1,\"result\"")) {
                    wrong("Start", "the server does not answer initialize: " + server.lastWords(),
                            "run scripts/codex-mcp-server --version, and mend what it says");
                    return false;
                }
                millis.add((System.nanoTime() - begun) / 1e6);
            }
        }
        millis.sort(null);
        ok("Start", String.format(Locale.ROOT, "%.0f ms till initialize is answered (median of %d, %.0f to %.0f)",
                millis.get(STARTS / 2), STARTS, millis.get(0), millis.get(STARTS - 1)));
        return true;
    }

    private void roundTrip() throws IOException, InterruptedException {
        try (Server server = new Server()) {
            String hello = server.ask(INITIALIZE);
            server.tell("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            String tools = server.ask("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}");
            String pong = server.ask("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":"
                    + "{\"name\":\"ping\",\"arguments\":{\"message\":\"doctor\"}}}");
            int count = tools.split("\"inputSchema\"", -1).length - 1;
            int exitCode = server.end();
            if (!hello.contains("\"name\":\"codex-mcp-server\"") || count == 0 || !pong.contains("\"text\":\"doctor\"")) {
                wrong("Round trip", "an answer is missing or strange: " + server.lastWords(),
                        "build the server anew (./mvnw package), and report this if it stays");
            } else if (exitCode != 0) {
                wrong("Round trip", "the server ended with exit code " + exitCode + ": " + server.lastWords(),
                        "report this");
            } else {
                ok("Round trip", "initialize, tools/list (" + count + " tools), ping, and its end");
            }
        }
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private Optional<Path> onPath(String program) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder.isEmpty() ? "." : folder, program))
                .filter(path -> Files.isExecutable(path) && !Files.isDirectory(path))
                .findFirst();
    }

    /** What a program said, on both streams, and how it ended; -1 where it did not. */
    private record Said(int exitCode, String text) {
        String lastLine() {
            List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
            return lines.isEmpty() ? "it says nothing" : lines.get(lines.size() - 1).strip();
        }

        /** The CLI prints an error first, then its causes, then a stack. */
        String firstError() {
            List<String> lines = text.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.equals("Caused by:"))
                    .limit(3)
                    .toList();
            return String.join(" ", lines);
        }
    }

    private static Said run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("doctor", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(20, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            String text = Files.readString(output);
            return ended
                    ? new Said(process.exitValue(), text)
                    : new Said(-1, text + "\nno answer within 20 s\n");
        } catch (IOException e) {
            return new Said(-1, String.valueOf(e.getMessage()));
        } finally {
            Files.delete(output);
        }
    }

    /** The server, as a host starts it. A watchdog ends it where it does not answer. */
    private final class Server implements AutoCloseable {
        private static final int SECONDS = 20;

        private final Path errors = Files.createTempFile("doctor", ".txt");
        private final Process process;
        private final BufferedReader out;
        private final BufferedWriter in;
        private String last = "";

        Server() throws IOException {
            process = new ProcessBuilder(launcher.toString()).redirectError(errors.toFile()).start();
            out = process.inputReader(StandardCharsets.UTF_8);
            in = process.outputWriter(StandardCharsets.UTF_8);
            Thread watchdog = new Thread(() -> {
                try {
                    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                        process.destroyForcibly();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            watchdog.setDaemon(true);
            watchdog.start();
        }

        void tell(String line) throws IOException {
            try {
                in.write(line + "\n");
                in.flush();
            } catch (IOException e) {
                // It has ended: what it said last tells why.
                last = "";
            }
        }

        /** The next line that the server says; empty at its end. */
        String ask(String line) throws IOException {
            tell(line);
            String answer = out.readLine();
            last = answer == null ? "" : answer;
            return last;
        }

        int end() throws IOException, InterruptedException {
            try {
                in.close();
            } catch (IOException e) {
                // It has ended already.
            }
            return process.waitFor();
        }

        String lastWords() throws IOException {
            String said = Files.readString(errors).strip();
            String words = said.isEmpty() ? last : String.join(" ", said.lines().limit(3).toList());
            return words.isEmpty() ? "it says nothing" : words.length() > 300 ? words.substring(0, 300) + "…" : words;
        }

        @Override
        public void close() throws IOException {
            try {
                end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Files.deleteIfExists(errors);
        }
    }
}
