package dev.codexmcp;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.CoreConstants;
import dev.codexmcp.json.IsoTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Gives SLF4J a logback that is set up in code. Its own way there, the search for a configuration, the XML and the pattern
 * language, takes longer to load than the rest of the server.
 * Logs go to standard error: standard output is the protocol's. The level is {@code CODEX_MCP_LOG_LEVEL}, else {@code warn};
 * prompts and what workers say appear at {@code debug} at the earliest.
 */
public final class LogSetup implements SLF4JServiceProvider {
    private final LoggerContext context = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();

    /** Has SLF4J use this, and not look for others. To be called before the first logger is asked for. */
    static void use() {
        System.setProperty("slf4j.provider", LogSetup.class.getName());
        System.setProperty("slf4j.internal.verbosity", "WARN"); // it would tell of that
    }

    @Override
    public void initialize() {
        context.setName(CoreConstants.DEFAULT_CONTEXT_NAME);
        context.setMDCAdapter(diagnostics);
        ToStandardError appender = new ToStandardError();
        appender.setContext(context);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(System.getenv("CODEX_MCP_LOG_LEVEL")));
        root.addAppender(appender);
        // The SDK warns of each client notification that it has no use for, with its content.
        context.getLogger("io.modelcontextprotocol").setLevel(Level.ERROR);
        context.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return context;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return diagnostics;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
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

    /** One line an event, and the stack trace where there is one. */
    private static final class ToStandardError extends AppenderBase<ILoggingEvent> {
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
