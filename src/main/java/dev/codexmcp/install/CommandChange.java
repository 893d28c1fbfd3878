package dev.codexmcp.install;

import dev.codexmcp.install.edit.ConfigFile;
import dev.codexmcp.install.edit.EntryEditor;
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
 * A change that the host's own command makes.
 *
 * @param named the path of the host's file, perhaps a symbolic link; the file shows whether the command worked
 * @param program the program that the first word of the command names
 * @param launcher the program that the entry must start; empty if the entry must be removed
 * @param remark appended to the summary
 */
record CommandChange(
        EditedHost host,
        String name,
        Path named,
        EntryEditor editor,
        List<String> command,
        Path program,
        Optional<String> launcher,
        NoteStore notes,
        Environment environment,
        String remark)
        implements Change {
    private static final int SECONDS = 60;

    CommandChange {
        command = List.copyOf(command);
    }

    @Override
    public List<String> description() {
        return List.of(host.title() + " makes this change with its own command:", "", "  " + shown(), "");
    }

    /** The command, quoted for a shell. */
    private String shown() {
        return String.join(
                " ",
                command.stream()
                        .map(word -> word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'")
                        .toList());
    }

    @Override
    public String make() throws InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.set(0, program.toString());
        Outcome outcome = Programs.run(environment, SECONDS, words);
        if (!outcome.isSuccess()) {
            throw new RefusedException("the command failed:\n\n  " + shown() + "\n\n"
                    + outcome.output().strip() + "\n\nUse --edit-files to edit its file instead.");
        }
        ConfigFile now = ConfigFile.read(named);
        var entry = editor.entry(now.text());
        Optional<String> starts = entry.map(host::command);
        if (!starts.equals(launcher)) {
            throw new RefusedException("the command succeeded, but " + now.file()
                    + (launcher.isPresent() ? " does not have the entry" : " still has the entry")
                    + ". The command may use another file, such as another profile's. Use --edit-files to edit this file"
                    + " instead. The command was:\n\n  " + shown());
        }
        if (entry.isPresent()) {
            notes.keep(now.file(), name, Note.byHost(entry.get()));
        } else {
            notes.forget(now.file(), name);
        }
        return host.title() + ": ran " + shown() + remark;
    }
}
