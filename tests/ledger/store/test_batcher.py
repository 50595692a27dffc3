"""The batcher over a recorder that only remembers: what shares a batch, who waits, who is told what."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from ledger.faults import LedgerFault, MalformedAppend, StoreOverloaded, StoreRefused, StoreUnreachable
from ledger.store.batcher import AnotherBatch, Batcher
from ledger.store.footprint import footprint
from ledger.store.port import Append, Outcome, Receipt
from tests.ledger.store.appends import a_place, an_append

pytestmark = pytest.mark.asyncio


class Remembering:
    """Takes every batch when `door` opens, and answers as `judge` says."""

    def __init__(self, judge: Callable[[Append], Outcome | AnotherBatch | LedgerFault] | None = None) -> None:
        self.batches: list[list[Append]] = []
        self.under_way = 0
        self.most_under_way = 0
        self.door = asyncio.Event()
        self._judge = judge or receipt_of

    async def record(self, batch: Sequence[Append]) -> Sequence[Outcome | AnotherBatch]:
        self.batches.append(list(batch))
        self.under_way += 1
        self.most_under_way = max(self.under_way, self.most_under_way)
        try:
            await self.door.wait()
            await asyncio.sleep(0.001)
            answers = [self._judge(append) for append in batch]
            for answer in answers:
                if isinstance(answer, LedgerFault):
                    raise answer
            return [answer for answer in answers if not isinstance(answer, LedgerFault)]
        finally:
            self.under_way -= 1

    @property
    def sizes(self) -> list[int]:
        return [len(batch) for batch in self.batches]


def receipt_of(append: Append) -> Receipt:
    return Receipt(
        command_id=append.command_id, first=1, last=1, head=1, recorded_at=datetime(2030, 1, 1, tzinfo=UTC)
    )


def _independent(count: int, *, events: int = 1) -> list[Append]:
    return [an_append(*((uuid.uuid4(), 1) for _ in range(events))) for _ in range(count)]


async def _all(batcher: Batcher, appends: Sequence[Append]) -> list[Outcome | BaseException]:
    return await asyncio.gather(*map(batcher.append, appends), return_exceptions=True)


async def test_while_one_batch_is_under_way_the_next_gathers() -> None:
    recorder = Remembering()
    batcher = Batcher(recorder.record)
    first = asyncio.create_task(batcher.append(*_independent(1)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = asyncio.create_task(_all(batcher, _independent(9)))
    await asyncio.sleep(0)
    recorder.door.set()
    await first
    await others
    assert recorder.sizes == [1, 9]


async def test_a_command_that_comes_as_the_last_batch_ends_is_not_forgotten() -> None:
    recorder = Remembering()
    recorder.door.set()
    batcher = Batcher(recorder.record)
    async with asyncio.timeout(10):
        for append in _independent(50):
            await batcher.append(append)
    assert recorder.sizes == [1] * 50


async def test_one_batch_is_under_way_at_a_time() -> None:
    recorder = Remembering()
    recorder.door.set()
    batcher = Batcher(recorder.record, most_commands=5)
    await _all(batcher, _independent(100))
    assert recorder.most_under_way == 1
    assert sum(recorder.sizes) == 100


async def test_a_batch_is_bounded_by_commands_and_by_events() -> None:
    recorder = Remembering()
    recorder.door.set()
    batcher = Batcher(recorder.record, most_commands=10, most_events=20)
    await _all(batcher, [*_independent(25), *_independent(6, events=7), *_independent(1, events=50)])
    assert all(size <= 10 for size in recorder.sizes)
    events = [sum(len(append.events) for append in batch) for batch in recorder.batches]
    assert max(events) == 50
    assert recorder.sizes[events.index(50)] == 1
    assert sorted(events)[-2] <= 20


async def test_commands_that_depend_on_one_another_never_share_a_batch() -> None:
    recorder = Remembering()
    recorder.door.set()
    batcher = Batcher(recorder.record)
    unit, bed, other = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    repeated = an_append((other, 1))
    tangled = [
        an_append((unit, 1)),
        an_append((unit, 2)),
        an_append(guards=[(unit, 1)]),
        an_append(takes=[a_place(bed, unit)]),
        an_append(frees=[a_place(bed, unit)]),
        repeated,
        repeated,
        an_append(guards=[(unit, 1)]),
    ]
    outcomes = await _all(batcher, tangled)
    assert [outcome.command_id for outcome in outcomes if isinstance(outcome, Receipt)] == [
        append.command_id for append in tangled
    ]
    for batch in recorder.batches:
        found = [footprint(append) for append in batch]
        for number, one in enumerate(found):
            assert all(one.changes.isdisjoint(later.touches) for later in found[number + 1 :])
            assert all(one.touches.isdisjoint(later.changes) for later in found[number + 1 :])
    assert recorder.sizes == [3, 3, 2]


async def test_who_must_wait_keeps_his_turn() -> None:
    recorder = Remembering()
    recorder.door.set()
    batcher = Batcher(recorder.record)
    unit = uuid.uuid4()
    writers = [an_append((unit, version)) for version in range(1, 6)]
    await _all(batcher, writers)
    assert [batch[0] for batch in recorder.batches] == writers


async def test_a_command_sent_back_goes_into_the_next_batch() -> None:
    sent_back: set[uuid.UUID] = set()

    def judge(append: Append) -> Outcome | AnotherBatch:
        if append.command_id not in sent_back:
            sent_back.add(append.command_id)
            return AnotherBatch()
        return receipt_of(append)

    recorder = Remembering(judge)
    recorder.door.set()
    outcomes = await _all(Batcher(recorder.record), _independent(4))
    assert all(isinstance(outcome, Receipt) for outcome in outcomes)
    assert recorder.sizes == [4, 4]


@pytest.mark.parametrize("fault", [MalformedAppend, StoreRefused])
async def test_a_batch_that_fails_as_a_whole_is_replayed_one_by_one(fault: type[LedgerFault]) -> None:
    appends = _independent(5)

    def judge(append: Append) -> Outcome | LedgerFault:
        return fault() if append is appends[2] else receipt_of(append)

    recorder = Remembering(judge)
    recorder.door.set()
    outcomes = await _all(Batcher(recorder.record), appends)
    assert [type(outcome) for outcome in outcomes] == [Receipt, Receipt, fault, Receipt, Receipt]
    assert recorder.sizes == [5, 1, 1, 1, 1, 1]


async def test_an_unreachable_store_is_said_to_all_at_once() -> None:
    recorder = Remembering(lambda _: StoreUnreachable())
    recorder.door.set()
    outcomes = await _all(Batcher(recorder.record), _independent(5))
    assert [type(outcome) for outcome in outcomes] == [StoreUnreachable] * 5
    assert recorder.sizes == [5]


async def test_too_many_waiting_are_turned_away_and_the_others_served() -> None:
    recorder = Remembering()
    batcher = Batcher(recorder.record, most_waiting=3)
    callers = asyncio.create_task(_all(batcher, _independent(8)))
    await asyncio.sleep(0.01)
    recorder.door.set()
    outcomes = await callers
    assert sum(isinstance(outcome, StoreOverloaded) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 3


async def test_a_cancelled_caller_who_still_waits_is_not_sent() -> None:
    recorder = Remembering()
    batcher = Batcher(recorder.record, most_commands=1)
    callers = [asyncio.create_task(batcher.append(append)) for append in _independent(3)]
    await asyncio.sleep(0.01)
    callers[0].cancel()
    callers[1].cancel()
    recorder.door.set()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        asyncio.CancelledError,
        asyncio.CancelledError,
        Receipt,
    ]
    assert recorder.sizes == [1, 1]


async def test_closing_records_what_waits_and_takes_no_more() -> None:
    recorder = Remembering()
    batcher = Batcher(recorder.record, most_commands=1)
    callers = asyncio.create_task(_all(batcher, _independent(3)))
    await asyncio.sleep(0.01)
    closing = asyncio.create_task(batcher.close())
    await asyncio.sleep(0)
    recorder.door.set()
    await closing
    assert all(isinstance(outcome, Receipt) for outcome in await callers)
    with pytest.raises(StoreUnreachable):
        await batcher.append(*_independent(1))
