package dev.codexmcp.codex;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks by a file's first bytes whether this system can execute it. */
final class ExecutableFormat {
    private static final int HEAD = 20;
    private static final int SCRIPT = 0x2321; // #!
    private static final int ELF = 0x7F454C46;
    private static final int ELF_MACHINE = 18;

    /** The program that this process runs; exists on Linux only. */
    private static final Path OURSELVES = Path.of("/proc/self/exe");

    /** The last file examined: every spawn usually asks about the same one. */
    private static volatile @Nullable Seen last;

    /** The state of a file when examined, and whether it can be executed. */
    private record Seen(@Nullable Object key, FileTime modified, long size, boolean fits) {
        boolean stillHolds(BasicFileAttributes now) {
            return Objects.equals(key, now.fileKey()) && modified.equals(now.lastModifiedTime()) && size == now.size();
        }
    }

    private ExecutableFormat() {}

    /** Returns true if unsure, which leaves the decision to the system. */
    static boolean fits(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            Seen seen = last;
            if (seen == null || !seen.stillHolds(now)) {
                seen = new Seen(now.fileKey(), now.lastModifiedTime(), now.size(), look(file));
                last = seen;
            }
            return seen.fits();
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean look(Path file) {
        try {
            ByteBuffer head = head(file);
            if (head.remaining() < 4) {
                return false;
            }
            if ((head.getShort(0) & 0xFFFF) == SCRIPT) {
                return true;
            }
            if (head.getInt(0) == ELF) {
                return head.remaining() == HEAD && isForThisMachine(head);
            }
            // Not executable on Linux; macOS and Windows have other binary formats.
            return !Files.exists(OURSELVES);
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isForThisMachine(ByteBuffer head) throws IOException {
        if (!Files.exists(OURSELVES)) {
            return true;
        }
        ByteBuffer own = head(OURSELVES).order(ByteOrder.nativeOrder());
        return head.order(ByteOrder.nativeOrder()).getShort(ELF_MACHINE) == own.getShort(ELF_MACHINE);
    }

    private static ByteBuffer head(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return ByteBuffer.wrap(in.readNBytes(HEAD));
        }
    }
}
