package dev.codexmcp.install.edit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Stores the notes: one file for each changed entry of each configuration file, readable only by its owner, since an
 * entry may contain keys.
 *
 * @param folder exists only while there are notes
 */
public record NoteStore(Path folder) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    /** The note for an entry; empty if there is none or it cannot be read. */
    public Optional<Note> find(Path file, String entry) {
        Path place = place(file, entry);
        if (!Files.isRegularFile(place)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(Files.readString(place), Note.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public void keep(Path file, String entry, Note note) {
        try {
            Files.createDirectories(folder);
            // A temporary file is private to its owner from the start.
            Path part = Files.createTempFile(folder, ".", ".part");
            try {
                Files.writeString(part, text(note));
                Files.move(part, place(file, entry), StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new RefusedException("cannot store a note of the change in " + folder + ", which --uninstall needs: "
                    + ConfigFile.reason(e) + ". Nothing was changed.");
        }
    }

    private static String text(Note note) throws JsonProcessingException {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(note) + "\n";
    }

    public void forget(Path file, String entry) {
        try {
            Files.deleteIfExists(place(file, entry));
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && ConfigFile.isEmpty(folder)) {
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new RefusedException("cannot remove the note " + place(file, entry) + ": " + ConfigFile.reason(e));
        }
    }

    private Path place(Path file, String entry) {
        byte[] key = (file + "\n" + entry).getBytes(StandardCharsets.UTF_8);
        return folder.resolve(UUID.nameUUIDFromBytes(key) + ".json");
    }
}
