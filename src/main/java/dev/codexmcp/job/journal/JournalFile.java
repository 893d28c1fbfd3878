package dev.codexmcp.job.journal;

import dev.codexmcp.json.Utf8Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal file of this server. It stays locked while the server runs, which shows other servers that it does. Used by one thread. */
final class JournalFile {
    private static final Logger log = LoggerFactory.getLogger(JournalFile.class);

    private final JournalFolder folder;
    private @Nullable FileChannel channel;
    private boolean cut;
    private boolean complained;

    JournalFile(JournalFolder folder) {
        this.folder = folder;
    }

    /** Appends a line; if that fails, it is lost, and the first time the log says so. */
    void append(byte[] line) {
        try {
            if (channel == null) {
                channel = folder.create();
            }
            // A line that could not be written completely must not spoil this one.
            Utf8Buffer text = new Utf8Buffer(line.length + 2);
            text.append(cut ? "\n" : "").append(line).append("\n");
            ByteBuffer rest = ByteBuffer.wrap(text.toByteArray());
            cut = true;
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            cut = false;
        } catch (IOException | UnsupportedOperationException e) {
            if (!complained) {
                complained = true;
                log.warn("The journal can't be written, so jobs can't be continued after a restart: {}", e.toString());
            }
        }
    }

    void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                log.debug("The journal can't be closed", e);
            }
        }
    }
}
