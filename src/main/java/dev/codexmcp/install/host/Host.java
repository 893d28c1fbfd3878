package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program that starts MCP servers, and where it reads which. {@link Hosts} lists them all. */
public interface Host {
    /** Its name on the command line. */
    String word();

    /** Its name in sentences. */
    String title();

    /** Whether the user seems to have it. */
    boolean isFound(Environment environment);

    /** The file for all of the user's projects. */
    Path userFile(Environment environment);

    /** The file for one project. */
    Path projectFile(Path project);

    ConfigFormat format();

    /** The names of the object that holds the servers of a file. */
    List<String> container();

    /**
     * The entry of a server that is started by {@code launcher}.
     *
     * @param variables with the values that the server needs and might not get otherwise
     */
    ObjectNode entry(Path launcher, Map<String, String> variables);

    /**
     * The host's own command that adds a server for all projects, its program first; empty if it has none that does all
     * that is needed.
     */
    default Optional<List<String>> addCommand(String name, ObjectNode entry) {
        return Optional.empty();
    }

    /** The host's own command that removes such a server; empty if it has none. */
    default Optional<List<String>> removeCommand(String name) {
        return Optional.empty();
    }

    /** A command that succeeds if the host accepts its file for all projects; empty if it has none. */
    default Optional<List<String>> checkCommand(String name) {
        return Optional.empty();
    }

    /** What the user has to know of a project's file; may be empty. */
    default String projectRemark() {
        return "";
    }

    /** Whether the entry {@code name} of a project's file is written to work in every clone, and so to be left alone. */
    default boolean isPortable(Path launcher, Path project, ObjectNode entry) {
        return false;
    }

    /** The entry as most hosts know it. */
    static ObjectNode jsonEntry(boolean withType, Path launcher, Map<String, String> variables) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        if (withType) {
            entry.put("type", "stdio");
        }
        entry.put("command", launcher.toString());
        entry.putArray("args");
        if (!variables.isEmpty()) {
            ObjectNode values = entry.putObject("env");
            variables.forEach(values::put);
        }
        return entry;
    }
}
