package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.testkit.Polling;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServerDepthTest {
    private static final Ancestor SHELL = new Ancestor(List.of("bash"), List.of("PATH=/bin"));
    private static final Ancestor BOSS = new Ancestor(List.of("/opt/codex", "exec"), List.of("HOME=/home/me"));
    private static final Ancestor SERVER =
            new Ancestor(List.of("/usr/bin/java", "-Xss512k", "-jar", "/opt/lib/codex-mcp-server.jar"), List.of());

    private static Ancestor worker(String marks) {
        return new Ancestor(List.of("/opt/codex", "exec", "--json"), List.of("HOME=/home/me", "MARK=" + marks));
    }

    private static int depth(Map<String, String> environment, Ancestor... ancestors) {
        return ServerDepth.of("MARK", environment, List.of(ancestors));
    }

    @Test
    void aServerOfAUserIsNotNested() {
        assertThat(depth(Map.of(), BOSS, SHELL)).isZero();
        assertThat(depth(Map.of("MARK", ""))).isZero();
    }

    @Test
    void codexHandsNoMarkToItsServersButItsOwnIsSeen() {
        assertThat(depth(Map.of(), worker("a/1"), SERVER, BOSS, SHELL)).isEqualTo(1);
        assertThat(depth(Map.of(), worker("b/2"), SERVER, worker("a/1"), SERVER, BOSS))
                .isEqualTo(2);
    }

    @Test
    void marksThatDoArriveCountOnce() {
        assertThat(depth(Map.of("MARK", "a/1 b/2"), worker("a/1 b/2"), SERVER, worker("a/1"), SERVER))
                .isEqualTo(2);
    }

    @Test
    void marksCountWhereTheAncestorsCanNotBeSeen() {
        assertThat(depth(Map.of("MARK", "a/1 b/2 c/3"))).isEqualTo(3);
    }

    @Test
    void serversCountWhereNoEnvironmentCanBeSeen() {
        Ancestor worker = new Ancestor(List.of("/opt/codex", "exec", "-jar", "codex-mcp-server.jar"), List.of());

        assertThat(depth(Map.of(), worker, SERVER, worker, SERVER, BOSS)).isEqualTo(2);
    }

    @Test
    void whatOnlyLooksLikeAServerOrAMarkDoesNotCount() {
        assertThat(depth(
                        Map.of("MARK", "nonsense / /x", "OTHER", "a/1"),
                        new Ancestor(List.of("java", "-jar", "/opt/other.jar", "codex-mcp-server.jar"), List.of()),
                        new Ancestor(List.of("java", "-jar"), List.of("MARKED=a/1")),
                        new Ancestor(List.of(), List.of())))
                .isZero();
    }

    @Test
    void aRunningProcessIsReadFromTheSystem() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "env -u MARK sleep 1000 & wait");
        builder.environment().put("MARK", "a/1 b/2");
        Process shell = builder.start();
        try {
            Polling.until(
                    "the child",
                    () -> shell.children()
                            .anyMatch(child -> child.info()
                                    .command()
                                    .filter(command -> command.contains("sleep"))
                                    .isPresent()));
            ProcessHandle child = shell.children().findFirst().orElseThrow();

            assertThat(Ancestor.of(child).get(0).command()).startsWith("/bin/sh", "-c");
            assertThat(ServerDepth.of("MARK", Map.of(), child)).isEqualTo(2);
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
