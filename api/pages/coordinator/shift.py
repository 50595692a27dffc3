"""The first screen of a shift: is there danger now, a new request, and the queue with what is awaited."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.visitor import visitor_of
from domain.permissions import Role


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    queue = await asking(request).shown("/on-call-queue")
    return await draw(request, "coordinator/shift.html", queue=queue)


ROUTES = (Route("/turno", show),)
