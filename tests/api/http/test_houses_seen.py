"""What pages ask of houses: each house with its units in one answer, and what stands with one now."""

from __future__ import annotations

from typing import Any

import pytest

from api.network_file.naming import NamedIds
from tests.api.http.ground import ALONE, REQUEST, Ground, after, ground


async def _standing(stage: Ground, house: str = "ginepro", who: str = "") -> list[dict[str, Any]]:
    answer = await stage.get(f"/shelters/{stage.house(house)}/offers", who or house)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def _codes(ids: NamedIds, told: dict[str, Any]) -> set[str]:
    named = {str(house.id): code for code, house in ids.shelters.items()}
    return {named[item["shelter"]["shelter_id"]] for item in told["items"]}


@pytest.mark.asyncio
async def test_each_sees_the_houses_that_are_theirs_with_every_unit() -> None:
    async with ground() as stage:
        for who, houses in (
            ("coordinator", {"ginepro", "lentisco"}),
            ("lead", {"ginepro", "lentisco"}),
            ("ginepro", {"ginepro"}),
            ("lentisco", {"lentisco"}),
        ):
            told = (await stage.get("/shelters", who)).json()
            assert _codes(stage.ids, told) == houses
            for item in told["items"]:
                detail = (await stage.get(f"/shelters/{item['shelter']['shelter_id']}", who)).json()
                assert item["shelter"] == detail["shelter"]
                assert [unit["unit_id"] for unit in item["units"]] == detail["units"]
                for unit in item["units"]:
                    assert unit == (await stage.get(f"/units/{unit['unit_id']}", who)).json()


@pytest.mark.asyncio
async def test_with_the_houses_come_the_levels_and_how_long_a_word_is_fresh() -> None:
    async with ground() as stage:
        told = (await stage.get("/shelters", "ginepro")).json()
        assert (told["fresh_hours"], told["stale_hours"]) == (12, 24)
        assert told["levels"] == [
            {"code": "pronto", "function": "EMERGENCY_RECEPTION", "days": 8, "months": 0}
        ]


@pytest.mark.asyncio
async def test_the_lead_body_is_not_told_who_is_where() -> None:
    async with ground() as stage:
        path = await stage.accepted()
        await stage.done(f"{path}/woman-acceptance", {"proximity_checked_by_voice": True})
        await stage.done(f"{path}/admission", {}, "ginepro")
        held = {
            who: {
                place["holder"]
                for place in (await stage.get("/shelters", who)).json()["items"][0]["units"][0]["places"]
            }
            for who in ("coordinator", "ginepro", "lead")
        }
        there = {path.rsplit("/", 1)[-1]}
        assert held == {"coordinator": there, "ginepro": there, "lead": {None}}


@pytest.mark.asyncio
async def test_a_house_sees_an_offer_from_its_sending_until_it_has_ended() -> None:
    async with ground() as stage:
        path = await stage.held()
        assert await _standing(stage) == [], "a hold is not yet an offer"
        units = [str(stage.unit("ginepro").id)]
        await stage.done(f"{path}/offers", {"units": units})
        (item,) = await _standing(stage)
        assert item == (await stage.get(path, "ginepro")).json()
        assert item["placement_id"] == path.rsplit("/", 1)[-1]
        assert await _standing(stage, "lentisco") == []
        await stage.done(f"{path}/refusal", {"channel": "SCREEN", "shown": "NOT_NOW"}, "ginepro")
        assert await _standing(stage) == []


@pytest.mark.asyncio
async def test_what_the_house_does_is_seen_on_the_offer() -> None:
    async with ground() as stage:
        path = await stage.offered()

        async def shown() -> dict[str, Any]:
            (item,) = await _standing(stage)
            (offer,) = item["offers"]
            found: dict[str, Any] = offer
            return found

        offer = await shown()
        assert (offer["seen"], offer["conversation_until"]) == (False, None)
        await stage.done(f"{path}/seen", {}, "ginepro")
        offer = await shown()
        assert (offer["seen"], offer["conversation_until"]) == (True, after(minutes=30))
        await stage.later(minutes=1)
        await stage.done(f"{path}/conversation", {}, "ginepro")
        assert (await shown())["conversation_until"] == after(minutes=31)
        await stage.done(f"{path}/acceptance", {"channel": "TELEPHONE"})
        offer = await shown()
        assert (offer["state"], offer["to_confirm"], offer["arrived"]) == ("ACCEPTED", True, False)
        await stage.done(f"{path}/acceptance-confirmation", {}, "ginepro")
        assert (await shown())["to_confirm"] is False
        await stage.done(f"{path}/no-show", {}, "ginepro")
        assert (await shown())["not_arrived"] is True
        await stage.done(f"{path}/woman-acceptance", {"proximity_checked_by_voice": True})
        await stage.done(f"{path}/admission", {}, "ginepro")
        offer = await shown()
        assert (offer["arrived"], offer["not_arrived"]) == (True, False)
        await stage.done(f"{path}/discharge", {"outcome": "GOALS_REACHED"}, "ginepro")
        assert await _standing(stage) == []


@pytest.mark.asyncio
async def test_who_is_there_comes_last_and_a_place_taken_by_reality_is_promised_no_any_more() -> None:
    async with ground() as stage:
        room = stage.unit("lentisco")
        bed = [{"unit_id": str(room.id), "places": [str(room.beds[0])]}]
        unasked = {name: value for name, value in ALONE.items() if name != "consented_at"}
        there = {"shelter_id": str(stage.house("lentisco")), "units": bed, "asked": unasked}
        await stage.done(f"/shelters/{stage.house('ginepro')}/intake", {"pause": "STAFF"}, "ginepro")
        expected = await stage.accepted("lentisco", ALONE)
        await stage.later(minutes=1)
        asked = await stage.offered(ALONE)
        await stage.done("/direct-admissions", {**there, "without_place": 1}, "lentisco")
        standing = await _standing(stage, "lentisco")
        ids = [item["placement_id"] for item in standing]
        found = [(item["offers"][0]["state"], item["offers"][0]["arrived"]) for item in standing]
        assert found == [("SENT", False), ("ACCEPTED", True)]
        assert ids[0] == asked.rsplit("/", 1)[-1] and expected.rsplit("/", 1)[-1] not in ids


@pytest.mark.asyncio
async def test_who_is_expected_comes_after_what_awaits_an_answer() -> None:
    async with ground() as stage:
        await stage.done(f"/shelters/{stage.house('ginepro')}/intake", {"pause": "STAFF"}, "ginepro")
        expected = await stage.accepted("lentisco", ALONE)
        asked = await stage.offered(ALONE)
        standing = await _standing(stage, "lentisco")
        assert [item["placement_id"] for item in standing] == [
            path.rsplit("/", 1)[-1] for path in (asked, expected)
        ]
        assert {unit for item in standing for unit in item["offers"][0]["units"]} == {
            str(stage.unit("lentisco").id)
        }


@pytest.mark.asyncio
async def test_a_case_that_is_kept_from_somebody_stands_nowhere_for_them() -> None:
    async with ground() as stage:
        path = await stage.accepted()
        case = (await stage.get(path)).json()["case_id"]
        ginepro = "00000000-0000-0000-0000-000000000005"
        assert len(await _standing(stage)) == 1
        await stage.done(f"/cases/{case}/access-restrictions", {"actor": ginepro})
        assert await _standing(stage) == []
        await stage.done(f"/cases/{case}/access-restorations", {"actor": ginepro})
        assert len(await _standing(stage)) == 1


@pytest.mark.asyncio
async def test_another_house_is_told_as_of_one_that_is_none() -> None:
    async with ground() as stage:
        await stage.offered(REQUEST)
        other = await stage.get(f"/shelters/{stage.house('ginepro')}/offers", "lentisco")
        none = await stage.get("/shelters/0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55/offers", "lentisco")
        assert (other.status_code, other.json()) == (none.status_code, none.json())
        assert other.json()["code"] == "SHELTER_UNKNOWN"


@pytest.mark.asyncio
async def test_a_place_that_is_taken_says_whether_its_house_gives_it_to_the_engine() -> None:
    async with ground() as stage:
        room = stage.unit("lentisco")
        first, second = map(str, room.beds)
        await stage.post(f"/units/{room.id}/outside-occupancy", {"places": [first]}, "lentisco")
        read = await stage.get(f"/units/{room.id}", "lentisco")
        body = {"open_places": [second]}
        etag = read.headers["etag"]
        await stage.put(f"/units/{room.id}/availability", body, "lentisco", If_Match=etag)
        shown = (await stage.get(f"/units/{room.id}", "lentisco")).json()["places"]
        assert [(place["state"], place["open"]) for place in shown] == [("OCCUPIED", False), ("FREE", True)]
