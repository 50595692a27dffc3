"""Forms for a night in which nothing works: a request, a house's answer and a bridge, one sheet each, under a
code that is printed before and entered later.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.coordinator.case_codes import CODE, LONGEST, case_of
from api.pages.drawing import draw
from api.pages.forms import EMPTY, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.notes import go
from api.pages.visitor import visitor_of
from domain.codes import BridgeKind, CheckedBy, RefusalGroup
from domain.permissions import Role
from domain.vocabulary import AgeBand, Channel, Setting, Urgency

COUNTS = (1, 2, 3, 5)
WHERE = {"richiesta": "/richieste/nuova", "ingresso": "/ingressi/diretto"}
"""What was written on the form, and on which page it is entered."""


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _drawn(request)


async def issue(request: Request) -> Response:
    """The sheets, at once: their codes stand in the log, and nowhere in an address."""
    await visitor_of(request, Role.COORDINATOR)
    form, _ = await form_of(request), gettext_in(language_of(request))
    said = form.one("quanti")
    if said not in map(str, COUNTS):
        return await _drawn(request, typed=form, faults={"quanti": _("Scegli una voce.")}, status=422)
    told = await asking(request).post("/case-codes", {"count": int(said)}, form)
    if not told.ok:
        return await _drawn(request, typed=form, detail=told.plain, status=told.status)
    return await draw(
        request,
        "coordinator/sheets.html",
        codes=[each["code"] for each in told.content["items"]],
        bands=tuple(map(str, AgeBand)),
        channels=tuple(map(str, Channel)),
        settings=tuple(map(str, Setting)),
        urgencies=tuple(map(str, Urgency)),
        kinds=tuple(map(str, BridgeKind)),
        checkers=tuple(map(str, CheckedBy)),
        refusals=tuple(map(str, RefusalGroup)),
    )


async def enter(request: Request) -> Response:
    """Somebody has a filled form before her."""
    await visitor_of(request, Role.COORDINATOR)
    form, _ = await form_of(request), gettext_in(language_of(request))
    page, code = WHERE.get(form.one("voce")), form.one("codice")
    faults = {} if page is not None else {"voce": _("Scegli una voce.")}
    if await case_of(request, code) is None:
        faults["codice"] = _("Codice non trovato: controlla le lettere, o è già stato usato.")
    if faults or page is None:
        return await _drawn(request, typed=form, faults=faults, status=422)
    return go(request, f"{page}?{urlencode({CODE: code[:LONGEST]})}")


async def _drawn(
    request: Request,
    *,
    typed: Form = EMPTY,
    faults: dict[str, str] | None = None,
    detail: str | None = None,
    status: int = 200,
) -> Response:
    codes = await asking(request).shown("/case-codes")
    return await draw(
        request,
        "coordinator/paper.html",
        status=status,
        waiting=codes["waiting"],
        counts=COUNTS,
        typed=typed,
        faults=faults or {},
        detail=detail,
    )


ROUTES = (
    Route("/moduli", show, methods=["GET"]),
    Route("/moduli", issue, methods=["POST"]),
    Route("/moduli/inserisci", enter, methods=["POST"]),
)
