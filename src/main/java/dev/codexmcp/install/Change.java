package dev.codexmcp.install;

import dev.codexmcp.install.host.Host;
import java.util.List;

/** One change, planned and not yet made. */
sealed interface Change permits FileChange, CommandChange {
    Host host();

    /** What is to be done, for the user to agree to. */
    List<String> description();

    /**
     * Makes the change, whole or not at all.
     *
     * @return what was done
     */
    String make() throws InterruptedException;
}
