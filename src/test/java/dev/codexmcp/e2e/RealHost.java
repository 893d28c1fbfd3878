package dev.codexmcp.e2e;

import dev.codexmcp.testkit.HostPackage;
import dev.codexmcp.testkit.NpmPackage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Hosts that run without an account, on a local model, and how each is set up for it. */
enum RealHost {
    CLAUDE_CODE("claude", "@anthropic-ai/claude-code", "2.1.330", "360 MB", 22) {
        @Override
        Map<String, String> environment(URI model) {
            return Map.of(
                    "ANTHROPIC_BASE_URL", origin(model),
                    "ANTHROPIC_API_KEY", "any",
                    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1",
                    "ENABLE_TOOL_SEARCH", "false");
        }

        @Override
        List<String> turn(String prompt) {
            return List.of("claude", "-p", prompt, "--allowedTools", "mcp__codex-mcp-server");
        }

        @Override
        List<String> check() {
            return List.of("claude", "mcp", "list");
        }
    },

    COPILOT_CLI("copilot", "@github/copilot", "1.0.102", "190 MB", 20) {
        @Override
        Map<String, String> environment(URI model) {
            return Map.of(
                    "COPILOT_PROVIDER_TYPE", "openai",
                    "COPILOT_PROVIDER_BASE_URL", model.toString(),
                    "COPILOT_PROVIDER_API_KEY", "any",
                    "COPILOT_MODEL", "gpt-5.5",
                    "COPILOT_OFFLINE", "true");
        }

        @Override
        List<String> turn(String prompt) {
            return List.of("copilot", "-p", prompt, "--allow-all-tools");
        }

        /** It starts no server outside a session. */
        @Override
        List<String> check() {
            return List.of("copilot", "mcp", "list");
        }

        @Override
        String healthy() {
            return "codex-mcp-server \\(local\\)";
        }
    },

    GEMINI_CLI("gemini", "@google/gemini-cli", "0.61.0", "100 MB", 20) {
        @Override
        Map<String, String> environment(URI model) {
            return Map.of(
                    "GOOGLE_GEMINI_BASE_URL", origin(model),
                    "GEMINI_API_KEY", "any",
                    "GEMINI_CLI_TRUST_WORKSPACE", "true");
        }

        @Override
        void prepare(Path home, URI model) throws IOException {
            write(home.resolve(".gemini/settings.json"), """
                    {
                      // the tests' account
                      "security": {"auth": {"selectedType": "gemini-api-key"}}
                    }
                    """);
        }

        @Override
        List<String> turn(String prompt) {
            return List.of("gemini", "-m", "gemini-2.5-flash", "-y", "--skip-trust", "-p", prompt);
        }

        @Override
        List<String> check() {
            return List.of("gemini", "mcp", "list");
        }
    },

    OPENCODE("opencode", "opencode-ai", "1.18.33", "350 MB", 20) {
        @Override
        void prepare(Path home, URI model) throws IOException {
            write(home.resolve(".config/opencode/opencode.jsonc"), """
                    {
                      "$schema": "https://opencode.ai/config.json", // the tests' model
                      "model": "local/any",
                      "provider": {
                        "local": {
                          "npm": "@ai-sdk/openai-compatible",
                          "options": { "baseURL": "%s", "apiKey": "any" },
                          "models": { "any": { "name": "any" } },
                        },
                      },
                    }
                    """.formatted(model));
        }

        @Override
        List<String> turn(String prompt) {
            return List.of("opencode", "run");
        }

        /** It would put an argument with a space into quotes. */
        @Override
        String input(String prompt) {
            return prompt;
        }

        @Override
        List<String> check() {
            return List.of("opencode", "mcp", "list");
        }
    },

    QWEN_CODE("qwen", "@qwen-code/qwen-code", "0.24.4", "140 MB", 22) {
        @Override
        Map<String, String> environment(URI model) {
            return Map.of("OPENAI_BASE_URL", model.toString(), "OPENAI_API_KEY", "any", "OPENAI_MODEL", "any");
        }

        @Override
        List<String> turn(String prompt) {
            return List.of("qwen", "-y", "-p", prompt);
        }

        @Override
        List<String> check() {
            return List.of("qwen", "mcp", "list");
        }
    },

    CLINE("cline", "cline", "3.0.65", "440 MB", 20) {
        @Override
        List<List<String>> signIn(URI model) {
            return List.of(List.of("cline", "auth", "-p", "openai", "-k", "any", "-m", "any", "-b", model.toString()));
        }

        @Override
        List<String> turn(String prompt) {
            return List.of("cline", prompt);
        }

        @Override
        boolean leavesADaemon() {
            return true;
        }
    },

    CONTINUE("continue", "@continuedev/cli", "1.5.47", "80 MB", 20) {
        @Override
        void prepare(Path home, URI model) throws IOException {
            write(home.resolve(".continue/config.yaml"), """
                    name: Test # the tests' model
                    version: 1.0.0
                    schema: v1
                    models:
                      - name: any
                        provider: openai
                        model: any
                        apiKey: any
                        apiBase: %s
                    """.formatted(model));
        }

        @Override
        List<String> turn(String prompt) {
            return List.of("cn", "-p", "--auto", prompt);
        }
    };

    private final String word;
    private final String npm;
    private final String version;
    private final String size;
    private final int node;

    /** @param node the oldest major version of Node.js that it runs on */
    RealHost(String word, String npm, String version, String size, int node) {
        this.word = word;
        this.npm = npm;
        this.version = version;
        this.size = size;
        this.node = node;
    }

    /** Its name for {@code install}, and its program. */
    String word() {
        return word;
    }

    /** The folders to put in front of PATH. Skips the test if the host cannot be installed. */
    String path() {
        return new HostPackage(new NpmPackage(npm, version, word, size), node).path();
    }

    /** What it needs to find the model, apart from files. */
    Map<String, String> environment(URI model) {
        return Map.of();
    }

    /** Writes the files with which it finds the model. */
    void prepare(Path home, URI model) throws IOException {}

    /** Commands to run once before the first turn. */
    List<List<String>> signIn(URI model) {
        return List.of();
    }

    /** The command that runs one turn without a terminal. */
    abstract List<String> turn(String prompt);

    /** What to send to the command's standard input. */
    String input(String prompt) {
        return "";
    }

    /** Its own command to check its servers; empty if it has none. */
    List<String> check() {
        return List.of();
    }

    /** A pattern in the output of that command if the server works. */
    String healthy() {
        return "(?is)codex-mcp-server.*connected";
    }

    /** Whether it leaves a process running that starts its servers. */
    boolean leavesADaemon() {
        return false;
    }

    /** The model's address without a path. */
    private static String origin(URI model) {
        return model.resolve("/").toString().replaceAll("/$", "");
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}
