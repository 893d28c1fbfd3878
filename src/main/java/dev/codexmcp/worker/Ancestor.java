package dev.codexmcp.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An ancestor of a process.
 *
 * @param command its program and arguments; empty if the system doesn't reveal them
 * @param environment its entries, {@code NAME=VALUE}; empty if the system doesn't reveal them: only Linux does, and
 *     only to the same user
 */
record Ancestor(List<String> command, List<String> environment) {
    /** A longer chain must be a loop: the parents are read one by one, so the tree may change meanwhile. */
    private static final int MOST = 1000;

    Ancestor {
        command = List.copyOf(command);
        environment = List.copyOf(environment);
    }

    /** The ancestors of a process, nearest first. */
    static List<Ancestor> of(ProcessHandle process) {
        List<Ancestor> ancestors = new ArrayList<>();
        Optional<ProcessHandle> next = process.parent();
        while (next.isPresent() && ancestors.size() < MOST) {
            ancestors.add(read(next.get()));
            next = next.get().parent();
        }
        return ancestors;
    }

    private static Ancestor read(ProcessHandle process) {
        List<String> command = strings(process, "cmdline");
        if (command.isEmpty()) {
            List<String> words = new ArrayList<>();
            process.info().command().ifPresent(words::add);
            process.info().arguments().map(Arrays::asList).ifPresent(words::addAll);
            command = words;
        }
        return new Ancestor(command, strings(process, "environ"));
    }

    /** Reads a file of NUL-terminated strings. */
    private static List<String> strings(ProcessHandle process, String file) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), file));
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.isEmpty() ? List.of() : Arrays.asList(text.split("\0"));
        } catch (IOException e) {
            return List.of(); // gone, another user's, or no /proc
        }
    }
}
