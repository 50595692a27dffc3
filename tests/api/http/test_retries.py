"""Again is a normal case: the same key gets the same bytes, whatever has happened since."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.routing import APIRoute

from ledger.store.postgres import PostgresStore
from tests.api.http.ground import ALONE, NIGHT, REQUEST, Exchange, Ground, ground, ground_on
from tests.api.http.test_bridges import raise_alarms
from tests.api.http.test_revising import ASSESSED, LATER
from tests.api.http.test_thin_path import play_a_night
from tests.support.postgres import Database


async def play_with_houses(stage: Ground) -> None:
    """Every changing route at least once, with commands that were already true among them."""
    room = stage.unit("lentisco")
    path = f"/units/{room.id}"
    etag = (await stage.get(path, "lentisco")).headers["etag"]
    await stage.put(f"{path}/availability", {"open_places": [str(room.beds[0])]}, "lentisco", If_Match=etag)
    guests = await stage.post(f"{path}/outside-occupancy", {"places": [str(room.beds[0])]}, "lentisco")
    occupancy = guests.json()["occupancy_ids"][0]
    await stage.post(f"{path}/outside-occupancy/{occupancy}/end", {}, "lentisco")
    etag = (await stage.get(path, "lentisco")).headers["etag"]
    both = [str(bed) for bed in room.beds]
    await stage.put(f"{path}/availability", {"open_places": both}, "lentisco", If_Match=etag)
    house = f"/shelters/{stage.house('lentisco')}/intake"
    for body in ({"pause": "STAFF"}, {"pause": "STAFF"}, {"resume": True}, {"modes": ["EMERGENCY"]}):
        assert (await stage.post(house, body, "lentisco")).status_code == 200
    shelter = await stage.post("/shelters", _shelter(stage), "lead")
    assert shelter.status_code == 201, shelter.text
    unit = await stage.post(
        f"/shelters/{shelter.json()['shelter']['shelter_id']}/units", _unit(stage), "lead"
    )
    assert unit.status_code == 201, unit.text
    view = unit.json()["unit"]
    guests_there = {"occupancies": [{"places": [view["places"][0]["place_id"]]}]}
    inventory = await stage.post(f"/units/{view['unit_id']}/opening-inventory", guests_there)
    assert inventory.status_code == 201, inventory.text
    await play_a_night(stage)
    declined = await stage.accepted("ginepro", REQUEST)
    await stage.post(f"{declined}/seen", {}, "ginepro")
    await stage.post(f"{declined}/consent")
    await stage.post(f"{declined}/decline", {"shown": "PLACE_NOT_RIGHT"})
    await stage.post(f"{declined}/search", {"resume": True})
    await stage.post(f"{declined}/search")
    await stage.post(f"{declined}/withdrawal")
    released = await stage.held(ALONE)
    await stage.post(f"{released}/release")
    await stage.ask({**REQUEST, "household": {"adults": 0, "children": ["AGE_14_17"]}})
    await play_the_roads_out(stage)


async def play_the_roads_out(stage: Ground) -> None:
    """Silence, another choice, revisions, a bridge, nobody comes, what happened without the engine."""
    path = await stage.offered(ALONE)
    await stage.later(minutes=11)
    await stage.done(f"{path}/move-on")
    await stage.done(f"{path}/urgency", {"urgency": "U2", "set_by": "CAV_WORKER", "reason": "RISK_LOWER"})
    await stage.done(f"{path}/risk-assessment", {"risk": "MEDIUM", "assessed": ASSESSED})
    await stage.done(f"{path}/safe-until", {"setting": "FRIEND", "safe_until": LATER})
    await stage.done(f"{path}/safety", {"zones_to_avoid": [], "apart_from": [], "houses_barred": []})
    units = [held["unit_id"] for held in (await stage.get(path)).json()["offers"][-1]["units"]]
    await stage.done(f"{path}/offers", {"units": units})
    await stage.done(f"{path}/acceptance", {"channel": "TELEPHONE"})
    await stage.done(f"{path}/handover", {"expected_at": LATER, "escort": "CAV"})
    await stage.done(f"{path}/no-show", {"welfare_check_asked": True})
    await stage.done(f"{path}/corrections", {"version": 2, "reason": "ENTERED_TWICE"})
    await stage.done(f"{path}/closure", {"outcome": "OTHER_SOLUTION"})
    await play_no_place(stage)
    chosen = await stage.held(ALONE)
    best = (await stage.get(f"{chosen}/ranking")).json()["candidates"]
    another = {"units": [held["unit_id"] for held in best[1]["units"]], "reason": "HER_WISH"}
    await stage.done(f"{chosen}/another-choice", another)
    await stage.done(f"{chosen}/withdrawal")
    await play_exceptions(stage)
    await play_reality(stage)
    await play_preserving(stage, (await stage.get(chosen)).json()["case_id"])


async def play_exceptions(stage: Ground) -> None:
    somebody = {"actor": "0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d77"}
    path = await stage.held({**ALONE, "features_required": ["GROUND_FLOOR"]})
    case = f"/cases/{(await stage.get(path)).json()['case_id']}"
    unit = {"unit_id": str(stage.unit("lentisco").id), "reason": "SHE_ASKED_FOR_IT"}
    await stage.done(f"{path}/override", unit)
    await stage.done(f"{path}/escort", {**somebody, "until": LATER})
    for way in ("restrictions", "restorations"):
        await stage.done(f"{case}/access-{way}", somebody)
    glass = await stage.done(f"{case}/glass", {"reason": "COLLEAGUE_UNREACHABLE"}, "other-lead")
    await stage.done(f"/reviews/{glass['breaking_id']}", {"outcome": "JUSTIFIED"}, "lead")
    await stage.done(f"{path}/withdrawal")


async def play_preserving(stage: Ground, case_id: str) -> None:
    case, number = f"/cases/{case_id}", {"reference": "2026/0000001"}
    held = await stage.done(f"{case}/legal-holds", {"asked_by": "WOMAN", **number}, "protection")
    hold = held["preservation"]["legal_holds"][0]["hold_id"]
    await stage.done(f"{case}/legal-holds/{hold}/lifting", number, "protection")
    for end in ("rejection", "approval"):
        order = {"decision": "2041/0000124", "administrative": False}
        told = await stage.done(f"{case}/shredding", order, "lead")
        named = {"shredding_id": told["preservation"]["shreddings"][-1]["shredding_id"]}
        await stage.done(f"{case}/shredding/{end}", named, "other-lead")
    dossiers = f"{case}/dossiers"
    await stage.done(dossiers, {"kind": "OSTENSIBLE", **number}, "lead")
    ordered = await stage.done(dossiers, {"kind": "RESERVED", **number}, "lead")
    await stage.done(f"{dossiers}/{ordered['dossier']['dossier_id']}/approval", {}, "other-lead")
    asking = {"asker": "CO_PARENT", "details": "Chi chiede, di chi.", **number}
    path = f"/inquiries/{(await stage.done('/inquiries', asking, 'lead'))['inquiry']['inquiry_id']}"
    await stage.done(f"{path}/openings", {"purpose": "ANSWER_INQUIRY"}, "protection")
    await stage.done(f"{path}/decision", {"outcome": "NOTHING_TO_SAY", **number}, "protection")
    await play_desks(stage)
    export = (await stage.done("/exports", number, "lead"))["export_id"]
    await stage.done(f"/exports/{export}/approval", {}, "other-lead")


async def play_desks(stage: Ground) -> None:
    """Whom to reach: opened, written, rung, put on the rota and closed; and what zones mean."""
    body = {"kind": "COORDINATION", "code": "notte", "member_id": str(stage.ids.members["capofila"])}
    desk = (await stage.done("/desks", body, "lead"))["desk"]["desk_id"]
    number = {"kind": "ON_CALL_NUMBER", "value": "+39 000 0000 021"}
    await stage.done(f"/desks/{desk}/values", number, "lead")
    await stage.done(f"/desks/{desk}/openings", {"purpose": "CALL_SERVICE"})
    week = {"desk_id": desk, "weekdays": _WEEK, "begins": 0, "ends": 1440}
    await stage.done("/rota", {"valid_from": "2026-11-22", "shifts": [week]}, "lead")
    await stage.done(f"/desks/{stage.ids.desks['coordinamento']}/closing", {}, "lead")
    await stage.done("/zones/openings", {"zone_ids": [str(stage.ids.zones["z1"])]})


async def play_no_place(stage: Ground) -> None:
    path = await stage.held({**REQUEST, "household": {"adults": 1, "children": ["AGE_3_5"] * 4}})
    desk = str(stage.ids.members["rete-vicina"])
    await stage.done(f"{path}/neighbour-requests", {"member_id": desk})
    await stage.done(f"{path}/neighbour-answers", {"member_id": desk, "answer": "NO"})
    hotel = {"kind": "VETTED_HOTEL_WITH_ESCORT", "checked_by": "CAV", "check_at": LATER, "until": LATER}
    bridge = (await stage.done(f"{path}/bridge", hotel))["placement"]["bridge"]["bridge_id"]
    await stage.done(f"{path}/bridges/{bridge}/check", {"holds": True})
    await stage.done(f"{path}/bridges/{bridge}/end", {"cause": "LEFT"})
    await stage.later(minutes=21)
    await raise_alarms(stage, path)
    alarm = (await stage.get(path)).json()["alarms"][0]
    await stage.done(f"{path}/alarms/taken", {name: alarm[name] for name in ("kind", "due_at")})
    split = {
        "household": {"adults": 1, "children": ["AGE_3_5"] * 3},
        "oldest_boy": "NO_BOY",
        "apart": {"adults": 0, "children": ["AGE_3_5"]},
        "destination": "RELATIVES",
    }
    await stage.done(f"{path}/household-split", split)
    await stage.done(
        f"{path}/household",
        {
            "household": {"adults": 1, "children": ["AGE_3_5"]},
            "oldest_boy": "NO_BOY",
            "features_required": [],
            "criteria_met": [],
            "reason": "CHILD_STAYS_ELSEWHERE",
        },
    )
    await stage.done(f"{path}/withdrawal")


async def play_values(stage: Ground, refused: str) -> None:
    placement = (await stage.get(refused)).json()
    values = f"/cases/{placement['case_id']}/values"
    await stage.done(values, {"alias": "Erica", "handover_point": "davanti alla stazione"})
    meet = {"kinds": ["ALIAS", "HANDOVER_POINT"], "purpose": "AGREE_HANDOVER"}
    await stage.done(f"{values}/openings", meet)
    await stage.done(f"{refused}/values/openings", meet)
    code = {"offer_id": placement["offers"][0]["offer_id"], "purpose": "JUDICIAL_ORDER"}
    await stage.done(f"{refused}/true-codes/openings", code, "auditor")
    await stage.done(f"{values}/withdrawals", {"kinds": ["ALIAS"]})


async def play_reality(stage: Ground) -> None:
    room, house = stage.unit("ginepro"), str(stage.house("ginepro"))
    refused = await stage.offered(REQUEST)
    await stage.done(f"{refused}/refusal", {"channel": "TELEPHONE", "code": "NO_NIGHT_STAFF"})
    await play_values(stage, refused)
    await stage.done(f"{refused}/asking-again", {"units": [str(room.id)], "reason": "REASON_GONE"})
    places = {"shelter_id": house, "units": [{"unit_id": str(room.id), "places": [str(room.beds[0])]}]}
    await stage.done(f"{refused}/direct-admission", places)
    await stage.done(f"{refused}/direct-admission", places)
    asked = {name: value for name, value in ALONE.items() if name != "consented_at"}
    beyond = {**places, "without_place": 1, "asked": asked}
    told = await stage.done("/direct-admissions", beyond)
    again = {**beyond, "asked": {**asked, "case_id": told["placement"]["case_id"]}}
    assert (await stage.done("/direct-admissions", again))["events"] == []
    await stage.done("/direct-admissions", {**places, "asked": asked}, "ginepro")
    await stage.done(f"/placements/{told['placement']['placement_id']}/discharge", {"outcome": "OTHER"})
    terms: dict[str, Any] = {"children_most": 2, "boys_up_to": None, "risk_up_to": None, "criteria": []}
    await stage.done(f"/units/{room.id}/terms", terms, "ginepro")
    await stage.done(f"/units/{room.id}/availability-correction", {"open_places": []})
    district = str(stage.ids.districts["busto-arsizio"])
    await stage.done(
        f"/shelters/{house}/agreements", {"district_id": district, "valid_from": "2026-11-01"}, "lead"
    )
    last = {"district_id": district, "valid_to": "2026-12-31"}
    await stage.done(f"/shelters/{house}/agreements/end", last, "lead")
    await stage.done(f"/shelters/{house}/register-status", {"register_status": "TRANSITIONAL"}, "lead")
    await stage.done("/zones", {}, "lead")
    await stage.done("/case-codes", {"count": 2})


def _shelter(stage: Ground) -> dict[str, Any]:
    return {
        "code": "casa-timo",
        "member_id": str(stage.ids.members["case"]),
        "district_id": str(stage.ids.districts["busto-arsizio"]),
        "valid_from": NIGHT.date().isoformat(),
        "address_class": "SECRET",
        "register_status": "COMPLIANT",
        "modes": ["EMERGENCY"],
        "fictitious": True,
    }


def _unit(stage: Ground) -> dict[str, Any]:
    return {
        "code": "stanza-9",
        "level": "pronto",
        "intake_modes": ["EMERGENCY"],
        "beds": 2,
        "cots": 1,
        "exclusive": False,
        "unsuitable_zones": [str(stage.ids.zones["z1"]), str(stage.ids.zones["z2"])],
    }


_WEEK = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
_OF_THE_REGISTER = ("/identity", "/operators", "/programs", "/device")
"""Doors of the register change no log and keep no receipts: what they do when asked again, their own tests
say."""


def changing_routes(stage: Ground) -> set[tuple[str, str]]:
    """Those whose commands the log records."""
    return {
        (method, route.path)
        for route in stage.app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
        if method != "GET" and not route.path.startswith(_OF_THE_REGISTER)
    }


def route_of(stage: Ground, exchange: Exchange) -> tuple[str, str]:
    """The route that answered: of several patterns that match, the one with fewest ids."""
    found = [
        path
        for method, path in changing_routes(stage)
        if method == exchange.method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), exchange.path)
    ]
    return exchange.method, min(found, key=lambda path: path.count("{"))


async def repeat_everything(stage: Ground) -> None:
    made = [exchange for exchange in stage.exchanges if exchange.status < 300]
    assert changing_routes(stage) == {route_of(stage, exchange) for exchange in made}
    await stage.later(minutes=90)
    head = await stage.store.head()
    for exchange in made:
        again = await stage.repeated(exchange)
        if exchange.path.endswith("/openings") and again.status_code == 409:
            assert again.json()["code"] == "OPENING_OVER", "to see a value once more is another look"
            continue
        assert again.status_code == exchange.status, (exchange.path, again.text)
        assert again.content == exchange.content, exchange.path
        assert again.headers.get("etag") == exchange.etag
    assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_a_retry_reads_as_the_first_answer_did_byte_for_byte() -> None:
    async with ground() as stage:
        await play_with_houses(stage)
        await repeat_everything(stage)


@pytest.mark.asyncio
async def test_a_retry_reads_the_same_on_postgresql_and_from_another_process(database: Database) -> None:
    async with PostgresStore(database.dsn()) as store, ground_on(store) as stage:
        await play_with_houses(stage)
        stage.forget()
        await repeat_everything(stage)


@pytest.mark.asyncio
async def test_a_key_used_again_for_something_else_is_refused() -> None:
    async with ground() as stage:
        await stage.post("/placement-requests", ALONE, key="la-stessa-chiave")
        head = await stage.store.head()
        other = await stage.post("/placement-requests", REQUEST, key="la-stessa-chiave")
        assert (other.status_code, other.json()["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_a_key_is_one_persons_and_one_routes() -> None:
    async with ground() as stage:
        first = await stage.post("/placement-requests", ALONE, key="la-stessa-chiave")
        other = await stage.post("/placement-requests", ALONE, "other-coordinator", key="la-stessa-chiave")
        assert first.json()["placement"]["placement_id"] != other.json()["placement"]["placement_id"]
        for told in (first, other):
            path = f"/placements/{told.json()['placement']['placement_id']}/consent"
            if told is first:
                assert (await stage.post(path, key="la-stessa-chiave")).status_code == 200
            else:
                answer = await stage.post(path, key="la-stessa-chiave")
                assert answer.status_code == 422, "the same route, another placement"


@pytest.mark.asyncio
async def test_the_same_command_written_otherwise_is_the_same_command() -> None:
    async with ground() as stage:
        first = await stage.post("/placement-requests", ALONE, key="la-stessa-chiave")
        shuffled = dict(reversed(list(ALONE.items())))
        moved = {**shuffled, "occurred_at": "2026-11-22T03:00:00+01:00", "setting": None}
        again = await stage.post("/placement-requests", moved, key="la-stessa-chiave")
        assert again.content == first.content


@pytest.mark.asyncio
async def test_a_refused_command_may_be_sent_again_with_its_key() -> None:
    async with ground() as stage:
        body = {key: value for key, value in ALONE.items() if key != "consented_at"}
        placement = (await stage.ask(body))["placement"]
        path = f"/placements/{placement['placement_id']}"
        units = {"units": [held["unit_id"] for held in placement["offers"][0]["units"]]}
        early = await stage.post(f"{path}/offers", units, key="la-stessa-chiave")
        assert (early.status_code, early.json()["code"]) == (409, "CONSENT_NOT_RECORDED")
        await stage.post(f"{path}/consent")
        assert (await stage.post(f"{path}/offers", units, key="la-stessa-chiave")).status_code == 200
