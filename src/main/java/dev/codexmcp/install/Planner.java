package dev.codexmcp.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFile;
import dev.codexmcp.install.edit.EntryChange;
import dev.codexmcp.install.edit.EntryEditor;
import dev.codexmcp.install.edit.Note;
import dev.codexmcp.install.edit.NoteStore;
import dev.codexmcp.install.edit.RefusedException;
import dev.codexmcp.install.host.EditedHost;
import dev.codexmcp.install.host.Hosts;
import dev.codexmcp.install.host.PastedHost;
import dev.codexmcp.install.host.ServerVariables;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Determines what has to change, without changing it.
 *
 * @param launcher the program that the entries start
 */
record Planner(Options options, Path launcher, Environment environment, NoteStore notes) {

    /** The hosts to change: those named on the command line, else those found on this machine. */
    List<EditedHost> hosts() {
        if (!options.hosts().isEmpty()) {
            return options.hosts().stream()
                    .filter(EditedHost.class::isInstance)
                    .map(EditedHost.class::cast)
                    .toList();
        }
        return Hosts.EDITED.stream()
                .filter(this::hasFile)
                .filter(host -> options.uninstall() ? Files.exists(file(host)) : host.isFound(environment))
                .toList();
    }

    /** The hosts whose entry the user must paste: those named on the command line, else those found on this machine. */
    List<PastedHost> pasted() {
        if (!options.hosts().isEmpty()) {
            return options.hosts().stream()
                    .filter(PastedHost.class::isInstance)
                    .map(PastedHost.class::cast)
                    .toList();
        }
        return options.uninstall() || options.project().isPresent()
                ? List.of()
                : Hosts.PASTED.stream()
                        .filter(host -> host.isFound(environment))
                        .toList();
    }

    private boolean hasFile(EditedHost host) {
        return options.project().flatMap(host::projectFile).isPresent()
                || options.project().isEmpty();
    }

    /** The host's file for the project or, without one, for all of the user's projects. */
    Path file(EditedHost host) {
        if (options.project().isEmpty()) {
            return host.userFile(environment);
        }
        return options.project()
                .flatMap(host::projectFile)
                .orElseThrow(() -> new RefusedException(
                        "it has no configuration for one project. Leave out --project to register for all projects."));
    }

    /**
     * The change that registers the server; empty if there is nothing to do.
     *
     * @param variables that the server needs
     */
    Optional<Change> install(EditedHost host, ServerVariables variables) {
        ConfigFile file = ConfigFile.read(file(host));
        EntryEditor editor = editor(host, file);
        Optional<ObjectNode> present = editor.entry(file.text());
        if (present.isPresent() && host.isRemote(present.get())) {
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
        if (!file.existed() && host.needsItsFile()) {
            throw new RefusedException(
                    file.file() + " does not exist, and a file with only this entry would replace the"
                            + " host's defaults. Create the file in the host, then run this again, or add this entry:\n\n"
                            + host.snippet(options.name(), launcher, variables));
        }
        if (present.isEmpty()) {
            Optional<List<String>> command = host.addCommand(options.name(), wanted);
            Optional<Change> byHost =
                    byHost(host, editor, command, Optional.of(launcher.toString()), host.userRemark(variables));
            if (byHost.isPresent()) {
                return byHost;
            }
        }
        ObjectNode target = present.map(entry -> host.completed(entry, wanted)).orElse(wanted);
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
                forAll ? host.userRemark(variables) : host.projectRemark()));
    }

    /** The change that removes the server; empty if there is nothing to do. */
    Optional<Change> uninstall(EditedHost host) {
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
            Optional<Change> byHost = byHost(host, editor, command, Optional.empty(), "");
            if (byHost.isPresent()) {
                return byHost;
            }
        }
        EntryChange edit = EntryChange.uninstall(file, editor, note);
        return Optional.of(new FileChange(host, options.name(), file, edit, notes, note, List.of(), environment, ""));
    }

    private EntryEditor editor(EditedHost host, ConfigFile file) {
        List<String> path = new ArrayList<>(host.container());
        path.add(options.name());
        return new EntryEditor(host.format(), file.file(), path);
    }

    /** The change through the host's own command; empty if that must not be used or its program is not found. */
    private Optional<Change> byHost(
            EditedHost host,
            EntryEditor editor,
            Optional<List<String>> command,
            Optional<String> starts,
            String remark) {
        if (command.isEmpty() || options.project().isPresent() || options.editFiles()) {
            return Optional.empty();
        }
        return host.program(environment)
                .map(program -> new CommandChange(
                        host,
                        options.name(),
                        file(host),
                        editor,
                        command.get(),
                        program,
                        starts,
                        notes,
                        environment,
                        remark));
    }
}
