package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A tool that a scripted model calls. The CLI offers tools in two ways, depending on the model's name: as functions to most
 * models; to newer ones as a single function that runs JavaScript, in which the tools are functions. A script works with both.
 */
sealed interface ModelTool {

    /** The longest time for which the CLI lets a command hold up its model. */
    long COMMAND_PATIENCE_MS = 30_000;

    /** The item of a model that is given functions. */
    ObjectNode asItem(String callId, References references);

    /** The JavaScript of a model in code mode. */
    String asCode(References references);

    record Shell(String command) implements ModelTool {
        @Override
        public ObjectNode asItem(String callId, References references) {
            return ModelItems.functionCall(callId, "exec_command", arguments(references));
        }

        @Override
        public String asCode(References references) {
            return "text((await tools.exec_command(" + arguments(references) + ")).output);";
        }

        private ObjectNode arguments(References references) {
            return TestJson.object().put("cmd", references.in(command)).put("yield_time_ms", COMMAND_PATIENCE_MS);
        }
    }

    record Patch(String patch) implements ModelTool {
        @Override
        public ObjectNode asItem(String callId, References references) {
            return ModelItems.customCall(callId, "apply_patch", references.in(patch));
        }

        @Override
        public String asCode(References references) {
            return "text(await tools.apply_patch(" + TestJson.print(references.in(patch)) + "));";
        }
    }

    record Mcp(String server, String tool, JsonNode arguments) implements ModelTool {
        @Override
        public ObjectNode asItem(String callId, References references) {
            return ModelItems.functionCall(callId, tool, references.in(arguments))
                    .put("namespace", namespace());
        }

        @Override
        public String asCode(References references) {
            return "const result = await tools." + namespace() + "__" + tool + "(" + references.in(arguments)
                    + "); text(result.structuredContent ?? result.content.map(part => part.text).join('\\n'));";
        }

        private String namespace() {
            return "mcp__" + server.replaceAll("\\W", "_");
        }
    }

    record Function(@Nullable String namespace, String name, JsonNode arguments) implements ModelTool {
        @Override
        public ObjectNode asItem(String callId, References references) {
            ObjectNode call = ModelItems.functionCall(callId, name, references.in(arguments));
            return namespace == null ? call : call.put("namespace", namespace);
        }

        @Override
        public String asCode(References references) {
            String global = namespace == null ? name : namespace + "__" + name;
            return "text(await tools." + global + "(" + references.in(arguments) + "));";
        }
    }

    record JavaScript(String code) implements ModelTool {
        @Override
        public ObjectNode asItem(String callId, References references) {
            return ModelItems.customCall(callId, "exec", asCode(references));
        }

        @Override
        public String asCode(References references) {
            return references.in(code);
        }
    }
}
