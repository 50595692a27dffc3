"""The page of the day, to be sent and entered in the register of correspondence by the lead body."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.daily_page import END
from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.tables import kept
from api.pages.visitor import visitor_of
from domain.permissions import Role

_PAGE = "/rete/impronta"
_FILE = "impronta-del-giorno.txt"


async def show(request: Request) -> Response:
    await visitor_of(request, Role.LEAD_BODY)
    asked = asking(request)
    seal = await asked.shown("/audit/seal")
    text: str = await asked.shown("/audit/daily-page") if seal["size"] else ""
    return await draw(request, "lead/daily.html", file=f"{_PAGE}/{_FILE}", seal=seal, lines=_shown(text))


async def take(request: Request) -> Response:
    """Byte for byte what is sent."""
    await visitor_of(request, Role.LEAD_BODY)
    text: str = await asking(request).shown("/audit/daily-page")
    return kept(_FILE, text.encode(), "text/plain; charset=utf-8")


def _shown(text: str) -> list[str]:
    """What is of this day alone, without the rules, which are for paper."""
    head, mark, _ = text.partition(END)
    return [line for line in (head + mark).splitlines() if line.strip("=") or not line]


ROUTES = (Route(_PAGE, show), Route(f"{_PAGE}/{_FILE}", take))
