"""Neighbouring networks' desks, rung one after the other, and what each said; and a request closed because no
place of this network is sought any more. Linked from the placement's own page and from the bridges'.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.coordinator.bridges import NOT_SEEKING
from api.pages.coordinator.calling import called
from api.pages.drawing import draw
from api.pages.forms import form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of
from domain.codes import NeighbourAnswer
from domain.coordination.ending import CLOSES
from domain.permissions import Role

ANSWERS = tuple(map(str, NeighbourAnswer))
OUTCOMES = tuple(map(str, CLOSES))


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _drawn(request)


async def record(request: Request) -> Response:
    """Asked, or answered: `risposta` names the answer."""
    await visitor_of(request, Role.COORDINATOR)
    form, _ = await form_of(request), gettext_in(language_of(request))
    body, said = {"member_id": form.one("rete")}, form.one("risposta")
    if said:
        told = await asking(request).post(
            f"{_path(request)}/neighbour-answers", {**body, "answer": said}, form
        )
    else:
        told = await asking(request).post(f"{_path(request)}/neighbour-requests", body, form)
    if not told.ok:
        return await _drawn(request, detail=told.plain, status=told.status)
    if said == NeighbourAnswer.YES:
        note = Note(text=_("Hanno detto sì. Quando è arrivata da loro, chiudi qui la richiesta."))
        return go(request, f"/posti/{request.path_params['placement_id']}/chiusura", note)
    return go(request, _page(request), Note(text=_("Segnato. La richiesta resta aperta.")))


async def call(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await called(request, _page(request))


async def show_closure(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _closure(request)


async def close(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    form, _ = await form_of(request), gettext_in(language_of(request))
    outcome = form.one("esito")
    if outcome not in OUTCOMES:
        return await _closure(request, faults={"esito": _("Scegli una voce.")}, status=422)
    told = await asking(request).post(f"{_path(request)}/closure", {"outcome": outcome}, form)
    if told.ok:
        return go(
            request, "/turno", Note(text=_("Richiesta chiusa. Nessun posto è più cercato per lei qui."))
        )
    return await _closure(request, outcome=outcome, detail=told.plain, status=told.status)


async def _drawn(request: Request, *, detail: str | None = None, status: int = 200) -> Response:
    doors = asking(request)
    view = await doors.shown(_path(request))
    said = {each["member_id"]: each["answer"] for each in view["neighbours"]}
    return await draw(
        request,
        "coordinator/neighbours.html",
        status=status,
        view=view,
        desks=await _desks(request),
        said=said,
        answers=ANSWERS,
        seeking=view["phase"] not in NOT_SEEKING,
        detail=detail,
    )


async def _desks(request: Request) -> list[dict[str, Any]]:
    book = await asking(request).shown("/desks")
    return [each for each in book["items"] if each["kind"] == "NEIGHBOUR" and not each["closed"]]


async def _closure(
    request: Request,
    *,
    outcome: str = "",
    faults: dict[str, str] | None = None,
    detail: str | None = None,
    status: int = 200,
) -> Response:
    view = await asking(request).shown(_path(request))
    yes = any(each["answer"] == "YES" for each in view["neighbours"])
    return await draw(
        request,
        "coordinator/closure.html",
        status=status,
        view=view,
        outcomes=OUTCOMES,
        chosen=outcome or ("PLACED_BY_NEIGHBOUR" if yes else ""),
        seeking=view["phase"] not in NOT_SEEKING,
        faults=faults or {},
        detail=detail,
    )


def _path(request: Request) -> str:
    return f"/placements/{request.path_params['placement_id']}"


def _page(request: Request) -> str:
    return f"/posti/{request.path_params['placement_id']}/reti-vicine"


_RETI, _FINE = "/posti/{placement_id:uuid}/reti-vicine", "/posti/{placement_id:uuid}/chiusura"
ROUTES = (
    Route(_RETI, show, methods=["GET"]),
    Route(_RETI, record, methods=["POST"]),
    Route(f"{_RETI}/numero/{{desk_id:uuid}}", call, methods=["POST"]),
    Route(_FINE, show_closure, methods=["GET"]),
    Route(_FINE, close, methods=["POST"]),
)
