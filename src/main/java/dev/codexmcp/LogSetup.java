package dev.codexmcp;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import dev.codexmcp.json.IsoTime;
import org.jspecify.annotations.Nullable;

/**
 * Logback, set up in code: its own search for a configuration takes longer to load than the rest of the server. Logs go to
 * standard error; standard output is the protocol's. The level is {@code CODEX_MCP_LOG_LEVEL}, by default {@code warn}.
 * Prompts and what workers say appear at {@code debug} only.
 */
public final class LogSetup extends LogbackServiceProvider {
    /** Makes this SLF4J's provider. To be called before the first logger is asked for. */
    static void use() {
        System.setProperty("slf4j.provider", LogSetup.class.getName());
        System.setProperty("slf4j.internal.verbosity", "WARN"); // or it reports that it uses this one
    }

    @Override
    public void initialize() {
        LoggerContext context = (LoggerContext) getLoggerFactory();
        context.setMDCAdapter(getMDCAdapter());
        StandardErrorAppender appender = new StandardErrorAppender();
        appender.setContext(context);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(System.getenv("CODEX_MCP_LOG_LEVEL")));
        root.addAppender(appender);
        // The SDK warns of each client notification that it has no use for, with its content.
        context.getLogger("io.modelcontextprotocol").setLevel(Level.ERROR);
        context.start();
    }

    private static Level level(@Nullable String wanted) {
        Level level = Level.toLevel(wanted, null);
        if (level != null) {
            return level;
        }
        if (wanted != null && !wanted.isBlank()) {
            System.err.println(
                    "CODEX_MCP_LOG_LEVEL is \"" + wanted + "\", but takes one of error, warn, info, debug; using warn");
        }
        return Level.WARN;
    }

    /** Prints one line for each event, and its stack trace if it has one. */
    private static final class StandardErrorAppender extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            IThrowableProxy thrown = event.getThrowableProxy();
            System.err.println(
                    IsoTime.format(event.getTimeStamp()) + " " + event.getLevel() + " " + event.getLoggerName()
                            + ": " + event.getFormattedMessage()
                            + (thrown == null ? "" : System.lineSeparator() + ThrowableProxyUtil.asString(thrown)));
        }
    }
}
