package dev.codexmcp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RandomIdTest {
    @Test
    void isARandomUuidAndAnotherEachTime() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            String id = RandomId.next();
            assertThat(UUID.fromString(id)).hasToString(id);
            assertThat(UUID.fromString(id).version()).as(id).isEqualTo(4);
            assertThat(UUID.fromString(id).variant()).as(id).isEqualTo(2);
            assertThat(seen.add(id)).as(id).isTrue();
        }
    }
}
