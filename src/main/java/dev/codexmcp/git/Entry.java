package dev.codexmcp.git;

import java.util.Objects;

/**
 * The entry of a path in a tree.
 *
 * @param mode 100644, 100755 (executable), 120000 (symbolic link) or 160000 (a submodule)
 * @param id the object id of the content; for a submodule, its commit
 */
public record Entry(String mode, String id) {
    public Entry {
        Objects.requireNonNull(mode);
        Objects.requireNonNull(id);
    }

    boolean isLink() {
        return mode.equals("120000");
    }

    boolean isSubmodule() {
        return mode.equals("160000");
    }

    boolean isExecutable() {
        return mode.equals("100755");
    }
}
