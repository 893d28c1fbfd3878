package dev.codexmcp.job;

import dev.codexmcp.git.Worktree;
import java.util.List;
import java.util.Optional;

/**
 * Where a job works, and what it intends to write.
 *
 * @param isolated whether it works in a git worktree of its own
 * @param worktree that worktree, once there is one
 * @param writes the paths that it has declared; irrelevant to other jobs if it is isolated
 */
public record Place(boolean isolated, Optional<Worktree> worktree, List<Claim> writes) {
    /** The working directory itself, and nothing declared. */
    public static final Place SHARED = new Place(false, Optional.empty(), List.of());

    public Place {
        writes = List.copyOf(writes);
        if (worktree.isPresent() && !isolated) {
            throw new IllegalArgumentException("a worktree of a job that is not isolated");
        }
    }

    /** The same in this worktree. */
    public Place in(Worktree made) {
        return new Place(true, Optional.of(made), writes);
    }

    /** The paths that it has declared in the tree that it shares with other jobs. */
    List<Claim> shared() {
        return isolated ? List.of() : writes;
    }

    /** Whether both have declared a common path of a shared tree. */
    boolean meets(Place other) {
        return shared().stream().anyMatch(claim -> other.shared().stream().anyMatch(claim::meets));
    }
}
