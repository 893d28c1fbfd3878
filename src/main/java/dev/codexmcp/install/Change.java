package dev.codexmcp.install;

import dev.codexmcp.install.host.EditedHost;
import java.util.List;

/** A planned change. */
sealed interface Change permits FileChange, CommandChange {
    EditedHost host();

    /** Describes the change so that the user can confirm it. */
    List<String> description();

    /**
     * Makes the change, completely or not at all.
     *
     * @return a summary of what was done
     */
    String make() throws InterruptedException;
}
