"""The board by who asks: the present for the coordination, bands and later for others, never a house."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.http.ground import ALONE, FAMILY, REQUEST, Ground, ground

pytestmark = pytest.mark.asyncio
EMERGENCY = "EMERGENCY_RECEPTION"


async def band(night: Ground, who: str, items: str = "items") -> Any:
    answer = await night.get("/bed-board", who)
    assert answer.status_code == 200, answer.text
    return {line["level"]: line["band"] for line in answer.json()[items]}[EMERGENCY]


async def test_outside_the_coordination_the_board_is_late_and_in_bands() -> None:
    async with ground() as night:
        await night.later(minutes=40)
        assert await band(night, "lead") == await band(night, "social") == "FEW"
        await night.accepted("ginepro")
        await night.accepted("lentisco", ALONE)
        assert (await band(night, "lead"), await band(night, "social")) == ("FEW", "FEW")
        live = (await night.get("/bed-board")).json()["items"]
        assert [line["units"] for line in live if line["level"] == EMERGENCY][1] == 0
        await night.later(minutes=14)
        assert await band(night, "lead") == "FEW", "the grid has not come round again"
        await night.later(minutes=17)
        told = (await night.get("/bed-board", "lead")).json()
        assert set(told) == {"as_of", "items"}
        assert await band(night, "lead") == "FEW", "one bed is left in the shared room"
        await night.held(ALONE)
        await night.later(minutes=31)
        assert await band(night, "lead") == "NONE"


async def test_a_house_sees_its_own_now_and_of_the_others_what_everybody_sees() -> None:
    async with ground() as night:
        await night.later(minutes=40)
        await night.accepted("ginepro")
        told = (await night.get("/bed-board", "ginepro")).json()
        assert (told["own"], await band(night, "ginepro", "others")) == ([], "FEW")
        other = (await night.get("/bed-board", "lentisco")).json()
        assert [line["household_size"] for line in other["own"]] == [1, 2]
        assert await band(night, "lentisco", "others") == "FEW"
        for text in (told, other):
            assert not any(str(night.house(code)) in str(text) for code in night.ids.shelters)


async def test_a_weekly_trend_is_all_that_the_health_agency_and_the_region_see() -> None:
    async with ground() as night:
        await night.later(days=22)
        for who in ("health", "region"):
            told = (await night.get("/bed-board", who)).json()
            assert set(told) == {"week_from", "items"}
            assert {line["trend"] for line in told["items"]} == {"SAME"}
        early = (await night.get("/bed-board", "region")).json()["week_from"]
        await night.later(hours=5)
        assert (await night.get("/bed-board", "region")).json()["week_from"] == early


async def test_a_trend_follows_what_became_of_the_places() -> None:
    async with ground() as night:
        assert {line["trend"] for line in (await night.get("/bed-board", "region")).json()["items"]} == {
            "NOT_KNOWN"
        }
        await night.later(days=9)
        await night.accepted("ginepro")
        await night.accepted("lentisco", {**ALONE, "household": {"adults": 2}})
        await night.later(days=6)
        told = (await night.get("/bed-board", "region")).json()["items"]
        assert {line["level"]: line["trend"] for line in told}[EMERGENCY] == "LESS"


async def test_whoever_asks_from_outside_is_told_yes_or_no() -> None:
    async with ground() as night:
        await night.later(minutes=40)
        for who in ("social", "emergency-room", "police", "neighbour"):
            for people, available in ((4, True), (5, False)):
                told = await night.get(f"/availability?people={people}&level={EMERGENCY}", who)
                assert told.status_code == 200, told.text
                assert set(told.json()) == {"as_of", "people", "level", "available"}
                assert told.json()["available"] is available
        await night.held()
        path = f"/availability?people=4&level={EMERGENCY}"
        assert (await night.get(path, "police")).json()["available"] is True, "not yet"
        await night.later(minutes=31)
        assert (await night.get(path, "police")).json()["available"] is False
        assert (await night.get(path, "coordinator")).status_code == 403
        assert (await night.get("/bed-board", "police")).status_code == 403


async def test_nobody_is_told_of_a_household_of_none() -> None:
    async with ground() as night:
        for query in ("people=0&level=EMERGENCY_RECEPTION", "people=9&level=EMERGENCY_RECEPTION", "people=1"):
            assert (await night.get(f"/availability?{query}", "police")).status_code == 422


async def test_somebody_who_asks_again_and_again_is_noticed_and_never_stopped() -> None:
    async with ground() as night:
        big = {**FAMILY, "channel": "LAW_ENFORCEMENT"}
        for number in range(8):
            answer = await night.post("/placement-requests", big, "police")
            assert answer.status_code == 201, (number, answer.text)
            await night.later(minutes=10)
        assert (await night.get("/probing-notices", "lead")).json() == {"items": []}
        await night.later(hours=1)
        assert (await night.post("/placement-requests", big, "police")).status_code == 201
        (notice,) = (await night.get("/probing-notices", "lead")).json()["items"]
        assert (notice["kind"], notice["count"]) == ("FRUITLESS_REQUESTS", 8)
        assert (await night.post("/placement-requests", big, "police")).status_code == 201
        assert len((await night.get("/probing-notices", "lead")).json()["items"]) == 1, "told once"
        assert (await night.get("/probing-notices", "coordinator")).status_code == 403


async def test_a_night_of_requests_that_led_to_offers_is_no_notice() -> None:
    async with ground() as night:
        path = ""
        for _ in range(10):
            path = await night.offered(ALONE)
            await night.post(f"{path}/withdrawal")
            await night.later(hours=1)
        for _ in range(5):
            for _ in range(40):
                await night.get(path)
        assert (await night.get("/probing-notices", "lead")).json() == {"items": []}


async def test_statistics_are_told_once_and_stay() -> None:
    async with ground() as night:
        for _ in range(12):
            await night.post(f"{await night.held(REQUEST)}/withdrawal")
        assert (await night.get("/statistics?period=2026-11", "lead")).status_code == 422
        await night.later(days=20)
        first = await night.get("/statistics?period=2026-11", "lead")
        assert first.status_code == 200, first.text
        told = first.json()
        assert (told["told"], told["cases"], told["by_outcome"]["cells"]) == (True, 10, [])
        late = {**REQUEST, "occurred_at": "2026-11-28T10:00:00Z", "consented_at": "2026-11-28T10:00:00Z"}
        for _ in range(11):
            answer = await night.post("/placement-requests", late)
            assert answer.status_code == 201, answer.text
            await night.post(f"/placements/{answer.json()['placement']['placement_id']}/withdrawal")
        assert (await night.get("/statistics?period=2026-11", "region")).content == first.content
        await night.later(days=30)
        following = (await night.get("/statistics?period=2026-12", "auditor")).json()
        assert (following["told"], following["late_cases"]) == (False, 10)
        unmet = (await night.get("/unmet-need", "lead")).json()["items"]
        assert [each["last_month"] for each in unmet] == ["2026-11-01", "2026-12-01"]
        assert unmet[0]["unmet"] == told["unmet"]


async def test_a_house_is_told_its_own_statistics_alone() -> None:
    async with ground() as night:
        for _ in range(11):
            await night.post(f"{await night.offered(REQUEST)}/withdrawal")
        await night.later(days=20)
        path = f"/shelters/{night.house('ginepro')}/statistics?period=2026-11"
        told = await night.get(path, "ginepro")
        assert told.status_code == 200, told.text
        assert (told.json()["told"], told.json()["cases"]) == (True, 10)
        assert (await night.get(path, "lentisco")).status_code == 404
        assert (await night.get(path, "lead")).status_code == 403
        assert (await night.get(path.replace("2026-11", "2026-13"), "ginepro")).status_code == 422


async def test_zones_stand_in_a_history_only_for_whoever_names_them() -> None:
    async with ground() as night:
        zone = str(night.ids.zones["z3"])
        path = await night.held({**REQUEST, "zones_to_avoid": [zone]})
        await night.done(f"{path}/safety", {"zones_to_avoid": [zone], "apart_from": [], "houses_barred": []})
        assert zone in (await night.get(f"{path}/history")).text
        for who in ("auditor", "protection"):
            told = await night.get(f"{path}/history", who)
            assert told.status_code == 200, told.text
            assert zone not in told.text
            assert told.json()["placement"]["zones_to_avoid_count"] == 1


async def test_a_requester_calls_a_candidate_by_a_label_of_this_request_alone() -> None:
    async with ground() as night:
        labels = set()
        for _ in range(4):
            told = await night.post(
                "/placement-requests", {**REQUEST, "channel": "LAW_ENFORCEMENT"}, "police"
            )
            placement = told.json()["placement"]
            path = f"/placements/{placement['placement_id']}"
            seen = await night.get(path, "police")
            assert seen.json()["candidate"] == placement["candidate"]
            assert str(night.house("ginepro")) not in seen.text + told.text
            labels.add(placement["candidate"])
            await night.post(f"{path}/withdrawal")
        assert len(labels) > 1, "it is always the same house"
        waiting = await night.post("/placement-requests", {**FAMILY, "channel": "LAW_ENFORCEMENT"}, "police")
        assert waiting.json()["placement"]["candidate"] is None
