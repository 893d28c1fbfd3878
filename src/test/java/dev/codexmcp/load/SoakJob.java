package dev.codexmcp.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.testkit.TestJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One job of a soak run from spawn to end, watched by three cursors, and sometimes cancelled. */
final class SoakJob {
    private static final String START = "echo '{\"type\":\"thread.started\",\"thread_id\":\"t\"}'\n";
    private static final String MESSAGE =
            "echo '{\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":\"agent_message\",\"text\":\"hello\"}}'\n";
    private static final String END = "echo '{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":1}}'\n";

    /** A worker's shell script; two of three succeed, the third fails in one of many ways. */
    enum Kind {
        GOOD(START + MESSAGE.repeat(3) + END, false),
        FAILS(START + "echo broken >&2; exit 3\n", false),
        DIES("kill -KILL $$\n", false),
        SILENT("exit 0\n", false),
        NO_JSON(START + "printf 'oops\\0\\377\\n{\"type\":\\n'\n" + MESSAGE, false),
        NO_LINE_FEED(START + "printf '{\"type\":\"odd\"}'\n", false),
        LOUD_STDERR("head -c 300000 /dev/zero | tr '\\0' e >&2\n" + MESSAGE, false),
        LONG_LINE(
                "printf '{\"type\":\"odd\",\"text\":\"'; head -c 200000 /dev/zero | tr '\\0' x; echo '\"}'\n" + END,
                false),
        MANY_LINES("i=0; while [ $i -lt 300 ]; do echo '{\"type\":\"odd\"}'; i=$((i+1)); done\n", false),
        PIPE_HELD("sleep 0.7 &\n" + MESSAGE, false),
        DAEMON("(setsid sleep 0.3 </dev/null >/dev/null 2>&1 &)\n" + END, false),
        STREAMS_CLOSED(MESSAGE + "exec >&- 2>&-\nsleep 0.1\n", false),
        STUBBORN("trap '' TERM\n" + MESSAGE + "while :; do sleep 0.05; done\n", true),
        ENDLESS(START + "while :; do echo '{\"type\":\"odd\"}'; sleep 0.02; done\n", true);

        private final String script;
        private final boolean endless;

        Kind(String script, boolean endless) {
            this.script = script;
            this.endless = endless;
        }

        static Kind any(Random random) {
            return random.nextInt(3) > 0 ? GOOD : values()[1 + random.nextInt(values().length - 1)];
        }
    }

    /** The page sizes: a number of events, or the default. */
    private static final int[] PAGES = {3, 2000, 0};

    private final LoadClient server;
    private final Kind kind;
    private final Random random;
    private final List<String> problems = new ArrayList<>();
    private String jobId = "";
    private int events;
    private boolean canceled;

    SoakJob(LoadClient server, long seed) {
        this.server = server;
        this.random = new Random(seed);
        this.kind = Kind.any(random);
    }

    /** Runs the job from spawn to end. */
    void run() {
        ObjectNode spawn = TestJson.object().put("prompt", kind.script);
        jobId = server.call("codex_spawn", spawn).json().path("jobId").asText();
        // An endless one is cancelled in the end, any other perhaps, and perhaps too late.
        int cancelAt =
                kind.endless ? 1 + random.nextInt(3) : random.nextInt(5) == 0 ? random.nextInt(3) : Integer.MAX_VALUE;
        List<List<String>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        String[] cursors = {"0", "0", "0"};
        boolean[] done = new boolean[PAGES.length];
        for (int round = 0; !(done[0] && done[1] && done[2]); round++) {
            for (int i = 0; i < PAGES.length; i++) {
                if (!done[i]) {
                    ObjectNode look = job().put("cursor", cursors[i]);
                    if (PAGES[i] > 0) {
                        look.put("maxEvents", PAGES[i]);
                    }
                    JsonNode page = server.call("codex_events", look).json();
                    List<String> of = seen.get(i);
                    page.path("events").forEach(event -> of.add(event.toString()));
                    cursors[i] = page.path("nextCursor").asText();
                    done[i] = page.path("done").asBoolean();
                }
            }
            if (round >= cancelAt) {
                // Asked first, then forced.
                JsonNode answer = server.call("codex_cancel", job().put("force", round > cancelAt))
                        .json();
                canceled |= answer.path("success").asBoolean();
            }
            if (!done[1]) {
                ObjectNode wait = TestJson.object().put("timeoutMs", 1 + random.nextInt(40));
                wait.putArray("jobIds").add(jobId);
                server.call("codex_wait_any", wait);
            }
        }
        check(seen);
    }

    private void check(List<List<String>> seen) {
        List<String> all = seen.get(1);
        events = all.size();
        expect(
                seen.get(0).equals(all),
                "the small pages hold different events: " + seen.get(0).size() + " and " + all.size());
        // A page of default size has long texts cut, so only the number of events is compared.
        expect(
                seen.get(2).size() == all.size(),
                "the cursors saw " + seen.get(2).size() + " and " + all.size() + " events");
        expect(all.get(0).contains("\"kind\":\"spawned\""), "the first event is " + all.get(0));
        long ends = all.stream()
                .filter(event -> event.startsWith("{\"type\":\"final\""))
                .count();
        expect(ends == 1, ends + " final events");
        expect(
                all.get(all.size() - 1).startsWith("{\"type\":\"final\""),
                "the last event is " + all.get(all.size() - 1));
        String status = server.call("codex_status", job()).json().path("status").asText();
        expect(all.get(all.size() - 1).contains("\"status\":\"" + status + "\""), "the status is " + status);
        if (!canceled) {
            boolean fails = kind == Kind.FAILS || kind == Kind.DIES;
            expect(status.equals(fails ? "failed" : "done"), "it is " + status + " without a cancel");
        } else if (kind.endless) {
            expect(status.equals("canceled"), "it is " + status);
        }
        boolean late = server.call("codex_cancel", job()).json().path("success").asBoolean();
        expect(!late, "it could be cancelled after its end");
    }

    private void expect(boolean condition, String otherwise) {
        if (!condition) {
            problems.add(kind + " " + jobId + ": " + otherwise);
        }
    }

    /** The problems found. */
    List<String> problems() {
        return problems;
    }

    int events() {
        return events;
    }

    boolean canceled() {
        return canceled;
    }

    boolean good() {
        return kind == Kind.GOOD;
    }

    private ObjectNode job() {
        return TestJson.object().put("jobId", jobId);
    }
}
