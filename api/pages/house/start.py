"""The start page of a house and its one taps: a place more or less, and "it still is so".

A tap sends what the page has settled: the places that would be open, against the version that was read. Who
taps at the same moment as somebody else, or as the engine keeps a place, is shown how it is now.
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
    HOME,
    done,
    houses_of,
    is_id,
    name_of,
    not_done,
    operator,
    room_meant,
    taking_back,
    tapped,
    text_of,
)
from api.pages.notes import Note, go


async def show(request: Request) -> Response:
    await operator(request)
    return await draw(request, "house/start.html", houses=await houses_of(request))


async def show_room(request: Request) -> Response:
    """Every place of a room, to be chosen one by one."""
    await operator(request)
    house, room = await room_meant(request)
    return await draw(request, "house/room.html", house=house, room=room)


async def publish(request: Request) -> Response:
    """The places that are given from now on: `aperti`, in one line."""
    form = await tapped(request)
    return await _publish(request, form, form.one("aperti").split(), HOME)


async def publish_each(request: Request) -> Response:
    """The same of places chosen one by one."""
    form = await tapped(request)
    return await _publish(request, form, list(form.all("posto")), f"/casa/stanze/{_room_id(request)}")


async def confirm(request: Request) -> Response:
    """It still is so, in every room that the page showed: each says its id, its version and its places."""
    form, text = await tapped(request), text_of(request)
    moved = False
    for unit_id, version, *places in (said.split() for said in form.all("stanza") if " " in said):
        if not is_id(unit_id):
            continue
        told = await _published(request, unit_id, places, version, form, step=f"-{unit_id}")
        if not told.ok and told.code != "ETAG_STALE":
            return not_done(request, told)
        moved = moved or not told.ok
    if moved:
        why = text("In una stanza nel frattempo è cambiato qualcosa. Guarda com’è adesso e conferma ancora.")
        return go(request, HOME, Note(text=why, danger=True))
    return go(request, HOME, Note(text=text("Confermato: è ancora così.")))


async def _publish(request: Request, form: Form, places: list[str], on_no: str) -> Response:
    """`prima` is what was open before: that is what taking it back publishes."""
    told = await _published(request, _room_id(request), places, form.one("versione"), form)
    if not told.ok:
        return not_done(request, told, on_no)
    unit = told.content["unit"]
    undo = taking_back(
        f"/casa/stanze/{unit['unit_id']}/posti", aperti=form.one("prima"), versione=unit["version"]
    )
    return done(request, await _as_it_is(request, unit), form, undo)


async def _published(
    request: Request, unit_id: str, places: list[str], version: str, form: Form, step: str = ""
) -> Told:
    return await asking(request).post(
        f"/units/{unit_id}/availability",
        {"open_places": places},
        form,
        step=step,
        method="PUT",
        if_match=f'"{version}"',
    )


async def _as_it_is(request: Request, unit: dict[str, Any]) -> str:
    """What is free in a room now, in words."""
    text = text_of(request)
    free = sum(place["state"] == "FREE" for place in unit["places"])
    room = await name_of(request, unit)
    if not free:
        return text("%s: adesso niente di libero.") % room
    said = {"room": room, "free": free, "total": len(unit["places"])}
    return text("%(room)s: posti liberi %(free)d su %(total)d.") % said


def _room_id(request: Request) -> str:
    return str(request.path_params["unit_id"])


_ROOM = "/casa/stanze/{unit_id:uuid}"
ROUTES = (
    Route("/casa", show, methods=["GET"]),
    Route("/casa/conferma", confirm, methods=["POST"]),
    Route(_ROOM, show_room, methods=["GET"]),
    Route(f"{_ROOM}/posti", publish, methods=["POST"]),
    Route(f"{_ROOM}/scelta", publish_each, methods=["POST"]),
)
