package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.ConfigFormat;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program that starts MCP servers. {@link Hosts} lists all hosts. */
public sealed interface Host permits EditedHost, PastedHost {
    /** Its name on the command line. */
    String word();

    /** Its name in sentences. */
    String title();

    /** Whether it seems to be installed. */
    boolean isFound(Environment environment);

    ConfigFormat format();

    /** The path of the object in a file that contains the servers. */
    List<String> container();

    /** The entry for a server started by {@code launcher}. */
    ObjectNode entry(Path launcher, ServerVariables variables);

    /** A file with only the entry, for the user to copy from. */
    default String snippet(String name, Path launcher, ServerVariables variables) {
        List<String> path = new ArrayList<>(container());
        path.add(name);
        return format().snippet(path, entry(launcher, variables));
    }

    /** The entry in the format most hosts use. */
    static ObjectNode jsonEntry(boolean withType, Path launcher, Map<String, String> env) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        if (withType) {
            entry.put("type", "stdio");
        }
        entry.put("command", launcher.toString());
        entry.putArray("args");
        if (!env.isEmpty()) {
            ObjectNode values = entry.putObject("env");
            env.forEach(values::put);
        }
        return entry;
    }
}
