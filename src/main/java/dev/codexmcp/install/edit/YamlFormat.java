package dev.codexmcp.install.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * YAML whose entries are the elements of a list at the top, each with its name in the member {@code name}. Paths and
 * parsed files have the list as an object, with an element's name as the member's name.
 */
final class YamlFormat implements ConfigFormat {
    private static final String NAME = "name";

    @Override
    public ObjectNode parse(String text) throws SyntaxException {
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        Optional<MappingNode> root = YamlTree.of(text).root();
        if (root.isPresent()) {
            YamlTree.value(root.get())
                    .properties()
                    .forEach(member -> file.set(member.getKey(), named(member.getValue())));
        }
        return file;
    }

    /** A list of objects as an object; null as an empty one, which it is after its last element has been removed. */
    private static JsonNode named(JsonNode value) {
        if (value.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        if (!value.isArray()) {
            return value;
        }
        ObjectNode elements = JsonNodeFactory.instance.objectNode();
        for (JsonNode element : value) {
            String key = element.path(NAME).isTextual() ? element.path(NAME).asText() : "#" + element;
            while (elements.has(key)) {
                key += "#";
            }
            elements.set(
                    key,
                    element instanceof ObjectNode object ? object.deepCopy().without(NAME) : element);
        }
        return elements;
    }

    @Override
    public String put(String text, List<String> path, ObjectNode target) throws SyntaxException {
        YamlTree tree = YamlTree.of(text);
        if (tree.root().isEmpty()) {
            return text + separator(text) + block(text, "", path, target);
        }
        MappingNode root = tree.root().get();
        requireBlock(text, tree, root);
        Optional<NodeTuple> list = YamlTree.member(root, path.get(0));
        if (list.isEmpty()) {
            return text + separator(text) + block(text, column(text, tree.start(root)), path, target);
        }
        Node value = list.get().getValueNode();
        if (!(value instanceof SequenceNode sequence) || sequence.getValue().isEmpty()) {
            return intoEmpty(text, tree, list.get(), path, target);
        }
        Optional<MappingNode> element = element(sequence, path.get(1));
        if (element.isPresent()) {
            requireBlock(text, tree, element.get());
            List<Edit> edits = new ArrayList<>();
            change(text, tree, element.get(), named(path.get(1), target), edits);
            return Edit.apply(text, edits);
        }
        requireBlock(text, tree, sequence);
        String dashes = dashIndentation(text, tree, sequence.getValue().get(0));
        int place = endOfContent(text, tree, sequence);
        String more = (text.charAt(place - 1) == '\n' ? "" : ConfigFormat.lineEnding(text))
                + item(dashes, path.get(1), target, ConfigFormat.lineEnding(text));
        return Edit.apply(text, List.of(new Edit(place, place, more)));
    }

    /** Replaces {@code []}, {@code null} or nothing by a list with the entry. */
    private static String intoEmpty(String text, YamlTree tree, NodeTuple list, List<String> path, ObjectNode target)
            throws SyntaxException {
        Node value = list.getValueNode();
        String lineEnding = ConfigFormat.lineEnding(text);
        String indentation = column(text, tree.start(list.getKeyNode()));
        String item = item(indentation + "  ", path.get(1), target, lineEnding);
        int start = tree.start(value);
        while (start > 0 && JsonFormat.isBlank(text.charAt(start - 1))) {
            start--;
        }
        boolean absent = tree.start(value) == tree.end(value);
        int place = lineEnd(text, tree.end(absent ? list.getKeyNode() : value));
        String more = (text.charAt(place - 1) == '\n' ? "" : lineEnding) + item;
        Edit insertion = new Edit(place, place, more);
        return Edit.apply(text, absent ? List.of(insertion) : List.of(new Edit(start, tree.end(value), ""), insertion));
    }

    /** Collects the edits that change a mapping into the target. */
    private static void change(String text, YamlTree tree, MappingNode mapping, ObjectNode target, List<Edit> edits)
            throws SyntaxException {
        String lineEnding = ConfigFormat.lineEnding(text);
        String indentation = column(text, tree.start(mapping.getValue().get(0).getKeyNode()));
        for (NodeTuple tuple : mapping.getValue()) {
            String name = ((ScalarNode) tuple.getKeyNode()).getValue();
            JsonNode present = YamlTree.value(tuple.getValueNode());
            JsonNode wanted = target.path(name);
            if (wanted.isMissingNode()) {
                int start = lineStart(text, tree.start(tuple.getKeyNode()));
                if (!text.substring(start, tree.start(tuple.getKeyNode())).isBlank()) {
                    throw SyntaxException.at(text, start, "\"" + name + "\" shares its line with its list");
                }
                edits.add(new Edit(start, endOfContent(text, tree, tuple.getValueNode()), ""));
            } else if (!EntryEditor.canonical(present).equals(EntryEditor.canonical(wanted))) {
                Node value = tuple.getValueNode();
                if (value instanceof MappingNode inner && isBlock(inner) && wanted instanceof ObjectNode object) {
                    change(text, tree, inner, object, edits);
                } else if (value instanceof CollectionNode<?> collection && isBlock(collection)) {
                    throw SyntaxException.at(
                            text, tree.start(value), "\"" + name + "\" is a list, which cannot be changed in place");
                } else {
                    String flow = JsonInsertion.compact(wanted, " ");
                    boolean gap = tree.start(value) == tree.end(value);
                    edits.add(new Edit(tree.start(value), tree.end(value), gap ? " " + flow : flow));
                }
            }
        }
        StringBuilder added = new StringBuilder();
        for (Map.Entry<String, JsonNode> member : target.properties()) {
            if (YamlTree.member(mapping, member.getKey()).isEmpty()) {
                added.append(setting(indentation, member, lineEnding));
            }
        }
        if (added.length() > 0) {
            int place = endOfContent(text, tree, mapping);
            edits.add(new Edit(place, place, (text.charAt(place - 1) == '\n' ? "" : lineEnding) + added));
        }
    }

    @Override
    public String remove(String text, List<String> path) throws SyntaxException {
        YamlTree tree = YamlTree.of(text);
        Optional<SequenceNode> list = tree.root()
                .flatMap(root -> YamlTree.member(root, path.get(0)))
                .map(NodeTuple::getValueNode)
                .filter(SequenceNode.class::isInstance)
                .map(SequenceNode.class::cast);
        Optional<MappingNode> element = list.flatMap(found -> element(found, path.get(1)));
        if (list.isEmpty() || element.isEmpty()) {
            return text;
        }
        requireBlock(text, tree, list.get());
        dashIndentation(text, tree, element.get());
        int start = lineStart(text, text.lastIndexOf('-', tree.start(element.get()) - 1));
        return Edit.apply(text, List.of(new Edit(start, endOfContent(text, tree, element.get()), "")));
    }

    @Override
    public String removeIfBlank(String text, List<String> path) throws SyntaxException {
        YamlTree tree = YamlTree.of(text);
        Optional<NodeTuple> list = tree.root().flatMap(root -> YamlTree.member(root, path.get(0)));
        if (list.isEmpty()
                || tree.start(list.get().getValueNode()) != tree.end(list.get().getValueNode())) {
            return text;
        }
        int start = lineStart(text, tree.start(list.get().getKeyNode()));
        int end = lineEnd(text, start);
        String rest = text.substring(tree.end(list.get().getKeyNode()), end);
        return rest.strip().equals(":") ? Edit.apply(text, List.of(new Edit(start, end, ""))) : text;
    }

    @Override
    public String snippet(List<String> path, ObjectNode entry) {
        return block("", "", path, entry);
    }

    private static String block(String text, String indentation, List<String> path, ObjectNode entry) {
        String lineEnding = ConfigFormat.lineEnding(text);
        return indentation + path.get(0) + ":" + lineEnding + item(indentation + "  ", path.get(1), entry, lineEnding);
    }

    private static String separator(String text) {
        return text.isEmpty() || text.endsWith("\n") || text.equals("\uFEFF") ? "" : ConfigFormat.lineEnding(text);
    }

    private static ObjectNode named(String name, ObjectNode entry) {
        ObjectNode element = JsonNodeFactory.instance.objectNode().put(NAME, name);
        element.setAll(entry);
        return element;
    }

    /** An element of the list, whose dash has this indentation. */
    private static String item(String indentation, String name, ObjectNode entry, String lineEnding) {
        StringBuilder item = new StringBuilder();
        for (Map.Entry<String, JsonNode> member : named(name, entry).properties()) {
            item.append(setting(indentation + "  ", member, lineEnding));
        }
        return item.replace(indentation.length(), indentation.length() + 1, "-").toString();
    }

    /** A line. A JSON value is a YAML value. */
    private static String setting(String indentation, Map.Entry<String, JsonNode> member, String lineEnding) {
        String key = member.getKey().matches("[A-Za-z_][A-Za-z0-9_-]*")
                ? member.getKey()
                : JsonInsertion.quoted(member.getKey());
        return indentation + key + ": " + JsonInsertion.compact(member.getValue(), " ") + lineEnding;
    }

    private static Optional<MappingNode> element(SequenceNode list, String name) {
        return list.getValue().stream()
                .filter(MappingNode.class::isInstance)
                .map(MappingNode.class::cast)
                .filter(mapping -> YamlTree.member(mapping, NAME)
                        .filter(member -> member.getValueNode() instanceof ScalarNode value
                                && value.getValue().equals(name))
                        .isPresent())
                .findFirst();
    }

    private static boolean isBlock(CollectionNode<?> collection) {
        return collection.getFlowStyle() != FlowStyle.FLOW;
    }

    private static void requireBlock(String text, YamlTree tree, CollectionNode<?> collection) throws SyntaxException {
        if (!isBlock(collection)) {
            throw SyntaxException.at(
                    text, tree.start(collection), "this is written in brackets, which cannot be changed in place");
        }
    }

    /** The white space before the dash of an element. */
    private static String dashIndentation(String text, YamlTree tree, Node element) throws SyntaxException {
        int dash = text.lastIndexOf('-', tree.start(element) - 1);
        int start = lineStart(text, Math.max(dash, 0));
        String indentation = dash < 0 ? "-" : text.substring(start, dash);
        if (!indentation.isBlank()) {
            throw SyntaxException.at(text, start, "the list shares its line with something else");
        }
        return indentation;
    }

    /**
     * The start of the line behind a node and its last comment on the same line: the end of its last scalar, since a
     * block reaches to whatever follows it.
     */
    private static int endOfContent(String text, YamlTree tree, Node node) {
        Node last = node;
        while (last instanceof CollectionNode<?> collection
                && isBlock(collection)
                && !collection.getValue().isEmpty()) {
            Object end = collection.getValue().get(collection.getValue().size() - 1);
            last = end instanceof NodeTuple tuple ? tuple.getValueNode() : (Node) end;
        }
        int end = tree.end(last);
        if (end == 0 || text.charAt(end - 1) != '\n') {
            return lineEnd(text, end);
        }
        // A text of several lines reaches over the blank lines behind it.
        int content = text.substring(0, end).stripTrailing().length();
        return Math.min(lineEnd(text, content), end);
    }

    private static int lineStart(String text, int place) {
        int start = text.lastIndexOf('\n', place - 1) + 1;
        return start == 0 && text.startsWith("\uFEFF") ? 1 : start;
    }

    /** The position behind the line ending. */
    private static int lineEnd(String text, int place) {
        int end = text.indexOf('\n', place);
        return end < 0 ? text.length() : end + 1;
    }

    /** As much white space as there are characters before this position on its line. */
    private static String column(String text, int place) {
        return " ".repeat(place - lineStart(text, place));
    }
}
