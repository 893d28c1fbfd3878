package dev.codexmcp.control;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.codexmcp.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A request: an object of strings, numbers, flags, and lists of strings. Unknown members are ignored. */
final class Request {
    private final Map<String, Object> fields = new HashMap<>();

    private Request() {}

    /** @throws BadRequestException if the line is not a JSON object */
    static Request parse(String line) throws BadRequestException {
        Request request = new Request();
        try (JsonParser parser = Json.FACTORY.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new BadRequestException("A request must be a JSON object on one line.");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                request.read(name, parser);
            }
        } catch (IOException e) {
            throw new BadRequestException("The request is not JSON.");
        }
        return request;
    }

    private void read(String name, JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_ARRAY) {
            List<String> texts = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == JsonToken.VALUE_STRING) {
                    texts.add(parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
            fields.put(name, texts);
        } else if (token == JsonToken.VALUE_STRING) {
            fields.put(name, parser.getText());
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
            fields.put(name, parser.getLongValue());
        } else if (token == JsonToken.VALUE_TRUE) {
            fields.put(name, true);
        } else {
            parser.skipChildren();
        }
    }

    String text(String name) throws BadRequestException {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw new BadRequestException("\"" + name + "\" is missing: it must be a string.");
    }

    /** The number in this field, limited to the given range; {@code otherwise} if there is none. */
    long number(String name, long least, long most, long otherwise) {
        return fields.get(name) instanceof Long number ? Math.max(least, Math.min(most, number)) : otherwise;
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        if (fields.get(name) instanceof List<?> list) {
            list.forEach(text -> texts.add((String) text));
        }
        return texts;
    }
}
