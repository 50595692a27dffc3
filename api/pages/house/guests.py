"""Guests that the engine did not send, as the places they are in: they have come, they have left.

It is never refused. Where a place was kept for somebody, the coordination is told.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Told, asking
from api.pages.drawing import draw
from api.pages.forms import Form
from api.pages.house.asked import (
    done,
    name_of,
    not_done,
    operator,
    room_meant,
    taking_back,
    tapped,
    text_of,
    why_not,
)
from api.pages.house.happening import MINUTES_AGO, happened
from api.pages.identity.locking import draft_of


async def ask(request: Request) -> Response:
    await operator(request)
    return await _drawn(request, draft_of(request), None)


async def add(request: Request) -> Response:
    """The places are chosen one by one (`posto`), or named in one line (`posti`) to take an end back."""
    form, text = await tapped(request), text_of(request)
    places = [*form.all("posto"), *form.one("posti").split()]
    if not places:
        return await _drawn(request, form, text("Scegli almeno un posto."))
    body: dict[str, Any] = {"places": places, **happened(form)}
    told = await asking(request).post(f"/units/{_room_id(request)}/outside-occupancy", body, form)
    if not told.ok:
        return await _drawn(request, form, why_not(request, told), told.status)
    said = text("%s: ospiti segnati.") % await name_of(request, told.content["unit"])
    began = told.content["occupancy_ids"]
    return done(request, said, form, taking_back(f"{request.url.path}/{began[0]}/fine") if began else None)


async def end(request: Request) -> Response:
    """They have left; `posti` is where they were."""
    form, text = await tapped(request), text_of(request)
    guests = request.path_params["occupancy_id"]
    path = f"/units/{_room_id(request)}/outside-occupancy/{guests}/end"
    told: Told = await asking(request).post(path, {}, form)
    if not told.ok:
        return not_done(request, told)
    back = f"/casa/stanze/{_room_id(request)}/ospiti"
    undo = taking_back(back, posti=form.one("posti")) if form.has("posti") else None
    said = text("%s: gli ospiti sono usciti.") % await name_of(request, told.content["unit"])
    return done(request, said, form, undo)


async def _drawn(request: Request, form: Form, detail: str | None, status: int | None = None) -> Response:
    house, room = await room_meant(request)
    return await draw(
        request,
        "house/guests.html",
        status=status or (200 if detail is None else 422),
        house=house,
        room=room,
        typed=form,
        minutes=MINUTES_AGO,
        detail=detail,
    )


def _room_id(request: Request) -> str:
    return str(request.path_params["unit_id"])


_GUESTS = "/casa/stanze/{unit_id:uuid}/ospiti"
ROUTES = (
    Route(_GUESTS, ask, methods=["GET"]),
    Route(_GUESTS, add, methods=["POST"]),
    Route(f"{_GUESTS}/{{occupancy_id:uuid}}/fine", end, methods=["POST"]),
)
