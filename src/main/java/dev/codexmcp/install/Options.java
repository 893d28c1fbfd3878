package dev.codexmcp.install;

import dev.codexmcp.install.host.Host;
import dev.codexmcp.install.host.Hosts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line of {@code install}.
 *
 * @param hosts the hosts named; empty means all that are found
 * @param project the project to register for; empty means all of the user's projects
 * @param name the server's name in the hosts
 * @param editFiles whether to edit a host's file even if the host has its own command
 */
record Options(
        List<Host> hosts,
        Optional<Path> project,
        String name,
        boolean yes,
        boolean dryRun,
        boolean uninstall,
        boolean editFiles) {
    /** The names of all hosts, for a message. */
    static final String HOSTS = all().map(Host::word).collect(Collectors.joining(", "));

    static final String USAGE = """
            Registers codex-mcp-server with MCP hosts, or removes it again.

            usage: codex-mcp-server install [HOST...] [OPTION...]        (in a clone: scripts/install)

              HOST          the hosts to change (default: every host found), of
                            %s
              --user        for all of your projects (the default)
              --project     for one project: --project=DIR, or the current folder
              --name=NAME   the server's name in the host (default: codex-mcp-server)
              --edit-files  edit the host's file even if the host has its own command
              --yes, -y     do not ask for confirmation
              --dry-run     show the changes without making them
              --uninstall   remove the server
            Shows all changes and asks for confirmation before making any. Running it again changes nothing. Your own
            settings in an entry are kept. For a host that this installer cannot change, it prints the entry to paste.""".formatted(HOSTS.replace("cline, ", "cline,\n                "));

    private static Stream<Host> all() {
        return Stream.concat(Hosts.EDITED.stream(), Hosts.PASTED.stream());
    }

    Options {
        hosts = List.copyOf(hosts);
    }

    /** The command line is invalid; the message says why. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /** @param folder the working directory */
    static Options parse(List<String> arguments, Path folder) throws UsageException {
        List<Host> hosts = new ArrayList<>();
        List<String> flags = new ArrayList<>();
        Optional<Path> project = Optional.empty();
        String name = "codex-mcp-server";
        for (String argument : arguments) {
            if (argument.equals("--project")) {
                project = Optional.of(folder);
            } else if (argument.startsWith("--project=")) {
                project = Optional.of(folder.resolve(argument.substring("--project=".length())));
            } else if (argument.equals("--user")) {
                project = Optional.empty();
            } else if (argument.startsWith("--name=")) {
                name = argument.substring("--name=".length());
            } else if (List.of("--yes", "-y", "--dry-run", "--uninstall", "--edit-files")
                    .contains(argument)) {
                flags.add(argument);
            } else {
                hosts.add(all().filter(host -> host.word().equals(argument))
                        .findFirst()
                        .orElseThrow(() -> new UsageException("unknown argument \"" + argument + "\"\n\n" + USAGE)));
            }
        }
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new UsageException("invalid name \"" + name + "\": use letters, digits, _ and -");
        }
        if (project.isPresent() && !Files.isDirectory(project.get())) {
            throw new UsageException(project.get() + " is not a folder");
        }
        return new Options(
                hosts,
                project.map(path -> path.toAbsolutePath().normalize()),
                name,
                flags.contains("--yes") || flags.contains("-y"),
                flags.contains("--dry-run"),
                flags.contains("--uninstall"),
                flags.contains("--edit-files"));
    }
}
