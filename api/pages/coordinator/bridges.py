"""While nothing fits: what carries her to the morning, who looks after it and when, and what would have to
change for a place to fit. The request stays open, and the page says so. Linked from the placement's own page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import NotTold, asking
from api.pages.coordinator.calling import called
from api.pages.coordinator.moments import Misunderstood, as_shown, due, written
from api.pages.drawing import clock_of, draw
from api.pages.forms import EMPTY, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.locking import draft_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of
from domain.codes import BridgeEnd, BridgeKind, CheckedBy
from domain.permissions import Role

KINDS, CHECKERS = tuple(map(str, BridgeKind)), tuple(map(str, CheckedBy))
ENDS = tuple(str(each) for each in BridgeEnd if each is not BridgeEnd.REPLACED)
"""A person says these; REPLACED follows from arranging another."""
NOT_SEEKING = frozenset({"ADMITTED", "ENDED"})


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _drawn(request, typed=draft_of(request))


async def arrange(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    form, _ = await form_of(request), gettext_in(language_of(request))
    clock = as_shown(form, await clock_of(request))
    check_at, until = due(form, clock, name="controllo"), due(form, clock, name="fine")
    faults = _needed(form, {"tipo": KINDS, "chi": CHECKERS}, _("Scegli una voce."))
    for name, moment in (("controllo", check_at), ("fine", until)):
        if moment is None:
            faults[name] = _("Scegli quando.")
        elif isinstance(moment, Misunderstood):
            faults.update(moment.faults)
    if faults or check_at is None or until is None:
        return await _drawn(request, typed=form, faults=faults, status=422)
    assert not isinstance(check_at, Misunderstood)
    assert not isinstance(until, Misunderstood)
    body = {
        "kind": form.one("tipo"),
        "checked_by": form.one("chi"),
        "check_at": written(check_at),
        "until": written(until),
    }
    told = await asking(request).post(f"{_path(request)}/bridge", body, form)
    if told.ok:
        text = _("Soluzione segnata. Prossimo controllo: {}. La richiesta resta aperta.")
        return go(request, _page(request), Note(text=text.format(clock.at(check_at))))
    return await _drawn(
        request, typed=form, faults=_named(told.plain_faults), detail=told.plain, status=told.status
    )


async def check(request: Request) -> Response:
    """Somebody looked: it holds, with the next look; or it holds no longer, and is over."""
    await visitor_of(request, Role.COORDINATOR)
    form, _ = await form_of(request), gettext_in(language_of(request))
    clock = as_shown(form, await clock_of(request))
    holds = form.one("tiene") == "si"
    next_at = due(form, clock, name="prossimo") if holds else None
    if isinstance(next_at, Misunderstood):
        return await _drawn(request, typed=form, faults=next_at.faults, status=422)
    body = {"holds": holds, "check_at": written(next_at) if next_at is not None else None}
    told = await asking(request).post(f"{_bridge(request)}/check", body, form)
    if not told.ok:
        faults = {"prossimo": told.plain_faults["check_at"]} if "check_at" in told.plain_faults else {}
        return await _drawn(request, typed=form, faults=faults, detail=told.plain, status=told.status)
    said = (
        _("Controllo segnato: tiene.") if holds else _("Segnato: non tiene più. Serve subito un’altra via.")
    )
    return go(request, _page(request), Note(text=said, danger=not holds))


async def end(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    form, _ = await form_of(request), gettext_in(language_of(request))
    if form.one("motivo") not in ENDS:
        return await _drawn(request, typed=form, faults={"motivo": _("Scegli una voce.")}, status=422)
    told = await asking(request).post(f"{_bridge(request)}/end", {"cause": form.one("motivo")}, form)
    if told.ok:
        return go(request, _page(request), Note(text=_("La soluzione è finita. La richiesta resta aperta.")))
    return await _drawn(request, typed=form, detail=told.plain, status=told.status)


async def call(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await called(request, _page(request))


async def _drawn(
    request: Request,
    *,
    typed: Form = EMPTY,
    faults: Mapping[str, str] | None = None,
    detail: str | None = None,
    status: int = 200,
) -> Response:
    doors = asking(request)
    view = await doors.shown(_path(request))
    return await draw(
        request,
        "coordinator/bridge.html",
        status=status,
        view=view,
        barriers=await barriers_of(request) if view["phase"] == "WAITING" else [],
        on_call=await doors.shown(f"{_path(request)}/on-call"),
        seeking=view["phase"] not in NOT_SEEKING,
        kinds=KINDS,
        checkers=CHECKERS,
        ends=ENDS,
        typed=typed,
        faults=faults or {},
        detail=detail,
    )


async def barriers_of(request: Request) -> list[Mapping[str, Any]]:
    """Why nothing fitted in the last search: each rule with how many rooms it kept out, most first. None was
    made for a placement that began as a fact. Errors: `NotTold`.
    """
    told = await asking(request).get(f"{_path(request)}/ranking")
    if told.status == 404:
        return []
    if not told.ok:
        raise NotTold(told)
    excluded = [each for each in told.content["summary"]["excluded"] if each["units"]]
    return sorted(excluded, key=lambda each: -each["units"])


def _needed(form: Form, choices: Mapping[str, tuple[str, ...]], words: str) -> dict[str, str]:
    return {name: words for name, known in choices.items() if form.one(name) not in known}


_FIELDS = {"kind": "tipo", "checked_by": "chi", "check_at": "controllo", "until": "fine"}


def _named(faults: Mapping[str, str]) -> dict[str, str]:
    return {_FIELDS.get(name, name): words for name, words in faults.items()}


def _path(request: Request) -> str:
    return f"/placements/{request.path_params['placement_id']}"


def _bridge(request: Request) -> str:
    return f"{_path(request)}/bridges/{request.path_params['bridge_id']}"


def _page(request: Request) -> str:
    return f"/posti/{request.path_params['placement_id']}/ponte"


_PONTE = "/posti/{placement_id:uuid}/ponte"
ROUTES = (
    Route(_PONTE, show, methods=["GET"]),
    Route(_PONTE, arrange, methods=["POST"]),
    Route(f"{_PONTE}/{{bridge_id:uuid}}/controllo", check, methods=["POST"]),
    Route(f"{_PONTE}/{{bridge_id:uuid}}/fine", end, methods=["POST"]),
    Route(f"{_PONTE}/numero/{{desk_id:uuid}}", call, methods=["POST"]),
)
