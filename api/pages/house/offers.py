"""One offer, as its house may see it: read, talked about, answered. And who comes, once it was a yes.

An offer is opened with a tap, which tells the coordination that it was read; a page that asks anew by itself
never says so. Arrivals and departures are `arrivals`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Told, asking
from api.pages.drawing import draw
from api.pages.forms import Form
from api.pages.house.asked import (
    HOME,
    houses_of,
    offer_meant,
    operator,
    over,
    tapped,
    text_of,
    why_not,
)
from api.pages.house.rooms import Room
from api.pages.notes import Note, go
from api.pages.words import level
from domain.codes import RefusalGroup
from domain.withheld import RefusalCode

CODES: tuple[tuple[RefusalGroup, tuple[RefusalCode, ...]], ...] = tuple(
    (group, tuple(code for code in RefusalCode if code.shown is group and code is not RefusalCode.OTHER))
    for group in RefusalGroup
)
"""Why a house says no, by what the requester is shown. OTHER is for the coordination to record."""
_OVER = ("OFFER_NO_LONGER_HELD", "PLACEMENT_UNKNOWN", "OFFER_UNKNOWN")


async def show(request: Request) -> Response:
    await operator(request)
    return await _drawn(request, "house/offer.html")


async def read(request: Request) -> Response:
    """The tap that opens it."""
    form = await tapped(request)
    return await _step(request, form, "seen", {}, None)


async def talk(request: Request) -> Response:
    form, text = await tapped(request), text_of(request)
    said = text("Segnato: state parlando. Chi coordina lo vede.")
    return await _step(request, form, "conversation", _meant(form), said)


async def ask_yes(request: Request) -> Response:
    await operator(request)
    return await _drawn(request, "house/yes.html")


async def say_yes(request: Request) -> Response:
    form, text = await tapped(request), text_of(request)
    body = {"channel": "SCREEN", **_meant(form)}
    told = await asking(request).post(f"{_door(request)}/acceptance", body, form)
    if told.ok and not _stands(told):
        said = text("Il sì è registrato, ma i posti non sono più disponibili. Chi coordina è avvisata.")
        return go(request, HOME, Note(text=said, danger=True))
    return _after(request, told, text("Sì registrato. Chi coordina lo vede adesso."), _page(request))


async def confirm_yes(request: Request) -> Response:
    form, text = await tapped(request), text_of(request)
    said = text("Confermato: il sì detto per telefono è vostro.")
    return await _step(request, form, "acceptance-confirmation", _meant(form), said)


async def ask_no(request: Request) -> Response:
    await operator(request)
    return await _drawn(request, "house/no.html", codes=CODES, detail=None)


async def say_no(request: Request) -> Response:
    """With its code: the record keeps the group alone. What may not be said so is asked again."""
    form, text = await tapped(request), text_of(request)
    body = {"channel": "SCREEN", "code": form.one("codice"), **_meant(form)}
    told = await asking(request).post(f"{_door(request)}/refusal", body, form)
    if told.status == 422:
        detail = why_not(request, told) if form.has("codice") else text("Tocca un motivo.")
        return await _drawn(request, "house/no.html", status=422, codes=CODES, detail=detail)
    if form.one("codice") == RefusalCode.NO_CAPACITY:
        said = text("No registrato. Segna qui sotto quello che è libero davvero.")
        return _after(request, told, said, HOME)
    return _after(request, told, text("No registrato. La ricerca continua altrove."), HOME)


async def _step(
    request: Request, form: Form, step: str, body: Mapping[str, Any], said: str | None
) -> Response:
    told = await asking(request).post(f"{_door(request)}/{step}", body, form)
    return _after(request, told, said, _page(request))


def _after(request: Request, told: Told, said: str | None, to: str) -> Response:
    if told.ok:
        return go(request, to, Note(text=said) if said is not None else None)
    if told.code in _OVER:
        text = text_of(request)
        why = text("Questa offerta non è più vostra: è finita o è andata altrove.")
        return go(request, HOME, Note(text=why, danger=True))
    return go(request, _page(request), Note(text=why_not(request, told), danger=True))


async def _drawn(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    found = await offer_meant(request)
    if found is None:
        return await over(request)
    told, offer = found
    rooms = [room for house in await houses_of(request) for room in house.rooms]
    own = tuple(room for room in rooms if room.unit_id in offer["units"])
    return await draw(
        request,
        template,
        status=status,
        placement_id=told["placement_id"],
        offer=offer,
        rooms=own,
        level=_level(request, offer["level"], own),
        **values,
    )


def _level(request: Request, function: str, own: tuple[Room, ...]) -> str:
    """What the stay is for and how long it may last, by the rooms that are kept."""
    named = next((room.level for room in own if room.level.get("function") == function), {})
    return level(function, named.get("days", 0), named.get("months", 0), text_of(request))


def _meant(form: Form) -> dict[str, str]:
    """The offer that the page showed: of another one nothing is said."""
    return {"offer_id": form.one("offerta")} if form.has("offerta") else {}


def _stands(told: Told) -> bool:
    return any(offer["state"] == "ACCEPTED" for offer in told.content["placement"]["offers"])


def _door(request: Request) -> str:
    return f"/placements/{request.path_params['placement_id']}"


def _page(request: Request) -> str:
    return f"/casa/offerte/{request.path_params['placement_id']}"


_OFFER = "/casa/offerte/{placement_id:uuid}"
ROUTES = (
    Route(_OFFER, show, methods=["GET"]),
    Route(f"{_OFFER}/lettura", read, methods=["POST"]),
    Route(f"{_OFFER}/colloquio", talk, methods=["POST"]),
    Route(f"{_OFFER}/si", ask_yes, methods=["GET"]),
    Route(f"{_OFFER}/si", say_yes, methods=["POST"]),
    Route(f"{_OFFER}/conferma", confirm_yes, methods=["POST"]),
    Route(f"{_OFFER}/no", ask_no, methods=["GET"]),
    Route(f"{_OFFER}/no", say_no, methods=["POST"]),
)
