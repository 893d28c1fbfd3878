package dev.codexmcp.install.edit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A user's file in which an entry is installed, which the user then edits, and from which the entry is removed again.
 *
 * @param editor of the entry
 * @param file before the entry was installed
 */
record UserFile(EntryEditor editor, ConfigFile file) {
    private static final Pattern KEPT = Pattern.compile("kept\\d+");

    /** An edit by the user while the entry is in the file. */
    interface Edit {
        /**
         * The text after the edit.
         *
         * @param number makes what it adds unique
         */
        String of(String text, int number) throws Exception;
    }

    /**
     * What has become of the file.
     *
     * @param edited with the entry and the user's edits
     * @param undone with the edits alone
     */
    record Course(String edited, String undone) {}

    static UserFile of(EntryEditor editor, String name, String text) {
        return new UserFile(editor, new ConfigFile(Path.of(name), true, text));
    }

    private ConfigFile with(String text) {
        return new ConfigFile(file.file(), true, text);
    }

    String text() {
        return file.text();
    }

    EntryChange install(ObjectNode entry) {
        return EntryChange.install(file, editor, entry, Optional.empty());
    }

    /** Installs another entry in place of one that has been installed. */
    EntryChange installAgain(EntryChange installed, ObjectNode entry) {
        return EntryChange.install(with(installed.after()), editor, entry, installed.note());
    }

    void isRestoredByteForByte(EntryChange installed) {
        EntryChange undone = EntryChange.uninstall(with(installed.after()), editor, installed.note());

        assertThat(undone.after()).isEqualTo(file.text());
    }

    Course undo(EntryChange installed, List<? extends Edit> edits) throws Exception {
        String edited = installed.after();
        for (int i = 0; i < edits.size(); i++) {
            edited = edits.get(i).of(edited, i);
        }
        return new Course(
                edited,
                EntryChange.uninstall(with(edited), editor, installed.note()).after());
    }

    /** The comments that must survive all edits. */
    static List<String> kept(String text) {
        return KEPT.matcher(text).results().map(MatchResult::group).toList();
    }

    /** Everything but the entry, and but its container if it holds nothing else. */
    static JsonNode rest(JsonNode root, String container, String name) {
        ObjectNode rest = ((ObjectNode) root).deepCopy();
        if (rest.get(container) instanceof ObjectNode servers) {
            servers.remove(name);
            if (servers.isEmpty()) {
                rest.remove(container);
            }
        }
        return rest;
    }
}
