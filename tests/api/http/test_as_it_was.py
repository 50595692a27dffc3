"""The network as it was: what the boards said at an instant is what is read again from the log."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from api.http.past_places import PastPlaces, Stand
from api.http.problems import Problem
from domain.matching.places import Places
from ledger.store.replay import replay
from projections.as_it_was import network_as_it_was
from tests.api.http.ground import ALONE, FAMILY, NIGHT, Ground, after, ground


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What the boards said at an instant of the night."""

    position: int
    as_of: str
    board: list[dict[str, Any]]
    queue: list[dict[str, Any]]


async def _said(stage: Ground) -> _Said:
    board = (await stage.get("/bed-board")).json()
    queue = (await stage.get("/on-call-queue")).json()
    assert board["position"] == queue["position"]
    return _Said(position=board["position"], as_of=queue["as_of"], board=board["items"], queue=queue["items"])


async def _a_night(stage: Ground) -> list[_Said]:
    """One household comes in, one waits, an offer runs out of time; the boards are noted after each step."""
    noted = [await _said(stage)]
    await stage.later(minutes=1)
    path = await stage.accepted()
    noted.append(await _said(stage))
    await stage.later(minutes=7)
    await stage.held(FAMILY)
    await stage.done(f"{path}/woman-acceptance", {"proximity_checked_by_voice": True})
    noted.append(await _said(stage))
    await stage.later(minutes=5)
    await stage.done(f"{path}/admission", {}, "ginepro")
    other = await stage.offered(ALONE)
    noted.append(await _said(stage))
    await stage.later(minutes=40)
    noted.append(await _said(stage))
    await stage.later(minutes=1)
    await stage.done(f"{other}/withdrawal", {})
    await stage.later(hours=14)
    noted.append(await _said(stage))
    return noted


async def _was(stage: Ground, query: str, who: str = "auditor") -> dict[str, Any]:
    answer = await stage.get(f"/network-history{query}", who)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.asyncio
async def test_every_instant_of_a_night_is_told_as_the_boards_told_it_then() -> None:
    async with ground() as stage:
        noted = await _a_night(stage)
        for each in [*noted, *reversed(noted)]:
            was = await _was(stage, f"?as_of={each.as_of}")
            assert (was["board"], was["queue"]) == (each.board, each.queue)
            assert (was["as_of"], was["position"]) == (each.as_of, each.position)
            assert was["head"] == await stage.store.head()


@pytest.mark.asyncio
async def test_a_position_is_told_as_it_was_when_it_was_recorded() -> None:
    async with ground() as stage:
        noted = await _a_night(stage)
        rows = {row.position: row for row in await stage.store.read_all(after=0, limit=5000)}
        for each in noted:
            was = await _was(stage, f"?position={each.position}")
            recorded = rows[each.position].recorded_at.isoformat().replace("+00:00", "Z")
            assert was["recorded_at"] == was["as_of"] == recorded
            assert [line["placement_id"] for line in was["queue"]] == [
                line["placement_id"] for line in each.queue
            ]


@pytest.mark.asyncio
async def test_who_is_in_a_house_is_told_until_they_leave() -> None:
    async with ground() as stage:
        path = await stage.accepted()
        await stage.done(f"{path}/woman-acceptance", {"proximity_checked_by_voice": True})
        before = await stage.store.head()
        await stage.done(f"{path}/admission", {}, "ginepro")
        there = await stage.store.head()
        await stage.done(f"{path}/discharge", {"outcome": "GOALS_REACHED"}, "ginepro")
        stays = [(await _was(stage, f"?position={at}"))["stays"] for at in (before, there)]
        assert (await _was(stage, ""))["stays"] == stays[0] == []
        (stay,) = stays[1]
        assert (stay["placement_id"], stay["phase"]) == (path.rsplit("/", 1)[-1], "ADMITTED")


@pytest.mark.asyncio
async def test_no_house_unit_zone_or_case_is_named() -> None:
    async with ground() as stage:
        await _a_night(stage)
        answer = (await stage.get("/network-history", "auditor")).text
        named = [*stage.ids.zones.values(), *(house.id for house in stage.ids.shelters.values())]
        named += [unit.id for house in stage.ids.shelters.values() for unit in house.units.values()]
        assert not [each for each in named if str(each) in answer]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f"?as_of={after(minutes=1)}", "NOT_YET"),
        ("?position=999999", "NOT_YET"),
        (f"?position=1&as_of={after()}", "ONE_OF_TWO"),
    ],
)
@pytest.mark.asyncio
async def test_what_has_not_come_and_two_at_once_are_refused(query: str, code: str) -> None:
    async with ground() as stage:
        answer = await stage.get(f"/network-history{query}", "auditor")
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code)


@pytest.mark.asyncio
async def test_before_the_log_begins_there_is_nothing() -> None:
    async with ground() as stage:
        was = await _was(stage, "?as_of=2020-01-01T00:00:00Z")
        assert (was["position"], was["recorded_at"], was["queue"], was["policy"]) == (0, None, [], None)
        assert not any(line["units"] for line in was["board"])


@pytest.mark.asyncio
async def test_a_long_log_is_read_in_pieces_that_are_kept() -> None:
    async with ground() as stage:
        await _a_night(stage)
        store, head = stage.store, await stage.store.head()
        in_haste, asked = PastPlaces(patience=0.000001, page=10), 1
        while not (stand := await _or_a_problem(in_haste, stage, head)):
            asked += 1
        assert asked == -(-head // 10)
        assert _shown(stand.places) == _shown((await replay(store, position=head)).places)


@pytest.mark.asyncio
async def test_from_whatever_stand_one_comes_the_places_are_those_of_a_whole_replay() -> None:
    async with ground() as stage:
        await _a_night(stage)
        store, head = stage.store, await stage.store.head()
        past = PastPlaces(every=5, most=4, page=3)
        for position in [head, 3, head // 2, head // 3, head - 1, 20, head, 1]:
            stand = await past.at(store, position)
            assert len(past._kept) <= 4
            whole = await replay(store, position=position)
            assert _shown(stand.places) == _shown(whole.places)
            assert stand.recorded_at == whole.recorded_at


@pytest.mark.asyncio
async def test_many_who_ask_at_once_are_all_told_the_same() -> None:
    async with ground() as stage:
        noted = await _a_night(stage)
        asked = [_was(stage, f"?as_of={each.as_of}") for each in noted * 3]
        told = await asyncio.gather(*asked)
        assert [each["queue"] for each in told] == [each.queue for each in noted * 3]


async def _or_a_problem(past: PastPlaces, stage: Ground, position: int) -> Stand | None:
    try:
        return await past.at(stage.store, position)
    except Problem as problem:
        told = problem
    assert (told.status, told.headers["Retry-After"]) == (503, "1")
    return None


def _shown(places: Places) -> object:
    return (
        network_as_it_was(
            places, recorded_at=None, as_of=NIGHT, head=0, head_recorded_at=None, hidden=frozenset()
        ),
        places.versions,
        places.by_house,
        places.vacancies,
        places.due,
    )
