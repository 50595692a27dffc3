"""Whom a house takes, by its own word; what is really open, as learned by voice; what the lead body keeps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests.api.http.ground import ALONE, NIGHT, REQUEST, ground

TERMS: dict[str, Any] = {
    "children_most": 1,
    "boys_up_to": "AGE_6_10",
    "risk_up_to": "HIGH",
    "criteria": ["INTERVIEW_FIRST"],
}
NOWHERE = str(UUID(int=7))


@pytest.mark.asyncio
async def test_a_houses_terms_exclude_and_are_confirmed_by_voice() -> None:
    async with ground() as stage:
        path = f"/units/{stage.unit('ginepro').id}/terms"
        told = await stage.done(path, TERMS, "ginepro")
        assert told["unit"]["terms"] == TERMS
        shown = await stage.get(f"/units/{stage.unit('ginepro').id}", "ginepro")
        assert shown.json()["terms"] == TERMS
        asked = await stage.ask(REQUEST)
        assert {"code": "CHILDREN", "units": 1} in asked["ranking"]["excluded"]
        high = {**ALONE, "household": {"adults": 3}, "risk": "IMMEDIATE"}
        assert {"code": "RISK", "units": 1} in (await stage.ask(high))["ranking"]["excluded"]
        three = {**ALONE, "household": {"adults": 3}}
        confirmed = await stage.ask(three)
        assert confirmed["result"] == "held"
        assert confirmed["ranking"]["to_be_confirmed"] == 1
        assert confirmed["placement"]["to_confirm"] == ["INTERVIEW_FIRST"]
        placement = f"/placements/{confirmed['placement']['placement_id']}"
        candidates = (await stage.get(f"{placement}/ranking")).json()["candidates"]
        assert [candidate["to_confirm"] for candidate in candidates] == [["INTERVIEW_FIRST"]]


@pytest.mark.asyncio
async def test_terms_are_the_houses_own_and_say_every_limit() -> None:
    async with ground() as stage:
        path = f"/units/{stage.unit('ginepro').id}/terms"
        head = await stage.store.head()
        assert (await stage.refused(path, TERMS, "lentisco"))[:2] == (404, "UNIT_UNKNOWN")
        for who in ("coordinator", "lead"):
            assert (await stage.refused(path, TERMS, who))[:2] == (403, "FORBIDDEN")
        for changes, expected in (
            ({"risk_up_to": "NOT_ASSESSED"}, (422, "CODE_UNKNOWN", "/risk_up_to")),
            ({"boys_up_to": "NO_BOY"}, (422, "CODE_UNKNOWN", "/boys_up_to")),
            ({"children_most": -1}, (422, "OUT_OF_RANGE", "/children_most")),
            ({"criteria": ["CITIZEN"]}, (422, "CODE_UNKNOWN", "/criteria/0")),
        ):
            assert await stage.refused(path, {**TERMS, **changes}, "ginepro") == expected
        twice = {**TERMS, "criteria": ["INTERVIEW_FIRST", "INTERVIEW_FIRST"]}
        assert (await stage.refused(path, twice, "ginepro"))[:2] == (422, "TERMS_MALFORMED")
        assert (await stage.refused(path, {"children_most": None}, "ginepro"))[1] == "MISSING"
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_what_is_not_really_open_is_corrected_and_the_hold_goes_with_it() -> None:
    async with ground() as stage:
        path = await stage.offered(REQUEST)
        unit = f"/units/{stage.unit('ginepro').id}"
        learned: dict[str, Any] = {"open_places": []}
        assert (await stage.refused(f"{unit}/availability-correction", learned, "ginepro"))[0] == 403
        told = await stage.done(f"{unit}/availability-correction", learned)
        assert told["unit"]["wrongly_published"] is True
        assert {place["state"] for place in told["unit"]["places"]} == {"NOT_OFFERED"}
        shown = (await stage.get(path)).json()
        assert (shown["hold"], shown["offers"][0]["state"]) == (None, "RELEASED")
        ahead = {**learned, "observed_at": "2026-11-22T02:00:01Z"}
        assert await stage.refused(f"{unit}/availability-correction", ahead) == (
            422,
            "OCCURRED_IN_THE_FUTURE",
            "/observed_at",
        )
        assert await stage.refused(f"{unit}/availability-correction", {"open_places": [NOWHERE]}) == (
            422,
            "PLACE_UNKNOWN",
            "/open_places",
        )
        older = {**learned, "observed_at": "2026-11-22T01:59:59Z"}
        assert await stage.refused(f"{unit}/availability-correction", older) == (
            409,
            "OLDER_THAN_KNOWN",
            "/observed_at",
        )
        etag = (await stage.get(unit, "ginepro")).headers["etag"]
        bed = str(stage.unit("ginepro").beds[0])
        anew = await stage.put(f"{unit}/availability", {"open_places": [bed]}, "ginepro", If_Match=etag)
        assert anew.json()["unit"]["wrongly_published"] is False


@pytest.mark.asyncio
async def test_agreements_and_register_status_are_the_lead_bodys() -> None:
    async with ground() as stage:
        house = f"/shelters/{stage.house('ginepro')}"
        district = str(stage.ids.districts["busto-arsizio"])
        last = {"district_id": district, "valid_to": NIGHT.date().replace(day=21).isoformat()}
        ended = await stage.done(f"{house}/agreements/end", last, "lead")
        assert ended["shelter"]["agreements"][0]["valid_to"] == last["valid_to"]
        path = await stage.held(REQUEST)
        assert (await stage.get(path)).json()["phase"] == "WAITING", "no agreement is in force"
        signed = {"district_id": district, "valid_from": "2026-11-22"}
        told = await stage.done(f"{house}/agreements", signed, "lead")
        assert told["shelter"]["agreements"] == [{**signed, "valid_to": None}]
        assert (await stage.done(f"{path}/search"))["placement"]["phase"] == "HELD"
        told = await stage.done(f"{house}/register-status", {"register_status": "NOT_LISTED"}, "lead")
        assert told["shelter"]["register_status"] == "NOT_LISTED"
        assert (await stage.get(house, "lead")).json()["shelter"]["register_status"] == "NOT_LISTED"
        for who in ("coordinator", "ginepro"):
            assert (await stage.refused(f"{house}/agreements", signed, who))[:2] == (403, "FORBIDDEN")
        nowhere = {**signed, "district_id": NOWHERE}
        assert await stage.refused(f"{house}/agreements", nowhere, "lead") == (
            422,
            "DISTRICT_UNKNOWN",
            "/district_id",
        )
        assert (await stage.refused(f"{house}/agreements/end", {**last, "district_id": NOWHERE}, "lead"))[
            1:
        ] == ("AGREEMENT_UNKNOWN", "/district_id")
        for step, body in (
            ("agreements", signed),
            ("agreements/end", last),
            ("register-status", {"register_status": "COMPLIANT"}),
        ):
            unknown = await stage.refused(f"/shelters/{NOWHERE}/{step}", body, "lead")
            assert unknown[:2] == (404, "SHELTER_UNKNOWN")


@pytest.mark.asyncio
async def test_a_zone_is_drawn_under_an_id_that_tells_nothing_and_can_be_avoided() -> None:
    async with ground() as stage:
        drawn = await stage.post("/zones", {}, "lead")
        assert drawn.status_code == 201
        zone = drawn.json()["zone_id"]
        assert set(drawn.json()) == {"position", "recorded_at", "zone_id"}
        assert (await stage.repeated(stage.exchanges[-1])).content == drawn.content
        other = await stage.post("/zones", {}, "lead")
        assert other.json()["zone_id"] != zone
        asked = await stage.ask({**REQUEST, "zones_to_avoid": [zone]})
        assert asked["placement"]["zones_to_avoid_count"] == 1
        assert (await stage.refused("/zones", {"code": "via-roma"}, "lead"))[0] == 422
        assert (await stage.refused("/zones"))[0] == 403
