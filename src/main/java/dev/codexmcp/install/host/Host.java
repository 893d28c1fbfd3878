package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program that starts MCP servers, and its configuration files. {@link Hosts} lists all hosts. */
public interface Host {
    /** Its name on the command line. */
    String word();

    /** Its name in sentences. */
    String title();

    /** Whether it seems to be installed. */
    boolean isFound(Environment environment);

    /** The file for all of the user's projects. */
    Path userFile(Environment environment);

    /** The file for one project. */
    Path projectFile(Path project);

    ConfigFormat format();

    /** The path of the object in a file that contains the servers. */
    List<String> container();

    /**
     * The entry for a server started by {@code launcher}.
     *
     * @param variables that the server needs and the host may not pass on
     */
    ObjectNode entry(Path launcher, Map<String, String> variables);

    /**
     * The host's own command to add a server for all projects; empty if it has none that does everything needed.
     */
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

    /** What the user should know about a project's file; may be empty. */
    default String projectRemark() {
        return "";
    }

    /** Whether the entry in a project's file works in every clone and must be left alone. */
    default boolean isPortable(Path launcher, Path project, ObjectNode entry) {
        return false;
    }

    /** The entry in the format most hosts use. */
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
