package dev.codexmcp.install.edit;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the positions of the members of JSON objects in a valid text. */
final class JsonSpans {
    private final String text;
    private int at;

    private JsonSpans(String text) {
        this.text = text;
    }

    /** A value and its position; {@code members} is empty unless it is an object. */
    record Value(int start, int end, boolean isObject, List<Member> members) {
        Optional<Member> member(String name) {
            return members.stream().filter(member -> member.name.equals(name)).findFirst();
        }

        Member lastMember() {
            return members.get(members.size() - 1);
        }
    }

    /** @param comma the position of the comma that follows, or -1 */
    record Member(int start, String name, Value value, int comma) {
        /** The position after the value and its comma, if it has one. */
        int end() {
            return comma < 0 ? value.end : comma + 1;
        }
    }

    /** The root of a text that is a valid object. */
    static Value of(String text) throws SyntaxException {
        JsonSpans spans = new JsonSpans(text);
        if (text.startsWith("\uFEFF")) {
            spans.at = 1;
        }
        spans.skip();
        return spans.value();
    }

    private Value value() throws SyntaxException {
        int start = at;
        char first = peek();
        if (first == '{') {
            return object(start);
        }
        if (first == '[') {
            at++;
            skip();
            while (peek() != ']') {
                value();
                comma();
            }
            at++;
        } else if (first == '"') {
            string();
        } else {
            while (at < text.length() && ",]}/ \t\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            if (at == start) {
                throw SyntaxException.at(text, at, "a value is missing");
            }
        }
        return new Value(start, at, false, List.of());
    }

    private Value object(int start) throws SyntaxException {
        List<Member> members = new ArrayList<>();
        at++;
        skip();
        while (peek() != '}') {
            int memberStart = at;
            String name = string();
            skip();
            if (peek() != ':') {
                throw SyntaxException.at(text, at, "a colon is missing");
            }
            at++;
            skip();
            Value value = value();
            members.add(new Member(memberStart, name, value, comma()));
        }
        at++;
        return new Value(start, at, true, List.copyOf(members));
    }

    /** Skips a comma and the space around it; returns its position, or -1 if there is none. */
    private int comma() throws SyntaxException {
        skip();
        if (peek() != ',') {
            return -1;
        }
        int comma = at++;
        skip();
        return comma;
    }

    private String string() throws SyntaxException {
        int start = at;
        if (peek() != '"') {
            throw SyntaxException.at(text, at, "a quoted name is missing");
        }
        at++;
        while (peek() != '"') {
            at += peek() == '\\' ? 2 : 1;
        }
        at++;
        try {
            return JsonFormat.MAPPER.readValue(text.substring(start, at), String.class);
        } catch (JsonProcessingException e) {
            throw SyntaxException.at(text, start, e.getOriginalMessage());
        }
    }

    private char peek() throws SyntaxException {
        if (at >= text.length()) {
            throw SyntaxException.at(text, at, "unexpected end of file");
        }
        return text.charAt(at);
    }

    /** Skips white space and comments. */
    private void skip() throws SyntaxException {
        while (at < text.length()) {
            if (" \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            } else if (text.startsWith("//", at)) {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    at++;
                }
            } else if (text.startsWith("/*", at)) {
                int end = text.indexOf("*/", at + 2);
                if (end < 0) {
                    throw SyntaxException.at(text, at, "unterminated comment");
                }
                at = end + 2;
            } else {
                return;
            }
        }
    }
}
