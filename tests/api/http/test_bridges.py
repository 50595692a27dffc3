"""While no place is found: desks asked, a bridge with who checks and when, alarms; the request stays open."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import pytest

from api.loops.automatic import Automatic
from domain.coordination.alarming import alarm
from domain.placement.alarms import RaiseAlarm, due_alarms
from domain.policy import START_POLICY
from domain.vocabulary import PlacementId
from ledger.store.transact import Done
from tests.api.http.ground import FAMILY, Ground, after, ground

HOTEL = {
    "kind": "VETTED_HOTEL_WITH_ESCORT",
    "checked_by": "CAV",
    "check_at": after(hours=6),
    "until": after(hours=9),
}


async def raise_alarms(stage: Ground, path: str) -> None:
    """What the alarming loop does when something is due."""
    placement_id = PlacementId(UUID(path.rsplit("/", 1)[-1]))
    state = (await stage.engine.index.catch_up()).places.placements[placement_id]
    for due in due_alarms(state, await stage.store.now(), START_POLICY):
        command = RaiseAlarm(placement_id=placement_id, kind=due.kind, due_at=due.due_at)
        by_itself = Automatic(network_id=stage.engine.transactor.network_id, app_version="prova")
        done = await stage.engine.run(
            by_itself.command("raise-alarm", stage.engine.transactor.sources.new_id(), placement_id),
            partial(alarm, command),
        )
        assert isinstance(done, Done)


@pytest.mark.asyncio
async def test_no_place_ends_in_neighbours_and_a_bridge_and_the_request_stays_open() -> None:
    async with ground() as stage:
        path = await stage.held(FAMILY)
        desk = str(stage.ids.members["rete-vicina"])
        other = str(stage.ids.members["case"])
        answer = {"member_id": desk, "answer": "NO"}
        assert (await stage.refused(f"{path}/neighbour-answers", answer))[1] == "NEIGHBOUR_NOT_ASKED"
        assert (await stage.refused(f"{path}/neighbour-requests", {"member_id": other}))[
            1
        ] == "NEIGHBOUR_UNKNOWN"
        told = await stage.done(f"{path}/neighbour-requests", {"member_id": desk})
        assert told["placement"]["neighbours"] == [{"member_id": desk, "answer": None}]
        told = await stage.done(f"{path}/neighbour-answers", answer)
        assert told["placement"]["neighbours"] == [{"member_id": desk, "answer": "NO"}]
        told = await stage.done(f"{path}/bridge", HOTEL)
        bridge = told["placement"]["bridge"]
        assert {name: bridge[name] for name in HOTEL} == HOTEL
        assert told["placement"]["safe_until"] == HOTEL["until"]
        assert told["placement"]["phase"] == "WAITING"
        listed = (await stage.get("/placement-requests")).json()["items"]
        assert [f"/placements/{line['placement_id']}" for line in listed] == [path]


@pytest.mark.asyncio
async def test_a_bridge_is_checked_replaced_and_ended() -> None:
    async with ground() as stage:
        path = await stage.held(FAMILY)
        late = {**HOTEL, "check_at": after(hours=10)}
        assert await stage.refused(f"{path}/bridge", late) == (422, "BRIDGE_OVER_BEFORE_CHECK", "/check_at")
        past = {**HOTEL, "check_at": after(hours=-1)}
        assert await stage.refused(f"{path}/bridge", past) == (422, "NOT_IN_THE_FUTURE", "/check_at")
        slip = {**HOTEL, "check_at": after(days=4), "until": after(days=5)}
        assert await stage.refused(f"{path}/bridge", slip) == (422, "TOO_FAR_AHEAD", "/check_at")
        slip = {**HOTEL, "until": after(days=400)}
        assert await stage.refused(f"{path}/bridge", slip) == (422, "TOO_FAR_AHEAD", "/until")
        ahead = {**HOTEL, "occurred_at": after(minutes=5)}
        assert await stage.refused(f"{path}/bridge", ahead) == (422, "OCCURRED_IN_THE_FUTURE", "/occurred_at")
        first = (await stage.done(f"{path}/bridge", HOTEL))["placement"]["bridge"]
        police = {**HOTEL, "kind": "POLICE_UNTIL_MORNING", "checked_by": "LAW_ENFORCEMENT"}
        second = (await stage.done(f"{path}/bridge", police))["placement"]["bridge"]
        assert second["bridge_id"] != first["bridge_id"]
        over = f"{path}/bridges/{first['bridge_id']}/check"
        assert (await stage.refused(over, {"holds": True}))[:2] == (409, "BRIDGE_ALREADY_ENDED")
        nowhere = f"{path}/bridges/{stage.house('ginepro')}"
        assert (await stage.refused(f"{nowhere}/check", {"holds": True}))[:2] == (404, "BRIDGE_UNKNOWN")
        assert (await stage.refused(f"{nowhere}/end", {"cause": "LEFT"}))[:2] == (404, "BRIDGE_UNKNOWN")
        stands = f"{path}/bridges/{second['bridge_id']}"
        looked = await stage.done(f"{stands}/check", {"holds": True, "check_at": after(hours=7)})
        assert looked["placement"]["bridge"]["check_at"] == after(hours=7)
        ended = await stage.done(f"{stands}/end", {"cause": "TIME_OVER"})
        assert ended["placement"]["bridge"] is None
        assert (await stage.done(f"{stands}/end", {"cause": "TIME_OVER"}))["events"] == []


@pytest.mark.asyncio
async def test_an_alarm_is_shown_until_somebody_takes_it() -> None:
    async with ground() as stage:
        path = await stage.held(FAMILY)
        await stage.later(minutes=21)
        await raise_alarms(stage, path)
        alarms = (await stage.get(path)).json()["alarms"]
        assert [(each["kind"], each["taken"]) for each in alarms] == [("NO_PLACE_YET", False)]
        named = {name: alarms[0][name] for name in ("kind", "due_at")}
        assert (await stage.refused(f"{path}/alarms/taken", {**named, "kind": "SAFE_UNTIL"}))[
            1
        ] == "ALARM_UNKNOWN"
        told = await stage.done(f"{path}/alarms/taken", named)
        assert told["placement"]["alarms"] == [{**named, "taken": True}]
        assert (await stage.done(f"{path}/alarms/taken", named))["events"] == []
