"""Households that are in a house without the engine: recorded whatever stands there, by whom it concerns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.api.http.ground import ALONE, REQUEST, Ground, ground

NOWHERE = "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55"
ASKED = {name: value for name, value in REQUEST.items() if name != "consented_at"}


def _in(stage: Ground, house: str, *places: UUID, **more: Any) -> dict[str, Any]:
    unit = {"unit_id": str(stage.unit(house).id), "places": [str(place) for place in places]}
    return {"shelter_id": str(stage.house(house)), "units": [unit], **more}


@pytest.mark.asyncio
async def test_a_household_nobody_asked_for_is_admitted_and_displaces_a_hold() -> None:
    async with ground() as stage:
        held = await stage.offered(REQUEST)
        beds = stage.unit("ginepro").beds
        answer = await stage.post("/direct-admissions", _in(stage, "ginepro", beds[0], asked=ASKED))
        assert answer.status_code == 201, answer.text
        told = answer.json()
        shown = told["placement"]
        assert (shown["phase"], shown["consent"]) == ("ADMITTED", False)
        assert answer.headers["location"] == f"/placements/{shown['placement_id']}"
        topics = [event["topic"] for event in told["events"]]
        assert "placement.admission-by-direct-agreement.1" in topics
        assert "placement.hold-displaced.1" in topics
        assert (await stage.get(held)).json()["offers"][0]["state"] == "DISPLACED"
        left = await stage.done(
            f"/placements/{shown['placement_id']}/discharge", {"outcome": "MOVED_TO_FAMILY"}
        )
        assert left["placement"]["phase"] == "ENDED"


@pytest.mark.asyncio
async def test_beyond_its_places_is_extraordinary() -> None:
    async with ground() as stage:
        body = _in(stage, "lentisco", asked=ASKED, without_place=3)
        told = await stage.done("/direct-admissions", body)
        topics = [event["topic"] for event in told["events"]]
        assert "placement.extraordinary-admission.1" in topics


@pytest.mark.asyncio
async def test_the_house_records_it_for_itself_and_can_see_them_off() -> None:
    async with ground() as stage:
        beds = stage.unit("lentisco").beds
        body = _in(stage, "lentisco", beds[0], asked=ASKED)
        told = await stage.done("/direct-admissions", body, "lentisco")
        assert set(told) == {"position", "recorded_at", "placement"}
        assert [offer["state"] for offer in told["placement"]["offers"]] == ["ACCEPTED"]
        path = f"/placements/{told['placement']['placement_id']}"
        shown = (await stage.get(path, "lentisco")).json()
        assert [offer["state"] for offer in shown["offers"]] == ["ACCEPTED"]
        assert shown["offers"][0]["who_comes"]["adults"] == 1
        assert (await stage.get(path, "ginepro")).status_code == 404
        assert (await stage.post(f"{path}/discharge", {"outcome": "LEFT_PATH"}, "ginepro")).status_code == 404
        assert (
            await stage.post(f"{path}/discharge", {"outcome": "LEFT_PATH"}, "lentisco")
        ).status_code == 200


@pytest.mark.asyncio
async def test_a_house_speaks_for_itself_and_names_nobody_else() -> None:
    async with ground() as stage:
        case = (await stage.ask(ALONE))["placement"]["case_id"]
        head = await stage.store.head()
        beds = stage.unit("lentisco").beds
        own = _in(stage, "lentisco", beds[0], asked=ASKED)
        for who in ("ginepro", "lentisco"):
            foreign = "lentisco" if who == "ginepro" else "ginepro"
            body = _in(stage, foreign, stage.unit(foreign).beds[0], asked=ASKED)
            told = await stage.refused("/direct-admissions", body, who)
            unknown = await stage.refused("/direct-admissions", {**body, "shelter_id": NOWHERE}, who)
            assert told == unknown == (422, "SHELTER_UNKNOWN", "/shelter_id")
        for name, value in (
            ("case_id", case),
            ("apart_from", [case]),
            ("houses_barred", [str(stage.house("ginepro"))]),
            ("zones_to_avoid", [str(stage.ids.zones["z1"])]),
            ("continuity_with", str(stage.ids.districts["busto-arsizio"])),
        ):
            body = {**own, "asked": {**ASKED, name: value}}
            told = await stage.refused("/direct-admissions", body, "lentisco")
            assert told == (403, "FORBIDDEN", f"/asked/{name}")
        path = await stage.held(REQUEST)
        told = await stage.refused(f"{path}/direct-admission", _in(stage, "lentisco", beds[0]), "lentisco")
        assert told[:2] == (404, "PLACEMENT_UNKNOWN")
        assert await stage.store.head() > head, "only the request was recorded"
        assert "unit.occupied-directly.1" not in await stage.topics()


@pytest.mark.asyncio
async def test_the_fact_goes_into_the_placement_that_is_open() -> None:
    async with ground() as stage:
        asked = await stage.ask(REQUEST)
        placement_id, case = asked["placement"]["placement_id"], asked["placement"]["case_id"]
        body = _in(stage, "lentisco", *stage.unit("lentisco").beds)
        told = await stage.done(f"/placements/{placement_id}/direct-admission", body)
        assert [offer["state"] for offer in told["placement"]["offers"]] == ["RELEASED", "ACCEPTED"]
        again = {**body, "asked": {**ASKED, "case_id": case}}
        exchange = await stage.post("/direct-admissions", again)
        assert exchange.status_code == 201
        assert exchange.json()["events"] == [], "it stood there already"
        assert exchange.json()["placement"]["placement_id"] == placement_id
        await stage.done(f"/placements/{placement_id}/discharge", {"outcome": "OTHER"})
        assert (await stage.repeated(stage.exchanges[-2])).content == exchange.content
        elsewhere = _in(stage, "ginepro", stage.unit("ginepro").beds[0])
        other = await stage.held(ALONE)
        await stage.done(f"{other}/direct-admission", elsewhere)
        moved = await stage.refused(f"{other}/direct-admission", body)
        assert moved[:2] == (409, "ALREADY_ADMITTED")
        more = await stage.refused(f"{other}/direct-admission", {**elsewhere, "without_place": 2})
        assert more[:2] == (409, "ALREADY_ADMITTED"), "what is said otherwise is never lost in silence"


@pytest.mark.asyncio
async def test_only_what_names_nothing_there_is_refused() -> None:
    async with ground() as stage:
        bed = stage.unit("lentisco").beds[0]
        good = _in(stage, "lentisco", bed, asked=ASKED)
        unit = good["units"][0]
        head = await stage.store.head()
        for changes, expected in (
            ({"shelter_id": NOWHERE}, (422, "SHELTER_UNKNOWN", "/shelter_id")),
            ({"shelter_id": str(stage.house("ginepro"))}, (422, "UNIT_UNKNOWN", "/units")),
            ({"units": [{**unit, "unit_id": NOWHERE}]}, (422, "UNIT_UNKNOWN", "/units")),
            ({"units": [{**unit, "places": [NOWHERE]}]}, (422, "PLACE_UNKNOWN", "/units")),
            ({"units": [{**unit, "places": [str(bed)] * 2}]}, (422, "PLACE_REPEATED", "/units")),
            ({"units": [{**unit, "places": []}]}, (422, "PLACE_UNKNOWN", "/units")),
            ({"units": []}, (422, "TOO_FEW", "/units")),
            ({"without_place": -1}, (422, "OUT_OF_RANGE", "/without_place")),
            ({"occurred_at": "2026-11-22T02:00:01Z"}, (422, "OCCURRED_IN_THE_FUTURE", "/occurred_at")),
            (
                {"asked": {**ASKED, "occurred_at": "2026-11-22T02:00:01Z"}},
                (422, "OCCURRED_IN_THE_FUTURE", "/asked/occurred_at"),
            ),
            ({"asked": {**ASKED, "case_id": NOWHERE}}, (422, "CASE_UNKNOWN", "/asked/case_id")),
            (
                {"asked": {**ASKED, "household": {"adults": 0, "children": ["AGE_14_17"]}}},
                (422, "HOUSEHOLD_WITHOUT_HER", "/asked/household"),
            ),
            ({"asked": None}, (422, "NOT_AN_OBJECT", "/asked")),
        ):
            assert await stage.refused("/direct-admissions", {**good, **changes}) == expected, changes
        assert await stage.store.head() == head
