package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A protocol in which a host talks to its model. Scripts know only the Responses protocol, so a protocol reads a request into
 * a {@link HostConversation}, and writes the reply that this computes.
 */
sealed interface HostProtocol permits AnthropicMessages, ChatCompletions, GeminiContents {

    List<HostProtocol> ALL = List.of(new AnthropicMessages(), new ChatCompletions(), new GeminiContents());

    /** The protocol of this request; empty if it belongs to none of them. */
    static Optional<HostProtocol> of(ModelRequest request) {
        return ALL.stream()
                .filter(protocol ->
                        request.method().equals("POST") && request.path().matches(protocol.path()))
                .findFirst();
    }

    /** A regular expression for the paths of its requests. */
    String path();

    HostConversation read(JsonNode body);

    void write(ModelRequest request, List<HostConversation.Part> parts, HostAnswer answer) throws IOException;
}
