package dev.codexmcp;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.codexmcp.json.IsoTime;
import org.jspecify.annotations.Nullable;

/**
 * Sets logback up in code, without its XML and its pattern language, which take longer to load than the rest of the server.
 * Logs go to standard error: standard output is the protocol's. The level is {@code CODEX_MCP_LOG_LEVEL}, else {@code warn};
 * prompts and what workers say appear at {@code debug} at the earliest.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ToStandardError appender = new ToStandardError();
        appender.setContext(context);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(level(System.getenv("CODEX_MCP_LOG_LEVEL")));
        root.addAppender(appender);
        // The SDK warns of each client notification that it has no use for, with its content.
        context.getLogger("io.modelcontextprotocol").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
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
