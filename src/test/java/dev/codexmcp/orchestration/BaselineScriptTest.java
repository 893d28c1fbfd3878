package dev.codexmcp.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The skill's {@code scripts/baseline}: records the tree before the workers, and restores single files. */
class BaselineScriptTest {

    private static final String BASELINE = "sh '" + Skill.FOLDER.resolve("scripts/baseline") + "' ";

    @TempDir
    Path folder;

    private ScratchRepository repository;

    @BeforeEach
    void makeRepository() throws Exception {
        repository = new ScratchRepository(folder);
        repository.write("clean.txt", "clean\n");
        repository.write("dirty.txt", "committed\n");
        repository.write("gone.txt", "gone later\n");
        repository.write("run me.sh", "#!/bin/sh\n");
        Files.setPosixFilePermissions(repository.path("run me.sh"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(repository.path("link"), Path.of("clean.txt"));
        repository.write(".gitignore", "ignored.txt\n");
        repository.sh("git add -A; git -c user.name=test -c user.email=test@localhost commit -q -m files");
        repository.write("dirty.txt", "the user's\n");
        repository.write("new/größe.txt", "the user's, too\n");
        repository.write("ignored.txt", "ignored\n");
    }

    @Test
    void restoreRestoresOnlyTheNamedPaths() throws Exception {
        String base = repository.sh(BASELINE + "save");
        repository.sh("for f in clean.txt dirty.txt 'run me.sh' new/größe.txt; do echo worker > \"$f\"; done;"
                + " rm gone.txt link; mkdir -p made; echo worker > made/new.txt; echo other > other.txt");

        repository.sh(BASELINE + "restore " + base
                + " clean.txt dirty.txt 'run me.sh' gone.txt link new/größe.txt made/new.txt");

        assertThat(repository.read("clean.txt")).isEqualTo("clean\n");
        assertThat(repository.read("dirty.txt")).isEqualTo("the user's\n");
        assertThat(repository.read("new/größe.txt")).isEqualTo("the user's, too\n");
        assertThat(repository.read("gone.txt")).isEqualTo("gone later\n");
        assertThat(Files.isExecutable(repository.path("run me.sh"))).isTrue();
        assertThat(Files.readSymbolicLink(repository.path("link"))).isEqualTo(Path.of("clean.txt"));
        assertThat(repository.path("made/new.txt")).doesNotExist();
        assertThat(repository.read("other.txt")).isEqualTo("other\n");
        assertThat(repository.sh(BASELINE + "check " + base)).isEqualTo("other.txt");
        assertThat(repository.sh("cat " + base + "/undone.*/made/new.txt")).isEqualTo("worker");
    }

    @Test
    void checkReportsDifferencesFromTheRecordAndAMovedHead() throws Exception {
        String base = repository.sh(BASELINE + "save");
        assertThat(repository.sh(BASELINE + "check " + base)).isEmpty();

        repository.sh("echo worker > clean.txt; rm dirty.txt; echo x > ignored.txt; echo n > n.txt;"
                + " git -c user.name=test -c user.email=test@localhost commit -q --allow-empty -m moved");

        assertThat(repository.sh("cd new; " + BASELINE + "check " + base).lines())
                .hasSize(4)
                .anyMatch(line -> line.startsWith("HEAD moved: "))
                .contains("clean.txt", "dirty.txt", "n.txt");
    }

    @Test
    void saveCheckAndRestoreWriteNothingToGit() throws Exception {
        // A file that only looks changed would make git write to its index.
        Files.setLastModifiedTime(repository.path("clean.txt"), FileTime.fromMillis(1_000_000_000_000L));
        Map<String, FileTime> before = timesBelow(repository.path(".git"));

        String base = repository.sh(BASELINE + "save");
        repository.write("dirty.txt", "a worker's\n");
        repository.sh(BASELINE + "check " + base);
        repository.sh(BASELINE + "restore " + base + " dirty.txt");

        assertThat(timesBelow(repository.path(".git"))).containsExactlyInAnyOrderEntriesOf(before);
        assertThat(repository.read("dirty.txt")).isEqualTo("the user's\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../list.txt", "/etc/passwd", "new/../clean.txt", ".git/HEAD", "ignored.txt", "new"})
    void aPathOutsideTheRecordIsRefused(String path) throws Exception {
        String base = repository.sh(BASELINE + "save");
        repository.write("clean.txt", "a worker's\n");

        ScratchRepository.Outcome outcome = repository.run(BASELINE + "restore " + base + " clean.txt " + path);

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.output()).startsWith("baseline: ").endsWith(path);
        assertThat(repository.read("clean.txt")).isEqualTo("a worker's\n");
    }

    @Test
    void withoutArgumentsItPrintsItsUsage() throws Exception {
        assertThat(repository.run(BASELINE).output()).contains("baseline save", "baseline restore DIR PATH...");
        assertThat(repository.run(BASELINE + "check /nowhere").output())
                .isEqualTo("baseline: not the folder of a record: '/nowhere'");
    }

    private static Map<String, FileTime> timesBelow(Path folder) throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                times.put(folder.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }
}
