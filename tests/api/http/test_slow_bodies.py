"""Who sends a body slowly gains nothing by what they could do when they began: rights are judged once the
last of it is here. And a request sent again shows no more than a look would show now.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.api.http.ground import ALONE, REQUEST, Ground, ground
from tests.api.http.test_sessions import place

pytestmark = pytest.mark.asyncio
OTHER = "00000000-0000-0000-0000-000000000007"
POLICE = "00000000-0000-0000-0000-00000000000e"
VALUES = {"callback_contact": "+39 000 5550 123", "may_call": True, "handover_point": "fontana del parco"}
OF_THE_POLICE = {**REQUEST, "channel": "LAW_ENFORCEMENT"}
ARRIVAL = {"kinds": ["HANDOVER_POINT"], "purpose": "PREPARE_ARRIVAL"}


async def slowly(
    client: httpx.AsyncClient,
    path: str,
    body: Any,
    headers: dict[str, str],
    meanwhile: Callable[[], Awaitable[object]],
) -> httpx.Response:
    """A request whose first byte comes, then something else happens, then the rest."""
    raw = json.dumps(body).encode()

    async def parts() -> AsyncIterator[bytes]:
        yield raw[:1]
        await meanwhile()
        yield raw[1:]

    sent = {"Content-Type": "application/json", "Idempotency-Key": "lentamente-1", **headers}
    return await client.post(path, content=parts(), headers=sent)


async def _slowly(
    stage: Ground, path: str, body: Any, who: str, meanwhile: Callable[[], Awaitable[object]]
) -> httpx.Response:
    return await slowly(stage.client, path, body, {"Authorization": f"Bearer {who}"}, meanwhile)


async def _case(stage: Ground, path: str) -> str:
    return f"/cases/{(await stage.get(path)).json()['case_id']}"


@pytest.mark.parametrize(
    ("door", "body"),
    [
        ("{case}/values", VALUES),
        ("{case}/values/withdrawals", {"kinds": ["MAY_CALL"]}),
        ("{case}/values/openings", {"kinds": ["CALLBACK_CONTACT"], "purpose": "CALL_HER"}),
        ("{case}/access-restrictions", {"actor": POLICE}),
        ("{path}/values/openings", {"kinds": ["CALLBACK_CONTACT"], "purpose": "CALL_HER"}),
        ("{path}/escort", {"actor": POLICE, "until": "2026-11-22T06:00:00Z"}),
        ("{path}/withdrawal", {}),
    ],
)
async def test_a_conflict_of_interest_meanwhile_closes_the_door(door: str, body: Any) -> None:
    async with ground() as stage:
        path = await stage.held()
        case = await _case(stage, path)
        await stage.done(f"{case}/values", VALUES)
        address = door.format(case=case, path=path)

        async def restricted() -> None:
            await stage.done(f"{case}/access-restrictions", {"actor": OTHER})

        async def nothing() -> None:
            return None

        answer = await _slowly(stage, address, body, "other-coordinator", restricted)
        assert answer.status_code == 404, answer.text
        control = await _slowly(stage, address, body, "coordinator", nothing)
        assert control.status_code == 200, "nothing happened meanwhile"


async def test_a_house_from_which_the_placement_is_taken_meanwhile_opens_nothing() -> None:
    async with ground() as stage:
        path = await stage.accepted()
        await stage.done(f"{await _case(stage, path)}/values", VALUES)
        assert (await stage.post(f"{path}/values/openings", ARRIVAL, "ginepro")).status_code == 200

        async def withdrawn() -> None:
            await stage.done(f"{path}/withdrawal")

        answer = await _slowly(stage, f"{path}/values/openings", ARRIVAL, "ginepro", withdrawn)
        assert (answer.status_code, answer.json()["code"]) == (404, "PLACEMENT_UNKNOWN")


async def test_a_device_revoked_or_an_engagement_ended_meanwhile_is_nobody() -> None:
    async with place() as here:
        await here.enter("ada")
        enrolling, browser = here.identity.enrolling, await here.shared("ada")
        device = (await here.tapped(browser, "ada")).json()["device_id"]
        head = await here.stage.store.head()
        own = {
            "Origin": "https://prova.invalid",
            "Sec-Fetch-Site": "same-origin",
            "Forgery-Token": browser.forgery_token,
            **browser._headers({}),
        }

        async def revoked() -> None:
            await enrolling.revoke_device(UUID(device), by=None)

        answer = await slowly(browser.client, "/placement-requests", REQUEST, own, revoked)
        assert answer.status_code == 401

        async def ended() -> None:
            await enrolling.end(here.people["ada"], by=None)

        assert (await _slowly(here.stage, "/placement-requests", REQUEST, "ada", ended)).status_code == 401
        assert await here.stage.store.head() == head


@pytest.mark.parametrize(
    ("who", "person", "body"),
    [("other-coordinator", OTHER, REQUEST), ("police", POLICE, OF_THE_POLICE)],
)
async def test_a_request_sent_again_shows_nothing_to_whom_the_case_is_kept_from(
    who: str, person: str, body: Any
) -> None:
    async with ground() as stage:
        told = await stage.done("/placement-requests", body, who)
        sent = stage.exchanges[-1]
        again = await stage.repeated(sent)
        assert (again.status_code, again.content) == (201, sent.content)
        case = f"/cases/{told['placement']['case_id']}"
        await stage.done(f"{case}/access-restrictions", {"actor": person})
        hidden = await stage.repeated(sent)
        assert (hidden.status_code, hidden.json()["code"]) == (404, "PLACEMENT_UNKNOWN")
        assert told["placement"]["placement_id"] not in hidden.text


async def test_an_admission_sent_again_shows_nothing_to_whom_the_case_is_kept_from() -> None:
    async with ground() as stage:
        room = stage.unit("ginepro")
        body = {
            "shelter_id": str(stage.house("ginepro")),
            "units": [{"unit_id": str(room.id), "places": [str(room.beds[0])]}],
            "asked": {"channel": "CAV", "urgency": "U1", "household": {"adults": 1}},
        }
        told = await stage.done("/direct-admissions", body, "other-coordinator")
        sent = stage.exchanges[-1]
        assert (await stage.repeated(sent)).content == sent.content
        case = f"/cases/{told['placement']['case_id']}"
        await stage.done(f"{case}/access-restrictions", {"actor": OTHER})
        assert (await stage.repeated(sent)).status_code == 404


async def test_a_history_does_not_name_a_case_that_is_kept_from_the_reader() -> None:
    async with ground() as stage:
        case = await _case(stage, await stage.held(ALONE))
        named = case.rsplit("/", 1)[-1]
        path = await stage.held({**ALONE, "apart_from": [named]})
        safety = {"zones_to_avoid": [], "apart_from": [named], "houses_barred": []}
        await stage.done(f"{path}/safety", safety)
        before = (await stage.get(f"{path}/history", "other-coordinator")).text
        assert before.count(named) >= 1
        await stage.done(f"{case}/access-restrictions", {"actor": OTHER})
        for tail in ("", "/history", "/timeline", "/ranking"):
            assert named not in (await stage.get(path + tail, "other-coordinator")).text, tail
        assert named in (await stage.get(f"{path}/history")).text, "to others it is what it was"


async def test_who_asked_is_told_no_desk_of_a_house() -> None:
    async with ground() as stage:
        houses = {str(stage.ids.desks[code]) for code in ("ginepro", "lentisco")}
        on_duty = {desk["desk_id"] for desk in (await stage.get("/rota")).json()["answering"]}
        assert on_duty & houses, "a house's desk answers now"
        told = await stage.done("/placement-requests", OF_THE_POLICE, "police")
        path = f"/placements/{told['placement']['placement_id']}"
        for view in (told["placement"], (await stage.get(path, "police")).json()):
            assert set(view["desks"]) == on_duty - houses
