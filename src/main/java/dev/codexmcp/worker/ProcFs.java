package dev.codexmcp.worker;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Reads process data from Linux's {@code /proc}. Returns empty values for anything that cannot be read. */
final class ProcFs {
    private static final String PROC = "/proc/";

    /** Enough for the fields of {@code /proc/PID/stat} that are read here: 37 numbers and a short name. */
    private static final int STAT_BYTES = 1024;

    private ProcFs() {}

    /**
     * A snapshot of a process.
     *
     * @param state the one-letter state
     * @param parent the parent's process ID
     * @param session the session ID
     * @param start when the process started, in clock ticks since boot
     * @param thread whether the ID belongs to a thread rather than a process
     */
    record Stat(char state, long parent, long session, long start, boolean thread) {
        /** Whether the process is running; a zombie is not. */
        boolean isRunning() {
            return state != 'Z' && state != 'X';
        }

        private static Optional<Stat> parse(String stat) {
            // The name in parentheses may contain anything, so fields are counted after it. No list of all fields: with
            // hundreds of workers, many processes are looked at.
            Fields fields = new Fields(stat, stat.lastIndexOf(')') + 2);
            char state = fields.character();
            long parent = fields.skip(0).number();
            long session = fields.skip(1).number();
            long start = fields.skip(15).number();
            long exitSignal = fields.skip(15).number();
            return fields.complete()
                    ? Optional.of(new Stat(state, parent, session, start, exitSignal == -1)) // a thread sends none
                    : Optional.empty();
        }
    }

    /** Reads the fields of a line from left to right. */
    private static final class Fields {
        private final String line;
        private int at;
        private boolean complete = true;

        Fields(String line, int at) {
            this.line = line;
            this.at = at;
        }

        boolean complete() {
            return complete;
        }

        Fields skip(int fields) {
            for (int i = 0; i < fields; i++) {
                at = end() + 1;
            }
            return this;
        }

        char character() {
            char c = at < line.length() ? line.charAt(at) : ' ';
            at = end() + 1;
            return c;
        }

        long number() {
            int end = end();
            complete &= at < end && end < line.length();
            long number = complete ? Long.parseLong(line, at, end, 10) : 0;
            at = end + 1;
            return number;
        }

        /** Where the current field ends. */
        private int end() {
            int end = line.indexOf(' ', at);
            return end < 0 ? line.length() : end;
        }
    }

    /** The process or thread with this ID. */
    static Optional<Stat> stat(long pid) {
        byte[] buffer = new byte[STAT_BYTES];
        int length;
        try (FileInputStream in = new FileInputStream(PROC + pid + "/stat")) {
            length = in.read(buffer);
        } catch (IOException e) {
            return Optional.empty();
        }
        return length <= 0 ? Optional.empty() : Stat.parse(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
    }

    /** Whether the process is running; a zombie is not. */
    static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        Optional<Stat> stat = stat(process.pid());
        return stat.isEmpty() ? process.isAlive() : stat.get().isRunning();
    }

    /** The start time of a live process, in clock ticks since boot; empty if it has died. */
    static OptionalLong start(ProcessHandle process) {
        Optional<Stat> stat = stat(process.pid());
        // Still alive after the read, so the ID was not reused and the file was this process's.
        return stat.isPresent() && process.isAlive()
                ? OptionalLong.of(stat.get().start())
                : OptionalLong.empty();
    }

    /** The ID assigned most recently to a process or thread. */
    static OptionalLong lastPid() {
        try (FileInputStream in = new FileInputStream(PROC + "loadavg")) {
            String line = new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
            long last = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
            return last > 0 ? OptionalLong.of(last) : OptionalLong.empty();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The upper limit for process IDs, at which they wrap around. */
    static long pidLimit() {
        try (FileInputStream in = new FileInputStream(PROC + "sys/kernel/pid_max")) {
            return Long.parseLong(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException e) {
            return 1L << 22; // the most that Linux allows
        }
    }

    /** The IDs of all processes; none without {@code /proc}. */
    static Stream<Long> pids() {
        String[] names = new File(PROC).list();
        return names == null
                ? Stream.of()
                : Arrays.stream(names).filter(name -> isDigit(name.charAt(0))).map(Long::valueOf);
    }

    /** The cookies of a process: the words in this environment variable. None if its environment is not readable. */
    static List<String> cookies(long pid, String variable) {
        byte[] environment;
        try (FileInputStream in = new FileInputStream(PROC + pid + "/environ")) {
            environment = in.readAllBytes();
        } catch (IOException e) {
            return List.of();
        }
        byte[] entry = (variable + "=").getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < environment.length; at++) {
            int end = at;
            while (end < environment.length && environment[end] != 0) {
                end++;
            }
            if (startsWith(environment, at, end, entry)) {
                int value = at + entry.length;
                return List.of(new String(environment, value, end - value, StandardCharsets.UTF_8).split(" ", -1));
            }
            at = end;
        }
        return List.of();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean startsWith(byte[] bytes, int at, int end, byte[] prefix) {
        return end - at >= prefix.length && Arrays.equals(bytes, at, at + prefix.length, prefix, 0, prefix.length);
    }
}
