"""A request for a place, in three screens and a minute: who calls and how urgent it is, who needs the
place, where she is and what to keep away from. What was typed goes along in each screen; nothing is kept
between them.

A place that is found is shown on its own page (`placement`); that none is found is no error, but its
beginning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.coordinator import request_read as read
from api.pages.coordinator.case_codes import case_of, typed_code
from api.pages.coordinator.moments import as_shown
from api.pages.drawing import clock_of, draw
from api.pages.forms import EMPTY, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.locking import draft_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of
from domain.permissions import Role

_OF_NO_SCREEN = frozenset({"passo", "vai", "allora"})
FIELDS: Mapping[int, tuple[str, ...]] = {
    1: ("parla", "canale", "urgenza", "consenso", "codice", "quando", "quando_ora", "quando_giorno"),
    2: (
        "adulte",
        *(f"{kind}_{band}" for band in read.BANDS for kind in ("figli", "piu")),
        "maschio",
        "serve",
    ),
    3: (
        *("dove", "sicura", "sicura_ora", "sicura_giorno", "zone", "zona"),
        *("rischio", "allontanamento", "avanti_da_sola"),
    ),
}
"""What each screen asks; the rest of what was typed goes along unseen."""


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    draft = draft_of(request)
    named = request.query_params.get("posto", "")
    if named and not draft.has("posto"):
        draft = Form({**draft.fields, "posto": (str(_known(named)),)})
    return await _drawn(request, _screen(draft), typed=draft)


async def go_on(request: Request) -> Response:
    """The next screen, the one before, this one with the names of zones; from the last one the place."""
    await visitor_of(request, Role.COORDINATOR)
    form = await form_of(request)
    clock = as_shown(form, await clock_of(request))
    screen, whither = _screen(form), form.one("vai")
    if whither == "indietro":
        return await _drawn(request, max(screen - 1, 1), typed=form)
    if whither == "zone":
        return await _with_names(request, form)
    for each in range(1, screen + 1):
        faults = read.faults_of(each, form, clock)
        if each == 1 and form.has("codice") and await case_of(request, form.one("codice")) is None:
            _ = clock.text
            faults["codice"] = _("Codice non trovato: controlla le lettere, o è già stato usato.")
        if faults:
            return await _drawn(request, each, typed=form, faults=faults, status=422)
    if screen == 2 and not read.household_of(form)["adults"]:
        return await _minor(request)
    if screen < read.SCREENS:
        return await _drawn(request, screen + 1, typed=form)
    return await _asked(request, form)


async def show_minor(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _minor(request)


async def _asked(request: Request, form: Form) -> Response:
    clock, _ = as_shown(form, await clock_of(request)), gettext_in(language_of(request))
    case_id = await case_of(request, form.one("codice")) if form.has("codice") else None
    if case_id is None and form.has("posto"):
        earlier = await asking(request).shown(f"/placements/{_known(form.one('posto'))}")
        case_id = earlier["case_id"]
    told = await asking(request).post("/placement-requests", read.body_of(form, clock, case_id), form)
    if not told.ok:
        faults = _named(told.plain_faults)
        screen = next((each for each, names in FIELDS.items() if set(names) & set(faults)), read.SCREENS)
        return await _drawn(request, screen, typed=form, faults=faults, detail=told.plain, status=told.status)
    placement = told.content["placement"]
    if placement is None:
        return await _minor(request)
    if told.content["result"] == "held":
        note = Note(text=_("Posto trovato e tenuto per lei. Ora telefona alla casa e invia l’offerta."))
    else:
        note = Note(text=_("Nessun posto adatto adesso. La richiesta resta aperta."), danger=True)
    return go(request, f"/posti/{placement['placement_id']}", note)


async def _with_names(request: Request, form: Form) -> Response:
    """The last screen with what each zone means, in one recorded look."""
    zones = await asking(request).shown("/zones")
    named = [each["zone_id"] for each in zones["items"] if each["named"]]
    if not named:
        return await _drawn(request, read.SCREENS, typed=form)
    told = await asking(request).post("/zones/openings", {"zone_ids": named}, form, step="zone")
    if not told.ok:
        return await _drawn(request, read.SCREENS, typed=form, detail=told.plain, status=told.status)
    names = {each["zone_id"]: each["value"] for each in told.content["values"]}
    return await _drawn(request, read.SCREENS, typed=form, names=names)


async def _drawn(
    request: Request,
    screen: int,
    *,
    typed: Form = EMPTY,
    faults: Mapping[str, str] | None = None,
    detail: str | None = None,
    names: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    zones: Mapping[str, Any] = await asking(request).shown("/zones") if screen == read.SCREENS else {}
    return await draw(
        request,
        f"coordinator/request_{screen}.html",
        status=status,
        screen=screen,
        screens=read.SCREENS,
        carried=_carried(screen, typed),
        code=typed.one("codice") or typed_code(request),
        words_of=read,
        openable=any(each["named"] for each in zones.get("items", ())),
        names=sorted((names or {}).items(), key=lambda each: each[1]),
        chosen_unseen=read.zones_of(typed) if not names else (),
        typed=typed,
        faults=faults or {},
        detail=detail,
    )


async def _minor(request: Request) -> Response:
    return await draw(request, "coordinator/request_minor.html")


def _carried(screen: int, typed: Form) -> list[tuple[str, str]]:
    """Every field that this screen does not ask, as it was typed."""
    own = {*FIELDS[screen], *_OF_NO_SCREEN}
    return [(name, value) for name, values in typed.typed().items() if name not in own for value in values]


def _screen(form: Form) -> int:
    said = form.one("passo", "1")
    return int(said) if said in ("1", "2", "3") else 1


def _known(named: str) -> UUID:
    """Errors: HTTP 404 where it is no id."""
    try:
        return UUID(named)
    except ValueError:
        raise HTTPException(404) from None


_FIELDS = {
    "channel": "canale",
    "urgency": "urgenza",
    "consented_at": "quando",
    "occurred_at": "quando",
    "household": "adulte",
    "oldest_boy": "maschio",
    "features_required": "serve",
    "zones_to_avoid": "zone",
    "risk": "rischio",
    "setting": "dove",
    "safe_until": "sicura",
}


def _named(faults: Mapping[str, str]) -> dict[str, str]:
    return {
        _FIELDS[name.split("/")[0]]: words for name, words in faults.items() if name.split("/")[0] in _FIELDS
    }


ROUTES = (
    Route("/richieste/nuova", show, methods=["GET"]),
    Route("/richieste/nuova", go_on, methods=["POST"]),
    Route("/richieste/minorenne", show_minor, methods=["GET"]),
)
