"""The promises of `ledger.store.port`, as tests that every adapter inherits by giving a `store` fixture."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.claims import ClaimKind
from domain.vocabulary import LogKind
from ledger.faults import ClockSteppedBack, MalformedAppend, WrongLog
from ledger.store.port import Append, Birth, Conflict, KeyReused, LogClock, Outcome, Receipt, StoredRow
from tests.ledger.store.appends import OTHER_DIGEST, Ledger, a_case, a_place, an_append, an_event

NIGHT = datetime(2030, 1, 15, 2, 13, tzinfo=UTC)
VIRTUAL = Birth(network=UUID(int=7), kind=LogKind.EXERCISE, clock=LogClock.VIRTUAL)


def _recorded(outcome: Outcome) -> Receipt:
    assert isinstance(outcome, Receipt), outcome
    return outcome


@pytest.mark.asyncio
class AppendContract:
    """What `append` records and answers."""

    async def test_all_events_of_a_command_stand_together_in_the_order_given(self, store: Ledger) -> None:
        placement, case, unit = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        append = an_append((placement, 1), (unit, 1), (placement, 2), (case, 1))
        receipt = _recorded(await store.append(append))
        rows = await store.read_all(after=0, limit=10)
        assert (receipt.first, receipt.last, receipt.head, receipt.repeated) == (1, 4, 4, False)
        assert [(row.stream, row.version) for row in rows] == [(e.stream, e.version) for e in append.events]
        assert [row.position for row in rows] == [1, 2, 3, 4]
        assert {row.recorded_at for row in rows} == {receipt.recorded_at}
        assert all(row.recorded_at.tzinfo is not None for row in rows)

    async def test_what_was_written_is_read_back_byte_for_byte(self, store: Ledger) -> None:
        stream, state = uuid.uuid4(), bytes(range(256))
        event = an_event(stream, 1, topic="unit.held.1", state=state, metadata=b"\x00\xff")
        receipt = _recorded(await store.append(an_append(event)))
        (row,) = (await store.read_streams([stream]))[stream]
        assert row == StoredRow(
            stream=stream,
            version=1,
            position=1,
            topic="unit.held.1",
            state=state,
            event_id=event.event_id,
            metadata=b"\x00\xff",
            recorded_at=receipt.recorded_at,
        )

    async def test_a_repeated_command_gets_the_same_receipt_and_writes_nothing(self, store: Ledger) -> None:
        append = an_append((uuid.uuid4(), 1))
        first = _recorded(await store.append(append))
        await store.append(an_append((uuid.uuid4(), 1)))
        again = _recorded(await store.append(append))
        assert (again.first, again.last, again.head) == (first.first, first.last, first.head)
        assert again.recorded_at == first.recorded_at
        assert again.repeated
        assert await store.head() == 2

    async def test_a_repeat_is_known_by_its_id_and_digest_whatever_else_it_says(self, store: Ledger) -> None:
        append = an_append((uuid.uuid4(), 1))
        await store.append(append)
        stale = an_append((uuid.uuid4(), 9), command_id=append.command_id)
        assert _recorded(await store.append(stale)).repeated

    async def test_a_command_id_with_another_digest_is_refused(self, store: Ledger) -> None:
        append = an_append((uuid.uuid4(), 1))
        await store.append(append)
        reused = an_append((uuid.uuid4(), 1), command_id=append.command_id, digest=OTHER_DIGEST)
        assert await store.append(reused) == KeyReused()
        assert await store.head() == 1

    async def test_a_command_without_events_is_recorded_all_the_same(self, store: Ledger) -> None:
        await store.append(an_append((uuid.uuid4(), 1)))
        empty = an_append()
        receipt = _recorded(await store.append(empty))
        assert (receipt.first, receipt.last, receipt.head) == (None, None, 1)
        assert _recorded(await store.append(empty)).repeated
        reused = an_append(command_id=empty.command_id, digest=OTHER_DIGEST)
        assert await store.append(reused) == KeyReused()
        assert await store.head() == 1

    async def test_an_empty_command_in_an_empty_log_has_head_zero(self, store: Ledger) -> None:
        assert _recorded(await store.append(an_append())).head == 0

    async def test_a_command_without_events_is_judged_by_its_guards(self, store: Ledger) -> None:
        assert await store.append(an_append(guards=[(uuid.uuid4(), 1)])) == Conflict(head=0)

    @pytest.mark.parametrize("version", [1, 2, 4])
    async def test_a_stream_at_another_version_than_expected_is_a_conflict(
        self, store: Ledger, version: int
    ) -> None:
        stream = uuid.uuid4()
        await store.append(an_append((stream, 1), (stream, 2)))
        assert await store.append(an_append((stream, version), (uuid.uuid4(), 1))) == Conflict(head=2)
        assert await store.head() == 2

    async def test_an_absent_stream_is_at_version_zero(self, store: Ledger) -> None:
        stream = uuid.uuid4()
        assert await store.append(an_append((stream, 2))) == Conflict(head=0)
        assert await store.append(an_append(guards=[(stream, 1)])) == Conflict(head=0)
        _recorded(await store.append(an_append((stream, 1), guards=[(uuid.uuid4(), 0)])))

    @pytest.mark.parametrize("version", [0, 1, 3])
    async def test_a_guarded_stream_that_moved_is_a_conflict(self, store: Ledger, version: int) -> None:
        shelter, unit = uuid.uuid4(), uuid.uuid4()
        await store.append(an_append((shelter, 1), (shelter, 2)))
        assert await store.append(an_append((unit, 1), guards=[(shelter, version)])) == Conflict(head=2)
        _recorded(await store.append(an_append((unit, 1), guards=[(shelter, 2)])))

    async def test_a_stream_may_be_written_and_guarded_at_the_same_version(self, store: Ledger) -> None:
        stream = uuid.uuid4()
        _recorded(await store.append(an_append((stream, 1), guards=[(stream, 0)])))
        assert await store.append(an_append((stream, 2), guards=[(stream, 1), (stream, 1)])) != Conflict(
            head=1
        )

    async def test_a_conflict_is_not_recorded_and_the_command_may_be_decided_anew(
        self, store: Ledger
    ) -> None:
        stream, command_id = uuid.uuid4(), uuid.uuid4()
        await store.append(an_append((stream, 1)))
        assert await store.append(an_append((stream, 1), command_id=command_id)) == Conflict(head=1)
        assert await store.receipt(command_id) is None
        receipt = _recorded(await store.append(an_append((stream, 2), command_id=command_id)))
        assert (receipt.first, receipt.repeated) == (2, False)

    async def test_conflicts_leave_no_gap_between_positions(self, store: Ledger) -> None:
        stream = uuid.uuid4()
        for version in (1, 1, 1, 2, 2, 3):
            await store.append(an_append((stream, version)))
        rows = await store.read_all(after=0, limit=10)
        assert [row.position for row in rows] == [1, 2, 3]

    async def test_rivals_for_one_stream_have_exactly_one_winner(self, store: Ledger) -> None:
        unit = uuid.uuid4()
        outcomes = await asyncio.gather(
            *(store.append(an_append((uuid.uuid4(), 1), (unit, 1))) for _ in range(40))
        )
        assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 39
        assert await store.head() == 2

    async def test_a_writer_and_one_who_guards_cannot_both_win(self, store: Ledger) -> None:
        for _ in range(20):
            shelter, unit = uuid.uuid4(), uuid.uuid4()
            outcomes = await asyncio.gather(
                store.append(an_append((shelter, 1), guards=[(unit, 0)])),
                store.append(an_append((unit, 1), guards=[(shelter, 0)])),
            )
            assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1

    async def test_commands_that_only_guard_the_same_stream_all_win(self, store: Ledger) -> None:
        shelter = uuid.uuid4()
        await store.append(an_append((shelter, 1)))
        outcomes = await asyncio.gather(
            *(store.append(an_append((uuid.uuid4(), 1), guards=[(shelter, 1)])) for _ in range(30))
        )
        assert all(isinstance(outcome, Receipt) for outcome in outcomes)

    async def test_one_command_sent_many_times_at_once_is_recorded_once(self, store: Ledger) -> None:
        append = an_append((uuid.uuid4(), 1))
        receipts = [
            _recorded(outcome) for outcome in await asyncio.gather(*(store.append(append) for _ in range(20)))
        ]
        assert sum(not receipt.repeated for receipt in receipts) == 1
        assert {(receipt.first, receipt.last, receipt.head) for receipt in receipts} == {(1, 1, 1)}

    async def test_one_id_with_two_digests_at_once_is_recorded_once(self, store: Ledger) -> None:
        command_id = uuid.uuid4()
        appends = [
            an_append((uuid.uuid4(), 1), command_id=command_id),
            an_append((uuid.uuid4(), 1), command_id=command_id, digest=OTHER_DIGEST),
        ]
        outcomes = await asyncio.gather(*(store.append(append) for append in appends))
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["KeyReused", "Receipt"]

    async def test_who_is_cancelled_takes_nobody_with_him(self, store: Ledger) -> None:
        appends = [an_append((uuid.uuid4(), 1)) for _ in range(30)]
        callers = [asyncio.create_task(store.append(append)) for append in appends]
        await asyncio.sleep(0)
        for caller in callers[::3]:
            caller.cancel()
        outcomes = await asyncio.gather(*callers, return_exceptions=True)
        assert all(isinstance(o, Receipt) for n, o in enumerate(outcomes) if n % 3)
        for append in appends:
            _recorded(await store.append(append))
        assert await store.head() == 30

    async def test_heads_rise_with_the_positions_of_commands(self, store: Ledger) -> None:
        appends = [an_append(*((uuid.uuid4(), 1) for _ in range(number % 3))) for number in range(30)]
        receipts = [_recorded(o) for o in await asyncio.gather(*map(store.append, appends))]
        assert await store.head() == 30
        for receipt, append in zip(receipts, appends, strict=True):
            if append.events:
                assert receipt.last == receipt.head
                assert receipt.first == receipt.head - len(append.events) + 1


def _stream_with(*versions: int) -> Append:
    stream = uuid.uuid4()
    return an_append(*((stream, version) for version in versions))


PLACE, HOLDER, STREAM = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
MALFORMED = {
    "a gap between versions": _stream_with(1, 3),
    "versions out of order": _stream_with(2, 1),
    "a version twice": _stream_with(1, 1),
    "a stream counted from 0": _stream_with(0),
    "a guard below 0": an_append(guards=[(STREAM, -1)]),
    "a short digest": an_append(digest=b"short"),
    "a row too large": an_append(an_event(STREAM, 1, state=b"s" * 60_000)),
    "a guard at two versions": an_append(guards=[(STREAM, 1), (STREAM, 2)]),
    "a guard against its own write": an_append((STREAM, 1), guards=[(STREAM, 3)]),
    "a place taken twice": an_append(takes=[a_place(PLACE, HOLDER), a_place(PLACE, HOLDER)]),
    "a place freed twice": an_append(frees=[a_place(PLACE, HOLDER), a_place(PLACE, STREAM)]),
}


@pytest.mark.asyncio
class MalformedContract:
    """What can never be recorded."""

    @pytest.mark.parametrize("wrong", MALFORMED.values(), ids=MALFORMED)
    async def test_a_malformed_append_is_refused_and_leaves_nothing(
        self, store: Ledger, wrong: Append
    ) -> None:
        with pytest.raises(MalformedAppend):
            await store.append(wrong)
        assert await store.head() == 0
        assert await store.receipt(wrong.command_id) is None

    async def test_the_largest_row_is_taken(self, store: Ledger) -> None:
        event = an_event(uuid.uuid4(), 1, topic="t" * 10, state=b"s" * 59_980, metadata=b"m" * 10)
        _recorded(await store.append(an_append(event)))

    async def test_a_malformed_append_does_not_touch_its_neighbours(self, store: Ledger) -> None:
        async def refused() -> bool:
            with pytest.raises(MalformedAppend):
                await store.append(_stream_with(1, 3))
            return True

        sound = (store.append(an_append((uuid.uuid4(), 1))) for _ in range(5))
        outcomes = await asyncio.gather(refused(), *sound)
        assert all(isinstance(outcome, Receipt) for outcome in outcomes[1:])


@pytest.mark.asyncio
class ClaimContract:
    """The second guard."""

    async def test_a_claim_stands_until_its_holder_frees_it(self, store: Ledger) -> None:
        bed, case, holder = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        claims = [a_place(bed, holder), a_case(case, holder)]
        _recorded(await store.append(an_append(takes=claims)))
        assert await store.claims(ClaimKind.PLACE) == {bed: holder}
        assert await store.claims(ClaimKind.CASE) == {case: holder}
        _recorded(await store.append(an_append(frees=claims)))
        assert await store.claims(ClaimKind.PLACE) == {}
        assert await store.claims(ClaimKind.CASE) == {}

    @pytest.mark.parametrize("kind", ["place", "case"])
    async def test_what_is_taken_cannot_be_taken_again(self, store: Ledger, kind: str) -> None:
        claim = a_place if kind == "place" else a_case
        key, first, second = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        await store.append(an_append((first, 1), takes=[claim(key, first)]))
        for holder in (first, second):
            rival = an_append((second, 1), takes=[claim(key, holder), claim(uuid.uuid4(), holder)])
            assert await store.append(rival) == Conflict(head=1)
        assert list((await store.claims(claim(key, first).kind)).items()) == [(key, first)]

    @pytest.mark.parametrize("kind", ["place", "case"])
    async def test_only_the_holder_s_claim_can_be_freed(self, store: Ledger, kind: str) -> None:
        claim = a_place if kind == "place" else a_case
        key, holder, other = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        assert await store.append(an_append(frees=[claim(key, holder)])) == Conflict(head=0)
        await store.append(an_append(takes=[claim(key, holder)]))
        assert await store.append(an_append((other, 1), frees=[claim(key, other)])) == Conflict(head=0)
        assert await store.claims(claim(key, holder).kind) == {key: holder}

    async def test_one_command_may_pass_a_place_from_holder_to_holder(self, store: Ledger) -> None:
        bed, displaced, guest = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        await store.append(an_append(takes=[a_place(bed, displaced)]))
        _recorded(
            await store.append(
                an_append((guest, 1), frees=[a_place(bed, displaced)], takes=[a_place(bed, guest)])
            )
        )
        assert await store.claims(ClaimKind.PLACE) == {bed: guest}

    async def test_a_place_and_a_case_of_one_id_are_two_claims(self, store: Ledger) -> None:
        key, holder = uuid.uuid4(), uuid.uuid4()
        await store.append(an_append(takes=[a_place(key, holder), a_case(key, holder)]))
        _recorded(await store.append(an_append(frees=[a_case(key, holder)])))
        assert await store.claims(ClaimKind.PLACE) == {key: holder}
        assert await store.append(an_append(takes=[a_place(key, holder)])) == Conflict(head=0)

    async def test_rivals_for_one_bed_have_exactly_one_winner(self, store: Ledger) -> None:
        bed = uuid.uuid4()
        rivals = [uuid.uuid4() for _ in range(40)]
        outcomes = await asyncio.gather(
            *(store.append(an_append((rival, 1), takes=[a_place(bed, rival)])) for rival in rivals)
        )
        winners = [
            rival for rival, outcome in zip(rivals, outcomes, strict=True) if isinstance(outcome, Receipt)
        ]
        assert await store.claims(ClaimKind.PLACE) == {bed: winners[0]}
        assert len(winners) == 1
        assert await store.head() == 1

    async def test_a_bed_freed_and_taken_by_two_commands_at_once_goes_over_or_stays(
        self, store: Ledger
    ) -> None:
        bed, first, second = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        await store.append(an_append(takes=[a_place(bed, first)]))
        freed, taken = await asyncio.gather(
            store.append(an_append(frees=[a_place(bed, first)])),
            store.append(an_append((second, 1), takes=[a_place(bed, second)])),
        )
        assert isinstance(freed, Receipt)
        expected = {bed: second} if isinstance(taken, Receipt) else {}
        assert await store.claims(ClaimKind.PLACE) == expected

    async def test_a_repeated_command_takes_nothing_again(self, store: Ledger) -> None:
        bed, holder = uuid.uuid4(), uuid.uuid4()
        taking = an_append(takes=[a_place(bed, holder)])
        await store.append(taking)
        await store.append(an_append(frees=[a_place(bed, holder)]))
        assert _recorded(await store.append(taking)).repeated
        assert await store.claims(ClaimKind.PLACE) == {}


@pytest.mark.asyncio
class ReadingContract:
    """What can be read, also as of then."""

    async def test_streams_are_read_in_version_order_and_as_of_a_position(self, store: Ledger) -> None:
        one, two, absent = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
        await store.append(an_append((one, 1), (two, 1)))
        await store.append(an_append((two, 2), (one, 2)))
        await store.append(an_append((one, 3)))
        now = await store.read_streams([one, two, absent, one])
        then = await store.read_streams([two, one], upto=3)
        assert {s: [row.version for row in rows] for s, rows in now.items()} == {
            one: [1, 2, 3],
            two: [1, 2],
            absent: [],
        }
        assert {s: [row.version for row in rows] for s, rows in then.items()} == {one: [1], two: [1, 2]}

    async def test_the_whole_log_is_read_in_pages(self, store: Ledger) -> None:
        for _ in range(5):
            await store.append(an_append((uuid.uuid4(), 1)))

        async def positions(after: int, limit: int, upto: int | None = None) -> list[int]:
            return [row.position for row in await store.read_all(after=after, limit=limit, upto=upto)]

        assert await positions(0, 2) == [1, 2]
        assert await positions(2, 10) == [3, 4, 5]
        assert await positions(5, 10) == []
        assert await positions(9, 10) == []
        assert await positions(1, 10, upto=3) == [2, 3]
        assert await positions(3, 10, upto=2) == []

    async def test_an_empty_log_has_head_zero(self, store: Ledger) -> None:
        assert await store.head() == 0
        assert await store.read_all(after=0, limit=5) == ()
        assert await store.position_at(datetime.now(UTC)) == 0

    async def test_a_receipt_is_found_by_its_command_id(self, store: Ledger) -> None:
        append = an_append((uuid.uuid4(), 1))
        await store.append(append)
        again = await store.append(append)
        assert await store.receipt(append.command_id) == (append.digest, again)
        assert await store.receipt(uuid.uuid4()) is None

    async def test_what_is_recorded_later_has_no_earlier_instant(self, store: Ledger) -> None:
        for _ in range(20):
            await asyncio.gather(*(store.append(an_append((uuid.uuid4(), 1))) for _ in range(4)))
        instants = [row.recorded_at for row in await store.read_all(after=0, limit=100)]
        assert instants == sorted(instants)

    async def test_a_follower_meets_every_event_once_and_in_order(self, store: Ledger) -> None:
        met: list[int] = []

        async def follow() -> None:
            async for page in store.follow(after=0, limit=7):
                met.extend(row.position for row in page)
                if len(met) >= 60:
                    return

        await store.append(an_append((uuid.uuid4(), 1)))
        follower = asyncio.create_task(follow())
        for _ in range(59):
            await store.append(an_append((uuid.uuid4(), 1)))
        await asyncio.wait_for(follower, 20)
        assert met == list(range(1, 61))

    async def test_a_follower_starts_after_the_position_it_names(self, store: Ledger) -> None:
        await store.append(an_append(*((uuid.uuid4(), 1) for _ in range(3))))
        async for page in store.follow(after=2):
            assert [row.position for row in page] == [3]
            break


@pytest.mark.asyncio
class BirthContract:
    """What a log is, and the time it has."""

    async def test_a_log_is_born_once(self, store: Ledger) -> None:
        assert await store.birth() is None
        await store.bear(VIRTUAL)
        assert await store.birth() == VIRTUAL
        with pytest.raises(WrongLog):
            await store.bear(VIRTUAL)
        assert await store.birth() == VIRTUAL

    async def test_a_log_with_events_cannot_be_born(self, store: Ledger) -> None:
        await store.append(an_append((uuid.uuid4(), 1)))
        with pytest.raises(WrongLog):
            await store.bear(VIRTUAL)

    async def test_a_log_in_earnest_has_no_virtual_clock(self, store: Ledger) -> None:
        with pytest.raises(WrongLog):
            await store.bear(Birth(network=uuid.uuid4(), kind=LogKind.REAL, clock=LogClock.VIRTUAL))
        assert await store.birth() is None

    @pytest.mark.parametrize("kind", LogKind)
    async def test_a_real_clock_cannot_be_moved(self, store: Ledger, kind: LogKind) -> None:
        with pytest.raises(WrongLog):
            await store.move_clock(NIGHT)
        await store.bear(Birth(network=uuid.uuid4(), kind=kind, clock=LogClock.REAL))
        with pytest.raises(WrongLog):
            await store.move_clock(NIGHT)
        assert abs(await store.now() - datetime.now(UTC)) < timedelta(seconds=5)

    async def test_the_virtual_clock_gives_now_and_recorded_at(self, store: Ledger) -> None:
        await store.bear(VIRTUAL)
        assert abs(await store.now() - datetime.now(UTC)) < timedelta(seconds=5)
        await store.move_clock(NIGHT)
        assert await store.now() == NIGHT
        assert _recorded(await store.append(an_append((uuid.uuid4(), 1)))).recorded_at == NIGHT
        assert _recorded(await store.append(an_append())).recorded_at == NIGHT
        await store.move_clock(NIGHT + timedelta(hours=1))
        assert await store.now() == NIGHT + timedelta(hours=1)

    async def test_the_virtual_clock_never_stands_before_what_is_recorded(self, store: Ledger) -> None:
        await store.bear(VIRTUAL)
        await store.move_clock(NIGHT)
        await store.append(an_append((uuid.uuid4(), 1)))
        with pytest.raises(ClockSteppedBack):
            await store.move_clock(NIGHT - timedelta(microseconds=1))
        await store.move_clock(NIGHT)
        assert await store.now() == NIGHT

    async def test_a_position_is_found_by_its_instant(self, store: Ledger) -> None:
        await store.bear(VIRTUAL)
        for minutes, events in ((0, 3), (10, 0), (20, 1), (20, 2), (30, 1)):
            await store.move_clock(NIGHT + timedelta(minutes=minutes))
            await store.append(an_append(*((uuid.uuid4(), 1) for _ in range(events))))
        found = [await store.position_at(NIGHT + timedelta(minutes=minutes)) for minutes in range(-1, 41, 5)]
        assert found == [0, 3, 3, 3, 3, 6, 6, 7, 7]
        assert await store.position_at(NIGHT) == 3
        assert await store.position_at(NIGHT + timedelta(minutes=20)) == 6

    async def test_the_clock_skew_is_small_here(self, store: Ledger) -> None:
        assert abs(await store.clock_skew()) < timedelta(seconds=2)


class StoreContract(AppendContract, MalformedContract, ClaimContract, ReadingContract, BirthContract):
    """Everything an adapter promises."""
