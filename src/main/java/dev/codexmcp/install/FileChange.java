package dev.codexmcp.install;

import dev.codexmcp.install.edit.ConfigFile;
import dev.codexmcp.install.edit.EntryChange;
import dev.codexmcp.install.edit.Note;
import dev.codexmcp.install.edit.NoteStore;
import dev.codexmcp.install.edit.RefusedException;
import dev.codexmcp.install.host.EditedHost;
import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.Programs;
import dev.codexmcp.install.os.Programs.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An edit of a host's file.
 *
 * @param earlier the existing note
 * @param check a command that succeeds if the host accepts the new file; may be empty
 * @param remark appended to the file name in the summary
 */
record FileChange(
        EditedHost host,
        String name,
        ConfigFile file,
        EntryChange edit,
        NoteStore notes,
        Optional<Note> earlier,
        List<String> check,
        Environment environment,
        String remark)
        implements Change {
    private static final int CHECK_SECONDS = 30;

    @Override
    public List<String> description() {
        List<String> description = new ArrayList<>(
                isNone()
                        ? List.of(file.file() + " stays unchanged; only the installation's note is removed.")
                        : Diff.of(file.file(), file.existed(), file.text(), !edit.deletesFile(), edit.after()));
        if (!edit.remark().isEmpty()) {
            description.add(edit.remark());
        }
        return description;
    }

    /** Whether the text stays unchanged because the user has changed everything that could be undone. */
    private boolean isNone() {
        return !edit.deletesFile() && edit.after().equals(file.text());
    }

    @Override
    public String make() throws InterruptedException {
        file.requireUnchanged();
        if (edit.note().isPresent()) {
            install(edit.note().get());
            return host.title() + ": wrote " + file.file() + remark;
        }
        if (edit.deletesFile()) {
            file.delete(earlier.map(Note::folders).orElse(List.of()));
        } else if (!isNone()) {
            file.replace(edit.after());
        }
        notes.forget(file.file(), name);
        return host.title() + ": " + (edit.deletesFile() ? "removed " : isNone() ? "left " : "wrote ") + file.file();
    }

    /** Writes the note first, since a change without a note could not be undone exactly. */
    private void install(Note note) throws InterruptedException {
        notes.keep(file.file(), name, note);
        List<Path> folders;
        try {
            folders = file.replace(edit.after());
            if (!folders.isEmpty()) {
                notes.keep(file.file(), name, note.withFolders(folders));
            }
        } catch (RefusedException e) {
            restoreNote();
            throw e;
        }
        Optional<String> complaint = complaint();
        if (complaint.isPresent()) {
            if (file.existed()) {
                file.replace(file.text());
            } else {
                file.delete(folders);
            }
            restoreNote();
            throw new RefusedException(host.title() + " does not accept the new " + file.file()
                    + ", so the file was restored. Its message:\n" + complaint.get());
        }
    }

    private void restoreNote() {
        if (earlier.isPresent()) {
            notes.keep(file.file(), name, earlier.get());
        } else {
            notes.forget(file.file(), name);
        }
    }

    /** The host's error message about the file; empty if the host accepts it or cannot be run. */
    private Optional<String> complaint() throws InterruptedException {
        Optional<Path> program = check.isEmpty() ? Optional.empty() : environment.program(check.get(0));
        if (program.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(check);
        command.set(0, program.get().toString());
        Outcome outcome = Programs.run(environment, CHECK_SECONDS, command);
        return outcome.exitCode() > 0 ? Optional.of(outcome.output().strip()) : Optional.empty();
    }
}
