"""What they asked for and how it stands; who answers now; whether there was room a short while ago."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.forms import EMPTY, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.visitor import visitor_of
from domain.permissions import Role
from domain.vocabulary import LevelFunction

HERE = "/richieste"
REQUESTERS = (Role.SOCIAL_SERVICE, Role.EMERGENCY_ROOM, Role.POLICE, Role.NEIGHBOUR_DESK)
LEVELS = tuple(map(str, LevelFunction))
CLOSED = frozenset({"ADMITTED", "ENDED"})


async def show(request: Request) -> Response:
    await visitor_of(request, *REQUESTERS)
    return await _drawn(request)


async def look(request: Request) -> Response:
    """Whether a household of so many could have been taken. It promises nothing, and changes nothing."""
    await visitor_of(request, *REQUESTERS)
    form, text = await form_of(request), gettext_in(language_of(request))
    query = {"people": form.one("persone"), "level": form.one("livello")}
    told = await asking(request).get("/availability", query)
    if told.ok:
        return await _drawn(request, typed=form, found=told.content)
    if told.status != 422:
        return await _drawn(request, typed=form, status=told.status, detail=told.plain)
    faults = {
        "people": ("persone", text("Scrivi quante persone, figli compresi.")),
        "level": ("livello", text("Scegli il tipo di accoglienza.")),
    }
    wrong = dict(faults[name] for name in told.faults if name in faults)
    return await _drawn(request, typed=form, status=422, faults=wrong)


def stands(view: Mapping[str, Any], request: Request) -> str:
    """How a request stands, for who cannot see how the search goes."""
    text = gettext_in(language_of(request))
    if view["phase"] == "ENDED":
        return text("chiusa")
    if view["phase"] == "ADMITTED":
        return text("è in casa")
    if view["accepted"]:
        return text("una casa ha detto sì")
    if view["held"]:
        return text("c’è un posto opzionato: si aspetta la risposta della casa")
    return text("si cerca un posto")


async def _drawn(
    request: Request,
    *,
    typed: Form = EMPTY,
    status: int = 200,
    found: Mapping[str, Any] | None = None,
    faults: Mapping[str, str] | None = None,
    detail: str | None = None,
) -> Response:
    doors = asking(request)
    own = (await doors.shown("/placement-requests"))["items"]
    rota = await doors.shown("/rota")
    return await draw(
        request,
        "requester/own.html",
        status=status,
        path=HERE,
        own=[{**each, "stands": stands(each, request)} for each in own],
        answering=rota["answering"],
        levels=LEVELS,
        typed=typed,
        found=found,
        faults=faults or {},
        detail=detail,
    )


ROUTES = (
    Route(HERE, show, methods=["GET"]),
    Route(HERE + "/c-e-posto", look, methods=["POST"]),
)
