"""A household that is in a house already: agreed by telephone, brought at night, with or without a request
here. It happened, so it is written down, with when it happened; the gap to now is shown, not hidden.

Which beds they are in follows from how many they are and how many sleep without one: nobody is asked for the
number of a bed. Linked from the first screen and from a placement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.coordinator.case_codes import case_of, typed_code
from api.pages.coordinator.moments import Misunderstood, happened, written
from api.pages.drawing import clock_of, draw
from api.pages.forms import EMPTY, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.locking import draft_of
from api.pages.notes import Note, go
from api.pages.times import Clock, Text
from api.pages.visitor import visitor_of
from domain.permissions import Role
from domain.vocabulary import AgeBand, Channel, Urgency

BANDS, CHANNELS = tuple(map(str, AgeBand)), tuple(map(str, Channel))
MOST_ADULTS, MOST_CHILDREN, MOST_WITHOUT = 10, 15, 25
LATE_AFTER = timedelta(minutes=5)
_TAKEN_FIRST = ("FREE", "NOT_OFFERED", "HELD", "OCCUPIED")
"""Reality goes before a hold; somebody who lives there is displaced by nobody, and a person settles it."""


@dataclass(slots=True)
class _Read:
    """What the form says, and what of it was not understood."""

    faults: dict[str, str]
    text: Text

    def number(self, form: Form, name: str, most: int) -> int:
        said = form.one(name, "0")
        if said.isdecimal() and said.isascii() and len(said) <= 3 and int(said) <= most:
            return int(said)
        _ = self.text
        self.faults[name] = _("Un numero da 0 a {}.").format(most)
        return 0


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _drawn(request, typed=draft_of(request))


async def record(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    form, clock = await form_of(request), await clock_of(request)
    read = _Read({}, gettext_in(language_of(request)))
    moment = happened(form, clock)
    if isinstance(moment, Misunderstood):
        read.faults.update(moment.faults)
        moment = None
    placement = await _placement(request, form.one("posto"))
    asked = None if placement is not None else await _asked(request, form, read, moment)
    household = placement["household"] if placement is not None else (asked or {}).get("household")
    houses = await asking(request).shown("/shelters")
    admitted = _admitted(form, household, houses, read)
    if read.faults or admitted is None:
        return await _drawn(request, typed=form, faults=read.faults, status=422)
    body = {**admitted, "occurred_at": written(moment) if moment is not None else None}
    if placement is not None:
        path = f"/placements/{placement['placement_id']}/direct-admission"
    else:
        path, body = "/direct-admissions", {**body, "asked": asked}
    told = await asking(request).post(path, body, form)
    if told.ok:
        page = f"/posti/{told.content['placement']['placement_id']}"
        return go(request, page, Note(text=_said(clock, moment, told.content["recorded_at"])))
    return await _drawn(
        request, typed=form, faults=_named(told.plain_faults), detail=told.plain, status=told.status
    )


async def _drawn(
    request: Request,
    *,
    typed: Form = EMPTY,
    faults: Mapping[str, str] | None = None,
    detail: str | None = None,
    status: int = 200,
) -> Response:
    named = typed.one("posto") or request.query_params.get("posto", "")
    houses = await asking(request).shown("/shelters")
    return await draw(
        request,
        "coordinator/direct.html",
        status=status,
        placement=await _placement(request, named),
        code=typed.one("codice") or typed_code(request),
        houses=houses["items"],
        levels={each["code"]: each["function"] for each in houses["levels"]},
        bands=BANDS,
        channels=CHANNELS,
        urgencies=tuple(map(str, Urgency)),
        typed=typed,
        faults=faults or {},
        detail=detail,
    )


async def _placement(request: Request, named: str) -> Mapping[str, Any] | None:
    """The placement that it goes into. Errors: `NotTold`, HTTP 404 where the name is none."""
    if not named:
        return None
    try:
        placement_id = UUID(named)
    except ValueError:
        raise HTTPException(404) from None
    found: Mapping[str, Any] = await asking(request).shown(f"/placements/{placement_id}")
    return found


async def _asked(request: Request, form: Form, read: _Read, moment: datetime | None) -> dict[str, Any] | None:
    """Who they are, for a household that was not asked for here."""
    _ = read.text
    adults = read.number(form, "adulte", MOST_ADULTS)
    children = [band for band in BANDS for _each in range(read.number(form, f"figli_{band}", MOST_CHILDREN))]
    if not adults and "adulte" not in read.faults:
        read.faults["adulte"] = _("Serve almeno un’adulta. Per una minorenne sola chiama il 114 o il 112.")
    if len(children) > MOST_CHILDREN:
        read.faults[f"figli_{BANDS[0]}"] = _("Al massimo {} figli.").format(MOST_CHILDREN)
    if form.one("canale") not in CHANNELS:
        read.faults["canale"] = _("Scegli una voce.")
    case_id = None
    if form.has("codice"):
        case_id = await case_of(request, form.one("codice"))
        if case_id is None:
            read.faults["codice"] = _("Codice non trovato: controlla le lettere, o è già stato usato.")
    return {
        "channel": form.one("canale"),
        "urgency": form.one("urgenza", "U1"),
        "household": {"adults": adults, "children": children},
        "occurred_at": written(moment) if moment is not None else None,
        "case_id": case_id,
    }


def _admitted(
    form: Form, household: Mapping[str, Any] | None, houses: Mapping[str, Any], read: _Read
) -> dict[str, Any] | None:
    """In which house and room, in which of its beds, and how many without one."""
    _ = read.text
    without = read.number(form, "senza_letto", MOST_WITHOUT)
    unit = next(
        (
            unit
            for house in houses["items"]
            for unit in house["units"]
            if unit["unit_id"] == form.one("stanza")
        ),
        None,
    )
    if unit is None:
        read.faults["stanza"] = _("Scegli la camera.")
    if unit is None or household is None or read.faults:
        return None
    people = household["adults"] + len(household["children"])
    if without > people:
        read.faults["senza_letto"] = _("Sono più delle persone entrate: {}.").format(people)
        return None
    places = _beds(unit, people - without, household["children"].count("AGE_0_2"))
    if len(places) < people - without:
        words = _("Qui ci sono posti per {}: scrivi quante persone dormono senza letto.")
        read.faults["senza_letto"] = words.format(len(places))
        return None
    return {
        "shelter_id": unit["shelter_id"],
        "units": [{"unit_id": unit["unit_id"], "places": places}],
        "without_place": without,
    }


def _beds(unit: Mapping[str, Any], wanted: int, infants: int) -> list[str]:
    """Cots for so many infants, then beds; what is free first, then what is only held."""
    ordered = sorted(unit["places"], key=lambda place: _TAKEN_FIRST.index(place["state"]))
    cots = [place["place_id"] for place in ordered if place["kind"] == "COT"][: min(infants, wanted)]
    beds = [place["place_id"] for place in ordered if place["kind"] == "BED"]
    return [*cots, *beds[: wanted - len(cots)]]


def _said(clock: Clock, moment: datetime | None, recorded_at: str) -> str:
    _ = clock.text
    gap = datetime.fromisoformat(recorded_at) - moment if moment is not None else timedelta(0)
    if moment is None or gap <= LATE_AFTER:
        return _("Ingresso registrato.")
    words = _("Ingresso registrato: successo {}, scritto {} dopo. Resta segnato come voce scritta dopo.")
    return words.format(clock.at(moment), clock.length(gap))


_FIELDS = {"shelter_id": "stanza", "units": "stanza", "without_place": "senza_letto", "occurred_at": "quando"}


def _named(faults: Mapping[str, str]) -> dict[str, str]:
    return {_FIELDS.get(name.split("/")[0], name): words for name, words in faults.items()}


ROUTES = (
    Route("/ingressi/diretto", show, methods=["GET"]),
    Route("/ingressi/diretto", record, methods=["POST"]),
)
