package dev.codexmcp.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The files of the page, all from the jar. */
final class Assets {
    private static final String LIBRARIES = "/META-INF/resources/webjars/";
    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";

    /**
     * A file.
     *
     * @param resource where it is on the class path
     * @param type its media type
     */
    record Asset(String resource, String type) {
        /** The content, which all requests share: there may be many slow ones. */
        byte[] content() throws IOException {
            byte[] known = CONTENTS.get(resource);
            byte[] content = known == null ? read() : known;
            CONTENTS.putIfAbsent(resource, content);
            return content;
        }

        private byte[] read() throws IOException {
            try (InputStream in = Assets.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IOException(resource + " is not in the jar");
                }
                return in.readAllBytes();
            }
        }
    }

    private static final Map<String, byte[]> CONTENTS = new ConcurrentHashMap<>();

    private static final Map<String, Asset> BY_PATH = Map.ofEntries(
            Map.entry("/", new Asset("index.html", "text/html; charset=utf-8")),
            Map.entry("/style.css", new Asset("style.css", "text/css; charset=utf-8")),
            Map.entry("/detail.css", new Asset("detail.css", "text/css; charset=utf-8")),
            Map.entry("/icon.svg", new Asset("icon.svg", "image/svg+xml")),
            script("app.js"),
            script("feed.js"),
            script("list.js"),
            script("lanes.js"),
            script("detail.js"),
            script("changes.js"),
            script("format.js"),
            Map.entry("/lib/lit-html.js", new Asset(LIBRARIES + "lit-html/3.3.2/lit-html.js", JAVASCRIPT)),
            Map.entry("/lib/d3.js", new Asset(LIBRARIES + "d3/7.9.0/dist/d3.min.js", JAVASCRIPT)));

    private Assets() {}

    private static Map.Entry<String, Asset> script(String name) {
        return Map.entry("/" + name, new Asset(name, JAVASCRIPT));
    }

    static Optional<Asset> find(String path) {
        return Optional.ofNullable(BY_PATH.get(path));
    }
}
