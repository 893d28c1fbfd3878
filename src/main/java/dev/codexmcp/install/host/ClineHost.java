package dev.codexmcp.install.host;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.codexmcp.install.edit.EntryChange;
import dev.codexmcp.install.os.Environment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Cline's command line. It gives up a call after 60 seconds unless the entry sets a time limit, which its {@code cline
 * mcp add} cannot do, so its file is edited.
 */
public final class ClineHost extends FolderHost {
    private static final TimeLimit LIMIT = TimeLimit.IN_SECONDS;

    /** The member of an entry that {@code cline mcp add} has written. */
    private static final String TRANSPORT = "transport";

    public ClineHost() {
        super("cline", "Cline");
    }

    @Override
    Path folder(Environment environment) {
        return environment.path("CLINE_DIR").orElseGet(() -> environment.home().resolve(".cline"));
    }

    @Override
    public Path userFile(Environment environment) {
        Path data = environment
                .path("CLINE_DATA_DIR")
                .orElseGet(() -> folder(environment).resolve("data"));
        return environment
                .path("CLINE_MCP_SETTINGS_PATH")
                .orElseGet(() -> data.resolve("settings/cline_mcp_settings.json"));
    }

    @Override
    public Optional<Path> projectFile(Path project) {
        return Optional.empty();
    }

    @Override
    public ObjectNode entry(Path launcher, ServerVariables variables) {
        return LIMIT.addTo(Host.jsonEntry(false, launcher, LIMIT.env(variables)));
    }

    @Override
    public String command(ObjectNode entry) {
        return entry.path(TRANSPORT).path("command").asText(super.command(entry));
    }

    @Override
    public boolean isRemote(ObjectNode entry) {
        ObjectNode transport = entry.path(TRANSPORT) instanceof ObjectNode object ? object : entry;
        return super.isRemote(transport);
    }

    @Override
    public ObjectNode completed(ObjectNode present, ObjectNode wanted) {
        if (!(present.path(TRANSPORT) instanceof ObjectNode transport)) {
            return LIMIT.completed(present, wanted);
        }
        ObjectNode target = present.deepCopy();
        if (!target.has(LIMIT.member())) {
            target.set(LIMIT.member(), wanted.path(LIMIT.member()));
        }
        ObjectNode inner = LIMIT.fitting(present, wanted).without(LIMIT.member());
        target.set(TRANSPORT, EntryChange.completed(transport, inner));
        return target;
    }

    @Override
    public String userRemark(ServerVariables variables) {
        return "; Cline starts it in the folder where Cline was first started, so pass workingDirectory to workers";
    }
}
