"""What the coordination does with a placement in one tap: consent, offer, conversation, release, another
search, another choice, the end. Each comes back to the placement's page; a place that went elsewhere
meanwhile is no error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Told, asking
from api.pages.coordinator.calling import called
from api.pages.coordinator.placement import (
    PAGE,
    RELEASES,
    SHOWN_AS,
    after,
    door_of,
    lost_or,
    page_of,
    still_held,
)
from api.pages.coordinator.placement_why import held_offer, place_of, reasons_of
from api.pages.drawing import draw
from api.pages.forms import EMPTY, Form, form_of
from api.pages.i18n import gettext_in, language_of
from api.pages.naming import named
from api.pages.notes import Note, go
from api.pages.times import Text
from api.pages.visitor import visitor_of
from domain.codes import AskAgainReason, ChoiceReason
from domain.permissions import Role

REASONS = tuple(map(str, ChoiceReason))
AGAIN = tuple(map(str, AskAgainReason))


async def consent(request: Request) -> Response:
    form, _ = await tapped(request)
    told = await asking(request).post(f"{door_of(request)}/consent", {}, form)
    return after(request, told, _("Segnato: è d’accordo che si cerchi un posto."))


async def offer(request: Request) -> Response:
    """For exactly the places that the page showed; whichever is held by now is offered by another tap."""
    form, _ = await tapped(request)
    body = {"units": list(form.all("camera")), "page": SHOWN_AS, "shown_position": _position(form)}
    told = await asking(request).post(f"{door_of(request)}/offers", body, form)
    if told.ok:
        return after(request, told, _("Offerta inviata alla casa. Telefona anche: una voce è più veloce."))
    return await lost_or(request, form, told)


async def talk(request: Request) -> Response:
    form, _ = await tapped(request)
    told = await asking(request).post(f"{door_of(request)}/conversation", _meant(form), form)
    if told.ok:
        return after(request, told, _("Segnato: state parlando. La scadenza si è spostata."))
    return await lost_or(request, form, told)


async def release(request: Request) -> Response:
    form, _ = await tapped(request)
    cause = form.one("causa", RELEASES[0])
    body = {"cause": cause if cause in RELEASES else RELEASES[0], **_meant(form)}
    told = await asking(request).post(f"{door_of(request)}/release", body, form)
    if told.ok:
        return after(request, told, _("Posto lasciato. La richiesta resta aperta."))
    return await lost_or(request, form, told)


async def search(request: Request) -> Response:
    """`riprendi`: somebody has decided to go on after the search had stopped."""
    form, _ = await tapped(request)
    body = {"resume": form.one("riprendi") == "si"}
    told = await asking(request).post(f"{door_of(request)}/search", body, form)
    return _found(request, told, _, before=None)


async def move_on(request: Request) -> Response:
    form, _ = await tapped(request)
    told = await asking(request).post(f"{door_of(request)}/move-on", _meant(form), form)
    if not told.ok:
        return await lost_or(request, form, told)
    return _found(request, told, _, before=form.one("offerta"))


async def withdraw(request: Request) -> Response:
    form, _ = await tapped(request)
    if form.one("sicura") != "si":
        return go(request, page_of(request), Note(text=_("Niente è cambiato."), danger=True))
    told = await asking(request).post(f"{door_of(request)}/withdrawal", {}, form)
    return after(
        request, told, _("Segnato: non vuole più un posto. Non conta contro di lei: può richiamare.")
    )


async def show_others(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _others(request)


async def choose(request: Request) -> Response:
    """Another place than the one that is held, with why."""
    form, _ = await tapped(request)
    units, reason = form.one("scelta").split(), form.one("motivo")
    faults = {} if units else {"scelta": _("Scegli una voce.")}
    if reason not in REASONS:
        faults["motivo"] = _("Scegli una voce.")
    if faults:
        return await _others(request, typed=form, faults=faults, status=422)
    body = {"units": units, "reason": reason, "shown_position": _position(form), "page": SHOWN_AS}
    told = await asking(request).post(f"{door_of(request)}/another-choice", body, form)
    if told.ok:
        return after(request, told, _("Tenuto il posto che hai scelto. Ora invia l’offerta."))
    if told.status == 422:
        return await _others(request, typed=form, detail=told.plain, status=422)
    if not await still_held(request, form):
        return await lost_or(request, form, told)
    words = _("Quel posto è appena andato a un’altra richiesta: ecco gli altri.")
    return await _others(request, detail=words if told.status in (409, 412) else told.plain, status=200)


async def ask_again(request: Request) -> Response:
    """Houses that had said no, or that she had declined, may be asked once more."""
    form, _ = await tapped(request)
    units, reason = form.one("scelta").split(), form.one("perche")
    if not units or reason not in AGAIN:
        words = {"perche": _("Scegli una voce.")}
        return await _others(request, typed=form, faults=words, status=422)
    told = await asking(request).post(
        f"{door_of(request)}/asking-again", {"units": units, "reason": reason}, form
    )
    return after(request, told, _("Segnato: la prossima ricerca può chiederla di nuovo."))


async def call(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await called(request, page_of(request))


async def tapped(request: Request) -> tuple[Form, Text]:
    """What was sent, by a coordinator, and the page's language."""
    await visitor_of(request, Role.COORDINATOR)
    return await form_of(request), gettext_in(language_of(request))


def _found(request: Request, told: Told, _: Text, *, before: str | None) -> Response:
    if not told.ok:
        return after(request, told, "")
    hold = told.content["placement"]["hold"]
    if hold is not None and hold != before:
        return after(request, told, _("Trovato un posto, ed è tenuto per lei."))
    if hold is not None:
        return after(request, told, _("Nessun altro posto adesso: questo resta tenuto."), danger=True)
    return after(request, told, _("Nessun posto adatto adesso. La richiesta resta aperta."), danger=True)


async def _others(
    request: Request,
    *,
    typed: Form = EMPTY,
    faults: Mapping[str, str] | None = None,
    detail: str | None = None,
    status: int = 200,
) -> Response:
    doors = asking(request)
    view, houses = await doors.shown(door_of(request)), await doors.shown("/shelters")
    return await draw(
        request,
        "coordinator/placement_others.html",
        status=status,
        view=view,
        offer=held_offer(view),
        reasons=await reasons_of(request, view, houses),
        said_no=_said_no(view, houses),
        choices=REASONS,
        again=AGAIN,
        here=page_of(request),
        typed=typed,
        faults=faults or {},
        detail=detail,
    )


def _said_no(view: Mapping[str, Any], houses: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Places that got a no within this request: what names them to the door, and their house."""
    found = {}
    for each in view["offers"]:
        if each["state"] in ("REFUSED", "DECLINED"):
            units = [unit["unit_id"] for unit in each["units"]]
            house, rooms = place_of(units, houses)
            found[" ".join(units)] = " · ".join((named(house), *(named(room, house) for room in rooms)))
    return list(found.items())


def _meant(form: Form) -> dict[str, str]:
    """The offer that the page showed: about another one nothing is done."""
    return {"offer_id": form.one("offerta")} if form.has("offerta") else {}


def _position(form: Form) -> int | None:
    said = form.one("posizione")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else None


ROUTES = (
    Route(f"{PAGE}/consenso", consent, methods=["POST"]),
    Route(f"{PAGE}/offerta", offer, methods=["POST"]),
    Route(f"{PAGE}/colloquio", talk, methods=["POST"]),
    Route(f"{PAGE}/lascia", release, methods=["POST"]),
    Route(f"{PAGE}/cerca", search, methods=["POST"]),
    Route(f"{PAGE}/prossima", move_on, methods=["POST"]),
    Route(f"{PAGE}/rinuncia", withdraw, methods=["POST"]),
    Route(f"{PAGE}/altri", show_others, methods=["GET"]),
    Route(f"{PAGE}/altri", choose, methods=["POST"]),
    Route(f"{PAGE}/altri/di-nuovo", ask_again, methods=["POST"]),
    Route(f"{PAGE}/numero/{{desk_id:uuid}}", call, methods=["POST"]),
)
