package dev.codexmcp.install.edit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A record of a change to an entry, kept so that the change can be undone. The original text is restored only if the
 * file still has the recorded hash; otherwise only the entry itself is changed.
 *
 * @param fileExisted whether the file existed before
 * @param containerExisted whether the object that contains entries existed before
 * @param folders the folders created for the file, innermost first
 * @param entryBefore the entry before; null if there was none
 * @param entryAfter the entry as written
 * @param offset where the two texts start to differ, in characters
 * @param removed the text removed there
 * @param insertedLength the length of the text inserted there, in characters
 * @param hash the SHA-256 of the text as written, in hexadecimal
 * @param byHost whether the host's own command wrote the entry, so that there is no text to restore
 */
public record Note(
        boolean fileExisted,
        boolean containerExisted,
        List<Path> folders,
        @Nullable ObjectNode entryBefore,
        ObjectNode entryAfter,
        int offset,
        String removed,
        int insertedLength,
        String hash,
        boolean byHost) {

    public Note {
        folders = List.copyOf(folders);
        if (offset < 0 || insertedLength < 0) {
            throw new IllegalArgumentException("invalid range: " + offset + ", " + insertedLength);
        }
    }

    /**
     * The note for a change to a file.
     *
     * @param original the text to restore
     */
    static Note of(ConfigFile file, EntryEditor editor, String original, String after, @Nullable ObjectNode before) {
        int shorter = Math.min(original.length(), after.length());
        int head = 0;
        while (head < shorter && original.charAt(head) == after.charAt(head)) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head
                && original.charAt(original.length() - 1 - tail) == after.charAt(after.length() - 1 - tail)) {
            tail++;
        }
        return new Note(
                file.existed(),
                editor.hasContainer(original),
                List.of(),
                before,
                editor.entry(after).orElseThrow(),
                head,
                original.substring(head, original.length() - tail),
                after.length() - tail - head,
                hash(after),
                false);
    }

    /** The note for an entry added by the host's own command. */
    public static Note byHost(ObjectNode entry) {
        return new Note(true, true, List.of(), null, entry, 0, "", 0, "", true);
    }

    /** This note, with the state before the entry was first changed. */
    Note asContinuing(Note first) {
        return new Note(
                first.fileExisted,
                first.containerExisted,
                first.folders,
                first.entryBefore,
                entryAfter,
                offset,
                removed,
                insertedLength,
                hash,
                byHost);
    }

    public Note withFolders(List<Path> created) {
        return new Note(
                fileExisted,
                containerExisted,
                created,
                entryBefore,
                entryAfter,
                offset,
                removed,
                insertedLength,
                hash,
                byHost);
    }

    /** The text before the change; empty if {@code text} is not the text that was written. */
    Optional<String> original(String text) {
        if (byHost || !hash.equals(hash(text)) || offset + insertedLength > text.length()) {
            return Optional.empty();
        }
        return Optional.of(text.substring(0, offset) + removed + text.substring(offset + insertedLength));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
