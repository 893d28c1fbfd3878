package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One line of a model's script. Texts still contain their {@code {{references}}}. */
sealed interface ScriptStep {

    /** Something that the model puts into its reply, without waiting for an answer to it. */
    record Item(String text, Function<String, ObjectNode> kind) implements ScriptStep {}

    /** A tool call: it ends the reply, unless an {@code also} call follows it. */
    record Call(
            String label,
            ModelTool tool,
            boolean also,
            @Nullable Until until) implements ScriptStep {}

    /** A call is repeated until this field of its answer has this value. */
    record Until(String field, String value) {}

    /** The turn fails unless the two texts are the same. */
    record Expect(String text, String expected) implements ScriptStep {}

    /** The turn fails unless the text holds these lines, in this order. */
    record ExpectLines(String text, String lines) implements ScriptStep {}

    /** Something that holds up the reply. */
    sealed interface Hold extends ScriptStep {

        /** A future that completes once the reply may go on. */
        CompletableFuture<Void> begin(Function<String, Gate> gates);

        record AtGate(String name) implements Hold {
            @Override
            public CompletableFuture<Void> begin(Function<String, Gate> gates) {
                return gates.apply(name).arrive();
            }
        }

        record AtMeeting(String name, int parties) implements Hold {
            @Override
            public CompletableFuture<Void> begin(Function<String, Gate> gates) {
                return gates.apply(name).meet(parties);
            }
        }

        record For(Duration time) implements Hold {
            @Override
            public CompletableFuture<Void> begin(Function<String, Gate> gates) {
                return new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        record Forever() implements Hold {
            @Override
            public CompletableFuture<Void> begin(Function<String, Gate> gates) {
                return new CompletableFuture<>();
            }
        }
    }

    /** An unsuccessful end of the reply. */
    sealed interface Break extends ScriptStep {

        void end(ReplyStream reply) throws IOException;

        record Failure(String code, String message) implements Break {
            @Override
            public void end(ReplyStream reply) throws IOException {
                reply.fail(code, message);
            }
        }

        record Refusal(int status, String message) implements Break {
            @Override
            public void end(ReplyStream reply) throws IOException {
                reply.refuse(status, message);
            }
        }

        /** The same with headers and a body of the provider's own. */
        record Answer(int status, JsonNode headers, JsonNode body) implements Break {
            @Override
            public void end(ReplyStream reply) throws IOException {
                reply.answer(status, headers, body);
            }
        }

        record HangUp() implements Break {
            @Override
            public void end(ReplyStream reply) throws IOException {
                reply.flush();
                reply.hangUp();
            }
        }
    }
}
