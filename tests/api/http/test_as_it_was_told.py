"""What the past tells beside its boards: ages, policy, late entries, what changed; the same at every door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from api.commands.replaying import replayed
from api.commands.replaying_changes import changed
from api.commands.replaying_shown import as_json
from api.http import as_it_was
from api.http.past_reading import reading_belief
from api.http.problems import Problem
from api.http.unfinished import Unfinished
from ledger.store.belief import Believed
from ledger.store.postgres import PostgresStore
from projections.as_it_was import told_about
from tests.api.http.ground import ALONE, FAMILY, NIGHT, Ground, after, ground, ground_on
from tests.support.postgres import Database

AUDITOR = "00000000-0000-0000-0000-000000000003"


async def _told(stage: Ground, path: str, who: str = "auditor") -> dict[str, Any]:
    answer = await stage.get(path, who)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def _late_night(stage: Ground) -> None:
    """Guests in `lentisco` from one hour on, recorded after three; a household asks in between."""
    await stage.later(hours=2)
    await stage.ask({**ALONE, "occurred_at": after(hours=2), "consented_at": after(hours=2)})
    await stage.later(hours=1)
    room = stage.unit("lentisco")
    guests = {"places": [str(room.beds[-1])], "occurred_at": after(hours=1)}
    await stage.done(f"/units/{room.id}/outside-occupancy", guests, "lentisco")


def _free(was: dict[str, Any]) -> int:
    """Units that could take one person in."""
    return sum(line["units"] for line in was["board"] if line["household_size"] == 2)


@pytest.mark.asyncio
async def test_the_command_and_the_door_tell_the_same_of_every_position() -> None:
    async with ground() as stage:
        await stage.accepted()
        await stage.held(FAMILY)
        await stage.later(hours=30)
        await stage.held(ALONE)
        for position in range(1, await stage.store.head() + 1, 7):
            was = await _told(stage, f"/network-history?position={position}")
            shown = orjson.loads(as_json(await replayed(stage.store, position, None)))
            for name in ("position", "recorded_at", "as_of", "policy", "ranker", "ages", "queue", "stays"):
                assert shown[name] == was[name], name
            assert shown["bed_board"] == [line for line in was["board"] if line["units"]]


@pytest.mark.asyncio
async def test_over_a_real_database_the_doors_tell_the_same(database: Database) -> None:
    async with PostgresStore(database.dsn()) as store, ground_on(store) as stage:
        path = await stage.accepted()
        await _late_night(stage)
        await stage.done(f"{path}/withdrawal", {})
        about = NIGHT + timedelta(hours=1, minutes=30)
        was = await _told(stage, f"/network-history?about={after(hours=1, minutes=30)}")
        found = await replayed(store, await store.head(), None, as_of=await store.now(), about=about)
        shown = orjson.loads(as_json(found))
        for name in ("told_about", "ages", "queue", "stays"):
            assert shown[name] == was[name], name
        assert len(was["told_about"]["learned_later"]) == 1
        told = await _told(stage, f"/network-history/changes?since={after(hours=1, minutes=30)}")
        network = (await changed(store, about, await store.head(), as_of=await store.now())).network
        assert orjson.loads(orjson.dumps(network, str, orjson.OPT_UTC_Z)) == told
        assert told["ended"]["items"][0]["placement_id"] == path.rsplit("/", 1)[-1]


@pytest.mark.asyncio
async def test_ages_tell_of_every_unit_also_of_a_full_one() -> None:
    async with ground() as stage:
        await stage.accepted()
        await stage.later(hours=80)
        was = await _told(stage, "/network-history")
        (line,) = [each for each in was["ages"] if each["level"] == "EMERGENCY_RECEPTION"]
        assert (line["units"], line["stale"], line["fresh"], line["never"]) == (2, 2, 0, 0)
        assert line["oldest_at"] == after()
        then = await _told(stage, f"/network-history?as_of={after(minutes=1)}")
        (line,) = [each for each in then["ages"] if each["units"]]
        assert (line["stale"], line["fresh"]) == (0, 2)


@pytest.mark.asyncio
async def test_a_late_entry_counts_from_when_it_was_recorded() -> None:
    async with ground() as stage:
        await _late_night(stage)
        about = f"about={after(hours=1, minutes=30)}"
        knowing = await _told(stage, f"/network-history?{about}")
        unknowing = await _told(stage, f"/network-history?as_of={after(hours=2)}&{about}")
        then = await _told(stage, f"/network-history?as_of={after(hours=1, minutes=30)}")
        assert (_free(knowing), _free(unknowing), _free(then)) == (1, 2, 2)
        (entry,) = knowing["told_about"]["learned_later"]
        assert (entry["topic"], entry["happened_at"]) == ("unit.occupied-outside.1", after(hours=1))
        assert (unknowing["told_about"]["learned_later_count"], then["told_about"]) == (0, None)
        assert unknowing["board"] == then["board"]
        assert unknowing["queue"] == knowing["queue"] == []


@pytest.mark.asyncio
async def test_told_about_the_instant_itself_it_is_what_stood() -> None:
    async with ground() as stage:
        await _late_night(stage)
        for hours in (0, 1, 2, 3):
            plain = await _told(stage, f"/network-history?as_of={after(hours=hours)}")
            about = await _told(
                stage, f"/network-history?as_of={after(hours=hours)}&about={after(hours=hours)}"
            )
            assert about.pop("told_about")["learned_later_count"] == 0
            assert about == {name: value for name, value in plain.items() if name != "told_about"}


@pytest.mark.asyncio
async def test_a_belief_that_takes_several_requests_is_the_same() -> None:
    async with ground() as stage:
        await _late_night(stage)
        store, head = stage.store, await stage.store.head()
        about = NIGHT + timedelta(hours=1, minutes=30)
        then = await stage.doors.past_places.at(store, await store.position_at(about))
        in_haste, asked, found = Unfinished(patience=0.0), 0, None
        while found is None:
            asked += 1
            found = await _or_a_problem(in_haste, lambda: reading_belief(store, then, about, head))
        assert asked == 3  # once for the corrections, once for the log, and then it is there
        at_once = await Unfinished().go_on("", lambda: reading_belief(store, then, about, head))
        assert told_about(about, found, frozenset()) == told_about(about, at_once, frozenset())
        assert found.places.units == at_once.places.units


async def _or_a_problem(unfinished: Unfinished, begin: Any) -> Believed | None:
    try:
        found: Believed = await unfinished.go_on("one", begin)
    except Problem as problem:
        told = problem
    else:
        return found
    assert (told.status, told.headers["Retry-After"]) == (503, "1")
    return None


@pytest.mark.asyncio
async def test_readings_that_nobody_finishes_are_not_kept_for_ever() -> None:
    async with ground() as stage:
        await _late_night(stage)
        store, head = stage.store, await stage.store.head()
        then = await stage.doors.past_places.at(store, 1)
        in_haste = Unfinished(most=2, patience=0.0)
        for number in range(5):
            with pytest.raises(Problem):
                await in_haste.go_on(number, lambda: reading_belief(store, then, NIGHT, head))
        assert list(in_haste._begun) == [3, 4]


@pytest.mark.asyncio
async def test_what_changed_between_two_instants_is_told() -> None:
    async with ground() as stage:
        path = await stage.accepted()
        await _late_night(stage)
        await stage.done(f"{path}/withdrawal", {})
        changes = await _told(stage, f"/network-history/changes?since={after(hours=1, minutes=30)}")
        assert [each["was"] for each in changes["opened"]["items"]] == [None]
        (ended,) = changes["ended"]["items"]
        assert (ended["placement_id"], ended["now"]) == (path.rsplit("/", 1)[-1], "ENDED")
        late = changes["late_entries"]
        assert (late["count"], late["items"][0]["topic"]) == (1, "unit.occupied-outside.1")
        (level,) = changes["places"]
        assert level["after"]["occupied"] - level["before"]["occupied"] == 1
        until = f"since={after(hours=1)}&as_of={after(hours=1, minutes=30)}"
        nothing = await _told(stage, f"/network-history/changes?{until}")
        assert [nothing[name]["count"] for name in ("opened", "ended", "moved", "late_entries")] == [0] * 4


@pytest.mark.asyncio
async def test_whoever_is_kept_from_a_case_is_told_nothing_of_it() -> None:
    async with ground() as stage:
        asked = await stage.ask()
        case = asked["placement"]["case_id"]
        path = f"/network-history/changes?since={after(hours=-1)}"
        assert (await _told(stage, path))["opened"]["count"] == 1
        await stage.done(f"/cases/{case}/access-restrictions", {"actor": AUDITOR}, "lead")
        hidden = (await stage.get(path, "auditor")).text
        assert asked["placement"]["placement_id"] not in hidden
        assert orjson.loads(hidden)["opened"]["count"] == 0
        assert (await _told(stage, path, "protection"))["opened"]["count"] == 1


@pytest.mark.asyncio
async def test_a_door_that_keeps_nobody_away_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the look at who is kept away the request is told."""

    async def nobody(_: object) -> frozenset[Any]:
        return frozenset()

    monkeypatch.setattr(as_it_was, "kept_from", nobody)
    async with ground() as stage:
        case = (await stage.ask())["placement"]["case_id"]
        await stage.done(f"/cases/{case}/access-restrictions", {"actor": AUDITOR}, "lead")
        told = await _told(stage, f"/network-history/changes?since={after(hours=-1)}")
        assert told["opened"]["count"] == 1


@pytest.mark.asyncio
async def test_no_house_unit_or_zone_is_named() -> None:
    async with ground() as stage:
        await _late_night(stage)
        about = f"?about={after(hours=1, minutes=30)}"
        told = (await stage.get(f"/network-history{about}", "auditor")).text
        told += (await stage.get(f"/network-history/changes?since={after(hours=-1)}", "auditor")).text
        named = [*stage.ids.zones.values(), *(house.id for house in stage.ids.shelters.values())]
        named += [unit.id for house in stage.ids.shelters.values() for unit in house.units.values()]
        assert not [each for each in named if str(each) in told]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        (f"?about={after(minutes=1)}", "about", "NOT_YET"),
        (f"?as_of={after(hours=-1)}&about={after()}", "about", "NOT_YET"),
        ("/changes", "since", "MISSING"),
        (f"/changes?since={after()}&as_of={after(minutes=1)}", "as_of", "NOT_YET"),
        (f"/changes?since={after()}&as_of={after(hours=-1)}", "since", "AFTER_THE_SECOND"),
    ],
)
@pytest.mark.asyncio
async def test_what_cannot_be_told_is_refused(query: str, field: str, code: str) -> None:
    async with ground() as stage:
        answer = await stage.get(f"/network-history{query}", "auditor")
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, field, code)


@pytest.mark.asyncio
async def test_a_placements_history_tells_what_stood_around_it() -> None:
    async with ground() as stage:
        first = await stage.held(FAMILY)
        await stage.later(minutes=5)
        second = await stage.held({**FAMILY, "occurred_at": after(minutes=5)})
        position = await stage.store.head()
        await stage.done(f"{first}/withdrawal", {})
        was = await _told(stage, f"/network-history?position={position}")
        then = (await _told(stage, f"{second}/history?position={position}"))["then"]
        assert then["queue"] == was["queue"][1]
        assert (then["before_it"], then["ages"]) == (1, was["ages"])
        assert (then["policy"], then["ranker"]) == (was["policy"], was["ranker"])
        now = (await _told(stage, f"{second}/history?as_of={after(minutes=5)}"))["then"]
        assert now["before_it"] == 0
        assert (await _told(stage, f"{second}/history"))["then"] is None
        gone = (await _told(stage, f"{first}/history?position={await stage.store.head()}"))["then"]
        assert (gone["queue"], gone["before_it"]) == (None, None)


@pytest.mark.asyncio
async def test_the_ranking_that_stood_then_can_be_asked_for() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        before = await stage.store.head()
        first = await _told(stage, f"{path}/ranking")
        await stage.later(minutes=30)
        await stage.done(f"{path}/move-on", {})
        latest = await _told(stage, f"{path}/ranking")
        assert latest["recorded_position"] > first["recorded_position"]
        assert await _told(stage, f"{path}/ranking?position={before}") == first
        assert await _told(stage, f"{path}/ranking?as_of={after(minutes=1)}") == first
        assert (await stage.get(f"{path}/ranking?position=1", "auditor")).status_code == 404
        shown = await replayed(stage.store, before, UUID(path.rsplit("/", 1)[-1]))
        assert orjson.loads(as_json(shown))["ranking"] == first
