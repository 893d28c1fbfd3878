package dev.codexmcp.install.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The new text of a file, and the note needed to undo the change.
 *
 * @param after the file's new text
 * @param deletesFile whether to delete the file because the installation created it and it contains nothing else
 * @param note the note to keep; empty after an undo
 * @param remark a message for the user; may be empty
 */
public record EntryChange(String after, boolean deletesFile, Optional<Note> note, String remark) {

    /**
     * Sets the entry to {@code target}.
     *
     * @param earlier the note of an earlier change of this entry
     */
    public static EntryChange install(ConfigFile file, EntryEditor editor, ObjectNode target, Optional<Note> earlier) {
        String text = file.text();
        Optional<ObjectNode> present = editor.entry(text);
        String after = editor.put(text, target);
        Optional<Note> first = earlier.filter(note -> present.isPresent());
        String original = first.map(note -> undo(file, editor, note).after).orElse(text);
        Note note = Note.of(file, editor, original, after, present.orElse(null));
        return new EntryChange(
                after, false, Optional.of(first.map(note::asContinuing).orElse(note)), "");
    }

    /** Undoes the change that the note describes; without a note, removes the entry. */
    public static EntryChange uninstall(ConfigFile file, EntryEditor editor, Optional<Note> note) {
        if (note.isPresent()) {
            return undo(file, editor, note.get());
        }
        return new EntryChange(editor.remove(file.text()), false, Optional.empty(), "");
    }

    private static EntryChange undo(ConfigFile file, EntryEditor editor, Note note) {
        Optional<String> original = note.original(file.text());
        if (original.isPresent()) {
            String restored = editor.verified(file.text(), original.get(), Optional.ofNullable(note.entryBefore()));
            return new EntryChange(restored, !note.fileExisted() && restored.isEmpty(), Optional.empty(), "");
        }
        Optional<ObjectNode> present = editor.entry(file.text());
        if (present.isEmpty()) {
            return new EntryChange(file.text(), false, Optional.empty(), "");
        }
        boolean edited = !isSame(present.get(), note.entryAfter());
        ObjectNode before = note.entryBefore();
        if (before != null) {
            ObjectNode target = merged(before, note.entryAfter(), present.get());
            return new EntryChange(
                    editor.put(file.text(), target), false, Optional.empty(), keptRemark(note, present.get()));
        }
        String after = editor.remove(file.text());
        if (!note.containerExisted()) {
            after = editor.removeEmptyContainer(after);
        }
        boolean empty = List.of("", "{}").contains(after.replaceAll("\\s+", ""));
        return new EntryChange(
                after,
                !note.fileExisted() && empty,
                Optional.empty(),
                edited && !note.byHost()
                        ? "The entry has been edited since it was installed; the edits are removed with it."
                        : "");
    }

    /** Restores what the installation changed, and keeps later edits. */
    private static ObjectNode merged(ObjectNode before, ObjectNode after, ObjectNode present) {
        ObjectNode merged = present.deepCopy();
        for (String name : names(before, after)) {
            JsonNode was = before.path(name);
            JsonNode written = after.path(name);
            JsonNode is = present.path(name);
            if (isSame(is, written)) {
                if (was.isMissingNode()) {
                    merged.remove(name);
                } else {
                    merged.set(name, was);
                }
            } else if (was instanceof ObjectNode inner
                    && written instanceof ObjectNode innerWritten
                    && is instanceof ObjectNode innerIs) {
                merged.set(name, merged(inner, innerWritten, innerIs));
            }
        }
        return merged;
    }

    private static String keptRemark(Note note, ObjectNode present) {
        List<String> kept = names(note.entryAfter(), present).stream()
                .filter(name -> !isSame(note.entryAfter().path(name), present.path(name)))
                .toList();
        return kept.isEmpty()
                ? ""
                : "The entry has been edited since it was installed; the edits are kept: " + String.join(", ", kept)
                        + ".";
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
        return EntryEditor.canonical(one).equals(EntryEditor.canonical(other));
    }

    private static List<String> names(ObjectNode one, ObjectNode other) {
        TreeSet<String> names = new TreeSet<>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        return List.copyOf(names);
    }

    /**
     * Completes an existing entry: replaces the command, removes arguments meant for another command, and adds missing
     * members. Everything else is kept.
     */
    public static ObjectNode completed(ObjectNode present, ObjectNode wanted) {
        ObjectNode target = present.deepCopy();
        target.set("command", wanted.path("command"));
        if (!target.path("args").isEmpty()) {
            target.putArray("args");
        }
        ObjectNode more = wanted.deepCopy();
        more.remove(List.of("type", "args"));
        addMissing(target, more);
        return target;
    }

    private static void addMissing(ObjectNode target, ObjectNode more) {
        more.properties().forEach(member -> {
            JsonNode there = target.path(member.getKey());
            if (there.isMissingNode()) {
                target.set(member.getKey(), member.getValue());
            } else if (there instanceof ObjectNode object && member.getValue() instanceof ObjectNode missing) {
                addMissing(object, missing);
            }
        });
    }
}
