package dev.codexmcp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.codexmcp.cli.fleet.JobRow;
import dev.codexmcp.cli.fleet.LiveFleet;
import java.io.IOException;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/** Draws {@link WatchView} on the terminal and passes it keys until the user quits. Then restores the terminal. */
final class WatchScreen {
    /** How often the screen is drawn if no key is pressed, in milliseconds. */
    private static final long PACE_MILLIS = 250;

    private final LiveFleet fleet;
    private final WatchView view;
    private final Terminal terminal;
    private final EventText text;
    private final AtomicBoolean quit = new AtomicBoolean();
    private final AtomicBoolean resized = new AtomicBoolean(true);
    private final Set<String> running = new HashSet<>();
    private long cursor;

    private WatchScreen(LiveFleet fleet, WatchView view, Terminal terminal, boolean color) {
        this.fleet = fleet;
        this.view = view;
        this.terminal = terminal;
        this.text = new EventText(color, ZoneId.systemDefault());
    }

    static void run(LiveFleet fleet, WatchView view, boolean color) throws IOException {
        try (Terminal terminal = TerminalBuilder.builder()
                .provider("exec")
                .type(type())
                .system(true)
                .nativeSignals(true)
                .build()) {
            WatchScreen screen = new WatchScreen(fleet, view, terminal, color);
            terminal.handle(Terminal.Signal.INT, signal -> screen.quit.set(true));
            terminal.handle(Terminal.Signal.WINCH, signal -> screen.resized.set(true));
            Attributes before = terminal.enterRawMode();
            AtomicBoolean restored = new AtomicBoolean();
            Thread restore = new Thread(() -> restore(terminal, before, restored), "restore");
            Runtime.getRuntime().addShutdownHook(restore);
            try {
                terminal.puts(Capability.enter_ca_mode);
                terminal.puts(Capability.keypad_xmit);
                terminal.puts(Capability.cursor_invisible);
                screen.loop();
            } finally {
                restore(terminal, before, restored);
            }
        }
    }

    /** The terminal's type, as far as it is known here: for others, JLine would print a stack trace. */
    private static @Nullable String type() {
        String type = System.getenv("TERM");
        try {
            if (type != null) {
                InfoCmp.getInfoCmp(type);
            }
            return type;
        } catch (IOException e) {
            return "ansi";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "ansi";
        }
    }

    private static void restore(Terminal terminal, Attributes before, AtomicBoolean restored) {
        if (!restored.getAndSet(true)) {
            terminal.puts(Capability.cursor_visible);
            terminal.puts(Capability.keypad_local);
            terminal.puts(Capability.exit_ca_mode);
            terminal.flush();
            terminal.setAttributes(before);
        }
    }

    private void loop() throws IOException {
        Display display = new Display(terminal, true);
        Size size = new Size(80, 24);
        while (!quit.get()) {
            if (resized.getAndSet(false)) {
                size = size();
                display.clear();
                display.resize(size.getRows(), size.getColumns());
            }
            view.show(fleet.jobs(), fleet.servers().size());
            ring();
            readLog();
            display.updateAnsi(view.lines(size.getColumns(), size.getRows(), System.currentTimeMillis()), 0);
            obey(view.press(Key.read(terminal.reader(), PACE_MILLIS)));
        }
    }

    private Size size() {
        Size now = terminal.getSize();
        return now.getColumns() > 0 && now.getRows() > 0 ? now : new Size(80, 24);
    }

    private void obey(WatchView.Wish wish) {
        if (wish instanceof WatchView.Wish.Quit) {
            quit.set(true);
        } else if (wish instanceof WatchView.Wish.Open) {
            cursor = 0;
        } else if (wish instanceof WatchView.Wish.Cancel cancel) {
            view.say(cancel(cancel.job()));
        }
    }

    private String cancel(JobRow job) {
        try {
            JsonNode answer = fleet.ask(job, LiveFleet.request("cancel"));
            return answer.path("canceled").asBoolean() ? "canceled" : "it had ended already";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void readLog() {
        view.opened().ifPresent(job -> {
            try {
                JsonNode page = fleet.ask(job, LiveFleet.request("events").put("cursor", cursor));
                view.addToLog(WatchCommand.lines(page, text));
                cursor = page.path("nextCursor").asLong(cursor);
            } catch (IOException e) {
                view.say(String.valueOf(e.getMessage()));
            }
        });
    }

    /** Rings if a job has ended that was seen before its end. */
    private void ring() {
        boolean ends = false;
        for (JobRow job : fleet.jobs()) {
            if (job.ended()) {
                ends |= running.remove(job.id());
            } else {
                running.add(job.id());
            }
        }
        if (ends && view.rings()) {
            terminal.puts(Capability.bell);
        }
    }
}
