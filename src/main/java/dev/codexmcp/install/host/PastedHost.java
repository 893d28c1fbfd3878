package dev.codexmcp.install.host;

import dev.codexmcp.install.os.Environment;

/** A host that this project cannot try. The user pastes the entry. */
public non-sealed interface PastedHost extends Host {
    /** Where to paste the entry, as part of a sentence. */
    String place(Environment environment);
}
