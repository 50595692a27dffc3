"""What is kept for her apart from the record: how to reach her, when, with which word; kept, taken back,
opened for a purpose. Opened values stand on one page that nobody stores and that takes itself away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.http.models.values import SafeChannel
from api.pages.asking import asking
from api.pages.coordinator.placement import PAGE, door_of, page_of
from api.pages.coordinator.placement_steps import tapped
from api.pages.drawing import draw
from api.pages.forms import EMPTY, Form
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.locking import draft_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of
from domain.kept import OpeningPurpose, ValueKind
from domain.permissions import Role

CHANNELS = tuple(map(str, SafeChannel))
PURPOSES = tuple(
    map(str, (OpeningPurpose.CALL_HER, OpeningPurpose.AGREE_HANDOVER, OpeningPurpose.PREPARE_ARRIVAL))
)
"""What the coordination opens values for at night; the others are a review's and a court's."""
SHOWN_SECONDS = 120
_TEXTS = {
    "numero": "callback_contact",
    "parola": "agreed_word",
    "nome": "alias",
    "note": "notes",
    "incontro": "handover_point",
}
_BETWEEN = re.compile(r"\s*[,;\n]\s*")
_FIELDS = {door: name for name, door in _TEXTS.items()} | {"safe_hours": "ore", "safe_channel": "come"}


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _drawn(request, typed=draft_of(request))


async def keep(request: Request) -> Response:
    form, _ = await tapped(request)
    body: dict[str, Any] = {door: form.one(name) for name, door in _TEXTS.items() if form.has(name)}
    if form.has("ore"):
        body["safe_hours"] = [each for each in _BETWEEN.split(form.one("ore")) if each]
    if form.one("come") in CHANNELS:
        body["safe_channel"] = form.one("come")
    if form.one("chiamare") == "si":
        body["may_call"] = True
    if not body:
        words = {"numero": _("Scrivi almeno una cosa.")}
        return await _drawn(request, typed=form, faults=words, status=422)
    told = await asking(request).post(f"/cases/{await _case(request)}/values", body, form)
    if told.ok:
        return go(request, f"{page_of(request)}/dati", Note(text=_("Custodito. Nel registro non c’è.")))
    faults = {_FIELDS.get(name.split("/")[0], name): _said(request, name, words)
              for name, words in told.plain_faults.items()}  # fmt: skip
    return await _drawn(request, typed=form, faults=faults, detail=told.plain, status=told.status)


async def withdraw(request: Request) -> Response:
    form, _ = await tapped(request)
    kinds = [each for each in form.all("tipo") if each in set(map(str, ValueKind))]
    if not kinds:
        return await _drawn(request, faults={"tipo": _("Scegli una voce.")}, status=422)
    told = await asking(request).post(
        f"/cases/{await _case(request)}/values/withdrawals", {"kinds": kinds}, form
    )
    note = (
        Note(text=_("Distrutto: non si può più leggere.")) if told.ok else Note(text=told.plain, danger=True)
    )
    return go(request, f"{page_of(request)}/dati", note)


async def open_for(request: Request) -> Response:
    """`scopo`: for what. What it needs and stands is opened in one recorded look, by who has just proved who
    she is.
    """
    form, _ = await tapped(request)
    openable = await _openable(request)
    kinds = next((each["kinds"] for each in openable if each["purpose"] == form.one("scopo")), None)
    if kinds is None:
        words = _("Per questo scopo non c’è niente da aprire.")
        return go(request, f"{page_of(request)}/dati", Note(text=words, danger=True))
    told = await asking(request).post(
        f"{door_of(request)}/values/openings", {"kinds": kinds, "purpose": form.one("scopo")}, form
    )
    if not told.ok:
        return go(request, f"{page_of(request)}/dati", Note(text=told.plain, danger=True))
    response = await _drawn(request, values=told.content["values"])
    response.headers["Refresh"] = f"{SHOWN_SECONDS}; url={page_of(request)}/dati"
    return response


async def _drawn(
    request: Request,
    *,
    typed: Form = EMPTY,
    faults: Mapping[str, str] | None = None,
    detail: str | None = None,
    values: Sequence[Mapping[str, str]] = (),
    status: int = 200,
) -> Response:
    view = await asking(request).shown(door_of(request))
    kept = await asking(request).shown(f"/cases/{view['case_id']}/values")
    return await draw(
        request,
        "coordinator/placement_values.html",
        status=status,
        view=view,
        kinds=kept["kinds"],
        destroyed=kept["values_destroyed"],
        openable=await _openable(request),
        channels=CHANNELS,
        values=values,
        seconds=SHOWN_SECONDS,
        here=page_of(request),
        typed=typed,
        faults=faults or {},
        detail=detail,
    )


async def _openable(request: Request) -> list[Mapping[str, Any]]:
    """By purpose the kinds that she may open. How she may be called is needed to call her."""
    told = await asking(request).shown(f"{door_of(request)}/values")
    return [each for each in told["items"] if each["purpose"] in PURPOSES]


async def _case(request: Request) -> str:
    return str((await asking(request).shown(door_of(request)))["case_id"])


def _said(request: Request, name: str, words: str) -> str:
    """In a person's words, where a field has a form of its own."""
    _ = gettext_in(language_of(request))
    if name.startswith("safe_hours"):
        return _("Scrivi le ore così: 10:00-11:30.")
    return _("Scrivi un numero di telefono: solo cifre e spazi.") if name == "callback_contact" else words


ROUTES = (
    Route(f"{PAGE}/dati", show, methods=["GET"]),
    Route(f"{PAGE}/dati", keep, methods=["POST"]),
    Route(f"{PAGE}/dati/togli", withdraw, methods=["POST"]),
    Route(f"{PAGE}/dati/apri", open_for, methods=["POST"]),
)
