package dev.codexmcp.install.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** A YAML 1.2 text with the positions of its nodes. */
final class YamlTree {
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setUseMarks(true)
            .setCodePointLimit(Integer.MAX_VALUE)
            .build();

    /** Deeper nodes are an error, and so is a node that contains itself. */
    private static final int DEPTH = 100;

    private final String text;
    private final Optional<MappingNode> root;

    private YamlTree(String text, Optional<MappingNode> root) {
        this.text = text;
        this.root = root;
    }

    static YamlTree of(String text) throws SyntaxException {
        List<Node> documents = new ArrayList<>();
        try {
            new Compose(SETTINGS).composeAllFromString(text).forEach(documents::add);
        } catch (MarkedYamlEngineException e) {
            String problem = Optional.ofNullable(e.getProblem()).orElse("not valid YAML");
            throw new SyntaxException(
                    e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1), problem);
        } catch (YamlEngineException e) {
            throw new SyntaxException(1, Optional.ofNullable(e.getMessage()).orElse("not valid YAML"));
        }
        if (documents.isEmpty()) {
            return new YamlTree(text, Optional.empty());
        }
        if (documents.size() > 1) {
            throw new SyntaxException(1, "the file has more than one document");
        }
        Node root = documents.get(0);
        if (root instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL)) {
            return new YamlTree(text, Optional.empty());
        }
        if (root instanceof MappingNode mapping) {
            return new YamlTree(text, Optional.of(mapping));
        }
        throw new SyntaxException(1, "the file is not a mapping");
    }

    /** The mapping of the whole file; empty if the file has no content. */
    Optional<MappingNode> root() {
        return root;
    }

    static Optional<NodeTuple> member(MappingNode mapping, String name) {
        return mapping.getValue().stream()
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(name))
                .findFirst();
    }

    int start(Node node) {
        return node.getStartMark().map(this::index).orElseThrow();
    }

    /** The end of a scalar or of a collection in brackets. */
    int end(Node node) {
        return node.getEndMark().map(this::index).orElseThrow();
    }

    /** Marks count code points. */
    private int index(Mark mark) {
        return text.offsetByCodePoints(0, mark.getIndex());
    }

    /** The value of a node. Its scalars keep their type; those with a type of their own are objects. */
    static JsonNode value(Node node) throws SyntaxException {
        return value(node, 0);
    }

    private static JsonNode value(Node node, int depth) throws SyntaxException {
        if (depth > DEPTH) {
            throw error(node, "the file is nested too deep, or contains itself");
        }
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar);
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (Node element : sequence.getValue()) {
                array.add(value(element, depth + 1));
            }
            return array;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (NodeTuple tuple : ((MappingNode) node).getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw error(tuple.getKeyNode(), "a key is not a text");
            }
            if (object.has(key.getValue())) {
                throw error(key, "Duplicate key '" + key.getValue() + "'");
            }
            object.set(key.getValue(), value(tuple.getValueNode(), depth + 1));
        }
        return object;
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String value = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return JsonNodeFactory.instance.textNode(value);
        }
        if (tag.equals(Tag.NULL)) {
            return JsonNodeFactory.instance.nullNode();
        }
        if (tag.equals(Tag.BOOL)) {
            return JsonNodeFactory.instance.booleanNode(value.equalsIgnoreCase("true"));
        }
        if (tag.equals(Tag.INT) && value.matches("-?[0-9]{1,1000}")) {
            return JsonNodeFactory.instance.numberNode(new BigInteger(value));
        }
        return JsonNodeFactory.instance.objectNode().put(tag.getValue(), value);
    }

    private static SyntaxException error(Node node, String problem) {
        return new SyntaxException(
                node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1), problem);
    }
}
