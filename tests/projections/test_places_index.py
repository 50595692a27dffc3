"""The live index of places: at the head when asked, reads shared, own appends taken in, always a fold."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.codes import PauseReason
from domain.matching.places import Places
from domain.shelter import IntakePaused, IntakeResumed, ShelterEvent
from domain.vocabulary import ShelterId
from domain.world import Decided, Decision
from ledger.faults import StoreUnreachable
from ledger.store.loaded import Loaded
from ledger.store.memory import MemoryStore
from ledger.store.port import StoredRow
from ledger.store.transact import Done, Transactor, recorded
from projections.places_index import PAGE, PlacesIndex
from tests.simulation.driving import NETWORK, Ids, Issue

HOUSE = ShelterId(UUID(int=0x21))
NIGHT = datetime(2026, 1, 16, 20, 0, tzinfo=UTC)
PAUSED, RESUMED = IntakePaused(reason=PauseReason.STAFF), IntakeResumed()


class WatchedStore(MemoryStore):
    """Counts reads, lets other tasks in during each, and fails when it is told to."""

    def __init__(self) -> None:
        super().__init__(lambda: NIGHT)
        self.reads = 0
        self.fails = 0

    async def read_all(self, *, after: int, limit: int, upto: int | None = None) -> tuple[StoredRow, ...]:
        self.reads += 1
        rows = await super().read_all(after=after, limit=limit, upto=upto)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if self.fails:
            self.fails -= 1
            raise StoreUnreachable
        return rows


class Log:
    """A store that is written to."""

    def __init__(self) -> None:
        self.store = WatchedStore()
        self._ids = Ids(1)
        self._transactor = Transactor(self.store, self._ids.sources, NETWORK)

    async def write(self, *events: ShelterEvent) -> Done:
        def decide(world: Loaded) -> Decided:
            world.shelter(HOUSE)
            return Decision(events={HOUSE: events})

        done = await self._transactor.run(Issue.new({"do": "x"}, self._ids.new_id()).envelope, decide)
        assert isinstance(done, Done)
        return done

    async def fold(self) -> dict[str, Any]:
        places = Places()
        for row in await MemoryStore.read_all(self.store, after=0, limit=10_000):
            each = recorded(row)
            places.apply(each.stream, each.version, each.position, each.event)
        return vars(places)


@pytest.mark.asyncio
class TestCatchingUp:
    async def test_it_reflects_all_that_stood_in_the_log(self) -> None:
        log = Log()
        await log.write(PAUSED, RESUMED, PAUSED)
        index = await PlacesIndex(log.store).catch_up()
        assert index.places.position == 3
        assert index.places.versions == {HOUSE: 3}
        assert vars(index.places) == await log.fold()

    async def test_a_long_log_is_read_in_pages(self) -> None:
        log = Log()
        await log.write(*(PAUSED, RESUMED) * (PAGE // 2 + 1))
        index = await PlacesIndex(log.store).catch_up()
        assert index.places.position == PAGE + 2
        assert log.store.reads == 2
        assert vars(index.places) == await log.fold()

    async def test_whoever_waits_shares_the_next_read(self) -> None:
        log = Log()
        index = PlacesIndex(log.store)
        await log.write(PAUSED)
        await asyncio.gather(*(index.catch_up() for _ in range(20)))
        assert log.store.reads <= 2

    async def test_who_comes_while_a_read_is_under_way_is_not_content_with_it(self) -> None:
        log = Log()
        index = PlacesIndex(log.store)
        early = asyncio.create_task(index.catch_up())
        await asyncio.sleep(0)
        assert log.store.reads == 1
        await log.write(PAUSED)
        await index.catch_up()
        assert index.places.position == 1
        await early

    async def test_a_read_that_failed_counts_for_nobody(self) -> None:
        log = Log()
        await log.write(PAUSED)
        index = PlacesIndex(log.store)
        log.store.fails = 1
        first, second = await asyncio.gather(index.catch_up(), index.catch_up(), return_exceptions=True)
        assert isinstance(first, StoreUnreachable)
        assert isinstance(second, PlacesIndex)
        assert index.places.position == 1

    async def test_a_read_that_was_cancelled_counts_for_nobody(self) -> None:
        log = Log()
        await log.write(PAUSED)
        index = PlacesIndex(log.store)
        first, second = (asyncio.create_task(index.catch_up()) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await second
        assert index.places.position == 1
        assert first.cancelled()

    async def test_a_position_already_reached_costs_no_read(self) -> None:
        log = Log()
        await log.write(PAUSED)
        index = await PlacesIndex(log.store).at_least(1)
        reads = log.store.reads
        assert (await index.at_least(1)).places.position == 1
        assert log.store.reads == reads
        await log.write(RESUMED)
        assert (await index.at_least(2)).places.position == 2


@pytest.mark.asyncio
class TestAbsorbing:
    async def test_what_this_process_appended_is_taken_in_without_a_read(self) -> None:
        log = Log()
        index = PlacesIndex(log.store)
        done = await log.write(PAUSED, RESUMED)
        index.absorb(done.events)
        assert (index.places.position, log.store.reads) == (2, 0)
        assert vars(index.places) == await log.fold()

    async def test_what_does_not_follow_directly_is_left_to_the_next_read(self) -> None:
        log = Log()
        index = PlacesIndex(log.store)
        first, second = await log.write(PAUSED), await log.write(RESUMED)
        index.absorb(second.events)
        assert index.places.position == 0
        index.absorb(first.events)
        index.absorb(first.events)
        assert index.places.position == 1
        index.absorb(())
        await index.catch_up()
        assert vars(index.places) == await log.fold()

    async def test_nothing_is_taken_in_twice_while_a_read_is_under_way(self) -> None:
        log = Log()
        index = PlacesIndex(log.store)
        done = await log.write(PAUSED)
        reading = asyncio.create_task(index.catch_up())
        await asyncio.sleep(0)
        index.absorb(done.events)
        await reading
        assert index.places.position == 1


@settings(max_examples=60)
@given(steps=st.lists(st.sampled_from(["write", "absorb", "lose", "read", "at"]), max_size=12))
def test_whatever_the_order_it_is_a_fold_of_the_log(steps: list[str]) -> None:
    async def play() -> None:
        log = Log()
        index = PlacesIndex(log.store)
        reading: list[asyncio.Task[PlacesIndex]] = []
        kept: list[Done] = []
        for step in steps:
            if step == "write":
                kept.append(await log.write(PAUSED, RESUMED))
            elif step == "absorb" and kept:
                index.absorb(kept.pop().events)
            elif step == "lose" and kept:
                kept.pop()
            elif step == "at":
                await index.at_least(await log.store.head())
            else:
                reading.append(asyncio.create_task(index.catch_up()))
                await asyncio.sleep(0)
        await asyncio.gather(*reading)
        await index.catch_up()
        assert vars(index.places) == await log.fold()

    asyncio.run(play())
