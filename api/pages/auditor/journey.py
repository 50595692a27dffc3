"""One placement, as it was recorded: its timeline, and each decision beside its re-derivation."""

from __future__ import annotations

from functools import partial

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import NotTold, asking
from api.pages.auditor import told_as
from api.pages.auditor.instants import picked, stamp
from api.pages.auditor.reading import still_reading
from api.pages.auditor.telling import said_in
from api.pages.drawing import clock_of, draw
from api.pages.i18n import gettext_in, language_of
from api.pages.tables import csv_answer, kept
from api.pages.visitor import visitor_of
from domain.permissions import Role


async def show(request: Request) -> Response:
    """Everything, or what was known at an instant or a position."""
    await visitor_of(request, Role.AUDITOR)
    clock, asked = await clock_of(request), picked(request.query_params, await clock_of(request))
    placement = request.path_params["placement_id"]
    told = await asking(request).get(f"/placements/{placement}/history", asked.query)
    if told.code == "STILL_READING":
        return await still_reading(request, clock)
    if not told.ok:
        raise NotTold(told)
    return await draw(
        request,
        "auditor/journey.html",
        clock=clock,
        history=told.content,
        placement=placement,
        picked=asked,
        said_in=said_in,
        stamp=partial(stamp, clock),
        short=_short,
    )


async def decisions(request: Request) -> Response:
    await visitor_of(request, Role.AUDITOR)
    clock, placement = await clock_of(request), request.path_params["placement_id"]
    told = await asking(request).get(f"/placements/{placement}/decisions")
    if told.code == "STILL_READING":
        return await still_reading(request, clock)
    if not told.ok:
        raise NotTold(told)
    return await draw(
        request,
        "auditor/decisions.html",
        clock=clock,
        decisions=told.content,
        placement=placement,
        stamp=partial(stamp, clock),
    )


async def find(request: Request) -> Response:
    """To the placement whose id was typed."""
    await visitor_of(request, Role.AUDITOR)
    typed = request.query_params.get("percorso", "").strip().lower()
    known = len(typed) == 36 and set(typed) <= set("0123456789abcdef-")
    if not known or not (await asking(request).get(f"/placements/{typed}/history", {"position": 0})).ok:
        return await draw(request, "auditor/not_found.html", status=404, clock=await clock_of(request))
    response = Response(status_code=303)
    response.headers["Location"] = f"/verifica/posti/{typed}"
    return response


async def take(request: Request) -> Response:
    """What these pages show: whole as JSON, as tables in CSV."""
    await visitor_of(request, Role.AUDITOR)
    clock, what = await clock_of(request), request.url.path.rpartition("/")[2]
    name, _, kind = what.partition(".")
    query = picked(request.query_params, clock).query if name == "storia" else None
    door = {"storia": "history", "decisioni": "decisions"}[name]
    told = await asking(request).shown(f"/placements/{request.path_params['placement_id']}/{door}", query)
    if kind == "json":
        return kept(what, orjson.dumps(told, option=orjson.OPT_INDENT_2), "application/json")
    table = told_as.history if name == "storia" else told_as.decisions
    return csv_answer(what, *table(told["items"], gettext_in(language_of(request)), partial(stamp, clock)))


def _short(number: str | None) -> str:
    """The end of a random id, enough to tell people apart on a page."""
    return number[-6:] if number else "—"


FILES = ("storia.json", "storia.csv", "decisioni.json", "decisioni.csv")
_ONE = "/verifica/posti/{placement_id:uuid}"
ROUTES = (
    Route("/verifica/posti", find),
    Route(_ONE, show),
    Route(f"{_ONE}/decisioni", decisions),
    *(Route(f"{_ONE}/scarica/{what}", take, name=what) for what in FILES),
)
