package dev.codexmcp.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonObjectCursorTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES =
            List.of("s", "n", "t", "f", "z", "o", "l", "e", "id", "type", "a", "a\\\"b", "b", "c", "d");

    @Test
    void returnsEveryKindOfValueUnchanged() {
        assertThat(
                        members(
                                "{\"s\":\"x\",\"n\":-1.50e+3,\"t\":true,\"f\":false,\"z\":null,\"o\":{\"a\":[1,{}]},\"l\":[{\"b\":2},[]],\"e\":\"\"}"))
                .containsExactly(
                        "s=\"x\"",
                        "n=-1.50e+3",
                        "t=true",
                        "f=false",
                        "z=null",
                        "o={\"a\":[1,{}]}",
                        "l=[{\"b\":2},[]]",
                        "e=\"\"");
    }

    @Test
    void returnsADuplicateNameTwiceInOrder() {
        assertThat(members("{\"id\":\"item_0\",\"type\":\"web_search\",\"id\":\"ws_1\"}"))
                .containsExactly("id=\"item_0\"", "type=\"web_search\"", "id=\"ws_1\"");
    }

    @Test
    void ignoresQuotesBracketsAndBackslashesInStrings() {
        assertThat(members("{\"a\\\"b\":\"}]\\\\\",\"c\":[\"\\\\\\\"]\",\"{\"],\"d\":{\"}\":\"\\\"}\"}}"))
                .containsExactly("a\\\"b=\"}]\\\\\"", "c=[\"\\\\\\\"]\",\"{\"]", "d={\"}\":\"\\\"}\"}");
    }

    @Test
    void excludesWhiteSpaceFromNamesAndValues() {
        assertThat(members(" \t\r\n{ \n\"a\"\t:\r 1 , \"b\" : [ 1 , 2 ] \n, \"c\" : { } }\r\n"))
                .containsExactly("a=1", "b=[ 1 , 2 ]", "c={ }");
    }

    @Test
    void skipsAByteOrderMarkBeforeTheObject() {
        assertThat(members("\uFEFF{\"a\":1}")).containsExactly("a=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "5", "\"{\"", "[{\"a\":1}]", "{}", "{ }"})
    void anEmptyObjectOrANonObjectHasNoMembers(String json) {
        assertThat(members(json)).isEmpty();
    }

    @Test
    void readsOnlyTheGivenRange() {
        byte[] bytes = "[{\"a\":1},{\"b\":2}]".getBytes(UTF_8);
        JsonObjectCursor members = new JsonObjectCursor(bytes, 9, 7);

        assertThat(members.next()).isTrue();
        assertThat(members.raw()).isEqualTo("2");
        assertThat(members.next()).isFalse();
    }

    @Test
    void comparesWholeNames() {
        JsonObjectCursor members = new JsonObjectCursor("{\"type\":1}".getBytes(UTF_8), 0, 10);
        members.next();

        assertThat(List.of("type", "typ", "types", "Type", "").stream()
                        .filter(name -> members.nameIs(name.getBytes(UTF_8)))
                        .toList())
                .containsExactly("type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0069d", "i\\u0064", "\\u0069\\u0064"})
    void matchesANameWithEscapes(String spelling) {
        assertThat(members("{\"" + spelling + "\":7,\"\\u0069dx\":8,\"\\\\u0069d\":9}"))
                .containsExactly("id=7", "?=8", "?=9");
    }

    @Test
    void aNestedObjectHasItsOwnCursor() {
        byte[] bytes = "{\"a\":{\"b\":{\"c\":7}},\"d\":8}".getBytes(UTF_8);
        JsonObjectCursor members = new JsonObjectCursor(bytes, 0, bytes.length);
        members.next();
        JsonObjectCursor inner = members.inner();
        inner.next();
        JsonObjectCursor innermost = inner.inner();
        innermost.next();

        assertThat(innermost.raw()).isEqualTo("7");
        assertThat(innermost.next()).isFalse();
        assertThat(inner.next()).isFalse();
        assertThat(members.next()).isTrue();
        assertThat(members.raw()).isEqualTo("8");
    }

    @Test
    void decodesStringsAndNothingElse() {
        byte[] bytes = "{\"a\":\"x\\n\\u00e9😀\",\"b\":5,\"c\":null,\"d\":\"\\ud800!\",\"e\":[\"x\"]}".getBytes(UTF_8);
        JsonObjectCursor members = new JsonObjectCursor(bytes, 0, bytes.length);
        List<Optional<String>> texts = new ArrayList<>();
        while (members.next()) {
            texts.add(members.text());
        }

        assertThat(texts)
                .containsExactly(
                        Optional.of("x\né😀"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("\uFFFD!"),
                        Optional.empty());
    }

    @Test
    void bytesThatAreNotUtf8AreReplacedInAText() {
        byte[] bytes = "{\"a\":\"x?y\"}".getBytes(UTF_8);
        bytes[7] = (byte) 0xFF;
        JsonObjectCursor members = new JsonObjectCursor(bytes, 0, bytes.length);
        members.next();

        assertThat(members.text()).contains("x\uFFFDy");
    }

    @Test
    void skipsAValueOfAnyDepth() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(members("{\"a\":" + deep + ",\"b\":1}")).containsExactly("a=" + deep, "b=1");
    }

    @Property
    void anObjectRebuiltFromItsMembersIsTheSame(@ForAll("objects") ObjectNode object) throws IOException {
        for (String printed : List.of(object.toString(), object.toPrettyString())) {
            StringBuilder together = new StringBuilder("{");
            byte[] bytes = printed.getBytes(UTF_8);
            JsonObjectCursor members = new JsonObjectCursor(bytes, 0, bytes.length);
            List<String> names = object.propertyStream().map(Map.Entry::getKey).toList();
            for (String name : names) {
                assertThat(members.next()).isTrue();
                together.append(together.length() > 1 ? "," : "").append(JSON.writeValueAsString(name));
                together.append(':').append(members.raw());
            }

            assertThat(members.next()).isFalse();
            assertThat(JSON.readTree(together.append('}').toString())).isEqualTo(JSON.readTree(printed));
        }
    }

    @Provide
    Arbitrary<ObjectNode> objects() {
        Arbitrary<String> text = Arbitraries.strings()
                .withChars("{}[],:\"\\ \n\tabc\u00e9\u20ac")
                .ofMaxLength(6);
        Arbitrary<JsonNode> leaf = Arbitraries.oneOf(
                text.map(JSON.getNodeFactory()::textNode),
                Arbitraries.doubles().map(JSON.getNodeFactory()::numberNode),
                Arbitraries.of(true, false).map(JSON.getNodeFactory()::booleanNode),
                Arbitraries.just(JSON.getNodeFactory().nullNode()));
        Arbitrary<JsonNode> value = Arbitraries.lazyOf(
                () -> leaf,
                () -> leaf,
                () -> objectOf(text, leaf),
                () -> leaf.list()
                        .ofMaxSize(3)
                        .map(list -> JSON.createArrayNode().addAll(list)));
        return objectOf(text, Arbitraries.oneOf(value, objectOf(text, value)));
    }

    private static Arbitrary<ObjectNode> objectOf(Arbitrary<String> names, Arbitrary<? extends JsonNode> values) {
        return Arbitraries.maps(names, values).ofMaxSize(4).map(members -> {
            ObjectNode object = JSON.createObjectNode();
            members.forEach(object::set);
            return object;
        });
    }

    /** Each member as {@code name=value}; knows only the names that the tests use. */
    private static List<String> members(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        JsonObjectCursor members = new JsonObjectCursor(bytes, 0, bytes.length);
        List<String> found = new ArrayList<>();
        while (members.next()) {
            String name = NAMES.stream()
                    .filter(candidate -> members.nameIs(candidate.getBytes(UTF_8)))
                    .findFirst()
                    .orElse("?");
            assertThat(members.raw()).isEqualTo(new String(bytes, members.valueStart(), members.valueLength(), UTF_8));
            assertThat(members.valueEnd() - members.valueStart()).isEqualTo(members.valueLength());
            found.add(name + "=" + members.raw());
        }
        return found;
    }
}
