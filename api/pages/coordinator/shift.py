"""The first screen of a shift: is there danger now, a new request, and the queue with what is awaited, by
when, and what a person has to do. `handover` tells the same to whoever comes next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Asking, NotTold, asking
from api.pages.coordinator.calling import called
from api.pages.drawing import draw
from api.pages.forms import form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.notes import Note, go
from api.pages.times import parsed
from api.pages.visitor import visitor_of
from domain.permissions import Role

TO_DO = {
    "DECIDE": "/posti/{}",
    "SEND_OFFER": "/posti/{}",
    "ANSWER_SILENCE": "/posti/{}",
    "ASK_HER": "/posti/{}/lei",
    "AGREE_HANDOVER": "/posti/{}/accordo",
    "FIND_HER": "/posti/{}",
    "FIND_ANOTHER_WAY": "/posti/{}/ponte",
}
"""The page on which somebody does what a line of the queue needs."""
OF_BRIDGE = frozenset({"BRIDGE_CHECK", "BRIDGE_ENDS"})


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    doors = asking(request)
    queue = await doors.shown("/on-call-queue")
    return await draw(
        request,
        "coordinator/shift.html",
        queue=queue,
        to_do=whither,
        alarms=await alarms_of(doors, queue["items"]),
        rota=await doors.shown("/rota"),
        to_ring=silent_houses(await doors.shown("/shelters")),
    )


async def take_alarm(request: Request) -> Response:
    """Somebody says that they see to it."""
    await visitor_of(request, Role.COORDINATOR)
    form, _ = await form_of(request), gettext_in(language_of(request))
    body = {"kind": form.one("tipo"), "due_at": form.one("scadenza")}
    placement_id = request.path_params["placement_id"]
    told = await asking(request).post(f"/placements/{placement_id}/alarms/taken", body, form)
    if told.ok:
        return go(request, "/turno", Note(text=_("Preso in carico: te ne occupi tu.")))
    return go(request, "/turno", Note(text=told.plain, danger=True))


async def call(request: Request) -> Response:
    """The number of a desk that is on call."""
    await visitor_of(request, Role.COORDINATOR)
    return await called(request, "/turno")


def whither(line: Mapping[str, Any]) -> str:
    """Where a line of the queue is worked on."""
    if line["needs"] is None and line["due_kind"] in OF_BRIDGE:
        return f"/posti/{line['placement_id']}/ponte"
    return TO_DO.get(line["needs"], "/posti/{}").format(line["placement_id"])


async def alarms_of(doors: Asking, lines: Iterable[Mapping[str, Any]]) -> Mapping[str, list[Any]]:
    """By placement, the alarms that nobody has taken in hand, with when each was due. Errors: `NotTold`."""
    found: dict[str, list[Any]] = {}
    for line in lines:
        if not line["alarms"]:
            continue
        told = await doors.get(f"/placements/{line['placement_id']}")
        if told.status == 404:
            continue
        if not told.ok:
            raise NotTold(told)
        found[line["placement_id"]] = [each for each in told.content["alarms"] if not each["taken"]]
    return found


def silent_houses(houses: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Houses that take people and whose word on a unit is not fresh, the oldest word first; never said: first
    of all.
    """
    now, fresh = parsed(houses["as_of"]), houses["fresh_hours"] * 3600
    found = []
    for house in houses["items"]:
        words = [unit["observed_at"] for unit in house["units"]]
        old = [each for each in words if each is None or (now - parsed(each)).total_seconds() > fresh]
        if house["shelter"]["admits"] and old:
            oldest = None if None in old else min(old)
            found.append({"code": house["shelter"]["code"], "units": len(old), "oldest": oldest})
    return sorted(found, key=lambda each: (each["oldest"] or "", each["code"]))


ROUTES = (
    Route("/turno", show),
    Route("/turno/allarmi/{placement_id:uuid}", take_alarm, methods=["POST"]),
    Route("/turno/numero/{desk_id:uuid}", call, methods=["POST"]),
)
