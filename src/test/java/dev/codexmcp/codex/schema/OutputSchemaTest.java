package dev.codexmcp.codex.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.codexmcp.testkit.TestJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputSchemaTest {
    private static OutputSchema schema(String json) throws SchemaException {
        return OutputSchema.of(TestJson.parse(json.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'object'} | {'a':1}",
                "{'type':'integer'} | 5.0",
                "{'type':['string','null']} | null",
                "{'enum':[1,'a']} | 1.0",
                "{'const':{'a':1}} | {'a':1.0}",
                "{'type':'object','properties':{'n':{'type':'integer'}},'required':['n'],'additionalProperties':false} | {'n':1}",
                "{'type':'object','additionalProperties':{'type':'number'}} | {'n':1,'m':2.5}",
                "{'type':'array','items':{'type':'string','minLength':1},'maxItems':2} | ['a','😀']",
                "{'anyOf':[{'type':'string'},{'type':'number','minimum':2}]} | 2",
                "{'oneOf':[{'type':'string'},{'type':'number'}]} | 2",
                "{'allOf':[{'minimum':1},{'exclusiveMaximum':3}]} | 2.99",
                "{'not':{'type':'string'}} | 2",
                "{'$ref':'#/$defs/a','$defs':{'a':{'type':'boolean'}}} | true",
                "{'type':'object','properties':{'next':{'anyOf':[{'$ref':'#'},{'type':'null'}]}}} | {'next':{'next':null}}",
                "{'format':'date','pattern':'^x','unknown':7} | 'anything'",
                "{} | [1]",
            })
    void acceptsAMessageOfTheRightShape(String schema, String message) throws SchemaException {
        OutputSchema.Answer answer = schema(schema).check(message.replace('\'', '"'));

        assertThat(answer.complaint()).isEmpty();
        assertThat(answer.value()).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'object'} | [1] | $ is [1], not object",
                "{'type':'integer'} | 5.5 | $ is 5.5, not integer",
                "{'type':['string','null']} | 1 | $ is 1, not ['string','null']",
                "{'enum':[1,'a']} | 2 | $ is 2, not one of [1,'a']",
                "{'properties':{'a':{'const':1}}} | {'a':2} | $.a is 2, not 1",
                "{'required':['n']} | {} | $ lacks 'n'",
                "{'additionalProperties':false} | {'n':1} | $.n is not allowed",
                "{'items':{'items':{'type':'string'}}} | [['a'],['b',3]] | $[1][1] is 3, not string",
                "{'minimum':2} | 1 | $ is 1, beyond its minimum 2",
                "{'exclusiveMaximum':2} | 2 | $ is 2, beyond its exclusiveMaximum 2",
                "{'maxLength':1} | 'ab' | $ has a size of 2, beyond its minLength or maxLength",
                "{'minItems':1} | [] | $ has a size of 0, beyond its minItems or maxItems",
                "{'anyOf':[{'type':'string'},{'type':'null'}]} | 2 | $ is 2, which matches none of its anyOf",
                "{'oneOf':[{'minimum':1},{'minimum':0}]} | 2 | $ is 2, which does not match exactly one of its oneOf",
                "{'allOf':[{'minimum':1},{'maximum':1}]} | 2 | $ is 2, beyond its maximum 1",
                "{'not':{'type':'string'}} | 'a' | $ is 'a', which its not forbids",
                "{'$ref':'#/definitions/a','definitions':{'a':{'type':'boolean'}}} | 1 | $ is 1, not boolean",
                "{'properties':{'a':false}} | {'a':1} | $.a is not allowed",
            })
    void saysWhatIsWrongWithAMessage(String schema, String message, String complaint) throws SchemaException {
        assertThat(schema(schema).check(message.replace('\'', '"')).complaint()).contains(complaint.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'a':1} and more | it is not JSON",
                "```json | it is not JSON",
                "{'a':1 | it is not JSON",
                "~~ | it is empty"
            })
    void aMessageThatIsNotJsonHasNoValue(String message, String complaint) throws SchemaException {
        OutputSchema.Answer answer = schema("{}").check(message.replace('\'', '"'));

        assertThat(answer.value()).isEmpty();
        assertThat(answer.complaint().orElseThrow()).startsWith(complaint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[] | is not an object: it must be a JSON Schema object",
                "{'type':'text'} | its type is 'text': it must be one of array, boolean, integer, null, number, object, string",
                "{'type':[]} | its type is []: it must be one of",
                "{'properties':[]} | its properties is []: it must be an object of schemas",
                "{'properties':{'a':{'items':3}}} | its properties.a.items is 3: it must be a schema: an object, true or false",
                "{'required':'a'} | its required is 'a': it must be a list of names",
                "{'enum':[]} | its enum is []: it must be a list of values",
                "{'anyOf':[{},1]} | its anyOf[1] is 1: it must be a schema",
                "{'minimum':'1'} | its minimum is '1': it must be a number",
                "{'maxItems':-1} | its maxItems is -1: it must be a whole number from 0",
                "{'$ref':'http://example.com/'} | its $ref is 'http://example.com/': it must be a reference to a part of this schema",
                "{'$ref':'#/$defs/none'} | its $ref is '#/$defs/none': it must be a reference",
            })
    void refusesAnythingButASchema(String schema, String message) {
        assertThatThrownBy(() -> schema(schema))
                .isInstanceOf(SchemaException.class)
                .hasMessageContaining(message.replace('\'', '"'));
    }

    @Test
    void recursiveAndDeepSchemasAreAccepted() throws SchemaException {
        assertThat(schema("{'$ref':'#'}").check("1").complaint().orElseThrow()).contains("cannot be checked");
        assertThat(schema("{'anyOf':[{'$ref':'#'},{'$ref':'#'},{'$ref':'#'}]}")
                        .check("1")
                        .complaint())
                .isPresent();
        assertThatThrownBy(() -> schema("{'not':".repeat(200) + "{}" + "}".repeat(200)))
                .hasMessageContaining("levels at most");
        assertThatThrownBy(() -> schema("{'title':'" + "x".repeat(OutputSchema.LONGEST) + "'}"))
                .hasMessageContaining("bytes, but takes 262144 at most");
        assertThat(schema("{'type':'number'}").check("1e999999999").complaint()).isEmpty();
    }

    @Test
    void equalSchemasAreEqual() throws SchemaException {
        assertThat(schema("{'type':'object'}"))
                .isEqualTo(schema("{ 'type' : 'object' }"))
                .hasSameHashCodeAs(schema("{'type':'object'}"))
                .isNotEqualTo(schema("{'type':'array'}"));
        assertThat(schema("{}").isEmpty()).isTrue();
        assertThat(schema("{'type':'object'}").isEmpty()).isFalse();
    }
}
