package dev.codexmcp.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The file {@code .worktreeinclude} at a repository's root: patterns as in {@code .gitignore} for ignored files to copy
 * into a new worktree, such as {@code .env}.
 */
final class WorktreeInclude {
    private static final long LONGEST = 1024 * 1024;

    private WorktreeInclude() {}

    /** Copies regular files that are both listed and ignored, unless the new tree has them already. */
    static void copy(ShadowRepository main, Path worktree) throws IOException {
        Path root = main.repository().root();
        Path include = root.resolve(".worktreeinclude");
        if (!Files.isRegularFile(include, LinkOption.NOFOLLOW_LINKS) || Files.size(include) > LONGEST) {
            return;
        }
        Path index = main.repository().gitDir().resolve("index");
        Set<RepoPath> ignored = new HashSet<>(list(main, index, "--exclude-standard"));
        for (RepoPath path : list(main, index, "--exclude-from=" + include)) {
            Path source = path.under(root);
            Path target = path.under(worktree);
            if (ignored.contains(path)
                    && path.isSafe()
                    && Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS)
                    && !Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                FileWrite.checkPlace(root, path);
                FileWrite.checkPlace(worktree, path);
                Files.createDirectories(target.getParent());
                FileCopy.copy(source, target);
            }
        }
    }

    private static List<RepoPath> list(ShadowRepository main, Path index, String patterns) throws IOException {
        return main.inTree(index, "ls-files", "-z", "--others", "--ignored", patterns)
                .run()
                .parts();
    }
}
