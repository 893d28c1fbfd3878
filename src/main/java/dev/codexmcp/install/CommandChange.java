package dev.codexmcp.install;

import dev.codexmcp.install.edit.ConfigFile;
import dev.codexmcp.install.edit.EntryEditor;
import dev.codexmcp.install.edit.Note;
import dev.codexmcp.install.edit.NoteStore;
import dev.codexmcp.install.edit.RefusedException;
import dev.codexmcp.install.host.Host;
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
 * @param named the host's file, as it is named; its text shows whether the command did what it should
 * @param program what the first word of the command stands for
 * @param launcher what the entry should start; empty if the entry should be gone
 */
record CommandChange(
        Host host,
        String name,
        Path named,
        EntryEditor editor,
        List<String> command,
        Path program,
        Optional<String> launcher,
        NoteStore notes,
        Environment environment)
        implements Change {
    private static final int SECONDS = 60;

    CommandChange {
        command = List.copyOf(command);
    }

    @Override
    public List<String> description() {
        return List.of(host.title() + " does this with its own command:", "", "  " + shown(), "");
    }

    /** The command as a shell takes it. */
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
                    + outcome.output().strip() + "\n\nWith --edit-files, its file is edited instead.");
        }
        ConfigFile now = ConfigFile.read(named);
        var entry = editor.entry(now.text());
        Optional<String> starts = entry.map(found -> found.path("command").asText());
        if (!starts.equals(launcher)) {
            throw new RefusedException("the command ended well, but " + now.file()
                    + (launcher.isPresent() ? " does not have the entry" : " still has the entry")
                    + ". It may use another file, such as that of another profile. With --edit-files, this one is edited"
                    + " instead. The command was:\n\n  " + shown());
        }
        if (entry.isPresent()) {
            notes.keep(now.file(), name, Note.byHost(entry.get()));
        } else {
            notes.forget(now.file(), name);
        }
        return host.title() + ": ran " + shown();
    }
}
