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
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Configures Logback in code: Logback's own search for a configuration takes longer than loading the rest of the
 * server. Logs go to standard error; standard output is reserved for the protocol. {@code CODEX_MCP_LOG_LEVEL} sets the
 * level, by default {@code warn}. Prompts and worker output are logged at {@code debug} only.
 */
public final class LogSetup extends LogbackServiceProvider {
    /** SLF4J's own name for "a provider has been found". */
    private static final int SUCCESSFUL_INITIALIZATION = 3;

    /** Makes this class SLF4J's provider. Must be called before the first logger is created. */
    static void use() {
        if (LogSetup.class.getClassLoader() == null) {
            useInBootLoader();
            return;
        }
        System.setProperty("slf4j.provider", LogSetup.class.getName());
        System.setProperty("slf4j.internal.verbosity", "WARN"); // otherwise SLF4J prints which provider it uses
    }

    /**
     * SLF4J loads its provider through the class loader that SLF4J itself was loaded by, and fails if that is the JVM's
     * own, which the launcher uses. Its search for providers works there, but reads the whole directory of the jar: 5
     * ms.
     */
    private static void useInBootLoader() {
        LogSetup provider = new LogSetup();
        provider.initialize();
        try {
            set("PROVIDER", provider);
            set("INITIALIZATION_STATE", SUCCESSFUL_INITIALIZATION);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this is not the SLF4J that the server was built with", e);
        }
    }

    private static void set(String name, Object value) throws ReflectiveOperationException {
        Field field = LoggerFactory.class.getDeclaredField(name);
        field.setAccessible(true);
        field.set(null, value);
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
        // The SDK logs a warning, with the content, for each client notification that it does not handle.
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
                    "CODEX_MCP_LOG_LEVEL is \"" + wanted + "\": it must be error, warn, info or debug; using warn");
        }
        return Level.WARN;
    }

    /** Prints each event on one line, followed by its stack trace, if any. */
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
