package dev.codexmcp.codex;

import dev.codexmcp.codex.schema.OutputSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Files with the schemas of final messages, since the CLI takes a schema as a file only. Each is named after its content, so
 * that workers and servers share it and none has to know when it is unused.
 *
 * @param folder made when it is needed; only its owner may enter it
 */
public record SchemaFiles(Path folder) {
    /** The file with this schema. */
    public Path file(OutputSchema schema) throws IOException {
        byte[] json = schema.json().getBytes(StandardCharsets.UTF_8);
        Path file = folder.resolve(name(json) + ".json");
        if (Files.isRegularFile(file) && Files.size(file) == json.length) {
            return file;
        }
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        // A temporary file is private to its owner from the start.
        Path part = Files.createTempFile(folder, ".", ".part");
        try {
            Files.write(part, json);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        return file;
    }

    private static String name(byte[] json) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
