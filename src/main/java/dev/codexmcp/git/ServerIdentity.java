package dev.codexmcp.git;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Identifies a process and its machine, so that a later one can check whether it still runs.
 *
 * @param host the machine's name
 * @param boot the system's boot id, or "unknown"
 * @param pid the process
 * @param start its start time, in milliseconds since 1970; 0 if unknown
 */
record ServerIdentity(String host, String boot, long pid, long start) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path HOST = Path.of("/proc/sys/kernel/hostname");

    /** By how many milliseconds the start time of one process may seem to differ. */
    private static final long SHIFT_MS = 5000;

    private static final Pattern TEXT = Pattern.compile("host=(\\S+) boot=(\\S+) pid=(\\d+) start=(\\d+)");

    static ServerIdentity ofThisProcess() {
        return Self.IDENTITY;
    }

    /** Determined once: the start time that the system reports may shift with its clock. */
    private static final class Self {
        private static final ServerIdentity IDENTITY = new ServerIdentity(
                hostName(),
                line(BOOT).orElse("unknown"),
                ProcessHandle.current().pid(),
                startOf(ProcessHandle.current()));
    }

    /** Parses what {@link #toString} returns, ignoring any text around it. */
    static Optional<ServerIdentity> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ServerIdentity(
                    matcher.group(1),
                    matcher.group(2),
                    Long.parseLong(matcher.group(3)),
                    Long.parseLong(matcher.group(4))));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether the process may still be running; always true for another machine. */
    boolean mayBeAlive() {
        ServerIdentity self = ofThisProcess();
        if (!host.equals(self.host)) {
            return true;
        }
        return boot.equals(self.boot)
                && ProcessHandle.of(pid)
                        .filter(process -> Math.abs(startOf(process) - start) <= SHIFT_MS && !isZombie(pid))
                        .isPresent();
    }

    /** Whether the process has ended, and its parent has not asked how yet. */
    private static boolean isZombie(long process) {
        // The state follows the name, which is in parentheses and may contain anything.
        String stat = line(Path.of("/proc/" + process + "/stat")).orElse("");
        return stat.startsWith(" Z", stat.lastIndexOf(')') + 1);
    }

    /** A folder name prefix that no other live process uses. */
    String prefix() {
        return pid + "-" + start + "-";
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static Optional<String> line(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String hostName() {
        // The file first: the alternative may query a name server.
        String name = line(HOST).orElseGet(() -> {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "unknown";
            }
        });
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    @Override
    public String toString() {
        return "host=" + host + " boot=" + boot + " pid=" + pid + " start=" + start;
    }
}
