package dev.codexmcp.demo;

import dev.codexmcp.testkit.ModelScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Four workers, two at a time: one depends on another, and one runs into its time limit. */
final class SideBySide {

    private static final String README = "# Tea shop\n\nGreen, black and white tea.\n";
    private static final String PRICES = "black: 3\ngreen: 3\nwhite: 5\n";
    private static final String HISTORY = "# History\n";
    private static final String SIGN = "Green tea: 3\n";

    private final DemoEnvironment stage;
    private final Screen screen;
    private final DemoBoss crew;
    private final boolean scripted;
    private final Duration limit;
    private final Duration historyLimit;

    SideBySide(DemoEnvironment stage, Screen screen, boolean scripted) {
        this.stage = stage;
        this.screen = screen;
        this.crew = new DemoBoss(stage.client(), stage.repository(), screen);
        this.scripted = scripted;
        this.limit = Duration.ofMinutes(scripted ? 2 : 5);
        this.historyLimit = Duration.ofSeconds(scripted ? 3 : 45);
    }

    void play() {
        stage.write("README.md", README);
        stage.write("prices.txt", PRICES);
        stage.write("history.md", HISTORY);
        stage.write("sign.txt", SIGN);
        stage.commit();
        String head = stage.git("rev-parse", "HEAD");
        String base = stage.baseline("save");

        screen.heading(" time  job       what");
        screen.event(
                Screen.BOSS,
                "spawns",
                "four workers, two at a time; sign needs prices, history may take " + limitInWords());
        List<DemoBoss.Worker> workers = crew.spawnAll(List.of(
                new DemoBoss.Part("readme", readme(), Map.of()),
                new DemoBoss.Part("prices", prices(), Map.of()),
                new DemoBoss.Part("history", history(), Map.of("maxRunMs", historyLimit.toMillis())),
                new DemoBoss.Part("sign", sign(), Map.of("dependsOn", List.of("prices")))));
        crew.follow(limit, workers.get(1)::hasSpoken);
        crew.overview();
        crew.follow(limit, () -> false);

        List<DemoBoss.Outcome> outcomes = crew.collectAll();
        List<String> restored = restoreUnfinished(base, outcomes);
        screen.heading("Results");
        outcomes.forEach(outcome -> screen.row(outcome.label(), describe(outcome)));
        screen.heading("git diff --stat");
        stage.git("diff", "--stat").lines().forEach(screen::text);
        screen.heading(
                summary(outcomes, restored, stage.git("rev-parse", "HEAD").equals(head)));
    }

    private String limitInWords() {
        return historyLimit.toSeconds() + " s";
    }

    /** Restores what an unfinished job has left half done. */
    private List<String> restoreUnfinished(String base, List<DemoBoss.Outcome> outcomes) {
        List<String> restored = new ArrayList<>();
        List<String> reported = outcomes.stream()
                .filter(outcome -> outcome.status().equals("done"))
                .flatMap(outcome -> outcome.modifiedFiles().stream())
                .toList();
        for (String file : stage.baseline("check", base).lines().toList()) {
            if (!reported.contains(file)
                    && outcomes.stream().anyMatch(outcome -> !outcome.status().equals("done"))) {
                screen.event(Screen.BOSS, "restores", file + ", half written, as it was before the run");
                var unused = stage.baseline("restore", base, file);
                restored.add(file);
            }
        }
        return restored;
    }

    private static String describe(DemoBoss.Outcome outcome) {
        String files = outcome.modifiedFiles().isEmpty() ? "" : " → " + String.join(", ", outcome.modifiedFiles());
        String host = outcome.host().isEmpty() ? "" : ", on " + outcome.host();
        return "%-8s  %s%s%s".formatted(outcome.status(), outcome.said(), files, host);
    }

    private String summary(List<DemoBoss.Outcome> outcomes, List<String> restored, boolean headStands) {
        double work = outcomes.stream().mapToDouble(DemoBoss.Outcome::seconds).sum();
        return "%.1f s of work in %.1f s. %s%s%s"
                .formatted(
                        work,
                        crew.seconds(),
                        DemoBoss.overlap(outcomes).isEmpty()
                                ? "No file was written by two workers. "
                                : "Overlap: " + DemoBoss.overlap(outcomes) + ". ",
                        restored.isEmpty() ? "" : "Half-done work restored. ",
                        headStands ? "HEAD has not moved." : "HEAD has moved!");
    }

    private String readme() {
        ModelScript script = ModelScript.script()
                .think("The README says nothing of the opening hours.")
                .delay(Duration.ofMillis(700))
                .say("I will add the opening hours at the end of README.md.")
                .delay(Duration.ofMillis(900))
                .patch("""
                        *** Begin Patch
                        *** Update File: README.md
                        @@
                        -Green, black and white tea.
                        +Green, black and white tea.
                        +
                        +## Opening hours
                        +
                        +Monday to Friday, 9 to 17.
                        *** End Patch
                        """)
                .delay(Duration.ofMillis(900))
                .say("The opening hours are in README.md.\n\nmodifiedFiles:\nREADME.md");
        return prompt(
                "readme",
                "README.md",
                "Add a section \"Opening hours\" at the end of README.md: Monday to Friday, 9 to 17.",
                script);
    }

    private String prices() {
        ModelScript script = ModelScript.script()
                .say("I will raise the price of green tea in prices.txt.")
                .delay(Duration.ofMillis(500))
                .shell(
                        "sed \"s/green: 3/green: 4/\" prices.txt > prices.new && mv prices.new prices.txt && grep green prices.txt")
                .delay(Duration.ofMillis(600))
                .shell("sleep 2; echo checked: $(wc -l < prices.txt) prices")
                .say("Green tea costs 4 now.\n\nmodifiedFiles:\nprices.txt");
        return prompt("prices", "prices.txt", "In prices.txt, raise the price of green tea from 3 to 4.", script);
    }

    private String history() {
        ModelScript script = ModelScript.script()
                .say("I will write the history of tea into history.md, from the beginning.")
                .shell("echo There was a leaf. >> history.md; sleep 600; echo Then hot water. >> history.md")
                .stall();
        return prompt(
                "history",
                "history.md",
                "Append one line about the beginnings of tea to history.md. Then run the shell command `sleep 600` and wait"
                        + " for its end, however long it takes. Then append a second line.",
                script);
    }

    private String sign() {
        ModelScript script = ModelScript.script()
                .as("price")
                .shell("grep green prices.txt")
                .delay(Duration.ofMillis(500))
                .shell("sed 's/^green/Green tea/' prices.txt | grep Green > sign.txt")
                .say("The sign shows the new price.\n\nmodifiedFiles:\nsign.txt");
        return prompt("sign", "sign.txt", "Write the price of green tea from prices.txt into sign.txt.", script);
    }

    /** The prompt, which also contains the script for a scripted model. */
    private String prompt(String label, String file, String task, ModelScript script) {
        return crew.prompt(label, file, scripted ? task + "\n" + script.prompt() : task);
    }
}
