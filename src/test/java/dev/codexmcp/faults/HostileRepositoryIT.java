package dev.codexmcp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.testkit.GitFolder;
import dev.codexmcp.testkit.JobTools;
import dev.codexmcp.testkit.ProcessProbe;
import dev.codexmcp.testkit.WorktreeDoctor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker prepares its repository so that git would run a program, and the server's environment asks for that too. None
 * of the tools that use git runs it.
 */
class HostileRepositoryIT {
    private static final List<String> PROGRAMS = List.of(
            "core.fsmonitor",
            "core.hooksPath",
            "core.sshCommand",
            "core.editor",
            "core.pager",
            "core.askPass",
            "core.gitProxy",
            "core.alternateRefsCommand",
            "diff.external",
            "diff.x.command",
            "diff.x.textconv",
            "merge.x.driver",
            "filter.x.clean",
            "filter.x.smudge",
            "filter.x.process",
            "credential.helper",
            "gpg.program",
            "gpg.ssh.program",
            "sequence.editor",
            "alias.status",
            "alias.worktree",
            "alias.rev-parse",
            "alias.update-ref",
            "uploadpack.packObjectsHook",
            "interactive.diffFilter",
            "trailer.x.command",
            "remote.origin.uploadpack",
            "init.templateDir");

    private static final List<String> SWITCHES = List.of(
            "commit.gpgSign=true",
            "tag.gpgSign=true",
            "log.showSignature=true",
            "filter.x.required=true",
            "core.repositoryformatversion=1",
            "extensions.partialClone=origin",
            "remote.origin.promisor=true",
            "remote.origin.url=/",
            "protocol.allow=always",
            "protocol.file.allow=always");

    private static final String HOOKS =
            "for h in post-index-change reference-transaction post-checkout pre-commit post-commit fsmonitor-watchman "
                    + "post-merge pre-auto-gc; do cp $EVIL $(git rev-parse --git-common-dir)/hooks/$h; done; ";

    private static final String ATTRIBUTES =
            "printf '* filter=x diff=x merge=x\\n' >.gitattributes; info=$(git rev-parse --git-common-dir)/info; "
                    + "mkdir -p $info; cp .gitattributes $info/attributes; ";

    @TempDir
    Path scratch;

    private GitFolder repository;
    private Path ran;
    private ShellCodexServer started;
    private ShellClient server;
    private JobTools jobs;

    @BeforeEach
    void start() {
        ShellCodex.install(scratch);
        repository = GitFolder.create(scratch.resolve("repository"));
        GitFolder other = GitFolder.create(scratch.resolve("other"));
        ran = scratch.resolve("ran");
        Path evil = scratch.resolve("evil");
        ShellCodex.program(evil, "#!/bin/sh\necho \"$0 $*\" >>" + ran + "\n");
        started = ShellCodexServer.in(scratch)
                .with("EVIL", evil.toString())
                .with("OTHER", other.root().toString())
                .with("GIT_DIR", other.path(".git").toString())
                .with("GIT_WORK_TREE", other.root().toString())
                .with("GIT_INDEX_FILE", other.path(".git/index").toString())
                .with("GIT_EXTERNAL_DIFF", evil.toString())
                .with("GIT_PAGER", evil.toString())
                .with("GIT_SSH_COMMAND", evil.toString())
                .with("GIT_EXEC_PATH", scratch.toString())
                .with("GIT_TRACE2_EVENT", ran.toString())
                .with("GIT_CONFIG_COUNT", "1")
                .with("GIT_CONFIG_KEY_0", "core.fsmonitor")
                .with("GIT_CONFIG_VALUE_0", evil.toString());
        server = started.start();
        server.initialize();
        jobs = new JobTools(server);
    }

    @AfterEach
    void end() {
        server.close();
        ProcessProbe.inDirectory(scratch).kill();
        assertThat(server.strays()).isEmpty();
    }

    /** Settings of a repository that run the program, in this file or, if it is empty, in the repository's own. */
    private static String settings(String file) {
        String config = "git config " + (file.isEmpty() ? "" : "--file " + file + " ");
        return PROGRAMS.stream()
                        .map(key -> config + key + " \"" + (key.startsWith("alias.") ? "!" : "") + "$EVIL\"; ")
                        .collect(Collectors.joining())
                + SWITCHES.stream()
                        .map(setting -> config + setting.replace('=', ' ') + "; ")
                        .collect(Collectors.joining());
    }

    private String run(String script, Map<String, ?> more) throws IOException {
        Path go = scratch.resolve("go");
        Files.deleteIfExists(go);
        // What a worker's own git runs does not count: it is deleted at the end.
        String prompt = "unset $(env | grep -o '^GIT_[A-Z_0-9]*'); until [ -e " + go + " ]; do sleep 0.02; done\n"
                + script + "\nrm -f " + ran;
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("prompt", prompt);
        arguments.put("workingDirectory", repository.root().toString());
        String job = jobs.spawn(arguments);
        changes(job, "files");
        Files.createFile(go);
        jobs.awaitEnd(job);
        return job;
    }

    private JsonNode changes(String job, String view) {
        return server.call("codex_changes", Map.of("jobId", job, "view", view)).result();
    }

    private JsonNode worktree(String job, String action, boolean dryRun) {
        return server.call("codex_worktree", Map.of("jobId", job, "action", action, "dryRun", dryRun))
                .result();
    }

    private void assertNothingRan(String when) throws IOException {
        assertThat(Files.exists(ran) ? Files.readString(ran) : "").as(when).isEmpty();
    }

    /** Uses every tool that runs git, after a job has run this in the main tree, and one in a worktree. */
    private void assertHarmless(String inMain, String inWorktree) throws IOException {
        String before = isolated("before", "echo 1 >>readme; echo new >new");
        String hostile = run("echo w >w; " + inMain, Map.of("sandbox", "danger-full-access"));
        for (String view : List.of("files", "stat", "patch")) {
            changes(hostile, view);
            changes(before, view);
            assertNothingRan("codex_changes " + view);
        }
        String after = isolated("after", "echo 2 >>readme; echo later >later; " + inWorktree);
        for (String job : List.of(before, after)) {
            changes(job, "patch");
            worktree(job, "apply", true);
            worktree(job, "apply", false);
            assertNothingRan("codex_worktree apply");
        }
        server.call("codex_restore", Map.of("jobId", hostile));
        assertNothingRan("codex_restore");
        isolated("left", "echo 3 >left");
        for (String job : List.of(before, after)) {
            JsonNode discarded = worktree(job, "discard", false);
            assertThat(discarded.path("isError").asBoolean())
                    .as("%s", discarded)
                    .isFalse();
        }
        assertNothingRan("codex_worktree discard");
        server.close();
        WorktreeDoctor.Outcome doctor = WorktreeDoctor.run(scratch, started.environment(), "y\n");
        assertThat(doctor.output()).contains("worktrees/left-").contains("removed");
        assertThat(doctor.exitCode()).isZero();
        assertNothingRan("doctor --worktrees");
    }

    private String isolated(String label, String script) throws IOException {
        String job = run(script, Map.of("isolation", "worktree", "label", label, "sandbox", "danger-full-access"));
        assertThat(jobs.status(job).path("worktree").path("branch").asText()).isEqualTo("codex/" + label + "-" + job);
        return job;
    }

    @Test
    void settingsHooksAndAttributes() throws IOException {
        assertHarmless(HOOKS + settings("") + ATTRIBUTES, HOOKS + ATTRIBUTES);
    }

    @Test
    void settingsInIncludedFilesAndForOneWorktree() throws IOException {
        assertHarmless(
                settings(".git/extra") + "cp .git/extra .git/config.worktree; git config include.path extra; "
                        + "git config extensions.worktreeConfig true; " + ATTRIBUTES,
                settings("$(git rev-parse --git-dir)/config.worktree") + ATTRIBUTES);
    }

    @Test
    void aWorkingTreeThatIsSaidToBeElsewhereOrNowhere() throws IOException {
        assertHarmless("git config core.worktree $OTHER", "git config core.bare true");
    }

    @Test
    void aFileThatPointsToAnotherRepository() throws IOException {
        String point = "echo gitdir: $OTHER/.git >.git";
        assertHarmless("mv .git was; " + point + "; rm .git; mv was .git; " + settings(""), "rm .git; " + point);
    }

    @Test
    void aLinkToAnotherRepository() throws IOException {
        assertHarmless(
                "mv .git was; mv was .real; ln -s .real .git; " + settings("") + ATTRIBUTES,
                "rm .git; ln -s $OTHER/.git .git");
    }

    @Test
    void nestedRepositoriesAndSubmodules() throws IOException {
        String nested = "git init -q nested; (cd nested; " + HOOKS + settings("") + ATTRIBUTES + "echo x >x); ";
        assertHarmless(
                nested + "git -c protocol.file.allow=always submodule --quiet add $OTHER sub; (cd sub; " + HOOKS
                        + settings("") + ATTRIBUTES + "echo x >>readme); git config submodule.sub.update '!'$EVIL",
                nested);
    }
}
