package dev.codexmcp;

import java.util.Arrays;

/** Ways to damage an archive. */
enum ArchiveDamage {
    EMPTY {
        @Override
        byte[] of(byte[] archive) {
            return new byte[0];
        }
    },
    SHORTENED {
        @Override
        byte[] of(byte[] archive) {
            return Arrays.copyOf(archive, archive.length / 2);
        }
    },
    NO_HEADER {
        @Override
        byte[] of(byte[] archive) {
            Arrays.fill(archive, 0, 4096, (byte) 0);
            return archive;
        }
    },
    CHANGED_WITHIN {
        @Override
        byte[] of(byte[] archive) {
            for (int i = archive.length / 4; i < archive.length / 2; i += 997) {
                archive[i] ^= 0x55;
            }
            return archive;
        }
    };

    abstract byte[] of(byte[] archive);
}
