package dev.codexmcp.worker.remote;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.codexmcp.json.Json;
import dev.codexmcp.worker.Launchers;
import dev.codexmcp.worker.WorkerLauncher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Reads the variables that say where workers run. */
public final class LauncherConfig {
    /**
     * The names of the variables.
     *
     * @param byDefault where workers run by default
     * @param named a JSON object of names and launchers
     * @param rate how many workers to submit a second
     * @param lease for how many seconds a worker lives without a sign of life from the server
     * @param passed names of variables for the workers
     */
    public record Variables(String byDefault, String named, String rate, String lease, String passed) {
        /** Whether a variable has an effect: if not, all workers are local. */
        public boolean areUsed(Map<String, String> environment) {
            return environment.containsKey(byDefault) || environment.containsKey(named);
        }
    }

    private static final String LOCAL = "local";
    private static final int DEFAULT_RATE = 30;
    private static final int DEFAULT_LEASE = 45;
    private static final String WORDS = "local, slurm, ssh:HOST, podman:IMAGE or docker:IMAGE";

    private final Variables variables;
    private final Map<String, String> environment;
    private final Consumer<String> complain;
    private final RemoteSettings settings;
    private final ScheduledExecutorService timer;
    private final WorkerLauncher local;

    private LauncherConfig(
            Variables variables,
            Map<String, String> environment,
            Consumer<String> complain,
            WorkerLauncher local,
            ScheduledExecutorService timer) {
        this.variables = variables;
        this.environment = environment;
        this.complain = complain;
        this.local = local;
        this.timer = timer;
        this.settings = new RemoteSettings(
                number(variables.rate(), DEFAULT_RATE, 1, 1000),
                number(variables.lease(), DEFAULT_LEASE, 6, 86_400),
                Arrays.stream(value(variables.passed()).orElse("").split("[,\\s]+"))
                        .filter(word -> !word.isEmpty())
                        .collect(Collectors.toSet()));
    }

    /**
     * The launchers that the variables describe. If the default is not valid, no worker is started by default: running workers here
     * instead would not be what the user wanted.
     *
     * @param complain receives one line for each invalid value
     * @param timer must not be blocked
     */
    public static Launchers read(
            Variables variables,
            Map<String, String> environment,
            Consumer<String> complain,
            WorkerLauncher local,
            ScheduledExecutorService timer) {
        return new LauncherConfig(variables, environment, complain, local, timer).read();
    }

    private Launchers read() {
        Map<String, WorkerLauncher> byName = new LinkedHashMap<>(named());
        String name = value(variables.byDefault()).orElse(LOCAL);
        if (!byName.containsKey(name)) {
            WorkerLauncher launcher;
            try {
                launcher = launcher(name, List.of());
            } catch (IllegalArgumentException e) {
                String what = variables.byDefault() + " is \"" + name + "\", but must be " + WORDS + ", or a name from "
                        + variables.named() + (byName.isEmpty() ? "" : " (" + String.join(", ", byName.keySet()) + ")");
                complain.accept(what + "; workers are refused");
                launcher = new RefusingLauncher(what);
            }
            byName.put(name, launcher);
        }
        return new Launchers(local, name, byName);
    }

    private WorkerLauncher launcher(String word, List<String> options) {
        if (word.equals(LOCAL)) {
            return local;
        }
        return remote(engine(word, options));
    }

    private WorkerLauncher remote(Engine engine) {
        return new RemoteLauncher(engine, settings, environment, timer);
    }

    private Engine engine(String word, List<String> options) {
        int colon = word.indexOf(':');
        String kind = colon < 0 ? word : word.substring(0, colon);
        String rest = colon < 0 ? "" : word.substring(colon + 1);
        if (kind.equals("slurm") && colon < 0) {
            return new SlurmEngine(options);
        }
        if (kind.equals("ssh")) {
            return new SshEngine(rest, options);
        }
        if (kind.equals("podman") || kind.equals("docker")) {
            return new ContainerEngine(kind, rest, value("CODEX_HOME"), options);
        }
        throw new IllegalArgumentException("\"" + word + "\" is not " + WORDS);
    }

    private Map<String, WorkerLauncher> named() {
        Map<String, WorkerLauncher> launchers = new LinkedHashMap<>();
        Optional<String> json = value(variables.named());
        if (json.isEmpty()) {
            return launchers;
        }
        try (JsonParser parser = Json.FACTORY.createParser(json.get())) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "an object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (!name.matches("[A-Za-z0-9][A-Za-z0-9._:@/-]*")) {
                    throw new IllegalArgumentException("\"" + name + "\" is not a name");
                }
                try {
                    launchers.put(
                            name,
                            token == JsonToken.VALUE_STRING
                                    ? launcher(parser.getText(), List.of())
                                    : template(name, parser));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            complain.accept(variables.named() + " is not valid (" + e.getMessage()
                    + "); it must be an object of names and launchers: " + WORDS
                    + ", or {\"command\":[…],\"reap\":[…],\"quote\":\"argv\" or \"shell\",\"options\":[…]}");
        }
        return launchers;
    }

    private WorkerLauncher template(String name, JsonParser parser) throws IOException {
        expect(parser.currentToken(), JsonToken.START_OBJECT, "a word or an object");
        List<String> command = List.of();
        List<String> reap = List.of();
        List<String> options = List.of();
        boolean shell = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "command" -> command = words(parser, field);
                case "reap" -> reap = words(parser, field);
                case "options" -> options = words(parser, field);
                case "quote" -> {
                    String quote = parser.getText();
                    if (!quote.equals("argv") && !quote.equals("shell")) {
                        throw new IllegalArgumentException("quote is " + quote + ", but must be argv or shell");
                    }
                    shell = quote.equals("shell");
                }
                default ->
                    throw new IllegalArgumentException(
                            "\"" + field + "\" is not one of command, reap, quote and options");
            }
        }
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command is missing");
        }
        if (command.size() == 1 && reap.isEmpty() && isWord(command.get(0))) {
            return launcher(command.get(0), options);
        }
        return remote(new TemplateEngine(name, command, reap, shell, options));
    }

    private static boolean isWord(String word) {
        return word.equals("slurm") || word.matches("(ssh|podman|docker):.*");
    }

    private static List<String> words(JsonParser parser, String field) throws IOException {
        expect(parser.currentToken(), JsonToken.START_ARRAY, field + " as an array of strings");
        List<String> words = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_STRING, field + " as an array of strings");
            words.add(parser.getText());
        }
        return words;
    }

    private static void expect(JsonToken token, JsonToken expected, String what) {
        if (token != expected) {
            throw new IllegalArgumentException("it takes " + what);
        }
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private int number(String name, int otherwise, int least, int most) {
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the complaint
        }
        complain.accept(name + " is \"" + value.get() + "\", but must be a whole number from " + least + " to " + most
                + "; using " + otherwise);
        return otherwise;
    }
}
