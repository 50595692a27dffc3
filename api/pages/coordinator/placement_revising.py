"""What was asked, said anew: until when she is safe, how urgent it is, the risk, who they are, where she
must not go. And the two exceptions: a room that a rule excludes, an officer who may know where they go.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Told, asking
from api.pages.coordinator import request_read as read
from api.pages.coordinator.moments import Misunderstood, as_shown, due, written
from api.pages.coordinator.placement import PAGE, after, door_of, page_of
from api.pages.coordinator.placement_steps import tapped
from api.pages.drawing import clock_of, draw
from api.pages.forms import EMPTY, Form
from api.pages.visitor import visitor_of
from domain.codes import OverrideReason, RevisionReason, UrgencyReason
from domain.permissions import Role
from domain.vocabulary import AssessorRole, RiskBand, RiskTool

BY, WHY_URGENT = tuple(map(str, AssessorRole)), tuple(map(str, UrgencyReason))
RISKS = tuple(str(each) for each in RiskBand if each is not RiskBand.NOT_ASSESSED)
TOOLS, WHY_REVISED = tuple(map(str, RiskTool)), tuple(map(str, RevisionReason))
WHY_OVERRIDDEN = tuple(map(str, OverrideReason))
Choices = Mapping[str, tuple[str, ...]]


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _drawn(request)


async def safe(request: Request) -> Response:
    form, _ = await tapped(request)
    clock = as_shown(form, await clock_of(request))
    faults = read.safety_faults(form, clock)
    if faults:
        return await _drawn(request, "sicura", typed=form, faults=faults, status=422)
    setting = form.one("dove") if form.one("dove") in read.SETTINGS else None
    body = {"setting": setting, "safe_until": read.safe_until(form, clock)}
    told = await asking(request).post(f"{door_of(request)}/safe-until", body, form)
    return await _done(request, "sicura", form, told, _("Segnato per quanto è al sicuro."))


async def urgency(request: Request) -> Response:
    form, _ = await tapped(request)
    needed: Choices = {"urgenza": read.URGENCIES, "chi": BY, "perche": WHY_URGENT}
    faults = _missing(form, needed, _("Scegli una voce."))
    if faults:
        return await _drawn(request, "urgenza", typed=form, faults=faults, status=422)
    body = {"urgency": form.one("urgenza"), "set_by": form.one("chi"), "reason": form.one("perche")}
    told = await asking(request).post(f"{door_of(request)}/urgency", body, form)
    return await _done(request, "urgenza", form, told, _("Urgenza cambiata: cambia anche la fila."))


async def risk(request: Request) -> Response:
    form, _ = await tapped(request)
    clock = await clock_of(request)
    faults = _missing(form, {"rischio": RISKS, "con": TOOLS, "da": BY}, _("Scegli una voce."))
    day = form.one("giorno", clock.local(clock.now).date().isoformat())
    if _day(day) is None:
        faults["giorno"] = _("Scrivi il giorno, per esempio 22/11/2026.")
    if faults:
        return await _drawn(request, "rischio", typed=form, faults=faults, status=422)
    assessed = {
        "tool": form.one("con"),
        "tool_version": form.one("versione", "1"),
        "assessor": form.one("da"),
        "assessed_on": day,
    }
    body = {"risk": form.one("rischio"), "assessed": assessed}
    told = await asking(request).post(f"{door_of(request)}/risk-assessment", body, form)
    return await _done(request, "rischio", form, told, _("Rischio registrato."))


async def household(request: Request) -> Response:
    form, _ = await tapped(request)
    clock = await clock_of(request)
    faults = read.household_faults(form, clock)
    faults |= _missing(form, {"perche_nucleo": WHY_REVISED}, _("Scegli una voce."))
    if not faults and not read.household_of(form)["adults"]:
        faults["adulte"] = _("Serve almeno un’adulta. Per una minorenne sola chiama il 114 o il 112.")
    if faults:
        return await _drawn(request, "nucleo", typed=form, faults=faults, status=422)
    view = await asking(request).shown(door_of(request))
    body = {
        "household": read.household_of(form),
        "oldest_boy": form.one("maschio", "NOT_SAID"),
        "features_required": read.features_of(form),
        "criteria_met": view["criteria_met"],
        "reason": form.one("perche_nucleo"),
    }
    told = await asking(request).post(f"{door_of(request)}/household", body, form)
    return await _done(request, "nucleo", form, told, _("Nucleo corretto."))


async def override(request: Request) -> Response:
    form, _ = await tapped(request)
    faults = _missing(form, {"perche_eccezione": WHY_OVERRIDDEN}, _("Scegli una voce."))
    if _uuid(form.one("camera")) is None:
        faults["camera"] = _("Scegli la camera.")
    if faults:
        return await _drawn(request, "eccezione", typed=form, faults=faults, status=422)
    body = {"unit_id": form.one("camera"), "reason": form.one("perche_eccezione")}
    told = await asking(request).post(f"{door_of(request)}/override", body, form)
    words = _("Posto tenuto contro una regola. L’ente capofila è avvisato e controlla dopo.")
    return await _done(request, "eccezione", form, told, words)


async def escort(request: Request) -> Response:
    form, _ = await tapped(request)
    clock = as_shown(form, await clock_of(request))
    until, faults = due(form, clock, name="fino"), {}
    if until is None:
        faults["fino"] = _("Scegli quando.")
    elif isinstance(until, Misunderstood):
        faults.update(until.faults)
    if _uuid(form.one("agente")) is None:
        faults["agente"] = _("Scrivi il codice che ti detta l’agente, per intero.")
    if faults or until is None or isinstance(until, Misunderstood):
        return await _drawn(request, "scorta", typed=form, faults=faults, status=422)
    body = {"actor": form.one("agente"), "until": written(until)}
    told = await asking(request).post(f"{door_of(request)}/escort", body, form)
    return await _done(request, "scorta", form, told, _("Accompagnamento affidato."))


async def _done(request: Request, part: str, form: Form, told: Told, words: str) -> Response:
    if told.ok:
        return after(request, told, words)
    faults = {_FIELDS[name.split("/")[-1]]: said for name, said in told.plain_faults.items()
              if name.split("/")[-1] in _FIELDS}  # fmt: skip
    return await _drawn(request, part, typed=form, faults=faults, detail=told.plain, status=told.status)


async def _drawn(
    request: Request,
    part: str = "",
    *,
    typed: Form = EMPTY,
    faults: Mapping[str, str] | None = None,
    detail: str | None = None,
    status: int = 200,
) -> Response:
    """`part` is the form that was sent: it alone stands open, with what was typed."""
    view = await asking(request).shown(door_of(request))
    houses = await asking(request).shown("/shelters")
    return await draw(
        request,
        "coordinator/placement_revising.html",
        status=status,
        view=view,
        part=part,
        houses=houses["items"],
        words_of=read,
        by=BY,
        why_urgent=WHY_URGENT,
        risks=RISKS,
        tools=TOOLS,
        why_revised=WHY_REVISED,
        why_overridden=WHY_OVERRIDDEN,
        as_it_is=_as_it_is(view),
        here=page_of(request),
        typed=typed,
        faults=faults or {},
        detail=detail,
    )


def _as_it_is(view: Mapping[str, Any]) -> Form:
    """The household and its needs, as fields of a form."""
    children, fields = view["household"]["children"], {"adulte": (str(view["household"]["adults"]),)}
    for band in read.BANDS:
        many = children.count(band)
        fields[f"piu_{band}" if many > 4 else f"figli_{band}"] = (str(many),)
    return Form({**fields, "maschio": (view["oldest_boy"],), "serve": tuple(view["features_required"])})


def _missing(form: Form, choices: Choices, words: str) -> dict[str, str]:
    return {name: words for name, known in choices.items() if form.one(name) not in known}


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _uuid(said: str) -> UUID | None:
    try:
        return UUID(said)
    except ValueError:
        return None


_FIELDS = {
    "safe_until": "sicura",
    "urgency": "urgenza",
    "assessed_on": "giorno",
    "tool_version": "versione",
    "household": "adulte",
    "oldest_boy": "maschio",
    "unit_id": "camera",
    "actor": "agente",
    "until": "fino",
}
_ANEW = f"{PAGE}/cambia"
ROUTES = (
    Route(_ANEW, show, methods=["GET"]),
    Route(f"{_ANEW}/sicura", safe, methods=["POST"]),
    Route(f"{_ANEW}/urgenza", urgency, methods=["POST"]),
    Route(f"{_ANEW}/rischio", risk, methods=["POST"]),
    Route(f"{_ANEW}/nucleo", household, methods=["POST"]),
    Route(f"{_ANEW}/eccezione", override, methods=["POST"]),
    Route(f"{_ANEW}/scorta", escort, methods=["POST"]),
)
