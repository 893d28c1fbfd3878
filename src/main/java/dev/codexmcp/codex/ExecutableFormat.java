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

/** Whether this system can execute a file, told by how it begins. */
final class ExecutableFormat {
    private static final int HEAD = 20;
    private static final int SCRIPT = 0x2321; // #!
    private static final int ELF = 0x7F454C46;
    private static final int ELF_MACHINE = 18;

    /** What runs us, where the system shows it. */
    private static final Path OURSELVES = Path.of("/proc/self/exe");

    /** What was looked at last: most often it is asked for again, at every spawn. */
    private static volatile @Nullable Seen last;

    /** A file as it was, and whether it can be executed. */
    private record Seen(@Nullable Object key, FileTime modified, long size, boolean fits) {
        boolean stillHolds(BasicFileAttributes now) {
            return Objects.equals(key, now.fileKey()) && modified.equals(now.lastModifiedTime()) && size == now.size();
        }
    }

    private ExecutableFormat() {}

    /** Says yes where it can't tell: then the system has the last word. */
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
            // Neither on Linux, but binaries of macOS and Windows begin otherwise.
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
