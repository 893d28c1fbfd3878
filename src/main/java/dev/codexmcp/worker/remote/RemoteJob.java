package dev.codexmcp.worker.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A worker as an engine knows it.
 *
 * @param name its name in the engine, which begins with {@code codex-mcp-}
 * @param jobId its job
 * @param label the job's label, reduced to letters, digits, dots, underscores and dashes
 * @param directory an absolute path, where the worker is to start
 */
record RemoteJob(String name, String jobId, String label, String directory) {
    /** Labels end up in engines' own files and tables. */
    static String reduced(String label) {
        String reduced = label.replaceAll("[^A-Za-z0-9._-]+", "-");
        return reduced.length() > 40 ? reduced.substring(0, 40) : reduced;
    }

    /** These words with what their placeholders stand for. */
    List<String> fill(List<String> words) {
        Map<String, String> values = Map.of("{name}", name, "{jobId}", jobId, "{label}", label, "{cwd}", directory);
        List<String> filled = new ArrayList<>();
        for (String word : words) {
            filled.add(filled(word, values));
        }
        return filled;
    }

    /** In one pass: a value may look like a placeholder. */
    private static String filled(String word, Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < word.length()) {
            int from = at;
            String placeholder = values.keySet().stream()
                    .filter(key -> word.startsWith(key, from))
                    .findFirst()
                    .orElse("");
            text.append(placeholder.isEmpty() ? word.substring(at, at + 1) : values.get(placeholder));
            at += Math.max(1, placeholder.length());
        }
        return text.toString();
    }
}
