"""The engine calls a person when something is due, once, whoever owns the loop."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from api.loops.alarming import Alarming
from api.loops.automatic import Automatic
from api.placing import Engine
from domain.placement.events import AlarmRaised
from ledger.store import codec
from ledger.store.ids import system_sources
from ledger.store.transact import Transactor
from projections.places_index import PlacesIndex
from tests.api.http.ground import ALONE, Ground, ground

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def night() -> AsyncIterator[Ground]:
    async with ground() as made:
        yield made


def alarming(night: Ground) -> Alarming:
    """The loop of a process of its own, with its own index."""
    network_id = night.engine.transactor.network_id
    engine = Engine(Transactor(night.store, system_sources(), network_id), PlacesIndex(night.store))
    return Alarming(engine, Automatic(network_id=network_id, app_version="0.1.0"))


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
