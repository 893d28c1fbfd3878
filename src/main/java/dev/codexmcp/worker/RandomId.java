package dev.codexmcp.worker;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Random UUIDs (RFC 9562, version 4), straight from the system's source of randomness where it has one. {@link
 * UUID#randomUUID()} is as good, but its first use takes ten milliseconds, which a client would wait for at its first spawn.
 */
public final class RandomId {
    private static final String SOURCE = "/dev/urandom";

    private RandomId() {}

    public static String next() {
        byte[] random = new byte[16];
        try (InputStream source = new FileInputStream(SOURCE)) {
            if (source.readNBytes(random, 0, random.length) < random.length) {
                return UUID.randomUUID().toString();
            }
        } catch (IOException e) {
            return UUID.randomUUID().toString();
        }
        random[6] = (byte) ((random[6] & 0x0F) | 0x40); // version 4
        random[8] = (byte) ((random[8] & 0x3F) | 0x80); // the variant of the RFC
        ByteBuffer halves = ByteBuffer.wrap(random);
        return new UUID(halves.getLong(), halves.getLong()).toString();
    }
}
