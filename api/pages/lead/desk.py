"""Where the lead body begins: what waits for it, and which places others see, in bands and some time ago."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.visitor import visitor_of
from domain.permissions import Role


async def show(request: Request) -> Response:
    await visitor_of(request, Role.LEAD_BODY)
    asked = asking(request)
    return await draw(
        request,
        "lead/desk.html",
        board=await asked.shown("/bed-board"),
        reviews=(await asked.shown("/reviews"))["items"],
        notices=(await asked.shown("/probing-notices"))["items"],
    )


async def notices(request: Request) -> Response:
    """Who asked or read unusually much: a reason to look, no judgement."""
    await visitor_of(request, Role.LEAD_BODY)
    told = await asking(request).shown("/probing-notices")
    return await draw(request, "lead/notices.html", notices=told["items"])


ROUTES = (Route("/rete", show), Route("/rete/segnalazioni", notices))
