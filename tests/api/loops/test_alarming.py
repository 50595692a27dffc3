"""The engine calls a person when something is due, once, whoever owns the loop; one request that keeps
losing to others delays none.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api.loops.alarming import Alarming
from api.loops.automatic import Automatic
from api.loops.deadlines import Deadlines
from api.placing import Engine
from domain.placement.events import AlarmRaised, OfferUnanswered
from ledger.store import codec
from ledger.store.ids import system_sources
from ledger.store.memory import MemoryStore
from ledger.store.port import Append, Conflict, Outcome
from ledger.store.transact import Transactor
from projections.places_index import PlacesIndex
from tests.api.http.ground import ALONE, REQUEST, Ground, ground, ground_on

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def night() -> AsyncIterator[Ground]:
    async with ground() as made:
        yield made


class AlwaysLosing(MemoryStore):
    """The store, in which somebody is always faster on one stream."""

    contended: UUID | None = None

    async def append(self, append: Append) -> Outcome:
        if self.contended in {event.stream for event in append.events}:
            return Conflict(head=await self.head())
        return await super().append(append)


def process(night: Ground) -> tuple[Engine, Automatic]:
    """A process of its own, with its own index and hardly any patience."""
    network_id = night.engine.transactor.network_id
    transactor = Transactor(night.store, system_sources(), network_id, patience_seconds=0.01)
    engine = Engine(transactor, PlacesIndex(night.store))
    return engine, Automatic(network_id=network_id, app_version="0.1.0")


def alarming(night: Ground) -> Alarming:
    return Alarming(*process(night))


async def raised(night: Ground) -> Counter[str]:
    rows = await night.store.read_all(after=0, limit=5000)
    events = (codec.decode(row.topic, row.state) for row in rows if row.topic == AlarmRaised.TOPIC)
    return Counter(str(event.kind) for event in events if isinstance(event, AlarmRaised))


async def test_a_request_without_a_place_calls_a_person_after_so_long_and_once(night: Ground) -> None:
    await night.ask(ALONE)
    loop = alarming(night)
    await loop.step()
    assert await raised(night) == {}
    await night.later(minutes=21)
    owners = [loop, alarming(night), alarming(night)]
    await asyncio.gather(*(each.step() for each in owners))
    await asyncio.gather(*(each.step() for each in owners))
    assert await raised(night) == {"NO_PLACE_YET": 1}


async def test_the_hour_until_which_she_is_safe_calls_a_person_in_time(night: Ground) -> None:
    until = (await night.store.now()).replace(microsecond=0)
    body: dict[str, Any] = {**ALONE, "safe_until": until.isoformat()}
    await night.ask(body)
    await alarming(night).step()
    assert (await raised(night))["SAFE_UNTIL"] == 1


async def test_nobody_is_called_for_a_household_that_has_arrived(night: Ground) -> None:
    path = await night.accepted()
    yes = {"proximity_checked_by_voice": True, "told": ["HOUSE_RULES"]}
    assert (await night.post(f"{path}/woman-acceptance", yes)).status_code == 200
    assert (await night.post(f"{path}/admission", {})).status_code == 200
    await night.later(hours=48)
    await alarming(night).step()
    assert await raised(night) == {}


@pytest.mark.parametrize("contended", [0, 1], ids=["first", "second"])
async def test_one_request_that_keeps_losing_delays_no_other(contended: int) -> None:
    store = AlwaysLosing()
    async with ground_on(store) as night:
        placements = [UUID((await night.offered(body)).split("/")[-1]) for body in (REQUEST, ALONE)]
        await night.later(minutes=21)
        store.contended = placements[contended]
        await Deadlines(*process(night)).step()
        await alarming(night).step()
        assert await raised(night) == {"NO_PLACE_YET": 1}
        assert Counter(await night.topics())[OfferUnanswered.TOPIC] == 1
        store.contended = None
        await Deadlines(*process(night)).step()
        await alarming(night).step()
        assert await raised(night) == {"NO_PLACE_YET": 2}
        assert Counter(await night.topics())[OfferUnanswered.TOPIC] == 2


async def test_a_yes_from_which_nothing_follows_calls_a_person(night: Ground) -> None:
    await night.accepted()
    await night.later(minutes=61)
    await alarming(night).step()
    assert await raised(night) == {"NOT_SETTLED": 1}


async def test_a_woman_on_her_way_whose_place_is_taken_calls_a_person_once(night: Ground) -> None:
    path = await night.accepted(body={**REQUEST, "urgency": "U3"})
    refusal = {"channel": "TELEPHONE", "shown": "NO_CAPACITY"}
    assert (await night.post(f"{path}/refusal", refusal)).status_code == 200
    loop = alarming(night)
    await loop.step()
    await loop.step()
    assert await raised(night) == {"PLACE_LOST": 1}
