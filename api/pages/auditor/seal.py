"""The sealed log: its last head, since when, by which keys, who outside has seen it; and its files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.auditor.instants import stamp
from api.pages.drawing import clock_of, draw
from api.pages.tables import kept
from api.pages.visitor import visitor_of
from domain.permissions import Role
from ledger.evidence.daily.spelling import spelled

_TEXT = "text/plain; charset=utf-8"
_PAGE = "/verifica/sigillo"
FILES: Mapping[str, tuple[str, str | None]] = MappingProxyType(
    {"testa.txt": ("/audit/checkpoint", None), "chiavi.txt": ("/audit/keys", "trust")}
)
"""What is taken away: from which door, and which field of its answer (None: all of it)."""


async def show(request: Request) -> Response:
    await visitor_of(request, Role.AUDITOR)
    clock, doors = await clock_of(request), asking(request)
    seal: Mapping[str, Any] = await doors.shown("/audit/seal")
    return await draw(
        request,
        "auditor/seal.html",
        clock=clock,
        keys=await doors.shown("/audit/keys"),
        root=spelled(bytes.fromhex(seal["root"])) if seal["root"] else (),
        seal=seal,
        stamp=partial(stamp, clock),
    )


async def take(request: Request) -> Response:
    await visitor_of(request, Role.AUDITOR)
    name = request.url.path.rpartition("/")[2]
    door, field = FILES[name]
    told = await asking(request).shown(door)
    content: str = told if field is None else told[field]
    return kept(name, content.encode(), _TEXT)


async def proof(request: Request) -> Response:
    """Of the event at a position, under the last head."""
    await visitor_of(request, Role.AUDITOR)
    position = request.path_params["position"]
    content: str = await asking(request).shown(f"/audit/proofs/{position}")
    return kept(f"approdo-{position}.tlog-proof", content.encode(), _TEXT)


ROUTES = (
    Route(_PAGE, show),
    Route(f"{_PAGE}/prove/{{position:int}}", proof),
    *(Route(f"{_PAGE}/scarica/{what}", take, name=what) for what in FILES),
)
