package dev.codexmcp.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.codexmcp.mcp.stdio.OutgoingLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitializeHandlerTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({
        "'\"2024-11-05\"', 2024-11-05",
        "'\"2025-03-26\"', 2025-03-26",
        "'\"2025-06-18\"', 2025-06-18",
        "'\"2025-11-25\"', 2025-11-25",
        "'\"2023-01-01\"', 2025-11-25",
        "'\"2099-01-01\"', 2025-11-25",
        "'\"\"', 2025-11-25",
        "5, 2025-11-25",
        "null, 2025-11-25",
    })
    void versionIsTheClientsIfKnownElseTheNewest(String wanted, String agreed) throws Exception {
        String answer = answer(JSON.readTree("{\"protocolVersion\":" + wanted + "}"));

        assertThat(JSON.readTree(answer).path("protocolVersion").textValue()).isEqualTo(agreed);
    }

    @Test
    void handshakeNamesTheServerAndItsCapabilities() {
        assertThatJson(answer(MissingNode.getInstance()))
                .isEqualTo(
                        "{protocolVersion:'2025-11-25',capabilities:{tools:{},prompts:{},resources:{subscribe:true},completions:{},logging:{}},"
                                + "serverInfo:{name:'codex-mcp-server',title:'Codex workers',version:'1.2.3'},"
                                + "instructions:'${json-unit.any-string}'}");
    }

    @Test
    void instructionsDescribeTheFourStepsInUnderAThousandCharacters() {
        assertThat(InitializeHandler.INSTRUCTIONS)
                .contains("codex_spawn", "codex_wait_any", "codex_result", "codex_events", "codex_cancel")
                .hasSizeLessThan(1000);
    }

    private static String answer(JsonNode params) {
        return new String(
                new OutgoingLine(new InitializeHandler("1.2.3").answer(params).json()).toByteArray(), UTF_8);
    }
}
