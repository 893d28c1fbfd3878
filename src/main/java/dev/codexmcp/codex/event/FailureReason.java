package dev.codexmcp.codex.event;

import java.util.Locale;

/** Why a turn failed, as far as the CLI's message shows. */
public enum FailureReason {
    /** The account's allowance is used up, for hours or days. */
    USAGE_LIMIT,
    /** Too many requests or tokens in a short time. */
    RATE_LIMIT,
    /** The provider is out of capacity or has an internal error. */
    OVERLOADED,
    /** The provider cannot be reached, or the connection broke. */
    NETWORK,
    /** The API key is missing or rejected. */
    AUTH,
    /** The model is unknown to the provider or unavailable to this account. */
    MODEL;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** The name used in results. */
    public String wire() {
        return wire;
    }
}
