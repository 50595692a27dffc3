"""Somebody is in the house whom the engine did not send: by voice agreement, or suddenly at the door.

Never refused. With an offer's address it goes into that placement; else a new one begins with who they are in
bands, and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.forms import Form
from api.pages.house.asked import (
    HOME,
    house_meant,
    houses_of,
    offer_meant,
    operator,
    over,
    tapped,
    text_of,
    why_not,
)
from api.pages.house.happening import MINUTES_AGO, happened, household, number
from api.pages.house.rooms import House
from api.pages.identity.locking import draft_of
from api.pages.notes import Note, go
from domain.vocabulary import AgeBand, Channel

MOST_BESIDE = 25
CHANNELS = (
    Channel.CAV,
    Channel.LAW_ENFORCEMENT,
    Channel.EMERGENCY_DEPT,
    Channel.SOCIAL_SERVICES,
    Channel.SOCIAL_EMERGENCY_SERVICE,
    Channel.HELPLINE_1522,
    Channel.OTHER,
)


async def ask_new(request: Request) -> Response:
    await operator(request)
    return await _drawn(request, await house_meant(request), draft_of(request), None)


async def record_new(request: Request) -> Response:
    form, text = await tapped(request), text_of(request)
    house, who = await house_meant(request), household(form)
    if who is None or number(form, "senza_posto", MOST_BESIDE) is None:
        return await _drawn(request, house, form, text("Controlla i numeri: solo cifre, e non così tante."))
    if not who["adults"]:
        return await _drawn(request, house, form, text("Scrivi quante donne adulte ci sono: almeno una."))
    if not form.has("canale"):
        return await _drawn(request, house, form, text("Scegli da chi è arrivata la segnalazione."))
    body = _there(house, form)
    if body is None:
        return await _drawn(request, house, form, text("Scegli almeno un posto o una stanza."))
    when = happened(form)
    asked = {"channel": form.one("canale"), "urgency": "U1", "household": who, **when}
    told = await asking(request).post("/direct-admissions", {**body, **when, "asked": asked}, form)
    if not told.ok:
        return await _drawn(request, house, form, why_not(request, told), told.status)
    return _recorded(request)


async def ask_offered(request: Request) -> Response:
    await operator(request)
    found = await _offered(request)
    if found is None:
        return await over(request)
    house, offer = found
    return await _drawn(request, house, draft_of(request), None, offer=offer)


async def record_offered(request: Request) -> Response:
    form, text = await tapped(request), text_of(request)
    found = await _offered(request)
    if found is None:
        return await over(request)
    house, offer = found
    body = _there(house, form)
    if body is None:
        return await _drawn(request, house, form, text("Scegli almeno un posto o una stanza."), offer=offer)
    path = f"/placements/{request.path_params['placement_id']}/direct-admission"
    told = await asking(request).post(path, {**body, **happened(form)}, form)
    if not told.ok:
        return await _drawn(request, house, form, why_not(request, told), told.status, offer)
    return _recorded(request)


def _there(house: House, form: Form) -> dict[str, Any] | None:
    """The places they are in, by room; a room without a place of its own is one where they sleep beside."""
    chosen, beside = frozenset(form.all("posto")), number(form, "senza_posto", MOST_BESIDE)
    if beside is None:
        return None
    units = [
        {"unit_id": room.unit_id, "places": places}
        for room in house.rooms
        if (places := [place["place_id"] for place in room.places if place["place_id"] in chosen])
    ]
    if not units and beside and (room := house.room(form.one("stanza"))) is not None:
        units = [{"unit_id": room.unit_id, "places": []}]
    return {"shelter_id": house.shelter_id, "units": units, "without_place": beside} if units else None


async def _offered(request: Request) -> tuple[House, Mapping[str, Any]] | None:
    """The offer of the address and the house that it was made to; None where it is not theirs any more."""
    found = await offer_meant(request)
    if found is None:
        return None
    _, offer = found
    for house in await houses_of(request):
        if any(room.unit_id in offer["units"] for room in house.rooms):
            return house, offer
    return None


def _recorded(request: Request) -> Response:
    text = text_of(request)
    return go(request, HOME, Note(text=text("Ingresso registrato. Chi coordina lo vede adesso.")))


async def _drawn(
    request: Request,
    house: House,
    typed: Form,
    detail: str | None,
    status: int | None = None,
    offer: Mapping[str, Any] | None = None,
) -> Response:
    return await draw(
        request,
        "house/directly.html",
        status=status or (200 if detail is None else 422),
        house=house,
        offer=offer,
        typed=typed,
        detail=detail,
        bands=tuple(AgeBand),
        channels=CHANNELS,
        minutes=MINUTES_AGO,
    )


ROUTES = (
    Route("/casa/{shelter_id:uuid}/ingresso", ask_new, methods=["GET"]),
    Route("/casa/{shelter_id:uuid}/ingresso", record_new, methods=["POST"]),
    Route("/casa/offerte/{placement_id:uuid}/ingresso", ask_offered, methods=["GET"]),
    Route("/casa/offerte/{placement_id:uuid}/ingresso", record_offered, methods=["POST"]),
)
