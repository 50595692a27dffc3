"""Who may knock at which door: every route with every role, called for real; and what a house may not learn.

The table names every route there is, so that a new one without an answer fails here.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from domain.permissions import Action, Role, may
from tests.api.http.ground import ALONE, REQUEST, Ground, ground
from tests.api.http.sealed_ground import sealed_in_memory

PEOPLE = ("coordinator", "lead", "auditor", "engine", "ginepro", "lentisco", "social", "protection")
C, L, A, G, O = "coordinator", "lead", "auditor", "ginepro", "lentisco"  # noqa: E741 - one letter a person
S, D = "social", "protection"

# Who is let in. The other house's operator hears 404 where an id of the first house stands in the address,
# and so do the lead body and the social service where they may see some placements, but not this one.
ALLOWED: dict[tuple[str, str], set[str]] = {
    ("POST", "/placement-requests"): {C, S},
    ("GET", "/placement-requests"): {C, S},
    ("POST", "/case-codes"): {C},
    ("GET", "/case-codes"): {C},
    ("GET", "/placements/{placement_id}"): {C, G},
    ("GET", "/placements/{placement_id}/ranking"): {C, A, D},
    ("GET", "/placements/{placement_id}/history"): {C, A, D},
    ("POST", "/placements/{placement_id}/consent"): {C},
    ("POST", "/placements/{placement_id}/offers"): {C},
    ("POST", "/placements/{placement_id}/seen"): {G},
    ("POST", "/placements/{placement_id}/conversation"): {C, G},
    ("POST", "/placements/{placement_id}/acceptance"): {C, G},
    ("POST", "/placements/{placement_id}/acceptance-confirmation"): {G},
    ("POST", "/placements/{placement_id}/refusal"): {C, G},
    ("POST", "/placements/{placement_id}/woman-acceptance"): {C},
    ("POST", "/placements/{placement_id}/decline"): {C},
    ("POST", "/placements/{placement_id}/release"): {C},
    ("POST", "/placements/{placement_id}/search"): {C},
    ("POST", "/placements/{placement_id}/withdrawal"): {C},
    ("POST", "/placements/{placement_id}/another-choice"): {C},
    ("POST", "/placements/{placement_id}/move-on"): {C},
    ("POST", "/placements/{placement_id}/asking-again"): {C},
    ("POST", "/placements/{placement_id}/urgency"): {C},
    ("POST", "/placements/{placement_id}/risk-assessment"): {C},
    ("POST", "/placements/{placement_id}/household"): {C},
    ("POST", "/placements/{placement_id}/household-split"): {C},
    ("POST", "/placements/{placement_id}/safety"): {C},
    ("POST", "/placements/{placement_id}/safe-until"): {C},
    ("POST", "/placements/{placement_id}/neighbour-requests"): {C},
    ("POST", "/placements/{placement_id}/neighbour-answers"): {C},
    ("POST", "/placements/{placement_id}/bridge"): {C},
    ("POST", "/placements/{placement_id}/bridges/{bridge_id}/check"): {C},
    ("POST", "/placements/{placement_id}/bridges/{bridge_id}/end"): {C},
    ("POST", "/placements/{placement_id}/alarms/taken"): {C},
    ("POST", "/placements/{placement_id}/closure"): {C},
    ("POST", "/placements/{placement_id}/corrections"): {C},
    ("POST", "/placements/{placement_id}/handover"): {C},
    ("POST", "/placements/{placement_id}/no-show"): {C, G},
    ("POST", "/placements/{placement_id}/direct-admission"): {C, G},
    ("POST", "/direct-admissions"): {C, G, O},
    ("POST", "/placements/{placement_id}/admission"): {C, G},
    ("POST", "/placements/{placement_id}/discharge"): {C, G},
    ("POST", "/shelters"): {L},
    ("GET", "/shelters"): {C, L, G, O},
    ("GET", "/shelters/{shelter_id}"): {C, L, G},
    ("GET", "/shelters/{shelter_id}/offers"): {G},
    ("POST", "/shelters/{shelter_id}/units"): {L},
    ("POST", "/shelters/{shelter_id}/intake"): {C, G},
    ("POST", "/shelters/{shelter_id}/agreements"): {L},
    ("POST", "/shelters/{shelter_id}/agreements/end"): {L},
    ("POST", "/shelters/{shelter_id}/register-status"): {L},
    ("POST", "/zones"): {L},
    ("GET", "/zones"): {C, L, S},
    ("POST", "/zones/openings"): {C, L},
    ("GET", "/desks"): {C, L, G, O},
    ("POST", "/desks"): {L},
    ("POST", "/desks/{desk_id}/closing"): {L},
    ("POST", "/desks/{desk_id}/values"): {L},
    ("POST", "/desks/{desk_id}/openings"): {C, L},
    ("GET", "/rota"): {C, L, G, O, S},
    ("POST", "/rota"): {L},
    ("GET", "/placements/{placement_id}/on-call"): {C},
    ("GET", "/cases/{case_id}/preservation"): {L, D},
    ("POST", "/cases/{case_id}/legal-holds"): {D},
    ("POST", "/cases/{case_id}/legal-holds/{hold_id}/lifting"): {D},
    ("POST", "/cases/{case_id}/shredding"): {L},
    ("POST", "/cases/{case_id}/shredding/approval"): {L},
    ("POST", "/cases/{case_id}/shredding/rejection"): {L},
    ("GET", "/cases/{case_id}/dossiers"): {L, A, D},
    ("POST", "/cases/{case_id}/dossiers"): {L},
    ("POST", "/cases/{case_id}/dossiers/{dossier_id}/approval"): {L},
    ("GET", "/inquiries"): {L, D},
    ("POST", "/inquiries"): {L, D},
    ("POST", "/inquiries/{inquiry_id}/openings"): {D},
    ("POST", "/inquiries/{inquiry_id}/decision"): {D},
    ("POST", "/exports"): {L},
    ("POST", "/exports/{export_id}/approval"): {L},
    ("GET", "/units/{unit_id}"): {C, L, G},
    ("POST", "/units/{unit_id}/terms"): {G},
    ("POST", "/units/{unit_id}/availability-correction"): {C},
    ("PUT", "/units/{unit_id}/availability"): {C, G},
    ("POST", "/units/{unit_id}/outside-occupancy"): {C, G},
    ("POST", "/units/{unit_id}/outside-occupancy/{occupancy_id}/end"): {C, G},
    ("POST", "/units/{unit_id}/opening-inventory"): {C, G},
    ("POST", "/operators"): {L},
    ("GET", "/operators"): {L},
    ("POST", "/operators/{actor_id}/end"): {L},
    ("POST", "/operators/{actor_id}/invitation"): {L},
    ("POST", "/operators/{actor_id}/name-openings"): {A, D},
    ("POST", "/programs"): {L},
    ("POST", "/programs/{actor_id}/key"): {L},
    ("POST", "/device-codes"): {L, G, O},
    ("GET", "/devices"): {L, G, O},
    ("POST", "/devices/{device_id}/revocation"): {L, G, O},
    ("GET", "/bed-board"): {C, L, G, O, S},
    ("GET", "/availability"): {S},
    ("GET", "/statistics"): {L, A},
    ("GET", "/shelters/{shelter_id}/statistics"): {G},
    ("GET", "/probing-notices"): {L},
    ("GET", "/on-call-queue"): {C},
    ("GET", "/placements/{placement_id}/timeline"): {C, A, D},
    ("GET", "/placements/{placement_id}/decisions"): {A, D},
    ("GET", "/network-history"): {A, D},
    ("GET", "/network-history/changes"): {A, D},
    ("GET", "/audit/checkpoint"): {C, L, A, D},
    ("GET", "/audit/proofs/{position}"): {C, L, A, D},
    ("GET", "/audit/keys"): {C, L, A, D},
    ("GET", "/audit/consistency"): {L, A, D},
    ("GET", "/audit/tiles/{level}/{tile:path}"): {L, A, D},
    ("GET", "/audit/seal"): {L, A, D},
    ("GET", "/audit/daily-page"): {L, A, D},
    ("GET", "/unmet-need"): {L},
    ("GET", "/events"): {C, L, G, O},
    ("GET", "/cases/{case_id}/values"): {C, A, D},
    ("POST", "/cases/{case_id}/values"): {C},
    ("POST", "/cases/{case_id}/values/withdrawals"): {C},
    ("POST", "/cases/{case_id}/values/openings"): {C, A, D},
    ("GET", "/placements/{placement_id}/values"): {C, A, D},
    ("POST", "/placements/{placement_id}/values/openings"): {C, A, D},
    ("POST", "/placements/{placement_id}/true-codes/openings"): {C, A, D},
    ("POST", "/cases/{case_id}/access-restrictions"): {C, L},
    ("POST", "/cases/{case_id}/access-restorations"): {C, L},
    ("POST", "/cases/{case_id}/glass"): {C, L},
    ("POST", "/placements/{placement_id}/escort"): {C},
    ("POST", "/placements/{placement_id}/override"): {C},
    ("GET", "/reviews"): {L},
    ("POST", "/reviews/{review_id}"): {L},
}
FOREIGN: dict[str, set[str]] = {
    "/placements/{placement_id}": {L, S},
    "/placements/{placement_id}/ranking": {L},
    "/placements/{placement_id}/history": {L},
    "/placements/{placement_id}/timeline": {L},
    "/desks/{desk_id}/values": {G, O},
    "GET /cases/{case_id}/values": {L, O, S},
    "POST /cases/{case_id}/values": {S},
    "/cases/{case_id}/values/withdrawals": {S},
    "/cases/{case_id}/values/openings": {L, O, S},
    "/placements/{placement_id}/values": {L, O, S},
    "/placements/{placement_id}/values/openings": {L, O, S},
    "/placements/{placement_id}/true-codes/openings": {L, O, S},
}
"""Who may see such a thing, but not this one."""
OF_ONESELF = {
    ("POST", "/devices"),
    ("POST", "/identity/token"),
    ("POST", "/identity/session"),
    ("GET", "/identity/session"),
    ("POST", "/identity/session/pin"),
    ("POST", "/identity/session/lock"),
    ("POST", "/identity/session/unlock"),
    ("POST", "/identity/session/step-up"),
    ("POST", "/identity/session/end"),
    ("POST", "/identity/pin"),
    ("GET", "/identity/colleagues"),
    ("POST", "/identity/session/passkey/options"),
    ("POST", "/identity/session/passkey"),
    ("POST", "/identity/session/recovery"),
    ("GET", "/identity/passkeys"),
    ("POST", "/identity/passkeys/options"),
    ("POST", "/identity/passkeys"),
    ("POST", "/identity/passkeys/removal"),
    ("POST", "/identity/recovery-codes"),
    ("GET", "/identity/provider"),
    ("GET", "/identity/provider/return"),
}
"""At these somebody proves who they are, or speaks of their own session: `test_sessions`, `test_passkeys` and
`test_provider` have them.
"""
NUMBERED = ("/audit/proofs/{position}", "/audit/tiles/{level}/{tile:path}")
"""Where a number that is none, or is not there, is told first."""
OPEN = {("GET", "/status"), ("GET", "/livez"), ("GET", "/readyz"), ("GET", "/metrics")}


async def _knock(
    stage: Ground, method: str, path: str, who: str, placement: str, case_id: str, review_id: str
) -> tuple[int, Any]:
    """An empty body at the door: whoever is let in is then told what is missing, and nothing is done."""
    head = await stage.doors.sealed.head()
    assert head is not None
    filled = path.replace(":path", "").format(
        position=head.size,
        level=0,
        tile=f"000.p/{head.size}",
        placement_id=placement,
        shelter_id=stage.house("ginepro"),
        unit_id=stage.unit("ginepro").id,
        occupancy_id=placement,
        bridge_id=placement,
        actor_id=placement,
        device_id=placement,
        desk_id=stage.ids.desks["coordinamento"],
        hold_id=placement,
        inquiry_id=placement,
        export_id=placement,
        dossier_id=placement,
        case_id=case_id,
        review_id=review_id,
    )
    if method == "GET":
        answer = await stage.get(filled, who)
    else:
        answer = await stage.post(filled, {"not_a_field": 1}, who, method=method)
    told = answer.headers["content-type"].endswith("json")
    return answer.status_code, answer.json() if told else answer.content


@pytest.mark.asyncio
async def test_every_route_lets_in_exactly_whom_it_should(tmp_path: Path) -> None:
    async with sealed_in_memory(tmp_path) as sealed:
        stage = sealed.stage
        stage.app.state.closing = asyncio.Event()
        stage.app.state.closing.set()  # a stream of news ends where it begins
        placement = (await stage.offered()).rsplit("/", 1)[-1]
        case_id = (await stage.get(f"/placements/{placement}")).json()["case_id"]
        why = {"reason": "DANGER_TO_LIFE"}
        glass = await stage.done(f"/cases/{case_id}/glass", why, "other-coordinator")
        head = (await sealed.seal()).size
        for (method, path), allowed in ALLOWED.items():
            for who in PEOPLE:
                status, told = await _knock(
                    stage, method, path, who, placement, case_id, glass["breaking_id"]
                )
                foreign = (who == O and G in allowed) or who in {
                    *FOREIGN.get(path, ()),
                    *FOREIGN.get(f"{method} {path}", ()),
                }
                expected = {200, 422} if who in allowed else {404} if foreign else {403}
                assert status in expected, (method, path, who, status, told)
                if status in (403, 404):
                    assert told["code"] in (
                        "FORBIDDEN",
                        "CASE_UNKNOWN",
                        "PLACEMENT_UNKNOWN",
                        "UNIT_UNKNOWN",
                        "SHELTER_UNKNOWN",
                        "DESK_UNKNOWN",
                    )
        assert await stage.store.head() == head, "nobody changed anything"


def test_every_action_is_somebodys_and_none_is_the_engines() -> None:
    for action in Action:
        assert any(may(role, action) for role in Role), action
        assert not may(Role.ENGINE, action)


@pytest.mark.asyncio
async def test_the_table_names_every_route_there_is() -> None:
    async with ground() as stage:
        found = {
            (method, route.path)
            for route in stage.app.routes
            if isinstance(route, APIRoute)
            for method in route.methods or ()
        }
    assert found == set(ALLOWED) | OPEN | OF_ONESELF


@pytest.mark.asyncio
async def test_without_a_token_every_other_door_is_closed() -> None:
    async with ground() as stage:
        for method, path in ALLOWED:
            answer = await stage.client.request(method, path.replace("{", "").replace("}", ""), json={})
            assert answer.status_code in (401, 422), (method, path)
            assert answer.status_code == 401 or "_id}" in path or path in NUMBERED, path
        for _, path in OPEN:
            assert (await stage.client.get(path)).status_code == 200


@pytest.mark.asyncio
async def test_a_house_sees_only_what_it_was_offered_and_no_more_of_it() -> None:
    async with ground() as stage:
        path = f"/placements/{(await stage.ask())['placement']['placement_id']}"
        before = await stage.get(path, "ginepro")
        nowhere = await stage.get("/placements/0199a0b2-7c3e-7d41-9f10-2b6f7a1c0d55", "ginepro")
        assert before.status_code == nowhere.status_code == 404, "a hold is not yet an offer"
        assert before.json() == nowhere.json(), "nothing tells the one from the other"
        units = [str(stage.unit("ginepro").id)]
        await stage.post(f"{path}/offers", {"units": units})
        shown = (await stage.get(path, "ginepro")).json()
        assert set(shown) == {"placement_id", "offers"}
        offer = shown["offers"][0]
        fields = {"offer_id", "household_size", "level", "due_at", "state", "criteria", "expected_at"}
        standing = {"units", "seen", "conversation_until", "to_confirm", "arrived", "not_arrived"}
        assert set(offer) == {*fields, *standing, "escort", "who_comes"}
        assert offer["units"] == units, "its own room"
        assert (offer["household_size"], offer["who_comes"], offer["criteria"]) == (3, None, [])
        assert (await stage.get(path, "lentisco")).json() == nowhere.json()
        for step, body in (
            ("acceptance", {"channel": "SCREEN"}),
            ("refusal", {"channel": "SCREEN", "shown": "NOT_NOW"}),
            ("seen", {}),
            ("conversation", {}),
            ("admission", {}),
        ):
            answer = await stage.post(f"{path}/{step}", body, "lentisco")
            assert (answer.status_code, answer.json()["code"]) == (404, "PLACEMENT_UNKNOWN")
        told = await stage.post(f"{path}/conversation", {}, "ginepro")
        assert set(told.json()) == {"position", "recorded_at", "placement"}
        for secret in ("CAV", "U1", "HIGH", str(stage.unit("ginepro").id)):
            assert secret not in told.text


async def _of_arrivals(stage: Ground, path: str, house: str) -> set[tuple[int, str]]:
    """What a house is told that records an arrival, its absence and a departure."""
    steps: dict[str, dict[str, Any]] = {"no-show": {}, "admission": {}, "discharge": {"outcome": "OTHER"}}
    told = [await stage.post(f"{path}/{step}", body, house) for step, body in steps.items()]
    return {(answer.status_code, answer.json().get("code")) for answer in told}


@pytest.mark.asyncio
async def test_a_house_does_not_answer_for_the_house_asked_before_or_after_it() -> None:
    async with ground() as stage:
        path = await stage.offered(ALONE)
        offer = (await stage.get(path)).json()["offers"][0]
        first = "ginepro" if offer["shelter_id"] == str(stage.house("ginepro")) else "lentisco"
        second = "lentisco" if first == "ginepro" else "ginepro"
        await stage.post(f"{path}/refusal", {"channel": "SCREEN", "shown": "NOT_NOW"}, first)
        seen = await stage.get(path, first)
        assert seen.status_code == 404, "what it saw of an offer it did not get leaves its screens"
        await stage.post(f"{path}/search")
        unit = str(stage.unit(second).id)
        await stage.post(f"{path}/offers", {"units": [unit]})
        current = (await stage.get(path)).json()["hold"]
        named = {"channel": "SCREEN", "offer_id": current}
        answer = await stage.post(f"{path}/acceptance", named, first)
        assert (answer.status_code, answer.json()["code"]) == (404, "OFFER_UNKNOWN")
        await stage.post(f"{path}/acceptance", {"channel": "SCREEN"}, second)
        await stage.post(f"{path}/woman-acceptance", {"proximity_checked_by_voice": False})
        assert await _of_arrivals(stage, path, first) == {(409, "OFFER_NO_LONGER_HELD")}
        assert (await stage.post(f"{path}/admission", {}, second)).status_code == 200
        assert await _of_arrivals(stage, path, first) == {(409, "OFFER_NO_LONGER_HELD")}
        for _ in range(2):
            left = await stage.post(f"{path}/discharge", {"outcome": "OTHER"}, second)
            assert left.status_code == 200
        assert await _of_arrivals(stage, path, first) == {(409, "OFFER_NO_LONGER_HELD")}, "nor that it ended"
        later = await stage.get(path, first)
        assert later.content == seen.content, "nothing tells it that another house was asked"
        assert "etag" not in later.headers


@pytest.mark.asyncio
async def test_a_house_answers_for_its_own_units_alone() -> None:
    async with ground() as stage:
        room = stage.unit("ginepro")
        body = {"places": [str(room.beds[0])]}
        head = await stage.store.head()
        for path in (f"/units/{room.id}/outside-occupancy", f"/units/{room.id}/opening-inventory"):
            answer = await stage.post(path, body, "lentisco")
            assert (answer.status_code, answer.json()["code"]) == (404, "UNIT_UNKNOWN")
        paused = await stage.post(
            f"/shelters/{stage.house('ginepro')}/intake", {"pause": "STAFF"}, "lentisco"
        )
        assert (paused.status_code, paused.json()["code"]) == (404, "SHELTER_UNKNOWN")
        assert await stage.store.head() == head


@pytest.mark.asyncio
async def test_who_asked_stands_on_every_event() -> None:
    async with ground() as stage:
        path = await stage.offered(REQUEST)
        await stage.post(f"{path}/acceptance", {"channel": "SCREEN"}, "ginepro")
        items = (await stage.get(f"{path}/history", "auditor")).json()["items"]
        roles = [(item["topic"], item["role"], item["actor"][-1]) for item in items]
        assert roles[0] == ("placement.requested.2", "COORDINATOR", "1")
        assert roles[-1] == ("placement.offer-accepted.1", "SHELTER_OPERATOR", "5")
