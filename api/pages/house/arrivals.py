"""Arriving and leaving: they have come, they have not, somebody is already in the room, they have left.

What happened is never refused; where a yes is still missing the page says so, and how to record it all the
same.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Told, asking
from api.pages.drawing import draw
from api.pages.house.asked import HOME, offer_meant, operator, over, tapped, text_of, why_not
from api.pages.house.happening import MINUTES_AGO, happened
from api.pages.identity.locking import draft_of
from api.pages.notes import Note, go
from domain.codes import DischargeOutcome

_MISSING = ("WOMAN_HAS_NOT_ACCEPTED", "HOUSE_HAS_NOT_ACCEPTED", "CONSENT_NOT_RECORDED", "NO_HOLD")


async def ask_arrived(request: Request) -> Response:
    """When it was not just now."""
    await operator(request)
    return await _drawn(request, "house/arrived.html")


async def arrived(request: Request) -> Response:
    form, text = await tapped(request), text_of(request)
    told = await asking(request).post(f"{_door(request)}/admission", happened(form), form)
    if told.code in _MISSING:
        why = text("Manca ancora un sì. Se sono già in casa, tocca «Sono già qui» e registra l’ingresso.")
        return go(request, _page(request), Note(text=f"{told.detail} {why}", danger=True))
    return _after(request, told, text("Ingresso registrato."))


async def not_arrived(request: Request) -> Response:
    form, text = await tapped(request), text_of(request)
    told = await asking(request).post(f"{_door(request)}/no-show", happened(form), form)
    return _after(request, told, text("Segnato: non arrivata. Il posto resta tenuto. Chi coordina decide."))


async def ask_left(request: Request) -> Response:
    await operator(request)
    return await _drawn(request, "house/left.html", outcomes=tuple(DischargeOutcome), typed=draft_of(request))


async def left(request: Request) -> Response:
    form, text = await tapped(request), text_of(request)
    again = {"outcomes": tuple(DischargeOutcome), "typed": form}
    if not form.has("esito"):
        why = text("Scegli com’è finita la permanenza.")
        return await _drawn(request, "house/left.html", detail=why, **again)
    body = {"outcome": form.one("esito"), **happened(form)}
    told = await asking(request).post(f"{_door(request)}/discharge", body, form)
    if told.status == 422:
        return await _drawn(request, "house/left.html", detail=why_not(request, told), **again)
    return _after(request, told, text("Dimissione registrata. I posti sono di nuovo vostri."), HOME)


def _after(request: Request, told: Told, said: str, to: str | None = None) -> Response:
    if told.ok:
        return go(request, to or _page(request), Note(text=said))
    back = HOME if told.code in ("OFFER_NO_LONGER_HELD", "PLACEMENT_UNKNOWN") else _page(request)
    return go(request, back, Note(text=why_not(request, told), danger=True))


async def _drawn(request: Request, template: str, detail: str | None = None, **values: Any) -> Response:
    found = await offer_meant(request)
    if found is None:
        return await over(request)
    told, offer = found
    return await draw(
        request,
        template,
        status=200 if detail is None else 422,
        placement_id=told["placement_id"],
        offer=offer,
        minutes=MINUTES_AGO,
        detail=detail,
        **values,
    )


def _door(request: Request) -> str:
    return f"/placements/{request.path_params['placement_id']}"


def _page(request: Request) -> str:
    return f"/casa/offerte/{request.path_params['placement_id']}"


_OFFER = "/casa/offerte/{placement_id:uuid}"
ROUTES = (
    Route(f"{_OFFER}/arrivo", ask_arrived, methods=["GET"]),
    Route(f"{_OFFER}/arrivo", arrived, methods=["POST"]),
    Route(f"{_OFFER}/non-arrivata", not_arrived, methods=["POST"]),
    Route(f"{_OFFER}/dimissione", ask_left, methods=["GET"]),
    Route(f"{_OFFER}/dimissione", left, methods=["POST"]),
)
