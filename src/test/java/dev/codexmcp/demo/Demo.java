package dev.codexmcp.demo;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs a demo and cleans up afterwards, whatever happens. {@code scripts/demo} starts it. */
public final class Demo {

    private final Screen screen;
    private @Nullable DemoEnvironment stage;
    private boolean stopped;

    private Demo(Screen screen) {
        this.screen = screen;
    }

    /** Arguments: the repository's root, the width of the screen, whether it has colours, and the user's arguments. */
    public static void main(String[] args) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        List<String> options = Arrays.asList(args).subList(3, args.length);
        Demo demo = new Demo(new Screen(out, Integer.parseInt(args[1]), args[2].equals("color")));
        Runtime.getRuntime().addShutdownHook(new Thread(demo::interrupted, "stop"));
        String launcher = options.contains("--slurm") ? "slurm" : options.contains("--ssh") ? "node" : "local";
        System.exit(demo.run(Path.of(args[0]), options.contains("--real"), options.contains("--conflict"), launcher));
    }

    private int run(Path top, boolean real, boolean conflict, String launcher) {
        try {
            WorkerCli cast = WorkerCli.find(real);
            try (DemoEnvironment opened = open(top, cast, launcher)) {
                introduce(cast, opened);
                if (conflict) {
                    new Conflict(opened, screen).play();
                } else {
                    new SideBySide(opened, screen, !real).play();
                }
                return 0;
            }
        } catch (DemoFailure e) {
            screen.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | AssertionError e) {
            screen.fail(firstLine(e) + "\nRun scripts/doctor to check this installation.");
        } finally {
            synchronized (this) {
                stage = null;
            }
        }
        return 1;
    }

    private void introduce(WorkerCli cast, DemoEnvironment opened) {
        if (cast instanceof WorkerCli.Own) {
            screen.text("A boss and its Codex workers, with your own CLI: " + cast.cli() + ".");
            screen.text("Four short tasks will be charged to your account.");
        } else {
            screen.text("A boss and its Codex workers. Their model is scripted: no account or key needed.");
            screen.fact("CLI", cast.cli());
        }
        screen.fact("folder", opened.repository().getParent() + ", deleted at the end");
    }

    /** The rest of the stack trace is for developers of the demo. */
    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private synchronized DemoEnvironment open(Path top, WorkerCli cast, String launcher) {
        if (stopped) {
            throw new DemoFailure("stopped");
        }
        DemoEnvironment opened = new DemoEnvironment(top, cast, launcher);
        stage = opened;
        return opened;
    }

    /** Runs at Ctrl-C, and at the normal end, when nothing is left to do. */
    private synchronized void interrupted() {
        stopped = true;
        if (stage == null) {
            screen.mute();
        } else {
            screen.endWith("Stopped. Ending the workers, deleting the scratch repository.");
            try {
                stage.close();
            } catch (AssertionError e) {
                // The signal also reached the server and ended it first: no difference.
                screen.mute();
            }
        }
    }
}
