package dev.codexmcp.dashboard;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides which requests are answered. Another site's page can send requests to this machine, and can make its own name resolve to it. So {@code Host} must be ours in every request, {@code Origin} in every one that changes something, and data requires the token, which no browser sends as part of an address.
 */
final class Guard {
    private static final int TOKEN_BYTES = 32;

    private final byte[] token;
    private final Set<String> hosts;

    private Guard(byte[] token, int port) {
        this.token = token;
        this.hosts = Set.of("127.0.0.1:" + port, "localhost:" + port);
    }

    /** With a new token. */
    static Guard create(int port) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return new Guard(Base64.getUrlEncoder().withoutPadding().encode(random), port);
    }

    String token() {
        return new String(token, StandardCharsets.US_ASCII);
    }

    /** Why a request is refused, as an HTTP status; empty if it is not. */
    Optional<Integer> refuse(HttpExchange request, boolean needsToken) {
        Headers headers = request.getRequestHeaders();
        String named = request.getRequestURI().getRawAuthority();
        if (!isOurs(headers.get("Host")) || (named != null && !hosts.contains(named))) {
            return Optional.of(421);
        }
        boolean changes = !request.getRequestMethod().equals("GET");
        if (changes && (isForeign(headers.get("Origin")) || isCrossSite(headers.getFirst("Sec-Fetch-Site")))) {
            return Optional.of(403);
        }
        return needsToken && !hasToken(headers.get("Authorization")) ? Optional.of(401) : Optional.empty();
    }

    private boolean isOurs(@Nullable List<String> host) {
        return host != null && host.size() == 1 && hosts.contains(host.get(0));
    }

    /** Programs other than browsers send none. */
    private boolean isForeign(@Nullable List<String> origin) {
        return origin != null
                && !(origin.size() == 1
                        && origin.get(0).startsWith("http://")
                        && hosts.contains(origin.get(0).substring("http://".length())));
    }

    private static boolean isCrossSite(@Nullable String site) {
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }

    private boolean hasToken(@Nullable List<String> authorization) {
        return authorization != null
                && authorization.size() == 1
                && authorization.get(0).startsWith("Bearer ")
                && MessageDigest.isEqual(
                        token,
                        authorization.get(0).substring("Bearer ".length()).getBytes(StandardCharsets.UTF_8));
    }

    /** Sets the headers that keep other sites, and scripts that are not the page's own, out. */
    static void protect(Headers headers) {
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self'; "
                        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }
}
