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
 * What was done to an entry of a file, as it is kept for the day it is to be undone. The replaced text counts only in a
 * file with the very hash; in any other one, only the entry itself is touched.
 *
 * @param fileExisted whether there was a file before
 * @param containerExisted whether the object that entries stand in was there before
 * @param folders that were created for the file, the innermost first
 * @param entryBefore null where there was none
 * @param entryAfter as it was written
 * @param offset where the one difference between the texts begins, in characters
 * @param removed what stood there before
 * @param insertedLength how many characters stand there now
 * @param hash of the text as it was written, SHA-256 in hexadecimal
 * @param byHost whether the host's own command wrote it; then there is no text to restore
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
            throw new IllegalArgumentException("no place in a text: " + offset + ", " + insertedLength);
        }
    }

    /**
     * The note of a change of a file.
     *
     * @param original the text to come back to
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

    /** The note of an entry that the host's own command adds. */
    public static Note byHost(ObjectNode entry) {
        return new Note(true, true, List.of(), null, entry, 0, "", 0, "", true);
    }

    /** This note, with what it was before the entry was changed for the first time. */
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

    /** The text before the change; empty where this is not the text that was written. */
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
