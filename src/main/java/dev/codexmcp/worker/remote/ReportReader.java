package dev.codexmcp.worker.remote;

import dev.codexmcp.worker.OutputSink;
import dev.codexmcp.worker.TailBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Reads the standard error of a launcher: takes the runner's reports out, passes on what the worker writes between its start and its
 * exit, and keeps the rest, which the engine has written.
 *
 * <p>A report is a line that begins with the byte 0x1E, the worker's key and a blank. It may follow a line of the worker's that has
 * no end.
 */
final class ReportReader implements OutputSink {
    private static final int ROOM = 4096;

    /** The runner's reports are shorter, apart from long paths. */
    private static final int LONGEST_REPORT = 16 * 1024;

    private static final int ENGINE_WORDS = 4096;
    private static final int MIXED = 1024;

    private final byte[] mark;
    private final OutputSink worker;
    private final Consumer<Report> onReport;
    private final TailBuffer engine = new TailBuffer(ENGINE_WORDS);

    /** Between start and exit, what the engine says is mixed with what the worker writes. */
    private final TailBuffer mixed = new TailBuffer(MIXED);

    private final byte[] room = new byte[ROOM];

    /** How many bytes of the mark have been read. */
    private int matched;

    /** The report that is being read, without its mark; length -1 if there is none. */
    private byte[] report = new byte[64];

    private int reportLength = -1;
    private boolean running;
    private boolean exited;

    /** @param worker receives what the worker writes, or the engine if the worker never runs */
    ReportReader(String key, OutputSink worker, Consumer<Report> onReport) {
        this.mark = ("\u001e" + key + " ").getBytes(StandardCharsets.US_ASCII);
        this.worker = worker;
        this.onReport = onReport;
    }

    @Override
    public ByteBuffer room() {
        return ByteBuffer.wrap(room);
    }

    @Override
    public void filled(int count) {
        int from = 0; // what is before this has been handled, apart from the bytes of the mark that are matched
        for (int i = 0; i < count; i++) {
            byte b = room[i];
            if (reportLength >= 0) {
                from = i + 1;
                addToReport(b);
            } else if (b == mark[matched]) {
                if (matched == 0) {
                    pass(room, from, i);
                }
                from = i + 1;
                if (++matched == mark.length) {
                    matched = 0;
                    reportLength = 0;
                }
            } else if (matched > 0) {
                pass(mark, 0, matched);
                matched = 0;
                from = i;
                i--; // look again: it may begin the mark
            }
        }
        if (matched == 0 && reportLength < 0) {
            pass(room, from, count);
        }
    }

    private void addToReport(byte b) {
        if (b != '\n') {
            if (reportLength == report.length && reportLength < LONGEST_REPORT) {
                report = java.util.Arrays.copyOf(report, 2 * reportLength);
            }
            if (reportLength < report.length) {
                report[reportLength++] = b;
            }
            return;
        }
        String line = new String(report, 0, reportLength, StandardCharsets.UTF_8);
        reportLength = -1;
        Report read = Report.of(line);
        running |= read instanceof Report.Started;
        exited |= !(read instanceof Report.Started);
        onReport.accept(read);
    }

    private void pass(byte[] bytes, int from, int to) {
        if (to > from) {
            if (running && !exited) {
                write(mixed, bytes, Math.max(from, to - MIXED), to);
                write(worker, bytes, from, to);
            } else {
                write(engine, bytes, from, to);
            }
        }
    }

    private static void write(OutputSink sink, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            ByteBuffer target = sink.room();
            int length = Math.min(target.remaining(), to - at);
            target.put(target.position(), bytes, at, length);
            sink.filled(length);
            at += length;
        }
    }

    @Override
    public void ended() {
        pass(mark, 0, matched);
        if (!running && !exited) {
            byte[] words = engineWords().getBytes(StandardCharsets.UTF_8);
            write(worker, words, 0, words.length);
        }
        worker.ended();
    }

    /** Why the engine has ended the worker, in its own words: Slurm writes them between asterisks. May be empty. */
    String endingWords() {
        return mixed.text().lines().filter(line -> line.contains("***")).reduce("", (first, last) -> last);
    }

    /** What the engine has said, up to 4 KB. */
    String engineWords() {
        return engine.text();
    }
}
