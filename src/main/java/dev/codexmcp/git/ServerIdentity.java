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
 * Which process on which machine made something, so that a later one can say whether it still runs.
 *
 * @param host its name
 * @param boot what the system calls its time since the last boot, or "unknown"
 * @param pid the process
 * @param start when it began, in milliseconds since 1970; 0 if unknown
 */
record ServerIdentity(String host, String boot, long pid, long start) {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Pattern TEXT = Pattern.compile("host=(\\S+) boot=(\\S+) pid=(\\d+) start=(\\d+)");

    static ServerIdentity ofThisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return new ServerIdentity(hostName(), bootId(), self.pid(), startOf(self));
    }

    /** Reads what {@link #toString} has written, with whatever stands before and behind it. */
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

    /** Whether the process may still run. Of another machine we can't know, so it may. */
    boolean mayBeAlive() {
        ServerIdentity self = ofThisProcess();
        if (!host.equals(self.host)) {
            return true;
        }
        return boot.equals(self.boot)
                && ProcessHandle.of(pid)
                        .filter(process -> startOf(process) == start)
                        .isPresent();
    }

    /** The beginning of a folder's name, which no other process that lives has. */
    String prefix() {
        return pid + "-" + start + "-";
    }

    private static long startOf(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.replaceAll("[^A-Za-z0-9._-]", "_");
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    @Override
    public String toString() {
        return "host=" + host + " boot=" + boot + " pid=" + pid + " start=" + start;
    }
}
