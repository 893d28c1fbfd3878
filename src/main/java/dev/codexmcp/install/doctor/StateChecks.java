package dev.codexmcp.install.doctor;

import dev.codexmcp.git.KeptCopies;
import dev.codexmcp.git.SnapshotStore;
import dev.codexmcp.git.Worktrees;
import dev.codexmcp.install.os.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Reports what servers keep on disk, and what killed ones have left there. */
final class StateChecks {
    private static final String CLEAN_UP = "codex-mcp-server doctor --worktrees";

    private final Report report;
    private final Path state;

    StateChecks(Report report, Environment environment) {
        this.report = report;
        this.state = folder(environment);
    }

    /** The folder in which servers keep what they need; it may be missing. */
    static Path folder(Environment environment) {
        return environment
                .path("XDG_STATE_HOME")
                .filter(Path::isAbsolute)
                .orElseGet(() -> environment.home().resolve(".local/state"))
                .resolve("codex-mcp-server");
    }

    void run() {
        try {
            copies();
            int snapshots = SnapshotStore.left(state).size();
            if (snapshots > 0) {
                report.note(
                        "Snapshots",
                        snapshots + " left by killed servers in " + state + "; the next server deletes them, or "
                                + CLEAN_UP);
            }
            List<Path> worktrees = Worktrees.leftFolders(state);
            if (!worktrees.isEmpty()) {
                report.note(
                        "Worktrees",
                        worktrees.size() + " left by ended servers in "
                                + worktrees.get(0).getParent() + "; " + CLEAN_UP + " lists them");
            }
        } catch (IOException e) {
            report.note("State", state + " can't be read: " + e.getMessage());
        }
    }

    private void copies() throws IOException {
        List<KeptCopies.Copies> kept = KeptCopies.list(state);
        if (!kept.isEmpty()) {
            double megabytes = kept.stream().mapToLong(KeptCopies.Copies::bytes).sum() / 1e6;
            report.note(
                    "Copies",
                    String.format(
                            Locale.ROOT,
                            "%d of codex_restore, %.1f MB, in %s; each is deleted after %d days",
                            kept.size(),
                            megabytes,
                            kept.get(0).folder().getParent(),
                            KeptCopies.DAYS));
        }
    }
}
