import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What scripts/install runs: edits the configuration files of hosts as text, so that all but the server's own entry stays
 * as it is, byte for byte.
 *
 * <p>Of each file that is changed, a note is kept (in {@code $XDG_STATE_HOME/codex-mcp-server}, else {@code
 * ~/.local/state/codex-mcp-server}) of what was put in and what stood there before. With it {@code --uninstall} undoes the
 * change exactly; where the text has been changed since, it takes the entry out.
 */
public final class Install {
    private static final String USAGE = """
            Registers codex-mcp-server in the hosts of MCP servers, or takes it out again.

            usage: scripts/install [HOST...] [--user | --project[=DIR]] [--name=NAME] [--yes] [--dry-run] [--uninstall]

              HOST         codex, claude, cursor, vscode; left out: each that is found here
              --user       for all of your projects (the default)
              --project    for one: DIR, else the current folder
              --name       the server's name in the host, by default codex-mcp-server
              --yes        do not ask
              --dry-run    show what would change, and end
              --uninstall  put things back

            It shows what it is going to change, and asks. A second run finds nothing to do. What an entry holds beyond the
            command is yours: values that are there stay as they are.""";

    /** Names that the Codex CLI hands to the server where they are set; it passes on little of its own accord. */
    private static final List<String> PASSED_ON = List.of(
            "CODEX_HOME", "CODEX_API_KEY", "OPENAI_API_KEY", "JAVA_HOME", "CODEX_MCP_JAVA_OPTS", "HTTPS_PROXY",
            "HTTP_PROXY", "NO_PROXY", "CODEX_MCP_MAX_JOBS", "CODEX_MCP_DEFAULT_SANDBOX", "CODEX_MCP_CALLBACK_URI",
            "CODEX_MCP_CODEX_BIN", "CODEX_MCP_LOG_LEVEL");

    /** A call of {@code codex} or {@code review} answers when its worker has ended: an hour is long enough for most. */
    private static final int TOOL_TIMEOUT_SECONDS = 3600;

    private final Path launcher;
    private final Map<String, String> environment;
    private final Options options;

    private Install(Path launcher, Map<String, String> environment, Options options) {
        this.launcher = launcher;
        this.environment = environment;
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path launcher = Path.of(arguments[0]);
        List<String> given = Arrays.asList(arguments).subList(1, arguments.length);
        if (given.contains("--help") || given.contains("-h")) {
            System.out.println(USAGE);
            return;
        }
        try {
            Options options = Options.of(given);
            System.exit(new Install(launcher, System.getenv(), options).run());
        } catch (Refusal e) {
            System.err.println("install: " + e.getMessage());
            System.exit(e.exitCode);
        }
    }

    /** What was asked for. */
    private record Options(
            List<Host> hosts, Optional<Path> project, String name, boolean yes, boolean dryRun, boolean uninstall) {
        static Options of(List<String> arguments) {
            List<Host> hosts = new ArrayList<>();
            Optional<Path> project = Optional.empty();
            String name = "codex-mcp-server";
            Set<String> flags = new java.util.HashSet<>();
            for (String argument : arguments) {
                if (argument.equals("--project")) {
                    project = Optional.of(Path.of("").toAbsolutePath());
                } else if (argument.startsWith("--project=")) {
                    project = Optional.of(
                            Path.of(argument.substring("--project=".length())).toAbsolutePath().normalize());
                } else if (argument.startsWith("--name=")) {
                    name = argument.substring("--name=".length());
                } else if (argument.equals("--user")) {
                    project = Optional.empty();
                } else if (Set.of("--yes", "-y", "--dry-run", "--uninstall").contains(argument)) {
                    flags.add(argument);
                } else {
                    hosts.add(Arrays.stream(Host.values())
                            .filter(host -> host.word.equals(argument))
                            .findFirst()
                            .orElseThrow(() -> new Refusal(2, "\"" + argument + "\" is none of its arguments.\n\n" + USAGE)));
                }
            }
            if (!name.matches("[A-Za-z0-9_-]+")) {
                throw new Refusal(2, "a server's name is made of letters, digits, _ and -, unlike \"" + name + "\"");
            }
            if (project.isPresent() && !Files.isDirectory(project.get())) {
                throw new Refusal(2, project.get() + " is no folder");
            }
            boolean yes = flags.contains("--yes") || flags.contains("-y");
            return new Options(
                    hosts, project, name, yes, flags.contains("--dry-run"), flags.contains("--uninstall"));
        }
    }

    private enum Host {
        CODEX("codex", "Codex"),
        CLAUDE("claude", "Claude Code"),
        CURSOR("cursor", "Cursor"),
        VSCODE("vscode", "VS Code");

        final String word;
        final String title;

        Host(String word, String title) {
            this.word = word;
            this.title = title;
        }
    }

    /** The reason for which nothing, or nothing more, is done. */
    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final int exitCode;

        Refusal(int exitCode, String message) {
            super(message);
            this.exitCode = exitCode;
        }

        Refusal(String message) {
            this(1, message);
        }
    }

    /**
     * A change of one file.
     *
     * @param before its text, empty where there is none
     * @param after empty where the file is to go
     */
    private record Change(Host host, Path file, boolean existed, String before, String after, Optional<Note> note) {}

    private int run() throws IOException, InterruptedException {
        Map<String, String> handedOn = options.uninstall ? Map.of() : handedOn();
        List<Change> changes = new ArrayList<>();
        boolean refused = false;
        List<Host> hosts = hosts();
        for (Host host : hosts) {
            try {
                Optional<Change> change = change(host, handedOn);
                if (change.isPresent()) {
                    changes.add(change.get());
                } else if (!options.uninstall) {
                    System.out.println(host.title + ": nothing to do, " + file(host) + " has it");
                } else if (!options.hosts.isEmpty()) {
                    System.out.println(host.title + ": nothing to do, " + file(host) + " does not name it");
                }
            } catch (Refusal e) {
                System.err.println("install: " + host.title + ": " + e.getMessage());
                refused = true;
            }
        }
        if (changes.isEmpty()) {
            if (options.uninstall && options.hosts.isEmpty() && !refused) {
                System.out.println("Nothing to do: no host names " + options.name + ".");
            }
            return refused ? 1 : 0;
        }
        changes.forEach(Install::show);
        if (options.dryRun) {
            return refused ? 1 : 0;
        }
        if (!options.yes && !confirmed()) {
            System.err.println("install: nothing was changed");
            return 1;
        }
        for (Change change : changes) {
            try {
                make(change);
            } catch (Refusal e) {
                System.err.println("install: " + change.host.title + ": " + e.getMessage());
                refused = true;
            }
        }
        return refused ? 1 : 0;
    }

    private List<Host> hosts() {
        if (!options.hosts.isEmpty()) {
            return options.hosts;
        }
        List<Host> found = Arrays.stream(Host.values())
                .filter(host -> options.uninstall ? Files.exists(file(host)) : isHere(host))
                .toList();
        if (found.isEmpty() && !options.uninstall) {
            throw new Refusal("no host was found: name one (codex, claude, cursor, vscode), or run with --help");
        }
        return found;
    }

    private boolean isHere(Host host) {
        return switch (host) {
            case CODEX -> onPath("codex").isPresent() || Files.exists(userFile(host).getParent());
            case CLAUDE ->
                onPath("claude").isPresent()
                        || Files.exists(userFile(host))
                        || Files.exists(home().resolve(".claude"));
            case CURSOR -> onPath("cursor").isPresent() || Files.exists(userFile(host).getParent());
            case VSCODE -> onPath("code").isPresent() || Files.exists(userFile(host).getParent());
        };
    }

    private Optional<Path> onPath(String program) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder.isEmpty() ? "." : folder, program))
                .filter(path -> Files.isExecutable(path) && !Files.isDirectory(path))
                .findFirst();
    }

    private Path home() {
        return Path.of(variable("HOME").orElse(System.getProperty("user.home")));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private Path file(Host host) {
        if (options.project.isEmpty()) {
            return userFile(host);
        }
        Path project = options.project.get();
        return switch (host) {
            case CODEX -> project.resolve(".codex/config.toml");
            case CLAUDE -> project.resolve(".mcp.json");
            case CURSOR -> project.resolve(".cursor/mcp.json");
            case VSCODE -> project.resolve(".vscode/mcp.json");
        };
    }

    private Path userFile(Host host) {
        return switch (host) {
            case CODEX -> variable("CODEX_HOME").map(Path::of).orElse(home().resolve(".codex")).resolve("config.toml");
            case CLAUDE -> variable("CLAUDE_CONFIG_DIR").map(Path::of).orElse(home()).resolve(".claude.json");
            case CURSOR -> home().resolve(".cursor/mcp.json");
            case VSCODE ->
                (System.getProperty("os.name").startsWith("Mac")
                                ? home().resolve("Library/Application Support")
                                : variable("XDG_CONFIG_HOME").map(Path::of).orElse(home().resolve(".config")))
                        .resolve("Code/User/mcp.json");
        };
    }

    /**
     * The variables whose present values an entry is to hold. The launcher is run on the way, which shows that the server
     * starts, and builds it in a fresh clone.
     */
    private Map<String, String> handedOn() throws IOException, InterruptedException {
        if (!Files.isExecutable(launcher)) {
            throw new Refusal("there is no " + launcher);
        }
        ProcessBuilder asIs = new ProcessBuilder(launcher.toString(), "--version");
        asIs.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (asIs.start().waitFor() != 0) {
            throw new Refusal("the server does not start, see above. Nothing was changed.");
        }
        Map<String, String> handedOn = new LinkedHashMap<>();
        for (String name : List.of("CODEX_HOME", "CODEX_MCP_CODEX_BIN")) {
            variable(name).ifPresent(value -> handedOn.put(name, value));
        }
        if (variable("JAVA_HOME").isPresent()) {
            ProcessBuilder byPath = new ProcessBuilder(launcher.toString(), "--version");
            byPath.environment().remove("JAVA_HOME");
            byPath.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD);
            if (byPath.start().waitFor() != 0) {
                handedOn.put("JAVA_HOME", variable("JAVA_HOME").get());
            }
        }
        return handedOn;
    }

    /** What is to be done to a host's file, if anything. */
    private Optional<Change> change(Host host, Map<String, String> handedOn) throws IOException {
        Path file = file(host);
        if (Files.exists(file)) {
            file = file.toRealPath(); // a link stays a link
        }
        boolean existed = Files.exists(file);
        String before = existed ? read(file) : "";
        Optional<Note> note = Note.of(notes(), file);
        Optional<String> undone = note.flatMap(n -> n.undo(before));
        if (options.uninstall) {
            String after = undone.orElseGet(() -> without(host, before));
            boolean gone = note.isPresent() && undone.isPresent() && !note.get().existed && after.isEmpty();
            return existed && (gone || !after.equals(before))
                    ? Optional.of(new Change(host, file, true, before, after, note))
                    : Optional.empty();
        }
        if (options.project.isPresent() && isOwnEntryOfThisClone(host, before)) {
            return Optional.empty();
        }
        String after = with(host, before, handedOn);
        if (after.equals(before)) {
            return Optional.empty();
        }
        Optional<Note> newNote = note.isEmpty()
                ? Optional.of(Note.of(existed, before, after))
                : undone.map(original -> Note.of(note.get().existed, original, after).in(note.get().folders));
        return Optional.of(new Change(host, file, existed, before, after, newNote));
    }

    /** This repository registers the server for itself, in a way that works in every clone. */
    private boolean isOwnEntryOfThisClone(Host host, String text) {
        Path clone = launcher.getParent().getParent();
        return host == Host.CODEX
                && options.project.get().equals(clone)
                && new TomlText(text).find(entryPath()).isPresent()
                && text.contains("scripts/codex-mcp-server");
    }

    private List<String> entryPath() {
        return List.of("mcp_servers", options.name);
    }

    private String container(Host host) {
        return host == Host.VSCODE ? "servers" : "mcpServers";
    }

    private String with(Host host, String text, Map<String, String> handedOn) {
        if (host == Host.CODEX) {
            return withToml(text, handedOn);
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        if (host != Host.CURSOR) {
            entry.put("type", "stdio");
        }
        entry.put("command", launcher.toString());
        entry.put("args", List.of());
        if (!handedOn.isEmpty()) {
            entry.put("env", handedOn);
        }
        return JsonText.with(text, container(host), options.name, entry);
    }

    private String without(Host host, String text) {
        return host == Host.CODEX
                ? new TomlText(text).without(entryPath())
                : JsonText.without(text, container(host), options.name);
    }

    private String withToml(String text, Map<String, String> handedOn) {
        // What the Codex CLI has itself, it hands on under its name: a copy of the value would go stale.
        Map<String, String> pinned = new LinkedHashMap<>(handedOn);
        pinned.keySet().retainAll(Set.of("JAVA_HOME"));
        Map<String, String> entry = new LinkedHashMap<>();
        entry.put("command", TomlText.string(launcher.toString()));
        entry.put("default_tools_approval_mode", TomlText.string("approve"));
        entry.put("tool_timeout_sec", String.valueOf(TOOL_TIMEOUT_SECONDS));
        entry.put("env_vars", TomlText.list(PASSED_ON.stream()
                .filter(name -> !pinned.containsKey(name))
                .toList(), lineFeed(text)));
        if (!pinned.isEmpty()) {
            entry.put("env", TomlText.inlineTable(pinned));
        }
        return new TomlText(text).with(entryPath(), entry);
    }

    private static void show(Change change) {
        System.out.println("--- " + (change.existed ? change.file : "/dev/null"));
        System.out.println("+++ " + (change.after.isEmpty() ? "/dev/null" : change.file));
        List<String> before = lines(change.before);
        List<String> after = lines(change.after);
        int head = 0;
        while (head < Math.min(before.size(), after.size()) && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < Math.min(before.size(), after.size()) - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        int from = Math.max(0, head - 2);
        int context = Math.min(2, tail);
        System.out.println("@@ line " + (from + 1) + " @@");
        print(" ", before.subList(from, head));
        print("-", before.subList(head, before.size() - tail));
        print("+", after.subList(head, after.size() - tail));
        print(" ", before.subList(before.size() - tail, before.size() - tail + context));
        System.out.println();
    }

    private static List<String> lines(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("(?<=\n)"));
    }

    private static void print(String mark, List<String> lines) {
        for (String line : lines) {
            String shown = line.stripTrailing();
            System.out.println(mark + (shown.length() > 200 ? shown.substring(0, 200) + "…" : shown));
            if (!line.endsWith("\n") && !mark.equals(" ")) {
                System.out.println("\\ no line feed at the end");
            }
        }
    }

    private static boolean confirmed() throws IOException {
        System.out.print("Make this change? [y/N] ");
        System.out.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        if (answer == null) {
            System.out.println();
        }
        return answer != null && answer.strip().matches("(?i)y|yes");
    }

    private void make(Change change) throws IOException, InterruptedException {
        if (!(change.existed ? Files.exists(change.file) && read(change.file).equals(change.before)
                : !Files.exists(change.file))) {
            throw new Refusal(change.file + " has just been changed by somebody else; run this again");
        }
        if (options.uninstall) {
            unmake(change);
            return;
        }
        List<Path> folders = createFolders(change.file.getParent());
        write(change.file, change.after);
        if (change.host == Host.CODEX && options.project.isEmpty()) {
            Optional<String> complaint = codexComplains();
            if (complaint.isPresent()) {
                if (change.existed) {
                    write(change.file, change.before);
                } else {
                    Files.delete(change.file);
                }
                throw new Refusal("the Codex CLI does not take the new " + change.file
                        + ", so it was put back. It says:\n" + complaint.get());
            }
        }
        if (change.note.isPresent()) {
            Note note = change.note.get();
            (folders.isEmpty() ? note : note.in(folders)).write(notes(), change.file);
        } else {
            // Somebody has edited the entry since: what it once replaced is history.
            Note.forget(notes(), change.file);
        }
        System.out.println(change.host.title + ": wrote " + change.file + whatNext(change.host));
    }

    private void unmake(Change change) throws IOException {
        Note note = change.note.orElse(null);
        if (note != null && !note.existed && change.after.isEmpty()) {
            Files.delete(change.file);
            for (Path folder : note.folders) {
                if (Files.isDirectory(folder) && folder.toFile().list().length == 0) {
                    Files.delete(folder);
                }
            }
            System.out.println(change.host.title + ": removed " + change.file);
        } else {
            write(change.file, change.after);
            System.out.println(change.host.title + ": wrote " + change.file);
        }
        Note.forget(notes(), change.file);
    }

    private String whatNext(Host host) {
        return switch (host) {
            case CODEX -> options.project.isPresent() ? "; Codex reads it in a project that you trust" : "";
            case CLAUDE -> options.project.isPresent() ? "; Claude Code asks whether you trust it" : "";
            case CURSOR, VSCODE -> "";
        };
    }

    /** What the CLI has to say against its configuration as it now is; empty also where there is no CLI to ask. */
    private Optional<String> codexComplains() throws IOException, InterruptedException {
        Optional<Path> codex = onPath("codex");
        if (codex.isEmpty()) {
            return Optional.empty();
        }
        Path output = Files.createTempFile("install", ".txt");
        try {
            Process process = new ProcessBuilder(codex.get().toString(), "mcp", "get", options.name)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty(); // no verdict
            }
            return process.exitValue() == 0 ? Optional.empty() : Optional.of(Files.readString(output).strip());
        } finally {
            Files.delete(output);
        }
    }

    private static String read(Path file) throws IOException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Refusal(file + " is not UTF-8; it stays as it is");
        }
    }

    /** Replaces the file in one step, with the rights it had; a new one is its owner's alone to write. */
    private static void write(Path file, String text) throws IOException {
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), ".part");
        try {
            Files.writeString(part, text);
            if (Files.getFileStore(part).supportsFileAttributeView("posix")) {
                Set<PosixFilePermission> rights = Files.exists(file)
                        ? Files.getPosixFilePermissions(file)
                        : EnumSet.copyOf(PosixFilePermissions.fromString("rw-r--r--"));
                Files.setPosixFilePermissions(part, rights);
            }
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Creates a folder with those above it; returns what was created, the innermost first. */
    private static List<Path> createFolders(Path folder) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path next = folder; next != null && !Files.exists(next); next = next.getParent()) {
            missing.add(next);
        }
        Files.createDirectories(folder);
        return missing;
    }

    private Path notes() {
        return variable("XDG_STATE_HOME")
                .map(Path::of)
                .orElse(home().resolve(".local/state"))
                .resolve("codex-mcp-server");
    }

    /**
     * What was done to a file.
     *
     * @param inserted the text that was put in
     * @param removed the text that stood there
     * @param folders that were created for the file, the innermost first
     */
    private record Note(boolean existed, String inserted, String removed, List<Path> folders) {
        static Note of(boolean existed, String before, String after) {
            int head = 0;
            int shorter = Math.min(before.length(), after.length());
            while (head < shorter && before.charAt(head) == after.charAt(head)) {
                head++;
            }
            int tail = 0;
            while (tail < shorter - head
                    && before.charAt(before.length() - 1 - tail) == after.charAt(after.length() - 1 - tail)) {
                tail++;
            }
            return new Note(
                    existed,
                    after.substring(head, after.length() - tail),
                    before.substring(head, before.length() - tail),
                    List.of());
        }

        Note in(List<Path> created) {
            return new Note(existed, inserted, removed, created);
        }

        static Optional<Note> of(Path notes, Path file) throws IOException {
            Path place = place(notes, file);
            if (!Files.exists(place)) {
                return Optional.empty();
            }
            Properties values = new Properties();
            try (Reader reader = Files.newBufferedReader(place)) {
                values.load(reader);
            }
            List<Path> folders = values.getProperty("folders", "")
                    .lines()
                    .map(Path::of)
                    .toList();
            return Optional.of(new Note(
                    Boolean.parseBoolean(values.getProperty("existed")),
                    values.getProperty("inserted", ""),
                    values.getProperty("removed", ""),
                    folders));
        }

        /** The text as it was before, where what was put in still stands there as it was put in. */
        Optional<String> undo(String text) {
            int at = text.indexOf(inserted);
            if (inserted.isEmpty() || at < 0 || text.indexOf(inserted, at + 1) >= 0) {
                return Optional.empty();
            }
            return Optional.of(text.substring(0, at) + removed + text.substring(at + inserted.length()));
        }

        void write(Path notes, Path file) throws IOException {
            Properties values = new Properties();
            values.setProperty("file", file.toString());
            values.setProperty("existed", String.valueOf(existed));
            values.setProperty("inserted", inserted);
            values.setProperty("removed", removed);
            values.setProperty("folders", String.join("\n", folders.stream().map(Path::toString).toList()));
            Files.createDirectories(notes);
            Path place = place(notes, file);
            Files.deleteIfExists(place);
            Files.createFile(place);
            if (Files.getFileStore(place).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rw-------"));
            }
            try (Writer writer = Files.newBufferedWriter(place)) {
                values.store(writer, "What scripts/install changed; --uninstall reads it, and removes it.");
            }
        }

        static void forget(Path notes, Path file) throws IOException {
            Files.deleteIfExists(place(notes, file));
            if (Files.isDirectory(notes, LinkOption.NOFOLLOW_LINKS) && notes.toFile().list().length == 0) {
                Files.delete(notes);
            }
        }

        private static Path place(Path notes, Path file) {
            return notes.resolve(
                    java.util.UUID.nameUUIDFromBytes(file.toString().getBytes(StandardCharsets.UTF_8)) + ".properties");
        }
    }

    /** One replacement within a text. */
    private record Edit(int start, int end, String text) {
        static String apply(String text, List<Edit> edits) {
            StringBuilder result = new StringBuilder(text);
            edits.stream()
                    .sorted(Comparator.comparingInt(Edit::start).reversed())
                    .forEach(edit -> result.replace(edit.start, edit.end, edit.text));
            return result.toString();
        }
    }

    private static String lineFeed(String text) {
        return text.contains("\r\n") ? "\r\n" : "\n";
    }

    private static Refusal unreadable(String text, int at, String what) {
        long line = text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count() + 1;
        return new Refusal("line " + line + " of its file: " + what + ". The file stays as it is.");
    }

    /** A JSON file, comments and trailing commas allowed, of which single members are put in or taken out. */
    private static final class JsonText {
        private final String text;
        private int at;

        private JsonText(String text) {
            this.text = text;
        }

        /** A value and where it stands. */
        private record Value(int start, int end, Optional<String> string, Optional<List<Member>> members, int elements) {
            Optional<Member> member(String name) {
                // Of two of one name the last counts.
                return members.orElse(List.of()).stream()
                        .filter(member -> member.name.equals(name))
                        .reduce((first, second) -> second);
            }
        }

        /** @param comma where the comma behind it stands, or -1 */
        private record Member(int start, String name, Value value, int comma) {}

        static String with(String text, String container, String name, Map<String, Object> entry) {
            if (text.isBlank()) {
                return rendered(Map.of(container, Map.of(name, entry)), "", "  ", "\n") + "\n";
            }
            Value root = parse(text);
            Optional<Member> servers = root.member(container);
            if (servers.isEmpty()) {
                return insert(text, root, container, Map.of(name, entry));
            }
            Value all = object(text, servers.get());
            Optional<Member> mine = all.member(name);
            if (mine.isEmpty()) {
                return insert(text, all, name, entry);
            }
            return updated(text, object(text, mine.get()), container, name, entry);
        }

        /** One change at a time, till there is none left to make. */
        private static String updated(
                String text, Value entry, String container, String name, Map<String, Object> wanted) {
            String type = entry.member("type").flatMap(member -> member.value.string).orElse("stdio");
            if (!type.equals("stdio") || entry.member("url").isPresent()) {
                throw new Refusal("\"" + name + "\" is a remote server there; choose another --name");
            }
            String command = (String) wanted.get("command");
            Optional<Member> present = entry.member("command");
            if (present.isEmpty()) {
                return with(insert(text, entry, "command", command), container, name, wanted);
            }
            if (!present.get().value.string.equals(Optional.of(command))) {
                Value old = present.get().value;
                String changed = Edit.apply(text, List.of(new Edit(old.start, old.end, string(command))));
                return with(changed, container, name, wanted);
            }
            Optional<Member> arguments = entry.member("args");
            if (arguments.isPresent() && arguments.get().value.elements > 0) {
                Value old = arguments.get().value;
                String changed = Edit.apply(text, List.of(new Edit(old.start, old.end, "[]")));
                return with(changed, container, name, wanted);
            }
            @SuppressWarnings("unchecked")
            Map<String, String> variables = (Map<String, String>) wanted.getOrDefault("env", Map.of());
            Optional<Member> environment = entry.member("env");
            if (environment.isEmpty()) {
                return variables.isEmpty() ? text : insert(text, entry, "env", variables);
            }
            for (Map.Entry<String, String> variable : variables.entrySet()) {
                Value there = object(text, environment.get());
                if (there.member(variable.getKey()).isEmpty()) {
                    String changed = insert(text, there, variable.getKey(), variable.getValue());
                    return with(changed, container, name, wanted);
                }
            }
            return text;
        }

        static String without(String text, String container, String name) {
            if (text.isBlank()) {
                return text;
            }
            Optional<Value> all = parse(text).member(container).map(Member::value);
            Optional<Member> mine = all.flatMap(value -> value.member(name));
            if (mine.isEmpty()) {
                return text;
            }
            String changed = Edit.apply(text, removal(text, all.get(), mine.get()));
            Value left = parse(changed).member(container).orElseThrow().value;
            boolean empty = left.members.orElseThrow().isEmpty()
                    && changed.substring(left.start + 1, left.end - 1).isBlank();
            return empty ? Edit.apply(changed, List.of(new Edit(left.start, left.end, "{}"))) : changed;
        }

        private static List<Edit> removal(String text, Value object, Member member) {
            List<Edit> edits = new ArrayList<>();
            List<Member> members = object.members.orElseThrow();
            int index = members.indexOf(member);
            int start = member.start;
            int end = member.value.end;
            if (member.comma >= 0) {
                end = member.comma + 1;
            } else if (index > 0) {
                int comma = members.get(index - 1).comma;
                edits.add(new Edit(comma, comma + 1, ""));
            }
            int lineStart = start;
            while (lineStart > 0 && isBlank(text.charAt(lineStart - 1))) {
                lineStart--;
            }
            int lineEnd = end;
            while (lineEnd < text.length() && isBlank(text.charAt(lineEnd))) {
                lineEnd++;
            }
            boolean alone = lineStart > 0 && text.charAt(lineStart - 1) == '\n'
                    && lineEnd < text.length() && (text.charAt(lineEnd) == '\n' || text.charAt(lineEnd) == '\r');
            if (alone) {
                lineStart -= lineStart > 1 && text.charAt(lineStart - 2) == '\r' ? 2 : 1;
                edits.add(new Edit(lineStart, lineEnd, ""));
            } else {
                edits.add(new Edit(index > 0 ? Math.max(lineStart, members.get(index - 1).comma + 1) : start, end, ""));
            }
            return edits;
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }

        private static Value object(String text, Member member) {
            if (member.value.members.isEmpty()) {
                throw unreadable(text, member.start, "\"" + member.name + "\" is no object");
            }
            return member.value;
        }

        /** Puts a member behind the last one, in the style of the file. */
        private static String insert(String text, Value object, String name, Object value) {
            List<Member> members = object.members.orElseThrow();
            String body = text.substring(object.start, object.end);
            String lineFeed = lineFeed(text);
            String label = string(name) + ":";
            if (members.isEmpty() ? !text.strip().contains("\n") : !body.contains("\n")) {
                String gap = text.contains(": ") ? " " : "";
                String member = label + gap + compact(value, gap);
                if (members.isEmpty()) {
                    return Edit.apply(text, List.of(new Edit(object.start + 1, object.start + 1, member)));
                }
                Member last = members.get(members.size() - 1);
                String comma = last.comma < 0 ? "," + gap : gap;
                int place = last.comma < 0 ? last.value.end : last.comma + 1;
                return Edit.apply(text, List.of(new Edit(place, place, comma + member)));
            }
            String outer = indentation(text, object.start);
            String unit = unit(text);
            if (members.isEmpty()) {
                String inner = text.substring(object.start + 1, object.end - 1).stripTrailing();
                return Edit.apply(text, List.of(new Edit(
                        object.start + 1,
                        object.end - 1,
                        inner + lineFeed + outer + unit + label + " "
                                + rendered(value, outer + unit, unit, lineFeed) + lineFeed + outer)));
            }
            Member last = members.get(members.size() - 1);
            String indentation = indentation(text, last.start);
            int place = endOfLine(text, last.comma < 0 ? last.value.end : last.comma + 1, object.end - 1);
            List<Edit> edits = new ArrayList<>();
            String member = lineFeed + indentation + label + " " + rendered(value, indentation, unit, lineFeed);
            if (last.comma < 0 && place == last.value.end) {
                edits.add(new Edit(place, place, "," + member));
            } else {
                if (last.comma < 0) {
                    edits.add(new Edit(last.value.end, last.value.end, ","));
                }
                edits.add(new Edit(place, place, member));
            }
            return Edit.apply(text, edits);
        }

        /** Behind a comment that stands on the same line, if there is one. */
        private static int endOfLine(String text, int from, int limit) {
            int end = from;
            while (end < limit && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            String rest = text.substring(from, end).strip();
            boolean comment = rest.startsWith("//") || (rest.startsWith("/*") && rest.endsWith("*/"));
            return comment ? end : from;
        }

        /** The white space at the beginning of the line in which this place is. */
        private static String indentation(String text, int place) {
            int start = text.lastIndexOf('\n', place - 1) + 1;
            int end = start;
            while (end < text.length() && isBlank(text.charAt(end))) {
                end++;
            }
            return text.substring(start, end);
        }

        /** One step of indentation, as the file's first indented line has it. */
        private static String unit(String text) {
            return text.lines()
                    .filter(line -> !line.isBlank() && isBlank(line.charAt(0)))
                    .findFirst()
                    .map(line -> line.substring(0, line.length() - line.stripLeading().length()))
                    .orElse("  ");
        }

        private static String rendered(Object value, String indentation, String unit, String lineFeed) {
            if (!(value instanceof Map<?, ?> map)) {
                return compact(value, " ");
            }
            List<String> members = new ArrayList<>();
            map.forEach((name, inner) -> members.add(indentation + unit + string((String) name) + ": "
                    + rendered(inner, indentation + unit, unit, lineFeed)));
            return "{" + lineFeed + String.join("," + lineFeed, members) + lineFeed + indentation + "}";
        }

        private static String compact(Object value, String gap) {
            if (value instanceof String text) {
                return string(text);
            }
            if (value instanceof List<?> list) {
                return "[" + String.join("," + gap, list.stream().map(e -> compact(e, gap)).toList()) + "]";
            }
            List<String> members = new ArrayList<>();
            ((Map<?, ?>) value)
                    .forEach((name, inner) -> members.add(string((String) name) + ":" + gap + compact(inner, gap)));
            return "{" + String.join("," + gap, members) + "}";
        }

        private static String string(String value) {
            StringBuilder text = new StringBuilder("\"");
            for (char c : value.toCharArray()) {
                if (c == '"' || c == '\\') {
                    text.append('\\').append(c);
                } else if (c < 0x20) {
                    text.append(String.format("\\u%04x", (int) c));
                } else {
                    text.append(c);
                }
            }
            return text.append('"').toString();
        }

        private static Value parse(String text) {
            JsonText json = new JsonText(text);
            if (text.startsWith("\uFEFF")) {
                json.at = 1;
            }
            json.skip();
            Value root = json.value();
            json.skip();
            if (json.at < text.length() || root.members.isEmpty()) {
                throw unreadable(text, json.at, "it is not one JSON object");
            }
            return root;
        }

        private Value value() {
            int start = at;
            char first = peek();
            if (first == '{') {
                return object(start);
            }
            if (first == '[') {
                return list(start);
            }
            if (first == '"') {
                String string = string();
                return new Value(start, at, Optional.of(string), Optional.empty(), 0);
            }
            while (at < text.length() && "-+.0123456789eEtrufalsn".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            if (!text.substring(start, at).matches("true|false|null|-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?")) {
                throw unreadable(text, start, "a value was expected");
            }
            return new Value(start, at, Optional.empty(), Optional.empty(), 0);
        }

        private Value object(int start) {
            List<Member> members = new ArrayList<>();
            at++;
            skip();
            while (peek() != '}') {
                int memberStart = at;
                if (peek() != '"') {
                    throw unreadable(text, at, "a name was expected");
                }
                String name = string();
                skip();
                take(':');
                skip();
                Value value = value();
                int comma = comma('}');
                members.add(new Member(memberStart, name, value, comma));
            }
            at++;
            return new Value(start, at, Optional.empty(), Optional.of(List.copyOf(members)), 0);
        }

        private Value list(int start) {
            int elements = 0;
            at++;
            skip();
            while (peek() != ']') {
                value();
                elements++;
                comma(']');
            }
            at++;
            return new Value(start, at, Optional.empty(), Optional.empty(), elements);
        }

        /** Goes past a comma, if there is one: without one, what follows must be the end. */
        private int comma(char end) {
            skip();
            if (peek() == ',') {
                int comma = at++;
                skip();
                return comma;
            }
            if (peek() != end) {
                throw unreadable(text, at, "a comma or " + end + " was expected");
            }
            return -1;
        }

        private String string() {
            StringBuilder string = new StringBuilder();
            at++;
            while (peek() != '"') {
                char c = text.charAt(at++);
                if (c < 0x20) {
                    throw unreadable(text, at, "a string does not end");
                }
                string.append(c == '\\' ? escape() : c);
            }
            at++;
            return string.toString();
        }

        private char escape() {
            char c = peek();
            at++;
            switch (c) {
                case 'n':
                    return '\n';
                case 't':
                    return '\t';
                case 'r':
                    return '\r';
                case 'b':
                    return '\b';
                case 'f':
                    return '\f';
                case 'u':
                    if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) {
                        throw unreadable(text, at, "a wrong escape");
                    }
                    at += 4;
                    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
                default:
                    return c;
            }
        }

        private void take(char expected) {
            if (peek() != expected) {
                throw unreadable(text, at, expected + " was expected");
            }
            at++;
        }

        private char peek() {
            if (at >= text.length()) {
                throw unreadable(text, at, "the file ends too early");
            }
            return text.charAt(at);
        }

        /** Goes past white space and comments. */
        private void skip() {
            while (at < text.length()) {
                if (" \t\r\n".indexOf(text.charAt(at)) >= 0) {
                    at++;
                } else if (text.startsWith("//", at)) {
                    int end = text.indexOf('\n', at);
                    at = end < 0 ? text.length() : end;
                } else if (text.startsWith("/*", at)) {
                    int end = text.indexOf("*/", at + 2);
                    if (end < 0) {
                        throw unreadable(text, at, "a comment does not end");
                    }
                    at = end + 2;
                } else {
                    return;
                }
            }
        }
    }

    /** A TOML file, of which one table is put in, mended or taken out. */
    private static final class TomlText {
        private final String text;
        private final List<Line> lines = new ArrayList<>();
        private int at;

        /**
         * A table's header, or a key with its value.
         *
         * @param path of the table, or of the key from the root
         * @param header how many elements of the path the header names; all, where this is one
         * @param valueStart where the key's value begins
         * @param end behind the line feed
         */
        private record Line(int start, List<String> path, int header, int valueStart, int valueEnd, int end) {
            boolean isHeader() {
                return header == path.size();
            }

            boolean isBelow(List<String> table) {
                return path.size() >= table.size() && path.subList(0, table.size()).equals(table);
            }
        }

        TomlText(String text) {
            this.text = text;
            scan();
        }

        Optional<Line> find(List<String> table) {
            return lines.stream()
                    .filter(line -> line.isHeader() && line.path.equals(table))
                    .findFirst();
        }

        /** Refuses forms that cannot be changed line by line. */
        private void check(List<String> table) {
            for (Line line : lines) {
                boolean above = table.subList(0, Math.min(table.size(), line.path.size())).equals(line.path);
                boolean inline = !line.isHeader() && (above || (line.isBelow(table) && line.header < table.size()));
                if (inline) {
                    throw unreadable(text, line.start, String.join(".", line.path)
                            + " is written as an inline or dotted table, which only a person can change: make it a ["
                            + String.join(".", table) + "] table, or edit it there");
                }
            }
        }

        String with(List<String> table, Map<String, String> entry) {
            check(table);
            String lineFeed = lineFeed(text);
            Optional<Line> header = find(table);
            if (header.isEmpty()) {
                StringBuilder block = new StringBuilder();
                if (!text.isEmpty()) {
                    block.append(text.endsWith("\n") ? "" : lineFeed).append(lineFeed);
                }
                block.append('[').append(String.join(".", table)).append(']').append(lineFeed);
                entry.forEach((key, value) -> block.append(setting(key, value, lineFeed)));
                return text + block;
            }
            List<Line> keys = lines.stream()
                    .filter(line -> !line.isHeader() && line.header == table.size() && line.isBelow(table))
                    .toList();
            List<Edit> edits = new ArrayList<>();
            StringBuilder more = new StringBuilder();
            entry.forEach((key, value) -> {
                List<String> path = new ArrayList<>(table);
                path.add(key);
                Optional<Line> there = lines.stream().filter(line -> line.isBelow(path)).findFirst();
                if (there.isEmpty()) {
                    more.append(setting(key, value, lineFeed));
                } else if (key.equals("command")
                        && !decoded(there.get()).equals(decode(value))) {
                    edits.add(new Edit(there.get().valueStart, there.get().valueEnd, value));
                }
            });
            keys.stream()
                    .filter(line -> line.path.get(line.path.size() - 1).equals("args"))
                    .filter(line -> !text.substring(line.valueStart, line.valueEnd).matches("\\[\\s*]"))
                    .forEach(line -> edits.add(new Edit(line.valueStart, line.valueEnd, "[]")));
            if (more.length() > 0) {
                int place = keys.isEmpty() ? header.get().end : keys.get(keys.size() - 1).end;
                boolean open = place > 0 && text.charAt(place - 1) != '\n';
                edits.add(new Edit(place, place, (open ? lineFeed : "") + more));
            }
            return Edit.apply(text, edits);
        }

        private String decoded(Line line) {
            return decode(text.substring(line.valueStart, line.valueEnd));
        }

        String without(List<String> table) {
            check(table);
            List<Edit> edits = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                Line line = lines.get(i);
                if (line.isHeader() && line.isBelow(table)) {
                    int end = line.end;
                    while (i + 1 < lines.size() && !lines.get(i + 1).isHeader()) {
                        end = lines.get(++i).end;
                    }
                    int start = line.start;
                    String above = text.substring(0, start);
                    for (String blank : List.of("\r\n\r\n", "\n\n")) {
                        if (above.endsWith(blank)) {
                            start -= blank.length() / 2;
                            break;
                        }
                    }
                    edits.add(new Edit(start, end, ""));
                }
            }
            return Edit.apply(text, edits);
        }

        private static String setting(String key, String value, String lineFeed) {
            return key + " = " + value + lineFeed;
        }

        static String string(String value) {
            return JsonText.string(value).replace("\u007f", "\\u007f");
        }

        /** As many to a line as fit. */
        static String list(List<String> values, String lineFeed) {
            StringBuilder list = new StringBuilder("[");
            int column = 1000;
            for (String value : values) {
                String element = string(value) + ",";
                if (column + element.length() > 100) {
                    list.append(lineFeed).append(" ");
                    column = 1;
                }
                list.append(' ').append(element);
                column += element.length() + 1;
            }
            return list.append(lineFeed).append(']').toString();
        }

        static String inlineTable(Map<String, String> values) {
            Function<Map.Entry<String, String>, String> pair = entry -> entry.getKey() + " = " + string(entry.getValue());
            return "{ " + String.join(", ", values.entrySet().stream().map(pair).toList()) + " }";
        }

        /** What a string without escapes that matter here says. */
        private static String decode(String string) {
            if (string.startsWith("'")) {
                return string.substring(1, string.length() - 1);
            }
            return string.startsWith("\"")
                    ? string.substring(1, string.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\")
                    : string;
        }

        private void scan() {
            List<String> table = List.of();
            if (text.startsWith("\uFEFF")) {
                at = 1;
            }
            while (true) {
                blank(true);
                if (at >= text.length()) {
                    return;
                }
                int start = text.lastIndexOf('\n', at - 1) + 1;
                if (text.charAt(at) == '[') {
                    boolean array = text.startsWith("[[", at);
                    at += array ? 2 : 1;
                    table = key();
                    expect(array ? "]]" : "]");
                    int valueEnd = at;
                    lines.add(new Line(start, table, table.size(), valueEnd, valueEnd, lineEnd()));
                } else {
                    List<String> path = new ArrayList<>(table);
                    path.addAll(key());
                    expect("=");
                    blank(false);
                    int valueStart = at;
                    value();
                    int valueEnd = at;
                    lines.add(new Line(start, path, table.size(), valueStart, valueEnd, lineEnd()));
                }
            }
        }

        private List<String> key() {
            List<String> path = new ArrayList<>();
            do {
                blank(false);
                int start = at;
                if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'')) {
                    string();
                    path.add(decode(text.substring(start, at)));
                } else {
                    while (at < text.length() && String.valueOf(text.charAt(at)).matches("[A-Za-z0-9_-]")) {
                        at++;
                    }
                    if (at == start) {
                        throw unreadable(text, at, "a key was expected");
                    }
                    path.add(text.substring(start, at));
                }
                blank(false);
            } while (at < text.length() && text.charAt(at) == '.' && at++ >= 0);
            return List.copyOf(path);
        }

        private void value() {
            if (at >= text.length()) {
                throw unreadable(text, at, "a value was expected");
            }
            char first = text.charAt(at);
            if (first == '"' || first == '\'') {
                string();
            } else if (first == '[' || first == '{') {
                group(first == '[' ? ']' : '}');
            } else {
                int start = at;
                while (at < text.length() && ",]}#\r\n".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                while (at > start && " \t".indexOf(text.charAt(at - 1)) >= 0) {
                    at--;
                }
                if (at == start) {
                    throw unreadable(text, at, "a value was expected");
                }
            }
        }

        /** An array or an inline table, as far as is needed to find its end. */
        private void group(char end) {
            at++;
            while (true) {
                blank(true);
                if (at >= text.length()) {
                    throw unreadable(text, at, end + " is missing");
                }
                char c = text.charAt(at);
                if (c == end) {
                    at++;
                    return;
                }
                if (c == '"' || c == '\'') {
                    string();
                } else if (c == '[' || c == '{') {
                    group(c == '[' ? ']' : '}');
                } else if (c == ']' || c == '}') {
                    throw unreadable(text, at, end + " was expected");
                } else {
                    at++;
                }
            }
        }

        private void string() {
            char quote = text.charAt(at);
            String three = String.valueOf(quote).repeat(3);
            boolean multiline = text.startsWith(three, at);
            at += multiline ? 3 : 1;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (quote == '"' && c == '\\') {
                    at += 2;
                } else if (multiline && text.startsWith(three, at)) {
                    at += 3;
                    // Up to two quotes may stand right before the end.
                    while (at < text.length() && text.charAt(at) == quote) {
                        at++;
                    }
                    return;
                } else if (!multiline && c == quote) {
                    at++;
                    return;
                } else if (!multiline && c == '\n') {
                    break;
                } else {
                    at++;
                }
            }
            throw unreadable(text, at, "a string does not end");
        }

        private void expect(String expected) {
            if (!text.startsWith(expected, at)) {
                throw unreadable(text, at, expected + " was expected");
            }
            at += expected.length();
        }

        /** Goes to the end of the line, where nothing but a comment may stand. */
        private int lineEnd() {
            blank(false);
            if (at < text.length() && text.charAt(at) == '\r') {
                at++;
            }
            if (at < text.length() && text.charAt(at) != '\n') {
                throw unreadable(text, at, "the end of the line was expected");
            }
            at = Math.min(at + 1, text.length());
            return at;
        }

        /** Goes past white space and comments. */
        private void blank(boolean lineFeeds) {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == ' ' || c == '\t' || (lineFeeds && (c == '\n' || c == '\r'))) {
                    at++;
                } else if (c == '#') {
                    while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                        at++;
                    }
                } else {
                    return;
                }
            }
        }
    }
}
