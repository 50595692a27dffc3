"""The network as it was: pick an instant or a position, see board, queue and stays, take them away."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import NotTold, asking
from api.pages.auditor import told_as
from api.pages.auditor.instants import Picked, picked, stamp
from api.pages.auditor.reading import still_reading
from api.pages.drawing import clock_of, draw
from api.pages.i18n import gettext_in, language_of
from api.pages.tables import csv_answer, kept
from api.pages.times import Clock
from api.pages.visitor import visitor_of
from domain.permissions import Role

_DOOR = "/network-history"
FILES = ("rete.json", "tabellone.csv", "coda.csv", "accoglienze.csv")


async def show(request: Request) -> Response:
    await visitor_of(request, Role.AUDITOR)
    clock = await clock_of(request)
    asked = picked(request.query_params, clock)
    told = await asking(request).get(_DOOR, asked.query)
    if told.code == "STILL_READING":
        return await still_reading(request, clock)
    fault = asked.fault and gettext_in(language_of(request))(asked.fault)
    status = 422 if fault else 200
    if told.status == 422:
        status, fault = 422, next(iter(told.faults.values()), told.detail)
        told = await asking(request).get(_DOOR)
    if not told.ok:
        raise NotTold(told)
    return await draw(
        request,
        "auditor/network.html",
        status=status,
        clock=clock,
        was=told.content,
        picked=asked if status == 200 else Picked(query={}, day=asked.day, hour=asked.hour),
        fault=fault,
        stamp=partial(stamp, clock),
        day=asked.day or f"{clock.local(clock.now):%Y-%m-%d}",
        hour=asked.hour or f"{clock.local(clock.now):%H:%M:%S}",
    )


async def take(request: Request) -> Response:
    """What the page shows: whole as JSON, each table as CSV."""
    await visitor_of(request, Role.AUDITOR)
    clock, what = await clock_of(request), request.url.path.rpartition("/")[2]
    was = await asking(request).shown(_DOOR, picked(request.query_params, clock).query)
    if what == "rete.json":
        return kept(what, orjson.dumps(was, option=orjson.OPT_INDENT_2), "application/json")
    header, rows = _table(what, was, clock, language_of(request))
    return csv_answer(what, header, rows)


def _table(what: str, was: Mapping[str, Any], clock: Clock, language: str) -> told_as.Table:
    at, text = partial(stamp, clock), gettext_in(language)
    match what:
        case "tabellone.csv":
            return told_as.board(was["board"], text)
        case "coda.csv":
            return told_as.queue(was["queue"], text, at)
        case _:
            return told_as.stays(was["stays"], text, at)


ROUTES = (
    Route("/verifica", show),
    *(Route(f"/verifica/scarica/{what}", take, name=what) for what in FILES),
)
