"""The shift handed over, on one screen and one sheet: every open request as it stands, what is held and
expected, bridges with their next look, alarms, who is on call, and what happened in the last hours.

As far as the doors tell: what has ended meanwhile is no longer on the list. Called from the first screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Asking, NotTold, asking
from api.pages.coordinator.shift import silent_houses, whither
from api.pages.drawing import clock_of, draw
from api.pages.times import Clock, parsed
from api.pages.visitor import visitor_of
from domain.permissions import Role

SHIFT_HOURS = 12


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    doors, clock = asking(request), await clock_of(request)
    queue = await doors.shown("/on-call-queue")
    open_now = [each for line in queue["items"] if (each := await _open(doors, line, clock)) is not None]
    houses = await doors.shown("/shelters")
    return await draw(
        request,
        "coordinator/handover.html",
        clock=clock,
        queue=queue,
        open_now=open_now,
        to_do=whither,
        hours=SHIFT_HOURS,
        codes={each["shelter"]["shelter_id"]: each["shelter"]["code"] for each in houses["items"]},
        rota=await doors.shown("/rota"),
        to_ring=silent_houses(houses),
    )


async def _open(doors: Asking, line: Mapping[str, Any], clock: Clock) -> Mapping[str, Any] | None:
    """A line of the queue with its placement whole and what happened to it; None: it ended just now."""
    view = await doors.get(f"/placements/{line['placement_id']}")
    told = await doors.get(f"/placements/{line['placement_id']}/timeline")
    for each in (view, told):
        if each.status == 404:
            return None
        if not each.ok:
            raise NotTold(each)
    held = next((each for each in view.content["offers"] if each["offer_id"] == view.content["hold"]), None)
    happened = _lately(told.content["items"], clock)
    return {"line": line, "view": view.content, "held": held, "happened": happened}


def _lately(items: Sequence[Mapping[str, Any]], clock: Clock) -> list[Mapping[str, Any]]:
    since = clock.now - timedelta(hours=SHIFT_HOURS)
    return [each for each in items if parsed(each["recorded_at"]) >= since]


ROUTES = (Route("/turno/consegne", show),)
