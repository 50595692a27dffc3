"""The promises of `ledger.evidence.sealing.port`, as tests that every adapter inherits by giving fixtures
`store` and `log`: a store, and the sealed log over it.
"""

from __future__ import annotations

import pytest

from ledger.evidence.notes.signed import SignedNote
from ledger.evidence.sealing.port import (
    Cosignature,
    HeadMoved,
    KeyStatement,
    NotSealed,
    SealedHead,
    SealedLog,
    Stamp,
)
from ledger.evidence.tree.merkle import CompactRange, Node, leaf_hash
from ledger.store.port import Store
from tests.ledger.evidence.sealed_log import KEY, note_over
from tests.ledger.evidence.sealing.logs import at, grow


def leaves(number: int) -> list[bytes]:
    return [b"leaf %d" % index for index in range(number)]


def a_head(size: int) -> SealedHead:
    note = note_over(leaves(size))
    tree = CompactRange()
    for leaf in leaves(size):
        tree.append(leaf_hash(leaf))
    return SealedHead(size=size, root=tree.root(), note=note.raw, sealed_at=at(size))


def hashes_of(after: int, size: int) -> list[tuple[bytes, ...]]:
    tree = CompactRange()
    return [tree.append(leaf_hash(leaf)) for leaf in leaves(size)][after:]


async def seal(log: SealedLog, after: int, size: int) -> SealedHead:
    head = a_head(size)
    await log.seal(after=after, hashes=hashes_of(after, size), head=head)
    return head


@pytest.mark.asyncio
class SealedLogContract:
    async def test_an_empty_one_has_nothing(self, log: SealedLog) -> None:
        assert await log.head() is None
        assert await log.head_of(1) is None
        assert await log.head_covering(0) is None
        assert await log.heads(after=0, limit=9) == ()
        assert await log.key_statements() == ()
        assert await log.stamps() == ()
        assert await log.last_stamp() is None
        assert await log.nodes([]) == {}
        with pytest.raises(NotSealed):
            await log.nodes([Node(0, 0)])

    async def test_heads_are_found_by_size_and_by_what_they_cover(self, log: SealedLog) -> None:
        first, second = await seal(log, 0, 3), await seal(log, 3, 8)
        assert await log.head() == second
        assert (await log.head_of(3), await log.head_of(4)) == (first, None)
        assert [await log.head_covering(size) for size in (0, 3, 4, 8, 9)] == [
            first,
            first,
            second,
            second,
            None,
        ]
        assert await log.heads(after=0, limit=9) == (first, second)
        assert await log.heads(after=0, limit=1) == (first,)
        assert await log.heads(after=3, limit=9) == (second,)
        assert await log.heads(after=8, limit=9) == ()

    async def test_a_head_comes_back_byte_for_byte(self, log: SealedLog) -> None:
        await seal(log, 0, 5)
        head = await log.head()
        assert head is not None
        assert head.note == note_over(leaves(5)).raw
        assert (head.checkpoint.size, head.checkpoint.root) == (5, head.root)
        assert head.sealed_at == at(5)

    async def test_every_whole_node_is_found_however_the_leaves_came(self, log: SealedLog) -> None:
        await seal(log, 0, 3)
        await seal(log, 3, 8)
        whole = {
            Node(level, index): hashes[level]
            for last, hashes in enumerate(hashes_of(0, 8))
            for level in range(len(hashes))
            for index in [((last + 1) >> level) - 1]
        }
        assert len(whole) == 8 + 4 + 2 + 1
        assert await log.nodes(list(whole)) == whole
        with pytest.raises(NotSealed):
            await log.nodes([Node(0, 0), Node(0, 8)])

    async def test_a_head_after_another_than_the_last_is_refused_and_leaves_nothing(
        self, log: SealedLog
    ) -> None:
        first = await seal(log, 0, 3)
        for after, size in ((0, 3), (0, 5), (2, 6), (4, 6)):
            with pytest.raises(HeadMoved):
                await log.seal(after=after, hashes=hashes_of(after, size), head=a_head(size))
        assert await log.head() == first
        with pytest.raises(NotSealed):
            await log.nodes([Node(0, 3)])

    async def test_one_is_alone_and_when_it_has_gone_another_may_be(self, log: SealedLog) -> None:
        async with log.alone():
            with pytest.raises(HeadMoved):
                async with log.alone():
                    raise AssertionError("two sealers at once")
            await seal(log, 0, 1)
        async with log.alone():
            await seal(log, 1, 2)

    async def test_a_fault_inside_ends_being_alone(self, log: SealedLog) -> None:
        for fault in (HeadMoved, KeyError):
            with pytest.raises(fault):
                async with log.alone():
                    raise fault
        async with log.alone():
            pass

    async def test_the_log_is_read_through_it(self, store: Store, log: SealedLog) -> None:
        assert await log.log_head() == 0
        await grow(store, 5)
        assert await log.log_head() == 5
        assert await log.rows(after=0, limit=9) == await store.read_all(after=0, limit=9)
        assert [row.position for row in await log.rows(after=2, limit=2)] == [3, 4]
        async with log.alone():
            assert await log.log_head() == 5
            assert [row.position for row in await log.rows(after=4, limit=2)] == [5]

    async def test_cosignatures_stand_under_their_head_once_and_in_order(self, log: SealedLog) -> None:
        text = (await seal(log, 0, 2)).signed.text
        await seal(log, 2, 4)
        late, early = (
            Cosignature(size=2, line=KEY.clock.sign(text, int(at(minute).timestamp())), at=at(minute))
            for minute in (9, 5)
        )
        for each in (late, early, late):
            await log.cosign(each)
        assert await log.cosignatures(2) == (early, late)
        assert await log.cosignatures(4) == ()

    async def test_stamps_come_by_size_and_time(self, log: SealedLog) -> None:
        await seal(log, 0, 2)
        await seal(log, 2, 4)
        stamps = [
            Stamp(size=size, provider="a provider", at=at(minute), token=b"\x30\x00%d" % minute)
            for size, minute in ((4, 3), (2, 9), (2, 1))
        ]
        for each in stamps:
            await log.stamp(each)
        assert await log.stamps() == (stamps[2], stamps[1], stamps[0])
        assert await log.stamps(after=2) == (stamps[0],)
        assert await log.last_stamp() == stamps[1]

    async def test_statements_of_keys_come_in_their_order_once_each(self, log: SealedLog) -> None:
        note = SignedNote(text="a key\n", signatures=(KEY.heads.sign("a key\n"),)).raw
        stated = [KeyStatement(vkey=f"key {name}", since=4, note=note) for name in ("b", "a")]
        for each in (*stated, stated[0]):
            await log.state_key(each)
        assert await log.key_statements() == tuple(stated)
