package dev.adpipe.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.adpipe.runtime.CommitMetadata.ChangelogEnd;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What members, leader and successors write for each other. */
class GroupMessagesTest {
    @Test
    void aReportIsReadAsItWasWritten() {
        MemberReport report = new MemberReport(
                "acme.ads-join-\u00e9-0", Map.of(0, new Copy(5, 9), 7, Copy.unseen(1L << 40)), Set.of(3, 4));
        assertThat(MemberReport.decode(report.encode())).contains(report);
    }

    @Test
    void ordersAreReadAsTheyWereWritten() {
        MemberOrders orders = new MemberOrders(Set.of("a", "b"), Set.of(1), Set.of(2, 3), Set.of(4));
        assertThat(MemberOrders.decode(orders.encode())).isEqualTo(orders);
        assertThat(orders.copies()).containsExactlyInAnyOrder(1, 2, 3, 4);
    }

    /** Whoever cannot be read is not known, and then nobody is known to be gone. */
    @Test
    void whatAnotherVersionWroteIsNothing() {
        assertThat(MemberReport.decode(null)).isEmpty();
        assertThat(MemberReport.decode(ByteBuffer.wrap(new byte[] {2, 0, 0}))).isEmpty();
        assertThat(MemberReport.decode(ByteBuffer.wrap(new byte[] {1, 0}))).isEmpty();
        assertThat(MemberOrders.decode(null)).isEqualTo(MemberOrders.NONE);
        assertThat(MemberOrders.decode(ByteBuffer.wrap(new byte[] {9}))).isEqualTo(MemberOrders.NONE);
    }

    @Test
    void whoWasInTheGroupAndIsNoMoreHasDeparted() {
        Membership membership = new Membership("a", 1);
        assertThat(membership.knowsOthers()).isFalse();
        membership.ordered(new MemberOrders(Set.of("a", "b", "c"), Set.of(), Set.of(), Set.of()));
        membership.ordered(new MemberOrders(Set.of("a", "c"), Set.of(), Set.of(), Set.of()));
        assertThat(membership.departed()).containsExactly("b");
        assertThat(membership.isLive("b")).isFalse();
        assertThat(membership.isLive("a")).isTrue();
    }

    @Test
    void aCommitSaysWhoMadeItAndWhatItsStateNeeds() {
        CommitMetadata metadata = new CommitMetadata(
                new Books(),
                "task",
                Optional.of(new ChangelogEnd(Uuid.randomUuid(), 12, 3)),
                Optional.empty(),
                "acme.ads-join-a b=c-0",
                Optional.of(new CommitMetadata.Restore(7, 9, 1234)));
        assertThat(metadata.encode()).doesNotContain("a b=c");
        CommitMetadata read = CommitMetadata.parse(metadata.encode());
        assertThat(read.by()).isEqualTo(metadata.by());
        assertThat(read.changelog()).isEqualTo(metadata.changelog());
        assertThat(read.restore()).isEqualTo(metadata.restore());
    }

    @Test
    void aCommitOfTheVersionBeforeIsRead() {
        Uuid id = Uuid.randomUuid();
        CommitMetadata read = CommitMetadata.parse("v=1 books=" + new Books().encode() + " changelog=" + id + ":12");
        assertThat(read.changelog()).contains(new ChangelogEnd(id, 12));
        assertThat(read.by()).isEmpty();
    }
}
