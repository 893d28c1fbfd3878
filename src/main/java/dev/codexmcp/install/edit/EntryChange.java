package dev.codexmcp.install.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The new text of a file, and the note to keep of it.
 *
 * @param after the file's new text
 * @param deletesFile whether the file is to go, since the installation created it and nothing else is in it
 * @param note what to keep; empty after an undo
 * @param remark something that the user should know; may be empty
 */
public record EntryChange(String after, boolean deletesFile, Optional<Note> note, String remark) {

    /**
     * Makes the entry what {@code target} says.
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

    /** Takes back what the note says was done; without a note, removes the entry. */
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
                        ? "The entry has been edited since it was installed; the edits go with it."
                        : "");
    }

    /** What was changed goes back; what somebody has changed since stays. */
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
                : "The entry has been edited since it was installed; the edits stay: " + String.join(", ", kept) + ".";
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
     * The entry that a host needs, made of the one that is there: the command is ours, and arguments for another command go.
     * Everything else that is there stays, and what is missing is added.
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
