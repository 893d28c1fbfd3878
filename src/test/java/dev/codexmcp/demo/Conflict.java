package dev.codexmcp.demo;

import dev.codexmcp.testkit.ModelScript;
import java.time.Duration;
import java.util.List;

/** Two workers edit one file, and the boss resolves the conflict. */
final class Conflict {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String FILE = "menu.txt";
    private static final String COMMITTED = "Green tea\n";
    private static final String MENU = "Green tea\nBlack tea, added by you\n";
    private static final String NOTES = "Buy milk.\n";

    private final DemoEnvironment stage;
    private final Screen screen;
    private final DemoBoss crew;

    Conflict(DemoEnvironment stage, Screen screen) {
        this.stage = stage;
        this.screen = screen;
        this.crew = new DemoBoss(stage.client(), stage.repository(), screen);
    }

    void play() {
        stage.write(FILE, COMMITTED);
        stage.write("notes.txt", "");
        stage.commit();
        stage.write(FILE, MENU);
        stage.write("notes.txt", NOTES);
        screen.text("");
        screen.text("You have changed menu.txt and notes.txt, and committed neither.");
        screen.text("Two workers will each add a line to menu.txt.");

        screen.heading(" time  job       what");
        String base = stage.baseline("save");
        screen.event(Screen.BOSS, "records", "HEAD and your two uncommitted files");
        screen.event(Screen.BOSS, "spawns", "scones and jam, both on " + FILE);
        List<DemoBoss.Worker> both = List.of(
                crew.spawn(
                        "scones",
                        prompt("scones", atOnce().shell(write("Scones")).meet("written", 2))),
                crew.spawn("jam", prompt("jam", atOnce().meet("written", 2).shell(write("Jam")))));
        crew.follow(LIMIT, () -> false);
        List<DemoBoss.Outcome> outcomes = both.stream().map(crew::collect).toList();
        List<String> overlap = DemoBoss.overlap(outcomes);
        if (overlap.isEmpty()) {
            throw new DemoFailure("The workers' edits did not conflict: " + outcomes);
        }
        screen.event(Screen.BOSS, "sees", overlap.get(0) + " in the modifiedFiles of both");
        show("holds");
        screen.event(
                Screen.BOSS,
                "thinks",
                stage.read(FILE).contains("Scones")
                        ? "whose lines are these?"
                        : "the line of scones is lost: jam overwrote it");
        var unused = stage.baseline("restore", base, overlap.get(0));
        screen.event(Screen.BOSS, "restores", FILE + " as recorded, your line included; notes.txt is not touched");
        show("holds");
        screen.event(Screen.BOSS, "thinks", "again, one after the other");
        for (String label : List.of("scones", "jam")) {
            String line = label.equals("jam") ? "Jam" : "Scones";
            screen.event(Screen.BOSS, "spawns", label + ", alone");
            DemoBoss.Worker worker = crew.spawn(label, prompt(label, inTurn(line)));
            crew.follow(LIMIT, () -> false);
            outcomes = List.of(crew.collect(worker));
        }

        screen.heading(FILE);
        stage.read(FILE).lines().forEach(line -> screen.text("  " + line));
        boolean kept = stage.read("notes.txt").equals(NOTES);
        boolean inOrder = stage.read(FILE).equals(MENU + "Scones\nJam\n");
        screen.heading((inOrder ? "Both edits, in order, after yours. " : "The result is wrong! ")
                + (kept ? "notes.txt is as you left it." : "notes.txt has changed!"));
    }

    private void show(String kind) {
        screen.event(FILE, kind, String.join(" · ", stage.read(FILE).lines().toList()));
    }

    private String prompt(String label, ModelScript script) {
        String line = label.equals("jam") ? "Jam" : "Scones";
        return crew.prompt(
                label,
                FILE,
                "Append the line \"" + line + "\" to " + FILE + ".\n"
                        + script.say(line + (label.equals("jam") ? " is" : " are") + " on the menu.\n\nmodifiedFiles:\n"
                                        + FILE)
                                .prompt());
    }

    /** Both read before either writes. */
    private static ModelScript atOnce() {
        return ModelScript.script()
                .as("seen")
                .shell("cat " + FILE)
                .meet("read", 2)
                .delay(Duration.ofMillis(500));
    }

    /** Writes the whole file: what it read, plus one line. */
    private static String write(String line) {
        return "echo '{{$seen}}\n" + line + "' > " + FILE;
    }

    private static ModelScript inTurn(String line) {
        return ModelScript.script()
                .as("seen")
                .shell("cat " + FILE)
                .delay(Duration.ofMillis(300))
                .shell(write(line));
    }
}
