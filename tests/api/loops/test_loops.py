"""What the engine does by itself: it looks for the next place, it says that nobody answered, and a second
owner changes nothing.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio

from api.loops.automatic import Automatic
from api.loops.deadlines import Deadlines
from api.loops.running import loops
from api.loops.searching import Searching
from api.placing import Engine
from domain.permissions import Role
from ledger.store import metadata
from ledger.store.ids import system_sources
from ledger.store.transact import Transactor
from projections.places_index import PlacesIndex
from projections.projector import Projector
from projections.views import MemoryViews
from tests.api.http.ground import ALONE, Ground, ground

pytestmark = pytest.mark.asyncio
AUTOMATIC_VERSION = "0.1.0"


@pytest_asyncio.fixture
async def night() -> AsyncIterator[Ground]:
    async with ground() as made:
        yield made


def another_process(night: Ground) -> Engine:
    """An engine of its own, with its own index, on the same log."""
    network_id = night.engine.transactor.network_id
    sources = system_sources()
    return Engine(Transactor(night.store, sources, network_id), PlacesIndex(night.store))


def automatic(engine: Engine) -> Automatic:
    return Automatic(network_id=engine.transactor.network_id, app_version=AUTOMATIC_VERSION)


def searching(engine: Engine) -> Searching:
    return Searching(engine, automatic(engine))


def deadlines(engine: Engine) -> Deadlines:
    return Deadlines(engine, automatic(engine))


async def house_of(night: Ground, path: str) -> UUID | None:
    """The house that holds now."""
    placement = (await night.get(path)).json()
    holding = [offer for offer in placement["offers"] if offer["offer_id"] == placement["hold"]]
    return UUID(holding[0]["shelter_id"]) if holding else None


async def refused(night: Ground, path: str, shown: str = "NO_CAPACITY") -> None:
    """The house that holds says no."""
    held = await house_of(night, path)
    who = next(code for code in ("ginepro", "lentisco") if night.house(code) == held)
    answer = await night.post(f"{path}/refusal", {"channel": "SCREEN", "shown": shown}, who)
    assert answer.status_code == 200, answer.text


async def test_after_a_plain_no_the_next_place_is_held_and_no_offer_is_sent(night: Ground) -> None:
    path = await night.offered(ALONE)
    first = await house_of(night, path)
    await refused(night, path)
    assert await house_of(night, path) is None
    await searching(night.engine).step()
    second = await house_of(night, path)
    assert second not in (None, first)
    assert Counter(await night.topics())["placement.offer-sent.1"] == 1


async def test_a_no_on_safety_grounds_stops_the_engine(night: Ground) -> None:
    path = await night.offered(ALONE)
    await refused(night, path, "SAFETY")
    before = await night.topics()
    await searching(night.engine).step()
    assert await night.topics() == before


async def test_a_displaced_request_is_ranked_again_at_once(night: Ground) -> None:
    path = await night.offered(ALONE)
    held = await house_of(night, path)
    code = next(code for code in ("ginepro", "lentisco") if night.house(code) == held)
    unit = night.unit(code)
    places = [str(bed) for bed in unit.beds]
    answer = await night.post(f"/units/{unit.id}/outside-occupancy", {"places": places}, code)
    assert answer.status_code in (200, 201), answer.text
    await searching(night.engine).step()
    assert await house_of(night, path) not in (None, held)


async def test_a_second_owner_of_the_search_is_silent(night: Ground) -> None:
    path = await night.offered(ALONE)
    await refused(night, path)
    engines = [night.engine, *(another_process(night) for _ in range(3))]
    await asyncio.gather(*(searching(engine).step() for engine in engines))
    held = Counter(await night.topics())["placement.hold-placed.1"]
    assert held == 2
    await asyncio.gather(*(searching(engine).step() for engine in engines))
    assert Counter(await night.topics())["placement.hold-placed.1"] == 2


async def test_what_the_engine_does_says_so_and_names_its_cause(night: Ground) -> None:
    path = await night.offered(ALONE)
    await refused(night, path)
    rows = await night.store.read_all(after=0, limit=5000)
    released = next(row for row in rows if row.topic == "placement.hold-released.1")
    await searching(night.engine).step()
    (row, *_) = await night.store.read_all(after=rows[-1].position, limit=10)
    told = metadata.decode(row.metadata)
    assert told.role is Role.ENGINE
    assert told.actor == night.engine.transactor.network_id
    assert told.causation_id == released.event_id
    assert told.correlation_id == metadata.decode(released.metadata).correlation_id


async def test_silence_is_marked_once_and_takes_nothing_away(night: Ground) -> None:
    path = await night.offered()
    held = await house_of(night, path)
    await deadlines(night.engine).step()
    assert "placement.offer-unanswered.1" not in await night.topics()
    await night.later(minutes=11)
    engines = [night.engine, another_process(night)]
    await asyncio.gather(*(deadlines(engine).step() for engine in engines))
    await asyncio.gather(*(deadlines(engine).step() for engine in engines))
    assert Counter(await night.topics())["placement.offer-unanswered.1"] == 1
    assert await house_of(night, path) == held


async def test_a_yes_ends_every_deadline(night: Ground) -> None:
    await night.accepted()
    await night.later(hours=30)
    await deadlines(night.engine).step()
    assert "placement.offer-unanswered.1" not in await night.topics()


async def test_the_loops_turn_by_themselves_and_end_when_they_are_cancelled(night: Ground) -> None:
    path = await night.offered(ALONE)
    views = MemoryViews()
    every = loops(night.engine, AUTOMATIC_VERSION, Projector(night.store, views))
    turning = [asyncio.ensure_future(loop()) for loop in every]
    try:
        await refused(night, path)
        for _ in range(500):
            if await house_of(night, path) is not None:
                break
            await asyncio.sleep(0.01)
        assert await house_of(night, path) is not None
        head = await night.store.head()
        for _ in range(500):
            if views.at.position >= head:
                break
            await asyncio.sleep(0.01)
        assert views.at.position >= head
    finally:
        for task in turning:
            task.cancel()
        ended = await asyncio.gather(*turning, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ended)
