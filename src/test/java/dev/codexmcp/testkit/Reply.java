package dev.codexmcp.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Computes what a scripted model answers to one request: the steps after the last call that was answered. The ids of those
 * calls, {@code call_<turn>_<step>_<round>}, mark its place, so that nothing has to be remembered between requests.
 */
final class Reply {

    /** A part of a reply, ready to be played: references are filled in, calls have their ids. */
    sealed interface Cue {

        record Send(ObjectNode item) implements Cue {}

        record Wait(ScriptStep.Hold hold) implements Cue {}

        record Complete() implements Cue {}

        record BreakOff(ScriptStep.Break how) implements Cue {}
    }

    private final ModelRequest request;
    private final List<ScriptStep> script;
    private final Map<String, String> answersById;
    private final Map<String, String> answersByLabel = new HashMap<>();
    private final List<Cue> cues = new ArrayList<>();

    private Reply(ModelRequest request, List<ScriptStep> script) {
        this.request = request;
        this.script = script;
        this.answersById = request.answers();
    }

    /** The cues of the reply. An invalid script makes a failed turn, which gives the reason. */
    static List<Cue> to(ModelRequest request) {
        try {
            List<ScriptStep> script = ScriptParser.parse(request.prompt());
            if (script.isEmpty()) {
                return List.of(new Cue.Send(ModelItems.message(request.prompt())), new Cue.Complete());
            }
            Reply reply = new Reply(request, script);
            reply.continueScript();
            return reply.cues;
        } catch (IllegalArgumentException e) {
            return List.of(
                    new Cue.BreakOff(new ScriptStep.Break.Failure("invalid_prompt", "bad script: " + e.getMessage())));
        }
    }

    private void continueScript() {
        int position = 0;
        for (int i = 0; i < script.size(); i++) {
            if (script.get(i) instanceof ScriptStep.Call call && rounds(i) > 0) {
                answersByLabel.put(call.label(), answersById.getOrDefault(id(i, rounds(i) - 1), ""));
                position = i + 1;
                if (!isSatisfied(call)) {
                    call(call, i);
                    cues.add(new Cue.Complete());
                    return;
                }
            }
        }
        playFrom(position);
    }

    private void playFrom(int position) {
        boolean called = false;
        for (int i = position; i < script.size(); i++) {
            ScriptStep act = script.get(i);
            if (called && !(act instanceof ScriptStep.Call call && call.also())) {
                break;
            }
            if (act instanceof ScriptStep.Call call) {
                call(call, i);
                called = true;
            } else if (act instanceof ScriptStep.Item item) {
                cues.add(new Cue.Send(item.kind().apply(references().in(item.text()))));
            } else if (act instanceof ScriptStep.Hold hold) {
                cues.add(new Cue.Wait(hold));
            } else if (act instanceof ScriptStep.Break end) {
                if (isWholeAnswer(end) && cues.stream().anyMatch(Cue.Send.class::isInstance)) {
                    throw new IllegalArgumentException("http comes too late: the reply has begun");
                }
                cues.add(new Cue.BreakOff(end));
                return;
            } else if (act instanceof ScriptStep.Expect expect) {
                check(expect);
            } else if (act instanceof ScriptStep.ExpectLines expect) {
                check(expect);
            }
        }
        if (cues.isEmpty()) {
            cues.add(new Cue.Send(ModelItems.message("(end of script)")));
        }
        cues.add(new Cue.Complete());
    }

    private static boolean isWholeAnswer(ScriptStep.Break end) {
        return end instanceof ScriptStep.Break.Refusal || end instanceof ScriptStep.Break.Answer;
    }

    private void call(ScriptStep.Call call, int act) {
        String id = id(act, rounds(act));
        cues.add(new Cue.Send(
                request.inCodeMode()
                        ? ModelItems.codeCall(id, call.tool().asCode(references()))
                        : call.tool().asItem(id, references())));
    }

    private void check(ScriptStep.Expect expect) {
        String text = references().in(expect.text());
        String expected = references().in(expect.expected());
        if (!text.equals(expected)) {
            throw new IllegalArgumentException("expected " + expected + " but got " + text);
        }
    }

    private void check(ScriptStep.ExpectLines expect) {
        String text = references().in(expect.text());
        Iterator<String> lines = text.lines().iterator();
        for (String expected : references().in(expect.lines()).lines().toList()) {
            boolean found = false;
            while (!found && lines.hasNext()) {
                found = lines.next().equals(expected);
            }
            if (!found) {
                throw new IllegalArgumentException("expected the line " + expected + " in its place in: " + text);
            }
        }
    }

    private boolean isSatisfied(ScriptStep.Call call) {
        ScriptStep.Until until = call.until();
        if (until == null) {
            return true;
        }
        String value = References.plain(references().field(call.label(), until.field()));
        return value.equals(references().in(until.value()));
    }

    private int rounds(int act) {
        int rounds = 0;
        while (answersById.containsKey(id(act, rounds))) {
            rounds++;
        }
        return rounds;
    }

    private String id(int act, int round) {
        return "call_" + request.turn() + "_" + act + "_" + round;
    }

    private References references() {
        return new References(answersByLabel);
    }
}
