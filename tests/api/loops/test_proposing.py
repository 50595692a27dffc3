"""What waits is served by itself: a place that frees goes to whom it is owed, once and in order; and after
silence the engine goes on where the request chose so.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from api.loops.automatic import Automatic
from api.loops.deadlines import Deadlines
from api.loops.proposing import Proposing
from api.loops.sending_on import SendingOn
from api.placing import Engine
from domain.permissions import Role
from ledger.faults import StoreUnreachable
from ledger.store import metadata
from ledger.store.ids import system_sources
from ledger.store.memory import MemoryStore
from ledger.store.port import Append, Outcome
from ledger.store.transact import Transactor
from projections.places_index import PlacesIndex
from tests.api.http.ground import ALONE, REQUEST, Ground, ground, ground_on

pytestmark = pytest.mark.asyncio
VERSION = "0.1.0"
THREE: Mapping[str, Any] = {**REQUEST, "household": {"adults": 3}}
"""Too many for the shared room: only the room of three takes them."""


@pytest_asyncio.fixture
async def night() -> AsyncIterator[Ground]:
    async with ground() as made:
        yield made


def another_process(night: Ground) -> Engine:
    """An engine of its own, with its own index, on the same log."""
    transactor = Transactor(night.store, system_sources(), night.engine.transactor.network_id)
    return Engine(transactor, PlacesIndex(night.store))


def automatic(engine: Engine) -> Automatic:
    return Automatic(network_id=engine.transactor.network_id, app_version=VERSION)


def proposing(engine: Engine) -> Proposing:
    return Proposing(engine, automatic(engine))


def sending_on(engine: Engine) -> SendingOn:
    return SendingOn(engine, automatic(engine))


def as_(urgency: str, body: Mapping[str, Any] = THREE) -> Mapping[str, Any]:
    return {**body, "urgency": urgency}


async def asked(night: Ground, body: Mapping[str, Any]) -> str:
    return f"/placements/{(await night.ask(body))['placement']['placement_id']}"


async def phase(night: Ground, path: str) -> str:
    told: str = (await night.get(path)).json()["phase"]
    return told


async def done(
    night: Ground, path: str, body: Mapping[str, Any] | None = None, who: str = "coordinator"
) -> None:
    answer = await night.post(path, body or {}, who)
    assert answer.status_code == 200, answer.text


async def house_of(night: Ground, path: str) -> str | None:
    """The house that holds now."""
    placement = (await night.get(path)).json()
    held = [UUID(each["shelter_id"]) for each in placement["offers"] if each["offer_id"] == placement["hold"]]
    return next((code for code in ("ginepro", "lentisco") if held == [night.house(code)]), None)


async def count(night: Ground, topic: str) -> int:
    return Counter(await night.topics())[topic]


# --- a place frees ----------------------------------------------------------------------------------------


async def test_a_freed_place_is_held_for_whom_it_is_owed_and_no_offer_leaves(night: Ground) -> None:
    first = await asked(night, as_("U3"))
    later, urgent = await asked(night, as_("U2")), await asked(night, as_("U1"))
    assert [await phase(night, path) for path in (first, later, urgent)] == ["HELD", "WAITING", "WAITING"]
    await done(night, f"{first}/withdrawal")
    await proposing(night.engine).step()
    assert await phase(night, urgent) == "HELD"
    assert await phase(night, later) == "WAITING"
    assert await count(night, "placement.offer-sent.1") == 0


async def test_among_equals_the_earlier_request_is_served_first(night: Ground) -> None:
    holds = await asked(night, as_("U2"))
    paths = []
    for _ in range(3):
        await night.later(minutes=1)
        occurred = {"occurred_at": (await night.store.now()).isoformat()}
        paths.append(await asked(night, {**as_("U2"), **occurred}))
    await done(night, f"{holds}/withdrawal")
    loop = proposing(night.engine)
    for served, path in enumerate(paths):
        await loop.step()
        told = [await phase(night, each) for each in paths[served:]]
        assert told == ["HELD", *["WAITING"] * (len(told) - 1)]
        await done(night, f"{path}/withdrawal")


async def test_what_is_proposed_says_that_the_engine_did_it_and_which_event_made_it_possible(
    night: Ground,
) -> None:
    first, waits = await asked(night, as_("U3")), await asked(night, as_("U1"))
    await done(night, f"{first}/withdrawal")
    before = await night.store.head()
    freed = [row for row in await night.store.read_all(after=0, limit=5000) if row.topic == "unit.released.1"]
    await proposing(night.engine).step()
    told = [metadata.decode(row.metadata) for row in await night.store.read_all(after=before, limit=50)]
    assert {each.role for each in told} == {Role.ENGINE}
    assert await phase(night, waits) == "HELD"
    assert {each.causation_id for each in told} <= {row.event_id for row in freed} | {told[0].causation_id}


async def test_a_second_owner_of_proposals_is_silent(night: Ground) -> None:
    first, waits = await asked(night, as_("U3")), await asked(night, as_("U1"))
    await done(night, f"{first}/withdrawal")
    owners = [proposing(engine) for engine in (night.engine, *(another_process(night) for _ in range(3)))]
    await asyncio.gather(*(owner.step() for owner in owners))
    after = await night.topics()
    await asyncio.gather(*(owner.step() for owner in owners))
    assert await night.topics() == after
    assert await phase(night, waits) == "HELD"
    assert Counter(after)["placement.hold-placed.1"] == 2


async def test_where_nothing_is_loosened_nothing_is_written(night: Ground) -> None:
    await asked(night, as_("U3"))
    await asked(night, as_("U3"))
    loop, before = proposing(night.engine), await night.topics()
    for _ in range(3):
        await loop.step()
        await night.later(minutes=11)
    assert await night.topics() == before


async def test_a_process_that_has_just_started_proposes_what_is_outstanding(night: Ground) -> None:
    first, waits = await asked(night, as_("U3")), await asked(night, as_("U1"))
    await proposing(night.engine).step()
    await done(night, f"{first}/withdrawal")
    await proposing(another_process(night)).step()
    assert await phase(night, waits) == "HELD"


# --- somebody's silence -----------------------------------------------------------------------------------


async def test_a_later_requests_hold_ends_for_an_earlier_one_once_its_silence_has_lasted_too_long(
    night: Ground,
) -> None:
    later, urgent = await asked(night, as_("U2")), await asked(night, as_("U1"))
    loop = proposing(night.engine)
    await loop.step()
    assert await phase(night, urgent) == "WAITING"
    await night.later(minutes=30)
    await loop.step()
    assert await phase(night, urgent) == "WAITING", "at the very instant it is not overdue yet"
    await night.later(seconds=1)
    await loop.step()
    assert (await phase(night, urgent), await phase(night, later)) == ("HELD", "WAITING")
    assert await count(night, "placement.hold-expired.1") == 1


async def test_an_earlier_requests_silence_takes_nothing_from_it(night: Ground) -> None:
    urgent, later = await asked(night, as_("U1")), await asked(night, as_("U2"))
    await night.later(minutes=40)
    await proposing(night.engine).step()
    assert (await phase(night, urgent), await phase(night, later)) == ("HELD", "WAITING")


async def _owed_to_a_silent_one(night: Ground) -> tuple[str, str]:
    """One who is offered a bed in the shared room and is owed the other house while nobody answers; and one
    who waits for that house.
    """
    silent = await night.offered(as_("U1", ALONE))
    assert await house_of(night, silent) == "lentisco"
    await night.later(minutes=11)
    await Deadlines(night.engine, automatic(night.engine)).step()
    waits = await asked(night, as_("U2"))
    assert await phase(night, waits) == "WAITING"
    return silent, waits


async def test_when_a_silence_ends_what_was_owed_because_of_it_is_proposed_to_others(night: Ground) -> None:
    silent, waits = await _owed_to_a_silent_one(night)
    loop = proposing(night.engine)
    await loop.step()
    assert await phase(night, waits) == "WAITING", "the other house is owed to her whom nobody answers"
    await done(night, f"{silent}/acceptance", {"channel": "SCREEN"}, "lentisco")
    await loop.step()
    assert await house_of(night, waits) == "ginepro"


async def test_when_a_conversation_begins_what_was_owed_is_proposed_to_others(night: Ground) -> None:
    silent, waits = await _owed_to_a_silent_one(night)
    loop = proposing(night.engine)
    await loop.step()
    await done(night, f"{silent}/conversation", {}, "lentisco")
    await loop.step()
    assert await house_of(night, waits) == "ginepro"


# --- faults -----------------------------------------------------------------------------------------------


class FailsAtTimes(MemoryStore):
    """The store, unreachable for so many appends."""

    failing = 0

    async def append(self, append: Append) -> Outcome:
        if self.failing:
            self.failing -= 1
            raise StoreUnreachable
        return await super().append(append)


async def test_what_a_fault_interrupted_is_proposed_at_the_next_look() -> None:
    store = FailsAtTimes()
    async with ground_on(store) as night:
        first, waits = await asked(night, as_("U3")), await asked(night, as_("U1"))
        loop = proposing(night.engine)
        await loop.step()
        await done(night, f"{first}/withdrawal")
        store.failing = 1
        with pytest.raises(StoreUnreachable):
            await loop.step()
        assert await phase(night, waits) == "WAITING"
        await loop.step()
        assert await phase(night, waits) == "HELD"


@pytest.mark.parametrize("turns", range(8))
async def test_it_ends_when_it_is_cancelled_also_while_the_log_grows(night: Ground, turns: int) -> None:
    await asked(night, as_("U3"))
    turning = asyncio.ensure_future(proposing(night.engine).run())
    await asyncio.sleep(0.1)
    await asked(night, as_("U3"))
    for _ in range(turns):
        await asyncio.sleep(0)
    turning.cancel()
    ended, _ = await asyncio.wait([turning], timeout=2)
    assert ended == {turning}
    assert turning.cancelled()


# --- going on by itself -----------------------------------------------------------------------------------


async def test_after_silence_the_next_house_is_offered_to_where_the_request_chose_it(night: Ground) -> None:
    path = await night.offered({**ALONE, "send_on": True})
    first = await house_of(night, path)
    loop = sending_on(night.engine)
    await loop.step()
    assert await house_of(night, path) == first
    await night.later(minutes=11)
    await loop.step()
    assert await house_of(night, path) not in (None, first)
    assert await phase(night, path) == "OFFERED"
    assert await count(night, "placement.offer-sent.1") == 2


async def test_the_engine_goes_one_round_and_then_a_person_decides(night: Ground) -> None:
    path = await night.offered({**ALONE, "send_on": True})
    first = await house_of(night, path)
    loop = sending_on(night.engine)
    await night.later(minutes=11)
    await loop.step()
    last = await house_of(night, path)
    await night.later(minutes=11)
    before = await night.topics()
    for owner in (loop, sending_on(another_process(night))):
        await owner.step()
        await owner.step()
    assert await night.topics() == before
    assert await house_of(night, path) == last
    await done(night, f"{path}/move-on")
    assert await house_of(night, path) == first


async def test_without_that_choice_silence_waits_for_a_person(night: Ground) -> None:
    path = await night.offered(ALONE)
    first = await house_of(night, path)
    await night.later(minutes=11)
    await sending_on(night.engine).step()
    assert await house_of(night, path) == first


async def test_a_second_owner_of_going_on_is_silent(night: Ground) -> None:
    path = await night.offered({**ALONE, "send_on": True})
    await night.later(minutes=11)
    owners = [sending_on(engine) for engine in (night.engine, *(another_process(night) for _ in range(3)))]
    await asyncio.gather(*(owner.step() for owner in owners))
    after = await night.topics()
    await asyncio.gather(*(owner.step() for owner in owners))
    assert await night.topics() == after
    assert Counter(after)["placement.offer-sent.1"] == 2
    assert await phase(night, path) == "OFFERED"


async def test_where_there_is_no_other_house_the_hold_stands_until_one_comes(night: Ground) -> None:
    fills = await night.accepted()
    path = await night.offered({**ALONE, "urgency": "U2", "send_on": True})
    assert await house_of(night, path) == "lentisco"
    await night.later(minutes=31)
    loop, before = sending_on(night.engine), await night.topics()
    await loop.step()
    assert await night.topics() == before
    await done(night, f"{fills}/release")
    await loop.step()
    assert await house_of(night, path) == "ginepro"


async def test_a_place_owed_to_a_silent_one_is_gone_on_to_when_that_silence_ends(night: Ground) -> None:
    """Both beds of the shared room are offered to two who chose to go on; one house is left for them both."""
    first = await night.offered({**ALONE, "urgency": "U1"})
    second = await night.offered({**ALONE, "urgency": "U2", "send_on": True})
    assert {await house_of(night, first), await house_of(night, second)} == {"lentisco"}
    await night.later(minutes=31)
    loop, before = sending_on(night.engine), await night.topics()
    await loop.step()
    assert await night.topics() == before, "the other house is owed to the first, whom nobody has answered"
    await done(night, f"{first}/acceptance", {"channel": "SCREEN"}, "lentisco")
    await loop.step()
    assert await house_of(night, second) == "ginepro"
