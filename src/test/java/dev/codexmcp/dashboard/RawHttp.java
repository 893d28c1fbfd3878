package dev.codexmcp.dashboard;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends requests as they are written: an HTTP client would not let a test forge the headers that browsers set. */
final class RawHttp {
    private RawHttp() {}

    /** The answer, with its head. */
    static String send(URI server, String method, String path, List<String> headers) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(60_000);
            String head = method + " " + path + " HTTP/1.1\r\n"
                    + String.join("", headers.stream().map(h -> h + "\r\n").toList())
                    + "Connection: close\r\nContent-Length: 0\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }
}
