"""Where a browser begins: each role at its own first page. And the pages that are nobody's: the one without a
network, the empty one after leaving in a hurry.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.drawing import draw
from api.pages.notes import go
from api.pages.troubles import SIGN_IN
from api.pages.visitor import anybody, visitor_of


async def begin(request: Request) -> Response:
    found = await anybody(request)
    return go(request, found.home if found is not None else SIGN_IN)


async def without_pages(request: Request) -> Response:
    """For a role that has doors and no pages."""
    await visitor_of(request)
    return await draw(request, "without_pages.html")


async def offline(request: Request) -> Response:
    return await draw(request, "offline.html")


async def empty(request: Request) -> Response:
    return await draw(request, "empty.html")


ROUTES = (
    Route("/", begin),
    Route("/senza-pagine", without_pages),
    Route("/senza-rete", offline),
    Route("/fine", empty),
)
