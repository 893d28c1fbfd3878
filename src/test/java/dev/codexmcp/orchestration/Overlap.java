package dev.codexmcp.orchestration;

import dev.codexmcp.testkit.ModelScript;

/** Work on list.txt, to which every worker appends its own line. */
final class Overlap {

    private static final String REPORT = "The line is there.\n\nmodifiedFiles:\nlist.txt";

    private Overlap() {}

    /** Reads the file, and once the other worker has read it too, rewrites it with its own line added. */
    static ModelScript first(String lines, String own) {
        return atOnce().shell(write(lines, own)).meet("first-has-written", 2).say(REPORT);
    }

    /**
     * Once the first worker has written, rewrites the file as read before with its own line: the first one's line is
     * lost.
     */
    static ModelScript last(String lines, String own) {
        return atOnce().meet("first-has-written", 2).shell(write(lines, own)).say(REPORT);
    }

    /** Appends its line to the current file. */
    static ModelScript inTurn(String own) {
        return ModelScript.script()
                .say("I will append to list.txt.")
                .shell("cat list.txt; echo '" + own + "' >> list.txt")
                .say(REPORT);
    }

    private static ModelScript atOnce() {
        return ModelScript.script()
                .say("I will append to list.txt.")
                .shell("cat list.txt")
                .meet("both-have-read", 2);
    }

    private static String write(String lines, String own) {
        return "cat > list.txt <<'END'\n" + lines + own + "\nEND";
    }
}
