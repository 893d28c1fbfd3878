package dev.codexmcp.install.edit;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the positions of the tables and keys in a valid TOML text. */
final class TomlLines {
    private final String text;
    private final List<Line> lines = new ArrayList<>();
    private int at;

    /**
     * A table's header, or a key with its value.
     *
     * @param path the path of the table or key from the root
     * @param headerSize how many names of the path are in the header above; for a header, all of them
     * @param valueStart where the key's value starts
     * @param end the position after the line ending
     */
    record Line(int start, List<String> path, int headerSize, int valueStart, int valueEnd, int end) {
        boolean isHeader() {
            return headerSize == path.size();
        }

        boolean isHeaderOf(List<String> table) {
            return isHeader() && path.equals(table);
        }

        /** Whether the key is under the header of this table. */
        boolean isKeyIn(List<String> table) {
            return !isHeader() && headerSize == table.size() && isAtOrBelow(table);
        }

        boolean isAtOrBelow(List<String> table) {
            return path.size() >= table.size() && path.subList(0, table.size()).equals(table);
        }
    }

    private TomlLines(String text) {
        this.text = text;
    }

    static List<Line> of(String text) throws SyntaxException {
        TomlLines scan = new TomlLines(text);
        scan.scan();
        return List.copyOf(scan.lines);
    }

    private void scan() throws SyntaxException {
        List<String> table = List.of();
        if (text.startsWith("\uFEFF")) {
            at = 1;
        }
        for (skip(true); at < text.length(); skip(true)) {
            int start = Math.max(text.lastIndexOf('\n', at - 1) + 1, text.startsWith("\uFEFF") ? 1 : 0);
            if (text.charAt(at) == '[') {
                boolean array = text.startsWith("[[", at);
                at += array ? 2 : 1;
                table = key();
                expect(array ? "]]" : "]");
                int end = at;
                lines.add(new Line(start, table, table.size(), end, end, lineEnd()));
            } else {
                List<String> path = new ArrayList<>(table);
                path.addAll(key());
                expect("=");
                skip(false);
                int valueStart = at;
                value();
                int valueEnd = at;
                lines.add(new Line(start, List.copyOf(path), table.size(), valueStart, valueEnd, lineEnd()));
            }
        }
    }

    private List<String> key() throws SyntaxException {
        List<String> path = new ArrayList<>();
        while (true) {
            skip(false);
            int start = at;
            if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\'')) {
                string();
                path.add(decoded(start));
            } else {
                while (at < text.length() && isBare(text.charAt(at))) {
                    at++;
                }
                if (at == start) {
                    throw SyntaxException.at(text, at, "a key is missing");
                }
                path.add(text.substring(start, at));
            }
            skip(false);
            if (at >= text.length() || text.charAt(at) != '.') {
                return List.copyOf(path);
            }
            at++;
        }
    }

    private String decoded(int start) throws SyntaxException {
        try {
            return TomlFormat.MAPPER
                    .readTree(text.substring(start, at) + " = 0")
                    .fieldNames()
                    .next();
        } catch (JsonProcessingException e) {
            throw SyntaxException.at(text, start, e.getOriginalMessage());
        }
    }

    private static boolean isBare(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    private void value() throws SyntaxException {
        char first = at < text.length() ? text.charAt(at) : '\n';
        if (first == '"' || first == '\'') {
            string();
        } else if (first == '[' || first == '{') {
            group(first == '[' ? ']' : '}');
        } else {
            int start = at;
            while (at < text.length() && ",]}#\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            while (at > start && " \t".indexOf(text.charAt(at - 1)) >= 0) {
                at--;
            }
            if (at == start) {
                throw SyntaxException.at(text, at, "a value is missing");
            }
        }
    }

    /** Skips an array or an inline table. */
    private void group(char end) throws SyntaxException {
        at++;
        while (true) {
            skip(true);
            if (at >= text.length()) {
                throw SyntaxException.at(text, at, end + " is missing");
            }
            char c = text.charAt(at);
            if (c == end) {
                at++;
                return;
            }
            if (c == '"' || c == '\'') {
                string();
            } else if (c == '[' || c == '{') {
                group(c == '[' ? ']' : '}');
            } else {
                at++;
            }
        }
    }

    private void string() throws SyntaxException {
        char quote = text.charAt(at);
        String three = String.valueOf(quote).repeat(3);
        boolean multiline = text.startsWith(three, at);
        at += multiline ? 3 : 1;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quote == '"' && c == '\\') {
                at += 2;
            } else if (multiline && text.startsWith(three, at)) {
                at += 3;
                // Up to two more quotes may directly precede the closing ones.
                while (at < text.length() && text.charAt(at) == quote) {
                    at++;
                }
                return;
            } else if (!multiline && c == quote) {
                at++;
                return;
            } else {
                at++;
            }
        }
        throw SyntaxException.at(text, at, "unterminated string");
    }

    private void expect(String expected) throws SyntaxException {
        if (!text.startsWith(expected, at)) {
            throw SyntaxException.at(text, at, expected + " is missing");
        }
        at += expected.length();
    }

    /** Skips the rest of the line, which may contain only a comment. */
    private int lineEnd() throws SyntaxException {
        skip(false);
        if (at < text.length() && text.charAt(at) == '\r') {
            at++;
        }
        if (at < text.length() && text.charAt(at) != '\n') {
            throw SyntaxException.at(text, at, "expected the end of the line");
        }
        at = Math.min(at + 1, text.length());
        return at;
    }

    /** Skips white space and comments. */
    private void skip(boolean lineEndings) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || (lineEndings && (c == '\n' || c == '\r'))) {
                at++;
            } else if (c == '#') {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    at++;
                }
            } else {
                return;
            }
        }
    }

    /** The header of the table, if it has one. */
    static Optional<Line> header(List<Line> lines, List<String> table) {
        return lines.stream().filter(line -> line.isHeaderOf(table)).findFirst();
    }
}
