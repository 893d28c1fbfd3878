package dev.codexmcp.tool;

import dev.codexmcp.git.Repository;
import dev.codexmcp.git.Worktree;
import dev.codexmcp.job.Claim;
import dev.codexmcp.job.Place;
import dev.codexmcp.tool.schema.Arguments;
import dev.codexmcp.tool.schema.BadArgumentException;
import dev.codexmcp.tool.schema.Parameter;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The arguments that determine where a worker works and what it intends to write. */
final class PlaceParameters {
    private static final String NONE = "none";
    private static final String WORKTREE = "worktree";
    private static final String BELOW = "/**";

    private static final Parameter<List<String>> WRITES =
            Parameter.texts("writes", 0, "Paths or dir/** it means to edit; a queued job waits for those of others.");
    private static final Parameter<String> ISOLATION =
            Parameter.word("isolation", List.of(NONE, WORKTREE), "worktree: its own; see codex_worktree.");

    static final List<Parameter<?>> ALL = List.of(WRITES, ISOLATION);

    private PlaceParameters() {}

    /** The place that these arguments ask for; {@code defaults} supplies what they leave out. */
    static Place place(Arguments arguments, Optional<String> workingDirectory, Place defaults)
            throws BadArgumentException {
        Path directory = Path.of(workingDirectory.orElse("")).toAbsolutePath().normalize();
        Optional<String> isolation = arguments.optional(ISOLATION);
        boolean isolated = isolation.isPresent() ? isolation.get().equals(WORKTREE) : defaults.isolated();
        Optional<Worktree> inherited =
                defaults.worktree().filter(worktree -> isolated && directory.startsWith(worktree.path()));
        if (isolated && inherited.isEmpty() && !isInRepository(directory)) {
            throw new BadArgumentException("\"" + arguments.path() + ISOLATION.name() + "\" is \"" + WORKTREE
                    + "\", but " + directory
                    + " is in no git repository. Name a workingDirectory in one, or leave isolation out.");
        }
        Optional<List<String>> writes = arguments.optional(WRITES);
        return new Place(
                isolated,
                inherited,
                writes.isPresent() ? claims(arguments.path(), writes.get(), directory) : defaults.writes());
    }

    /** Whether these arguments ask a job that inherits a worktree to work in the main tree. */
    static boolean leaveWorktree(Arguments arguments, Place inherited) throws BadArgumentException {
        return inherited.isolated() && arguments.optional(ISOLATION).equals(Optional.of(NONE));
    }

    private static boolean isInRepository(Path directory) {
        try {
            return Repository.find(directory).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Claim> claims(String prefix, List<String> writes, Path directory) throws BadArgumentException {
        Path real = directory;
        try {
            real = directory.toRealPath();
        } catch (IOException e) {
            // The worker can't work there either.
        }
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < writes.size(); i++) {
            String text = writes.get(i);
            boolean below = text.endsWith(BELOW) || text.equals("**");
            String path = !below ? text : text.equals("**") ? "" : text.substring(0, text.length() - BELOW.length());
            try {
                Path named = directory.resolve(path).normalize();
                boolean plain = path.indexOf('*') < 0 && (below || !path.endsWith("/"));
                if (plain && named.startsWith(directory) && (below || !named.equals(directory))) {
                    claims.add(new Claim(
                            text, real.resolve(directory.relativize(named).toString()), below));
                    continue;
                }
            } catch (InvalidPathException e) {
                // falls through to the error
            }
            throw new BadArgumentException("\"" + prefix + WRITES.name() + "[" + i + "]\" is \"" + text
                    + "\": it must be a file below the working directory " + directory + ", or a folder there with "
                    + BELOW + ".");
        }
        return claims;
    }
}
