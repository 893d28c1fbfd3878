package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.EntryChange;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A host that the server is registered with: by the host's own command, or by an edit of the host's file. */
public non-sealed interface EditedHost extends Host {
    /** The file for all of the user's projects. */
    Path userFile(Environment environment);

    /** The file for one project; empty if the host has none. */
    Optional<Path> projectFile(Path project);

    /** Whether the host works differently if its file exists, so that the file must not be created. */
    default boolean needsItsFile() {
        return false;
    }

    /** The host's own program; empty if it is not on {@code PATH}. */
    default Optional<Path> program(Environment environment) {
        return environment.program(word());
    }

    /** The host's own command to add a server for all projects; empty if it has none that does everything needed. */
    default Optional<List<String>> addCommand(String name, ObjectNode entry) {
        return Optional.empty();
    }

    /** The host's own command to remove a server for all projects; empty if it has none. */
    default Optional<List<String>> removeCommand(String name) {
        return Optional.empty();
    }

    /** A command that succeeds if the host accepts its file for all projects; empty if it has none. */
    default Optional<List<String>> checkCommand(String name) {
        return Optional.empty();
    }

    /** The program that an entry starts; empty text if the entry starts none. */
    default String command(ObjectNode entry) {
        return entry.path("command").asText();
    }

    /** An existing entry with everything that the server needs, and with the user's own settings. */
    default ObjectNode completed(ObjectNode present, ObjectNode wanted) {
        return EntryChange.completed(present, wanted);
    }

    /** Whether the entry names a server elsewhere, which the server must not replace. */
    default boolean isRemote(ObjectNode entry) {
        return entry.has("url") || !entry.path("type").asText("stdio").equals("stdio");
    }

    /** What the user should know about the entry for all projects; may be empty. */
    default String userRemark(ServerVariables variables) {
        return "";
    }

    /** What the user should know about a project's file; may be empty. */
    default String projectRemark() {
        return "";
    }

    /** Whether the entry in a project's file works in every clone and must be left alone. */
    default boolean isPortable(Path launcher, Path project, ObjectNode entry) {
        return false;
    }
}
