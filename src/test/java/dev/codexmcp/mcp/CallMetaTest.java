package dev.codexmcp.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.codexmcp.job.Boss;
import dev.codexmcp.testkit.TestJson;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallMetaTest {
    private static Optional<Boss> boss(String params) {
        return CallMeta.boss(TestJson.parse(params.replace('\'', '"')));
    }

    /** As Codex 0.169.0 sends it. */
    @Test
    void codexNamesThreadModelAndTurn() {
        assertThat(boss("{'name':'codex_spawn','arguments':{},'_meta':{'callId':'call_1','x-codex-turn-metadata':"
                        + "{'session_id':'s','thread_id':'t','turn_id':'u','model':'gpt-5.5'},'threadId':'t',"
                        + "'sessionId':'s','progressToken':1}}"))
                .contains(new Boss("t", Optional.of("gpt-5.5"), Optional.of("u")));
        assertThat(boss("{'_meta':{'x-codex-turn-metadata':{'thread_id':'t'}}}"))
                .contains(new Boss("t", Optional.empty(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'_meta':null}",
                "{'_meta':[1]}",
                "{'_meta':{'progressToken':1}}",
                "{'_meta':{'threadId':7,'x-codex-turn-metadata':'x'}}",
                "{'_meta':{'threadId':''}}"
            })
    void otherHostsNameNone(String params) {
        assertThat(boss(params)).isEmpty();
    }

    @Test
    void aNameOfOver200CharactersIsIgnored() {
        assertThat(boss("{'_meta':{'threadId':'" + "x".repeat(201) + "'}}")).isEmpty();
    }
}
