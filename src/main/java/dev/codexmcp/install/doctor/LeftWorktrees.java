package dev.codexmcp.install.doctor;

import dev.codexmcp.git.SnapshotStore;
import dev.codexmcp.git.Worktree;
import dev.codexmcp.git.Worktrees;
import dev.codexmcp.install.os.Environment;
import dev.codexmcp.install.os.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code doctor --worktrees}: lists the worktrees that ended servers have left, and removes those that the user gives up. */
final class LeftWorktrees {
    private final Environment environment;
    private final Terminal terminal;

    LeftWorktrees(Environment environment, Terminal terminal) {
        this.environment = environment;
        this.terminal = terminal;
    }

    /** Returns the exit code: 1 if one could not be removed. */
    int run() throws IOException {
        Path state = StateChecks.folder(environment);
        SnapshotStore.clean(state);
        if (!Files.isDirectory(state.resolve("worktrees")) && !Files.isDirectory(state.resolve("writes"))) {
            terminal.print("No server has left a worktree.");
            return 0;
        }
        try (SnapshotStore store = SnapshotStore.open(environment.variables(), state)) {
            Worktrees worktrees = new Worktrees(store);
            List<Worktrees.Left> left = worktrees.recover();
            if (left.isEmpty()) {
                terminal.print("No server has left a worktree with changes.");
                return 0;
            }
            boolean failed = false;
            for (Worktrees.Left each : left) {
                failed |= !offer(worktrees, each);
            }
            return failed ? 1 : 0;
        }
    }

    /** Returns false if it was to be removed, but could not be. */
    private boolean offer(Worktrees worktrees, Worktrees.Left left) {
        Worktree worktree = left.worktree();
        terminal.print(worktree.path() + "\n  of " + worktree.mainRoot() + ", branch " + worktree.branch() + ": "
                + words(left.state()));
        if (!terminal.confirms("  Remove it, its branch and everything in them?")) {
            terminal.print("  kept");
            return true;
        }
        try {
            worktrees.discard(worktree);
            terminal.print("  removed");
            return true;
        } catch (IOException e) {
            terminal.error("  could not be removed: " + e.getMessage());
            return false;
        }
    }

    private static String words(Worktrees.State state) {
        return switch (state) {
            case CHANGED -> "it has changes or commits";
            case BROKEN -> "its repository or folder is missing or unreadable";
            case UNFINISHED, CLEAN, DISCARDED -> "it has no changes, but could not be removed";
        };
    }
}
