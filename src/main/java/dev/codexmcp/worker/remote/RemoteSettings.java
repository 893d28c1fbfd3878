package dev.codexmcp.worker.remote;

import java.util.Set;

/**
 * Settings for all engines.
 *
 * @param perSecond how many workers to submit a second
 * @param leaseSeconds for how long a worker lives without a sign of life from the server
 * @param passed names of variables that workers get beside the usual ones; a {@code *} at the end stands for anything
 */
record RemoteSettings(int perSecond, int leaseSeconds, Set<String> passed) {
    RemoteSettings {
        passed = Set.copyOf(passed);
    }
}
