package dev.codexmcp.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFile;
import dev.codexmcp.install.edit.EntryChange;
import dev.codexmcp.install.edit.EntryEditor;
import dev.codexmcp.install.edit.Note;
import dev.codexmcp.install.edit.NoteStore;
import dev.codexmcp.install.edit.RefusedException;
import dev.codexmcp.install.host.Host;
import dev.codexmcp.install.host.Hosts;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Determines what has to change, without changing it.
 *
 * @param launcher the program that the entries start
 */
record Planner(Options options, Path launcher, Environment environment, NoteStore notes) {

    /** The hosts named on the command line, else those found on this machine. */
    List<Host> hosts() {
        if (!options.hosts().isEmpty()) {
            return options.hosts();
        }
        return Hosts.ALL.stream()
                .filter(host -> options.uninstall() ? Files.exists(file(host)) : host.isFound(environment))
                .toList();
    }

    /** The host's file for the project or, without one, for all of the user's projects. */
    Path file(Host host) {
        return options.project().map(host::projectFile).orElseGet(() -> host.userFile(environment));
    }

    /**
     * The change that registers the server; empty if there is nothing to do.
     *
     * @param variables to set in the entry
     */
    Optional<Change> install(Host host, Map<String, String> variables) {
        ConfigFile file = ConfigFile.read(file(host));
        EntryEditor editor = editor(host, file);
        Optional<ObjectNode> present = editor.entry(file.text());
        if (present.isPresent() && isRemote(present.get())) {
            throw new RefusedException(
                    file.file() + " has a remote server named " + options.name() + ". Choose another --name.");
        }
        if (present.isPresent()
                && options.project()
                        .filter(project -> host.isPortable(launcher, project, present.get()))
                        .isPresent()) {
            return Optional.empty();
        }
        ObjectNode wanted = host.entry(launcher, variables);
        if (present.isEmpty()) {
            Optional<List<String>> command = host.addCommand(options.name(), wanted);
            Optional<Change> byHost = byHost(host, editor, command, Optional.of(launcher.toString()));
            if (byHost.isPresent()) {
                return byHost;
            }
        }
        ObjectNode target =
                present.map(entry -> EntryChange.completed(entry, wanted)).orElse(wanted);
        if (present.isPresent() && present.get().toString().equals(target.toString())) {
            return Optional.empty();
        }
        Optional<Note> earlier = notes.find(file.file(), options.name());
        EntryChange edit = EntryChange.install(file, editor, target, earlier);
        boolean forAll = options.project().isEmpty();
        List<String> check = forAll ? host.checkCommand(options.name()).orElse(List.of()) : List.of();
        return Optional.of(new FileChange(
                host,
                options.name(),
                file,
                edit,
                notes,
                earlier,
                check,
                environment,
                forAll ? "" : host.projectRemark()));
    }

    private static boolean isRemote(ObjectNode entry) {
        return entry.has("url") || !entry.path("type").asText("stdio").equals("stdio");
    }

    /** The change that removes the server; empty if there is nothing to do. */
    Optional<Change> uninstall(Host host) {
        ConfigFile file = ConfigFile.read(file(host));
        EntryEditor editor = editor(host, file);
        Optional<Note> note = notes.find(file.file(), options.name());
        if (editor.entry(file.text()).isEmpty()) {
            if (!options.dryRun()) {
                notes.forget(file.file(), options.name());
            }
            return Optional.empty();
        }
        if (note.filter(Note::byHost).isPresent()) {
            Optional<List<String>> command = host.removeCommand(options.name());
            Optional<Change> byHost = byHost(host, editor, command, Optional.empty());
            if (byHost.isPresent()) {
                return byHost;
            }
        }
        EntryChange edit = EntryChange.uninstall(file, editor, note);
        return Optional.of(new FileChange(host, options.name(), file, edit, notes, note, List.of(), environment, ""));
    }

    private EntryEditor editor(Host host, ConfigFile file) {
        List<String> path = new ArrayList<>(host.container());
        path.add(options.name());
        return new EntryEditor(host.format(), file.file(), path);
    }

    /** The change through the host's own command; empty if that must not be used or its program is not found. */
    private Optional<Change> byHost(
            Host host, EntryEditor editor, Optional<List<String>> command, Optional<String> starts) {
        if (command.isEmpty() || options.project().isPresent() || options.editFiles()) {
            return Optional.empty();
        }
        return environment
                .program(command.get().get(0))
                .map(program -> new CommandChange(
                        host, options.name(), file(host), editor, command.get(), program, starts, notes, environment));
    }
}
