package dev.codexmcp.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers of other versions, and programs that are no servers, hold up nobody. */
class OddServersTest {
    @TempDir
    private Path folder;

    /** Says the first line to every reader, and the second after each of its requests. */
    private ServerSocketChannel serve(Path socket, String greeting, String answer) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket));
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            talk(listener.accept(), greeting, answer);
                        }
                    } catch (IOException e) {
                        // The test is over.
                    }
                },
                "odd server");
        thread.setDaemon(true);
        thread.start();
        return listener;
    }

    private static void talk(SocketChannel reader, String greeting, String answer) {
        try (reader) {
            reader.write(line(greeting));
            ByteBuffer request = ByteBuffer.allocate(16 * 1024);
            while (reader.read(request.clear()) > 0) {
                reader.write(line(answer));
            }
        } catch (IOException e) {
            // The reader has gone.
        }
    }

    private static ByteBuffer line(String text) {
        return ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Named as a server of this machine would name it. */
    private Path socket() throws IOException {
        String machine = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        return Files.createDirectory(folder.resolve("codex-mcp-server"))
                .resolve(HexFormat.of().toHexDigits(machine.hashCode()) + "-1-aaaa.sock");
    }

    private LiveFleet open(Map<String, String> environment) throws InterruptedException {
        return LiveFleet.open(environment, Duration.ofMillis(50), Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"protocol":2,"server":{"version":"9"}} | {}                                  | version 9) speaks protocol 2
            {"protocol":1}                          | {"error":"no"}                      | no
            {"protocol":1}                          | {"jobs":[{"jobId":"a"}],"more":true} | do not come to an end
            """)
    void aServerThatCannotBeUsedIsReported(String greeting, String answer, String problem) throws Exception {
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", folder.toString());
        Path socket = socket();
        try (ServerSocketChannel server = serve(socket, greeting, answer);
                LiveFleet fleet = open(environment)) {
            assertThat(server.isOpen()).isTrue();
            assertThat(fleet.problems().stream().collect(Collectors.joining())).contains(problem);
            assertThat(fleet.jobs()).isEmpty();
        }
    }

    @Test
    void rowsThatAreNoneAreLeftOut() throws Exception {
        Path socket = socket();
        try (ServerSocketChannel server = serve(
                        socket,
                        "{\"protocol\":1}",
                        "{\"jobs\":[7,null,{\"jobId\":\"a\"},{\"status\":[]}],\"odd\":{}}");
                LiveFleet fleet = open(Map.of("XDG_RUNTIME_DIR", folder.toString()))) {
            assertThat(server.isOpen()).isTrue();
            assertThat(fleet.jobs().stream().map(JobRow::id).toList()).containsExactly("a");
            assertThat(fleet.problems()).isEqualTo(List.of());
        }
    }
}
