package dev.codexmcp.install.edit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import dev.codexmcp.install.edit.TomlLines.Line;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** TOML in which each entry is a table with its own header. */
final class TomlFormat implements ConfigFormat {
    /** Keeps every digit of a number. */
    static final TomlMapper MAPPER = TomlMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Arrays are wrapped before this column. */
    private static final int WIDTH = 100;

    @Override
    public ObjectNode parse(String text) throws SyntaxException {
        if (text.isBlank()) {
            return MAPPER.createObjectNode();
        }
        try {
            return (ObjectNode) MAPPER.readTree(ConfigFormat.withoutMark(text));
        } catch (JsonProcessingException e) {
            String problem = e.getOriginalMessage().lines().findFirst().orElse("not valid TOML");
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            // The parser reports a duplicate key only after reading its line.
            boolean isLineBefore = problem.equals("Duplicate key")
                    && e.getLocation() != null
                    && e.getLocation().getColumnNr() == 1;
            throw new SyntaxException(isLineBefore ? line - 1 : line, problem);
        }
    }

    @Override
    public String put(String text, List<String> path, ObjectNode target) throws SyntaxException {
        List<Line> lines = checked(text, path);
        if (TomlLines.header(lines, path).isEmpty()) {
            return text + separator(text) + block(path, target, ConfigFormat.lineEnding(text));
        }
        List<Edit> edits = new ArrayList<>();
        change(text, lines, path, (ObjectNode) ConfigFormat.at(parse(text), path), target, edits);
        return Edit.apply(text, edits);
    }

    private static String separator(String text) {
        if (text.isEmpty() || text.equals("\uFEFF")) {
            return "";
        }
        String lineEnding = ConfigFormat.lineEnding(text);
        return text.endsWith("\n") ? lineEnding : lineEnding + lineEnding;
    }

    /** Collects the edits that change the table with this header into the target. */
    private static void change(
            String text, List<Line> lines, List<String> table, ObjectNode current, ObjectNode target, List<Edit> edits)
            throws SyntaxException {
        String lineEnding = ConfigFormat.lineEnding(text);
        for (Iterator<String> names = current.fieldNames(); names.hasNext(); ) {
            List<String> path = below(table, names.next());
            if (!target.has(path.get(path.size() - 1))) {
                lines.stream()
                        .filter(line -> line.isKeyIn(table) && line.isAtOrBelow(path))
                        .forEach(line -> edits.add(new Edit(line.start(), line.end(), "")));
                edits.addAll(removal(text, lines, path));
            }
        }
        StringBuilder added = new StringBuilder();
        for (Map.Entry<String, JsonNode> member : target.properties()) {
            List<String> path = below(table, member.getKey());
            JsonNode present = current.path(member.getKey());
            if (present.isMissingNode()) {
                added.append(setting(member.getKey(), member.getValue(), lineEnding));
            } else if (!present.toString().equals(member.getValue().toString())) {
                Optional<Line> key = lines.stream()
                        .filter(line -> line.isKeyIn(table) && line.path().equals(path))
                        .findFirst();
                if (key.isPresent()) {
                    String value = rendered(member.getValue(), lineEnding);
                    edits.add(new Edit(key.get().valueStart(), key.get().valueEnd(), value));
                } else if (TomlLines.header(lines, path).isPresent()
                        && present instanceof ObjectNode inner
                        && member.getValue() instanceof ObjectNode wanted) {
                    change(text, lines, path, inner, wanted, edits);
                } else {
                    throw unsuitable(text, lines, path, table);
                }
            }
        }
        if (added.length() > 0) {
            int place = lines.stream()
                    .filter(line -> line.isHeaderOf(table) || line.isKeyIn(table))
                    .mapToInt(Line::end)
                    .max()
                    .orElseThrow();
            edits.add(new Edit(place, place, (text.charAt(place - 1) == '\n' ? "" : lineEnding) + added));
        }
    }

    private static List<String> below(List<String> table, String name) {
        List<String> path = new ArrayList<>(table);
        path.add(name);
        return List.copyOf(path);
    }

    @Override
    public String remove(String text, List<String> path) throws SyntaxException {
        return Edit.apply(text, removal(text, checked(text, path), path));
    }

    @Override
    public String removeIfBlank(String text, List<String> path) {
        return text;
    }

    /** Removes the table and its subtables, each with the blank line before it. */
    private static List<Edit> removal(String text, List<Line> lines, List<String> table) {
        List<Edit> edits = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.isHeader() && line.isAtOrBelow(table)) {
                int end = line.end();
                while (i + 1 < lines.size() && !lines.get(i + 1).isHeader()) {
                    end = lines.get(++i).end();
                }
                int start = line.start();
                for (String blank : List.of("\r\n\r\n", "\n\n")) {
                    if (text.startsWith(blank, start - blank.length())) {
                        start -= blank.length() / 2;
                        break;
                    }
                }
                edits.add(new Edit(start, end, ""));
            }
        }
        return edits;
    }

    /** The lines of the text; throws if the table has a form that cannot be changed line by line. */
    private static List<Line> checked(String text, List<String> table) throws SyntaxException {
        List<Line> lines = TomlLines.of(text);
        for (Line line : lines) {
            boolean holdsTable =
                    table.subList(0, Math.min(table.size(), line.path().size())).equals(line.path());
            boolean isPartOfTable = line.isAtOrBelow(table) && line.headerSize() < table.size();
            if (!line.isHeader() && (holdsTable || isPartOfTable)) {
                throw unsuitable(text, lines, line.path(), table);
            }
        }
        return lines;
    }

    private static SyntaxException unsuitable(String text, List<Line> lines, List<String> path, List<String> table) {
        int place = lines.stream()
                .filter(line -> !line.isHeader() && line.isAtOrBelow(path))
                .mapToInt(Line::start)
                .findFirst()
                .orElse(0);
        return SyntaxException.at(
                text,
                place,
                String.join(".", path)
                        + " is an inline or dotted table, which cannot be changed in place: write it as a ["
                        + String.join(".", table) + "] table, or make the change there by hand");
    }

    @Override
    public String snippet(List<String> path, ObjectNode entry) {
        return block(path, entry, "\n");
    }

    private static String block(List<String> path, ObjectNode entry, String lineEnding) {
        StringBuilder block = new StringBuilder("[")
                .append(String.join(".", path.stream().map(TomlFormat::key).toList()))
                .append(']')
                .append(lineEnding);
        entry.properties().forEach(field -> block.append(setting(field.getKey(), field.getValue(), lineEnding)));
        return block.toString();
    }

    private static String setting(String name, JsonNode value, String lineEnding) {
        return key(name) + " = " + rendered(value, lineEnding) + lineEnding;
    }

    private static String key(String name) {
        return name.matches("[A-Za-z0-9_-]+") ? name : string(name);
    }

    private static String string(String value) {
        return JsonInsertion.quoted(value).replace("\u007f", "\\u007f");
    }

    private static String rendered(JsonNode value, String lineEnding) {
        if (value.isArray()) {
            return array(value, lineEnding);
        }
        if (value.isObject()) {
            List<String> pairs = new ArrayList<>();
            value.properties().forEach(field -> pairs.add(key(field.getKey()) + " = " + inline(field.getValue())));
            return pairs.isEmpty() ? "{}" : "{ " + String.join(", ", pairs) + " }";
        }
        return inline(value);
    }

    private static String inline(JsonNode value) {
        if (value.isTextual()) {
            return string(value.textValue());
        }
        if (value.isContainerNode()) {
            // Inline tables must be on one line.
            List<String> parts = new ArrayList<>();
            if (value.isArray()) {
                value.forEach(element -> parts.add(inline(element)));
                return "[" + String.join(", ", parts) + "]";
            }
            value.properties().forEach(field -> parts.add(key(field.getKey()) + " = " + inline(field.getValue())));
            return "{" + String.join(", ", parts) + "}";
        }
        return value.toString();
    }

    /** Writes the array on one line if it fits, else as many elements per line as fit. */
    private static String array(JsonNode array, String lineEnding) {
        String oneLine = inline(array);
        if (oneLine.length() <= WIDTH) {
            return oneLine;
        }
        StringBuilder list = new StringBuilder("[");
        int column = WIDTH;
        for (JsonNode value : array) {
            String element = inline(value) + ",";
            if (column + element.length() >= WIDTH) {
                list.append(lineEnding).append(" ");
                column = 1;
            }
            list.append(' ').append(element);
            column += element.length() + 1;
        }
        return list.append(lineEnding).append(']').toString();
    }
}
