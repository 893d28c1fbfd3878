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
            new Ancestor(List.of("/usr/bin/java", "-cp", "/opt/lib/codex-mcp-server.jar", "Main"), List.of());
    private static final Ancestor OLDER_SERVER =
            new Ancestor(List.of("/usr/bin/java", "-Xss512k", "-jar", "/opt/lib/codex-mcp-server.jar"), List.of());

    private static Ancestor worker(String cookies) {
        return new Ancestor(List.of("/opt/codex", "exec", "--json"), List.of("HOME=/home/me", "COOKIES=" + cookies));
    }

    private static int depth(Map<String, String> environment, Ancestor... ancestors) {
        return ServerDepth.of("COOKIES", environment, List.of(ancestors));
    }

    @Test
    void aServerStartedByAUserIsNotNested() {
        assertThat(depth(Map.of(), BOSS, SHELL)).isZero();
        assertThat(depth(Map.of("COOKIES", ""))).isZero();
    }

    @Test
    void readsTheCookieFromAnAncestorWhenCodexDoesNotPassItOn() {
        assertThat(depth(Map.of(), worker("a/1"), SERVER, BOSS, SHELL)).isEqualTo(1);
        assertThat(depth(Map.of(), worker("b/2"), SERVER, worker("a/1"), SERVER, BOSS))
                .isEqualTo(2);
    }

    @Test
    void countsInheritedCookiesOnce() {
        assertThat(depth(Map.of("COOKIES", "a/1 b/2"), worker("a/1 b/2"), SERVER, worker("a/1"), SERVER))
                .isEqualTo(2);
    }

    @Test
    void countsInheritedCookiesIfAncestorsAreUnreadable() {
        assertThat(depth(Map.of("COOKIES", "a/1 b/2 c/3"))).isEqualTo(3);
    }

    @Test
    void countsServerProcessesIfEnvironmentsAreUnreadable() {
        Ancestor worker = new Ancestor(List.of("/opt/codex", "exec", "-jar", "codex-mcp-server.jar"), List.of());

        assertThat(depth(Map.of(), worker, SERVER, worker, OLDER_SERVER, BOSS)).isEqualTo(2);
    }

    @Test
    void ignoresWhatOnlyLooksLikeAServerOrACookie() {
        assertThat(depth(
                        Map.of("COOKIES", "nonsense / /x", "OTHER", "a/1"),
                        new Ancestor(List.of("java", "-jar", "/opt/other.jar", "codex-mcp-server.jar"), List.of()),
                        new Ancestor(List.of("java", "-jar"), List.of("MARKED=a/1")),
                        new Ancestor(List.of(), List.of())))
                .isZero();
    }

    @Test
    void readsARunningProcessFromTheSystem() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "env -u MARK sleep 1000 & wait");
        builder.environment().put("COOKIES", "a/1 b/2");
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
            assertThat(ServerDepth.of("COOKIES", Map.of(), child)).isEqualTo(2);
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }
}
