package dev.codexmcp.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptCopiesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path state;

    private void copies(String name, Duration age, int bytes) throws IOException {
        Path folder = KeptCopies.folder(state).resolve(name);
        Files.createDirectories(folder.resolve("old/src"));
        Files.write(folder.resolve("old/src/a"), new byte[bytes]);
        Files.setLastModifiedTime(folder, FileTime.from(NOW.minus(age)));
    }

    private List<String> kept(long most) throws IOException {
        KeptCopies.clean(state, NOW, most);
        return KeptCopies.list(state).stream()
                .map(copies -> copies.folder().getFileName().toString())
                .toList();
    }

    @Test
    void goAfterThirtyDays() throws IOException {
        copies("fresh", Duration.ofDays(29), 10);
        copies("old", Duration.ofDays(30), 10);

        assertThat(kept(1000)).containsExactly("fresh");
    }

    @Test
    void theOldestGoEarlierIfAllTakeTooMuch() throws IOException {
        copies("a", Duration.ofDays(2), 600);
        copies("b", Duration.ofDays(3), 600);
        copies("c", Duration.ofDays(4), 600);

        assertThat(kept(1200)).containsExactly("a", "b");
    }

    @Test
    void noneGoesWithinADay() throws IOException {
        copies("a", Duration.ofHours(1), 600);
        copies("b", Duration.ofHours(23), 600);

        assertThat(kept(100)).containsExactly("a", "b");
        assertThat(KeptCopies.list(state)).extracting(KeptCopies.Copies::bytes).containsExactly(600L, 600L);
    }

    @Test
    void aFolderWithoutCopiesIsNotCreated() throws IOException {
        assertThat(kept(0)).isEmpty();
        assertThat(KeptCopies.folder(state)).doesNotExist();
    }
}
