package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What the commands of several hosts have in common. */
final class CommandLines {
    private CommandLines() {}

    /** The command of Gemini CLI and of Qwen Code, which has the same origin. */
    static List<String> addWithScope(String program, String name, ObjectNode entry) {
        List<String> command = new ArrayList<>(List.of(
                program,
                "mcp",
                "add",
                "--scope",
                "user",
                name,
                entry.path("command").asText()));
        command.addAll(variables(entry, "env", "-e"));
        command.addAll(
                List.of("--timeout", entry.path(TimeLimit.IN_MILLIS.member()).asText()));
        return command;
    }

    /** An option for each variable of the entry. */
    static List<String> variables(ObjectNode entry, String member, String option) {
        List<String> options = new ArrayList<>();
        entry.path(member)
                .properties()
                .forEach(variable -> options.addAll(List.of(
                        option, variable.getKey() + "=" + variable.getValue().asText())));
        return options;
    }
}
