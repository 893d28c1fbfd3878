package dev.codexmcp.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConversationStoreTest {
    private static final long DAY = 24L * 60 * 60 * 1000;

    private long now = 1000;
    private final ConversationStore store = new ConversationStore(() -> now);

    @Test
    void theFirstUseStartsAConversationAndLaterUsesContinueIt() {
        Conversation begun = store.use("a");
        now = 2000;
        store.turnEnded("a", "t-1");
        now = 3000;

        assertThat(begun).isEqualTo(new Conversation("a", Optional.empty(), 1000, 1000, 0));
        assertThat(store.use("a")).isEqualTo(new Conversation("a", Optional.of("t-1"), 1000, 3000, 1));
        now = 4000;
        store.turnEnded("a", "t-1");
        assertThat(store.all()).containsExactly(new Conversation("a", Optional.of("t-1"), 1000, 4000, 2));
    }

    @Test
    void aResetConversationStartsAnew() {
        store.use("a");
        store.turnEnded("a", "t-1");
        store.reset("a");
        store.reset("never there");
        assertThat(store.all()).isEmpty();
        now = 5000;

        assertThat(store.use("a")).isEqualTo(new Conversation("a", Optional.empty(), 5000, 5000, 0));
    }

    @Test
    void ignoresATurnOfADroppedConversation() {
        store.turnEnded("a", "t-1");

        assertThat(store.all()).isEmpty();
    }

    @Test
    void dropsAConversationAfterADayWithoutUse() {
        store.use("a");
        now += DAY - 1;
        assertThat(store.all()).hasSize(1);
        store.use("b");
        now += 1;
        assertThat(store.all()).extracting(Conversation::id).containsExactly("b");
        now += DAY;
        assertThat(store.use("b").createdAt()).isEqualTo(now);
    }

    @Test
    void aTurnExtendsAConversationByADay() {
        store.use("a");
        now += DAY - 1;
        store.turnEnded("a", "t-1");
        now += DAY - 1;

        assertThat(store.use("a").threadId()).contains("t-1");
    }

    @Test
    void dropsTheLeastRecentlyUsedOfMoreThanAHundred() {
        List<String> ids = IntStream.range(0, 100).mapToObj(i -> "s" + i).toList();
        ids.forEach(store::use);
        assertThat(store.all()).extracting(Conversation::id).containsExactlyElementsOf(ids);
        store.use("s0");
        store.use("new");

        assertThat(store.all())
                .extracting(Conversation::id)
                .hasSize(100)
                .contains("s0", "new")
                .doesNotContain("s1")
                .startsWith("s2")
                .endsWith("s0", "new");
    }
}
