"""Asking for a place, on one page: what the search needs, and nothing that tells who she is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Told, asking
from api.pages.coordinator.moments import Misunderstood, as_shown, due, written
from api.pages.drawing import clock_of, draw
from api.pages.forms import Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.locking import draft_of
from api.pages.notes import Note, go
from api.pages.requester.own import HERE, REQUESTERS
from api.pages.times import Text
from api.pages.visitor import Visitor, visitor_of
from domain.permissions.matrix import CHANNELS
from domain.vocabulary import AgeBand, Feature, OldestBoy, RiskBand, Setting, Urgency

PAGE = HERE + "/chiedi"
MOST_ADULTS, MOST_CHILDREN = 10, 15
BANDS = tuple(map(str, AgeBand))


async def show(request: Request) -> Response:
    visitor = await visitor_of(request, *REQUESTERS)
    return await _drawn(request, visitor, draft_of(request), {})


async def ask(request: Request) -> Response:
    visitor = await visitor_of(request, *REQUESTERS)
    form = await form_of(request)
    clock = as_shown(form, await clock_of(request))
    faults: dict[str, str] = {}
    safe_until = due(form, clock, name="al_sicuro")
    if isinstance(safe_until, Misunderstood):
        faults.update(safe_until.faults)
        safe_until = None
    body = _body(form, visitor, faults, clock.text, safe_until)
    if form.has("consenso"):
        body["consented_at"] = written(clock.now)
    if faults:
        return await _drawn(request, visitor, form, faults, status=422)
    told = await asking(request).post("/placement-requests", body, form)
    if not told.ok:
        detail = next(iter(told.plain_faults.values()), told.plain)
        return await _drawn(request, visitor, form, {}, status=told.status, detail=detail)
    return await _asked(request, told)


def _body(
    form: Form, visitor: Visitor, faults: dict[str, str], text: Text, safe_until: datetime | None
) -> dict[str, Any]:
    """As the door reads it; what was not said is left out."""
    channels = _channels(visitor)
    children = [
        band for band in BANDS for _ in range(_number(form, f"figli_{band}", MOST_CHILDREN, faults, text))
    ]
    said = {
        "channel": form.one("canale") or channels[0],
        "urgency": form.one("urgenza"),
        "risk": form.one("rischio"),
        "setting": form.one("dove"),
        "oldest_boy": form.one("maschio"),
        "safe_until": written(safe_until) if safe_until is not None else "",
    }
    if not said["urgency"]:
        faults["urgenza"] = text("Scegli quando serve il posto.")
    return {
        **{name: value for name, value in said.items() if value},
        "household": {
            "adults": _number(form, "adulte", MOST_ADULTS, faults, text),
            "children": children,
        },
        "features_required": list(form.all("caratteristiche")),
    }


def _number(form: Form, name: str, most: int, faults: dict[str, str], text: Text) -> int:
    said = form.one(name, "0")
    if said.isascii() and said.isdecimal() and len(said) <= 2 and int(said) <= most:
        return int(said)
    faults[name] = text("Un numero da 0 a {}.").format(most)
    return 0


async def _asked(request: Request, told: Told) -> Response:
    """None of the three is an error."""
    text, answer = gettext_in(language_of(request)), told.content
    if answer["result"] == "minor_alone":
        return await draw(request, "requester/minor.html", path=HERE, minors_path=answer["minors_path"])
    if answer["result"] == "held":
        return go(request, HERE, Note(text=text("C’è un posto opzionato. Chiama subito la coordinatrice.")))
    said = text("Adesso un posto non c’è: la richiesta resta aperta. Chiama la coordinatrice.")
    return go(request, HERE, Note(text=said))


def _channels(visitor: Visitor) -> list[str]:
    return sorted(map(str, CHANNELS[visitor.role]))


async def _drawn(
    request: Request,
    visitor: Visitor,
    typed: Form,
    faults: Mapping[str, str],
    *,
    status: int = 200,
    detail: str | None = None,
) -> Response:
    return await draw(
        request,
        "requester/form.html",
        status=status,
        path=PAGE,
        typed=typed,
        faults=faults,
        detail=detail,
        bands=BANDS,
        channels=_channels(visitor),
        urgencies=tuple(map(str, Urgency)),
        risks=tuple(map(str, RiskBand)),
        settings=tuple(map(str, Setting)),
        boys=tuple(map(str, OldestBoy)),
        features=tuple(map(str, Feature)),
    )


ROUTES = (
    Route(PAGE, show, methods=["GET"]),
    Route(PAGE, ask, methods=["POST"]),
)
