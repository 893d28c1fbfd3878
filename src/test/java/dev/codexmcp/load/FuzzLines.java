package dev.codexmcp.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Lines that no client would send, and some that one would, generated from a seed to make runs repeatable. */
final class FuzzLines {
    private static final List<String> IDS = List.of(
            "0",
            "1",
            "-1",
            "7",
            "1.5",
            "1e2",
            "1e400",
            "123456789012345678901234567890",
            "\"\"",
            "\"x\"",
            "\"\\ud83d\"",
            "\"\\u0000\"",
            "null",
            "true",
            "[]",
            "{}",
            "\"ä😀\"");
    private static final List<String> METHODS = List.of(
            "ping",
            "tools/list",
            "tools/call",
            "initialize",
            "resources/list",
            "resources/read",
            "prompts/list",
            "prompts/get",
            "notifications/initialized",
            "notifications/cancelled",
            "completion/complete",
            "logging/setLevel",
            "",
            "no/such",
            "rpc.discover");
    private static final List<String> TOOLS = List.of(
            "ping",
            "codex_status",
            "codex_events",
            "codex_wait_any",
            "codex_result",
            "codex_changes",
            "codex_restore",
            "codex_worktree",
            "codex_cancel",
            "listSessions",
            "",
            "no_such_tool");
    private static final List<String> NAMES = List.of(
            "jobId",
            "jobIds",
            "message",
            "cursor",
            "maxEvents",
            "maxBytes",
            "types",
            "timeoutMs",
            "view",
            "force",
            "prompt",
            "name",
            "arguments",
            "_meta",
            "progressToken",
            "requestId",
            "protocolVersion",
            "uri",
            "");
    private static final List<String> VALUES = List.of(
            "0",
            "1",
            "-1",
            "2000",
            "1e9",
            "1e-9",
            "1e400",
            "99999999999999999999",
            "true",
            "null",
            "\"\"",
            "\"0\"",
            "\"x\"",
            "[\"x\"]",
            "[]",
            "{}",
            "[null]",
            "\"message\"",
            "[\"message\",\"error\"]",
            "\"full\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\u0000\"",
            "\"😀\"",
            "{\"a\":{\"b\":[1,2,{}]}}",
            "0.1",
            "\"2025-06-18\"");

    private final Random random;

    FuzzLines(long seed) {
        random = new Random(seed);
    }

    /** The next line, with its line feed. */
    byte[] next() {
        byte[] line = switch (random.nextInt(16)) {
            case 0, 1, 2 -> request().getBytes(UTF_8);
            case 3, 4, 5, 6 -> mutated(request().getBytes(UTF_8));
            case 7, 8 -> truncated(request().getBytes(UTF_8));
            case 9 -> deep();
            case 10 -> noise();
            case 11 -> ("[" + request() + (random.nextBoolean() ? "," + request() : "") + "]").getBytes(UTF_8);
            case 12 -> (request() + pick(List.of("}", " ", "\t\r", "x", request(), "\0"))).getBytes(UTF_8);
            case 13 ->
                pick(List.of("", " ", "\t", "\r", "null", "7", "\"text\"", "{}", "[]", "nul", "{", "}", "\uFEFF{}"))
                        .getBytes(UTF_8);
            case 14 -> overlong();
            default -> work().getBytes(UTF_8);
        };
        byte[] withFeed = Arrays.copyOf(line, line.length + 1);
        withFeed[line.length] = '\n';
        return withFeed;
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private String request() {
        StringBuilder line = new StringBuilder("{");
        if (random.nextInt(20) > 0) {
            line.append("\"jsonrpc\":\"2.0\",");
        }
        if (random.nextInt(6) > 0) {
            line.append("\"id\":").append(pick(IDS)).append(',');
        }
        String method = random.nextInt(3) > 0 ? "tools/call" : pick(METHODS);
        line.append("\"method\":\"").append(method).append('"');
        if (random.nextInt(10) > 0) {
            line.append(",\"params\":");
            line.append(method.equals("tools/call") ? call() : object(3));
        }
        return line.append('}').toString();
    }

    private String call() {
        return "{\"name\":\"" + pick(TOOLS) + "\",\"arguments\":" + (random.nextInt(12) > 0 ? object(4) : pick(VALUES))
                + (random.nextInt(10) > 0 ? "" : ",\"_meta\":{\"progressToken\":" + pick(VALUES) + "}") + "}";
    }

    private String object(int members) {
        StringBuilder object = new StringBuilder("{");
        int count = random.nextInt(members + 1);
        for (int i = 0; i < count; i++) {
            object.append(i > 0 ? "," : "")
                    .append('"')
                    .append(pick(NAMES))
                    .append("\":")
                    .append(pick(VALUES));
        }
        return object.append('}').toString();
    }

    /** Sometimes a call that starts a worker, which exits at once. */
    private String work() {
        String tool = random.nextInt(40) > 0
                ? "ping"
                : pick(List.of(
                        "codex_spawn", "codex_spawn_group", "codex", "review", "websearch", "help", "codex_interrupt"));
        return "{\"jsonrpc\":\"2.0\",\"id\":" + pick(IDS) + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":{\"prompt\":\"x\",\"query\":\"x\",\"jobs\":[{\"prompt\":\"x\"}],\"" + pick(NAMES)
                + "\":"
                + pick(VALUES) + "}}}";
    }

    private byte[] mutated(byte[] line) {
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times && line.length > 0; i++) {
            int at = random.nextInt(line.length);
            switch (random.nextInt(4)) {
                case 0 -> line[at] = (byte) random.nextInt(256);
                case 1 -> line[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> line = without(line, at, 1 + random.nextInt(4));
                default -> line = twice(line, at, 1 + random.nextInt(40));
            }
        }
        return line;
    }

    private static byte[] without(byte[] line, int at, int count) {
        int to = Math.min(line.length, at + count);
        byte[] shorter = Arrays.copyOf(line, line.length - (to - at));
        System.arraycopy(line, to, shorter, at, line.length - to);
        return shorter;
    }

    private static byte[] twice(byte[] line, int at, int count) {
        int to = Math.min(line.length, at + count);
        byte[] longer = Arrays.copyOf(line, line.length + (to - at));
        System.arraycopy(line, at, longer, to, line.length - at);
        return longer;
    }

    private byte[] truncated(byte[] line) {
        return Arrays.copyOf(line, random.nextInt(line.length));
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] deep() {
        int depth = random.nextInt(100) == 0 ? 100_000 : random.nextInt(2_000);
        String open = pick(List.of("[", "{\"a\":", "[{\"a\":"));
        String inside = open.repeat(depth);
        if (random.nextBoolean()) {
            return inside.getBytes(UTF_8);
        }
        String close = switch (open) {
            case "[" -> "]";
            case "{\"a\":" -> "}";
            default -> "}]";
        };
        return ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":" + inside + "1" + close.repeat(depth)
                        + "}")
                .getBytes(UTF_8);
    }

    private byte[] overlong() {
        int length = random.nextInt(200) == 0 ? 1024 * 1024 : random.nextInt(4_000);
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] unit = pick(List.of("x", "7", "\\u0041", "😀", "\\", "\"", " ")).getBytes(UTF_8);
        line.writeBytes(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"ping\",\"arguments\":{\"message\":\""
                        .getBytes(UTF_8));
        while (line.size() < length) {
            line.writeBytes(unit);
        }
        line.writeBytes("\"}}}".getBytes(UTF_8));
        return line.toByteArray();
    }
}
