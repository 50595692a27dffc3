"""What happened to one placement, line by line: when, when it was written down, in which role; what came late
and what was declared wrong. And the declaring: an entry stays as it is, the correction stands beside it.

Linked from the placement's own page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.coordinator.moments import Misunderstood, happened, written
from api.pages.drawing import clock_of, draw
from api.pages.forms import EMPTY, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of
from domain.codes import CorrectionReason
from domain.permissions import Role

REASONS = tuple(map(str, CorrectionReason))


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    history = await asking(request).shown(f"{_path(request)}/history")
    return await draw(request, "coordinator/story.html", history=history, view=history["placement"])


async def show_correction(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _drawn(request)


async def correct(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    form, clock, _ = await form_of(request), await clock_of(request), gettext_in(language_of(request))
    reason = form.one("motivo")
    if reason not in REASONS:
        return await _drawn(request, typed=form, faults={"motivo": _("Scegli una voce.")}, status=422)
    body: dict[str, Any] = {"version": request.path_params["version"], "reason": reason}
    if reason == CorrectionReason.WRONG_TIME:
        moment = happened(Form({**form.fields, "vero": ("alle",)}), clock, name="vero")
        if isinstance(moment, Misunderstood):
            return await _drawn(request, typed=form, faults=moment.faults, status=422)
        assert moment is not None, "it was said to be at an hour"
        body["true_occurred_at"] = written(moment)
    told = await asking(request).post(f"{_path(request)}/corrections", body, form)
    if told.ok:
        return go(request, _page(request), Note(text=_("Correzione scritta accanto alla voce.")))
    wrong = told.plain_faults.get("true_occurred_at")
    faults = {"vero_ora": wrong} if wrong is not None else {}
    return await _drawn(request, typed=form, faults=faults, detail=told.plain, status=told.status)


async def _drawn(
    request: Request,
    *,
    typed: Form = EMPTY,
    faults: Mapping[str, str] | None = None,
    detail: str | None = None,
    status: int = 200,
) -> Response:
    history = await asking(request).shown(f"{_path(request)}/history")
    version = request.path_params["version"]
    entry = next((each for each in history["items"] if each["version"] == version), None)
    if entry is None:
        raise HTTPException(404)
    return await draw(
        request,
        "coordinator/correction.html",
        status=status,
        entry=entry,
        view=history["placement"],
        reasons=REASONS,
        typed=typed,
        faults=faults or {},
        detail=detail,
    )


def _path(request: Request) -> str:
    return f"/placements/{request.path_params['placement_id']}"


def _page(request: Request) -> str:
    return f"/posti/{request.path_params['placement_id']}/storia"


_STORIA = "/posti/{placement_id:uuid}/storia"
ROUTES = (
    Route(_STORIA, show),
    Route(f"{_STORIA}/{{version:int}}/correggi", show_correction, methods=["GET"]),
    Route(f"{_STORIA}/{{version:int}}/correggi", correct, methods=["POST"]),
)
