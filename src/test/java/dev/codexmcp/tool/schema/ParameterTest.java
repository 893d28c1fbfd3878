package dev.codexmcp.tool.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, Parameter<?>> FIELDS = Map.of(
            "text", Parameter.text("f", ""),
            "argument", Parameter.argument("f", ""),
            "integer", Parameter.integer("f", 0, 300_000, ""),
            "small", Parameter.integer("f", -3, 3, 0, ""),
            "flag", Parameter.flag("f", ""),
            "word", Parameter.word("f", List.of("basic", "full"), ""),
            "texts", Parameter.texts("f", 1, ""),
            "words", Parameter.words("f", List.of("message", "error"), ""));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "text     | \"a\"                | a",
                "text     | \"\"                 | ~~",
                "text     | \"a\\u0000b\"        | a\u0000b",
                "text     | \"\\ud83d\\ude00\"   | 😀",
                "text     | \"\\ud83d!\"         | \uFFFD!",
                "argument | \"--help\"           | --help",
                "argument | \"\\ude00\"          | \uFFFD",
                "integer  | 5                    | 5",
                "integer  | 5.0                  | 5",
                "integer  | 5e2                  | 500",
                "integer  | 0                    | 0",
                "integer  | -0.0                 | 0",
                "integer  | 300000               | 300000",
                "small    | -3                   | -3",
                "flag     | true                 | true",
                "flag     | false                | false",
                "word     | \"full\"             | full",
                "texts    | [\"a\",\"\"]         | [a, ]",
                "words    | []                   | []",
                "words    | [\"error\",\"error\"] | [error, error]",
            })
    void aValidValueIsRead(String field, String json, String read) throws Exception {
        assertThat(value(field, json).map(String::valueOf)).contains(read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "text     | 5            | \"f\" is 5: it must be a string.",
                "text     | [\"a\"]      | \"f\" is [\"a\"]: it must be a string.",
                "text     | {}           | \"f\" is {}: it must be a string.",
                "argument | true         | \"f\" is true: it must be a string without NUL characters.",
                "argument | \"a\\u0000b\" | \"f\" is \"a\\u0000b\": it must be a string without NUL characters.",
                "integer  | -1           | \"f\" is -1: it must be a whole number from 0 to 300000.",
                "integer  | 300001       | \"f\" is 300001: it must be a whole number from 0 to 300000.",
                "integer  | 5.5          | \"f\" is 5.5: it must be a whole number from 0 to 300000.",
                "integer  | 1e999        | \"f\" is \"Infinity\": it must be a whole number from 0 to 300000.",
                "integer  | 4294967296   | \"f\" is 4294967296: it must be a whole number from 0 to 300000.",
                "integer  | \"5\"        | \"f\" is \"5\": it must be a whole number from 0 to 300000.",
                "integer  | true         | \"f\" is true: it must be a whole number from 0 to 300000.",
                "integer  | []           | \"f\" is an empty list: it must be a whole number from 0 to 300000.",
                "small    | 4            | \"f\" is 4: it must be a whole number from -3 to 3.",
                "flag     | 1            | \"f\" is 1: it must be true or false.",
                "flag     | \"true\"     | \"f\" is \"true\": it must be true or false.",
                "word     | \"Full\"     | \"f\" is \"Full\": it must be one of basic, full.",
                "word     | \"\"         | \"f\" is \"\": it must be one of basic, full.",
                "texts    | \"a\"        | \"f\" is \"a\": it must be a list of at least 1, each a string.",
                "texts    | []           | \"f\" is an empty list: it must be a list of at least 1, each a string.",
                "texts    | [\"a\",5]    | \"f[1]\" is 5: it must be a string.",
                "texts    | [null]       | \"f[0]\" is null: it must be a string.",
                "words    | [\"x\"]      | \"f[0]\" is \"x\": it must be one of message, error.",
                "words    | {}           | \"f\" is {}: it must be a list, each one of message, error.",
            })
    void aWrongValueIsReportedWithWhatTheFieldTakes(String field, String json, String message) {
        assertThatThrownBy(() -> value(field, json))
                .isInstanceOf(BadArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void infiniteAndVeryLongNumbersAreWrong() {
        assertThatThrownBy(() -> value("integer", "-1e400")).isInstanceOf(BadArgumentException.class);
        assertThatThrownBy(() -> value("integer", "9".repeat(900))).isInstanceOf(BadArgumentException.class);
    }

    @Test
    void aLongWrongValueIsCutInTheMessage() {
        assertThatThrownBy(() -> value("flag", '"' + "x".repeat(58) + "😀yyyy\""))
                .hasMessage("\"f\" is \"" + "x".repeat(58) + "\uFFFD…: it must be true or false.");
    }

    @ParameterizedTest
    @CsvSource({"{}", "{\"f\":null}", "{\"g\":5}"})
    void aMissingOrNullFieldIsAbsent(String object) throws Exception {
        Arguments arguments = new Arguments(JSON.readTree(object), "");

        assertThat(arguments.optional(Parameter.text("f", ""))).isEmpty();
        assertThat(arguments.orElse(Parameter.integer("f", 0, 9, ""), 7)).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"{}", "{\"f\":null}"})
    void aMissingRequiredFieldIsReportedWithWhatItTakes(String object) throws Exception {
        Arguments arguments = new Arguments(JSON.readTree(object), "jobs[2].");

        assertThatThrownBy(() -> arguments.required(Parameter.argument("f", "").required()))
                .isInstanceOf(BadArgumentException.class)
                .hasMessage("\"jobs[2].f\" is missing: it must be a string without NUL characters.");
    }

    @Test
    void unknownArgumentsAreIgnored() throws Exception {
        Arguments arguments = new Arguments(JSON.readTree("{\"other\":[{}],\"f\":\"a\"}"), "");

        assertThat(arguments.required(Parameter.text("f", ""))).isEqualTo("a");
    }

    @Test
    void fieldsOfAnObjectAreNamedByTheirPath() throws Exception {
        Parameter<Arguments> outer = Parameter.object("defaults", List.of(Parameter.flag("fullAuto", "")), "");
        Arguments inner = new Arguments(JSON.readTree("{\"defaults\":{\"fullAuto\":\"yes\"}}"), "").required(outer);

        assertThatThrownBy(() -> inner.optional(Parameter.flag("fullAuto", "")))
                .hasMessage("\"defaults.fullAuto\" is \"yes\": it must be true or false.");
        assertThatThrownBy(() -> new Arguments(JSON.readTree("{\"defaults\":[]}"), "").required(outer))
                .hasMessage("\"defaults\" is an empty list: it must be an object.");
    }

    @Test
    void anElementThatIsNotAnObjectIsLeftToTheCaller() throws Exception {
        Parameter<List<JsonNode>> jobs = Parameter.objects("jobs", 1, List.of(), "");

        assertThat(new Arguments(JSON.readTree("{\"jobs\":[{\"a\":1},null,5]}"), "").required(jobs))
                .isEqualTo(List.of(JSON.readTree("{\"a\":1}"), JSON.nullNode(), JSON.readTree("5")));
        assertThatThrownBy(() -> new Arguments(JSON.readTree("{\"jobs\":[]}"), "").required(jobs))
                .hasMessage("\"jobs\" is an empty list: it must be a list of at least 1, each an object.");
    }

    private static Optional<?> value(String field, String json) throws BadArgumentException, IOException {
        Parameter<?> described = Objects.requireNonNull(FIELDS.get(field));
        return new Arguments(JSON.readTree("{\"f\":" + json + "}"), "").optional(described);
    }
}
