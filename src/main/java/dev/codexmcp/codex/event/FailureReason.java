package dev.codexmcp.codex.event;

import java.util.Locale;

/** Why a turn has failed, as far as the CLI's words tell. */
public enum FailureReason {
    /** The account's allowance is used up, for hours or days. */
    USAGE_LIMIT,
    /** Too many requests or tokens in a short time. */
    RATE_LIMIT,
    /** The provider has no capacity or fails at its end. */
    OVERLOADED,
    /** The provider can't be reached, or the connection broke. */
    NETWORK,
    /** No key, or one that the provider doesn't accept. */
    AUTH,
    /** A model that the provider doesn't know or doesn't give to this account. */
    MODEL;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The word used in answers. */
    public String wire() {
        return wire;
    }
}
