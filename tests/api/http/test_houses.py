"""Houses and units at the doors: availability against its ETag, guests from outside, intake, the board."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from tests.api.http.ground import ALONE, REQUEST, Ground, ground


@pytest.mark.asyncio
async def test_availability_is_published_against_what_was_read() -> None:
    async with ground() as stage:
        room = stage.unit("lentisco")
        path = f"/units/{room.id}"
        read = await stage.get(path, "lentisco")
        etag, body = read.headers["etag"], {"open_places": [str(room.beds[0])]}
        missing = await stage.put(f"{path}/availability", body, "lentisco")
        assert (missing.status_code, missing.json()["code"]) == (428, "ETAG_MISSING")
        for blind in ("*", '"1", *'):
            answer = await stage.put(f"{path}/availability", body, "lentisco", If_Match=blind)
            assert answer.status_code in (412, 428)
        for stale in ('"0"', '"999"', f"W/{etag}", etag.strip('"'), "x" * 5000):
            answer = await stage.put(f"{path}/availability", body, "lentisco", If_Match=stale)
            assert (answer.status_code, answer.json()["code"]) == (412, "ETAG_STALE")
        fresh = await stage.put(f"{path}/availability", body, "lentisco", If_Match=f'"0", {etag}')
        assert fresh.status_code == 200
        assert fresh.headers["etag"] != etag
        states = [place["state"] for place in fresh.json()["unit"]["places"]]
        assert states == ["FREE", "NOT_OFFERED"]


@pytest.mark.asyncio
async def test_a_hold_placed_meanwhile_makes_the_etag_stale() -> None:
    async with ground() as stage:
        room = stage.unit("ginepro")
        etag = (await stage.get(f"/units/{room.id}", "ginepro")).headers["etag"]
        await stage.ask()
        body: dict[str, list[str]] = {"open_places": []}
        answer = await stage.put(f"/units/{room.id}/availability", body, "ginepro", If_Match=etag)
        assert answer.status_code == 412


@pytest.mark.asyncio
async def test_guests_from_outside_displace_a_hold_and_everybody_sees_it() -> None:
    async with ground() as stage:
        path = await stage.offered()
        room = stage.unit("ginepro")
        told = await stage.post(
            f"/units/{room.id}/outside-occupancy", {"places": [str(room.beds[0])]}, "ginepro"
        )
        assert told.status_code == 201
        assert {place["state"] for place in told.json()["unit"]["places"]} == {"OCCUPIED"}
        displaced = (await stage.get(path)).json()
        assert displaced["offers"][0]["state"] == "DISPLACED"
        assert displaced["hold"] is None
        assert displaced["phase"] == "SEARCHING"
        assert (await stage.get(path, "ginepro")).status_code == 404, "what it did not get leaves its screens"
        occupancy = told.json()["occupancy_ids"][0]
        end = f"/units/{room.id}/outside-occupancy/{occupancy}/end"
        freed = await stage.post(end, {}, "ginepro")
        assert {place["state"] for place in freed.json()["unit"]["places"]} == {"FREE"}
        assert (await stage.post(end, {}, "ginepro")).status_code == 200, "already so"
        unknown = f"/units/{room.id}/outside-occupancy/{UUID(int=5)}/end"
        assert (await stage.post(unknown, {}, "ginepro")).status_code == 404
        again = await stage.post(f"{path}/search")
        assert again.json()["placement"]["phase"] == "HELD"


@pytest.mark.asyncio
async def test_a_paused_house_is_not_asked_and_says_no_more_than_that() -> None:
    async with ground() as stage:
        house = f"/shelters/{stage.house('ginepro')}"
        paused = await stage.post(f"{house}/intake", {"pause": "HEALTH"}, "ginepro")
        assert paused.json()["shelter"]["admits"] is False
        assert (await stage.ask())["result"] == "waiting"
        resumed = await stage.post(f"{house}/intake", {"resume": True}, "ginepro")
        assert resumed.json()["shelter"]["paused"] is None
        for body in ({}, {"resume": True, "pause": "STAFF"}, {"resume": False}):
            answer = await stage.post(f"{house}/intake", body, "ginepro")
            assert (answer.status_code, answer.json()["code"]) == (422, "REQUEST_INVALID")
        shown = (await stage.get(house, "ginepro")).json()
        assert shown["units"] == [str(stage.unit("ginepro").id)]


@pytest.mark.asyncio
async def test_the_opening_inventory_is_taken_once_and_without_identity() -> None:
    async with ground() as stage:
        room = stage.unit("lentisco")
        path = f"/units/{room.id}/opening-inventory"
        taken = await stage.post(path, {"occupancies": [{"places": [str(room.beds[1])]}]}, "lentisco")
        if taken.status_code == 201:
            assert [place["state"] for place in taken.json()["unit"]["places"]] == ["FREE", "OCCUPIED"]
        twice = await stage.post(path, {"occupancies": []}, "lentisco")
        assert (twice.status_code, twice.json()["code"]) == (409, "INVENTORY_ALREADY_TAKEN")
        unknown = await stage.post(
            f"/units/{room.id}/outside-occupancy", {"places": [str(UUID(int=1))]}, "lentisco"
        )
        assert (unknown.status_code, unknown.json()["code"]) == (422, "PLACE_UNKNOWN")
        assert unknown.json()["errors"][0]["pointer"] == "/places"


@pytest.mark.asyncio
async def test_a_house_that_contradicts_itself_is_refused() -> None:
    async with ground() as stage:
        house = f"/shelters/{stage.house('ginepro')}/units"
        zones = [str(stage.ids.zones["z1"]), str(stage.ids.zones["z2"])]
        unit = {
            "code": "stanza-2",
            "level": "pronto",
            "intake_modes": ["EMERGENCY"],
            "beds": 1,
            "exclusive": False,
            "unsuitable_zones": zones,
        }
        for changes, code in (
            ({"beds": 0}, "UNIT_WITHOUT_BEDS"),
            ({"unsuitable_zones": zones[:1]}, "TOO_FEW_UNSUITABLE_ZONES"),
            ({"level": "altrove"}, "LEVEL_UNKNOWN"),
        ):
            answer = await stage.post(house, {**unit, **changes}, "lead")
            assert (answer.status_code, answer.json()["code"]) == (422, code)
        nowhere = await stage.post(f"/shelters/{UUID(int=3)}/units", unit, "lead")
        assert (nowhere.status_code, nowhere.json()["code"]) == (404, "SHELTER_UNKNOWN")


async def _free(stage: Ground, size: int) -> int:
    items = (await stage.get("/bed-board")).json()["items"]
    line = next(
        line for line in items if (line["level"], line["household_size"]) == ("EMERGENCY_RECEPTION", size)
    )
    free: int = line["units"]
    return free


@pytest.mark.asyncio
async def test_the_board_counts_units_by_household_size_and_locates_nothing() -> None:
    async with ground() as stage:
        assert [await _free(stage, size) for size in (1, 2, 3, 4, 5)] == [2, 2, 1, 1, 0]
        await stage.ask(ALONE)
        await stage.ask(REQUEST)
        assert [await _free(stage, size) for size in (1, 2, 3, 4)] == [1, 0, 0, 0]
        board = (await stage.get("/bed-board")).json()
        assert set(board) == {"position", "as_of", "complete", "items"}
        fields = {"level", "household_size", "units", "with_cot", "fresh", "ageing", "stale"}
        assert all(set(line) == fields for line in board["items"])
        named = json.dumps(board)
        for code in stage.ids.shelters:
            assert str(stage.house(code)) not in named
            assert code not in named


@pytest.mark.asyncio
async def test_a_unit_never_shows_its_zones_nor_who_merely_holds_a_place() -> None:
    async with ground() as stage:
        placement = (await stage.ask())["placement"]["placement_id"]
        for who in ("ginepro", "coordinator", "lead"):
            shown = await stage.get(f"/units/{stage.unit('ginepro').id}", who)
            assert {place["state"] for place in shown.json()["places"]} == {"HELD"}
            assert placement not in shown.text
            assert not any(str(zone) in shown.text for zone in stage.ids.zones.values())


@pytest.mark.asyncio
async def test_a_code_is_given_once_in_a_network_and_once_in_a_house_and_a_retry_is_no_second_time() -> None:
    async with ground() as stage:
        district, member = stage.ids.districts["busto-arsizio"], stage.ids.members["case"]
        house = {
            "code": "mirto",
            "member_id": str(member),
            "district_id": str(district),
            "valid_from": "2026-01-01",
            "address_class": "SECRET",
            "register_status": "COMPLIANT",
            "modes": ["EMERGENCY"],
            "fictitious": True,
        }
        first = await stage.post("/shelters", house, "lead")
        assert first.status_code == 201, first.text
        again = await stage.repeated(stage.exchanges[-1])
        assert (again.status_code, again.content) == (201, first.content)
        second = await stage.post("/shelters", house, "lead")
        assert (second.status_code, second.json()["code"]) == (409, "CODE_ALREADY_USED")
        room = {
            "code": "stanza-1",
            "level": "pronto",
            "intake_modes": ["EMERGENCY"],
            "beds": 2,
            "cots": 0,
            "exclusive": False,
            "features": [],
            "unsuitable_zones": [str(zone) for zone in list(stage.ids.zones.values())[:2]],
        }
        path = f"/shelters/{stage.house('ginepro')}/units"
        taken = await stage.post(path, room, "lead")
        assert (taken.status_code, taken.json()["code"]) == (409, "CODE_ALREADY_USED")
        fresh = await stage.post(path, {**room, "code": "stanza-2"}, "lead")
        assert fresh.status_code == 201, fresh.text
