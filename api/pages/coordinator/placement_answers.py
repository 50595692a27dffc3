"""The two yeses and the arrival, as the coordination hears them: the house's answer by telephone in two
taps, hers with what she was told, how and when they come, that they came or did not.

A house that answers on its own screen does so on `api.pages.house`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.coordinator.moments import Misunderstood, as_shown, due, written
from api.pages.coordinator.placement import PAGE, after, door_of, lost_or, may_call, page_of
from api.pages.coordinator.placement_steps import tapped
from api.pages.coordinator.placement_why import held_offer, place_of
from api.pages.drawing import clock_of, draw
from api.pages.forms import EMPTY, Form
from api.pages.i18n import gettext_in, language_of
from api.pages.identity.locking import draft_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of
from domain.codes import DeclineGroup, Escort, RefusalGroup, Told
from domain.permissions import Role
from domain.vocabulary import Urgency
from domain.withheld import DeclineCode, RefusalCode, valid_for

BY_TELEPHONE = "TELEPHONE"
TOLD, ESCORTS = tuple(map(str, Told)), tuple(map(str, Escort))
HER_CODES = tuple(
    (str(group), tuple(str(code) for code in DeclineCode if code.shown is group)) for group in DeclineGroup
)


async def show_house(request: Request) -> Response:
    return await _drawn(request, "placement_house.html")


async def house_answered(request: Request) -> Response:
    """`risposta` is `si`, or the code of a no."""
    form, _ = await tapped(request)
    said = form.one("risposta")
    if said == "si":
        body = {"channel": BY_TELEPHONE, **_meant(form)}
        told = await asking(request).post(f"{door_of(request)}/acceptance", body, form)
        if told.ok:
            return _accepted(request, form, told.content["placement"])
        return await lost_or(request, form, told)
    if said not in set(map(str, RefusalCode)):
        detail = _("Tocca «sì», oppure il motivo del no.")
        return await _drawn(request, "placement_house.html", detail=detail, status=422)
    body = {"channel": BY_TELEPHONE, "code": said, **_meant(form)}
    told = await asking(request).post(f"{door_of(request)}/refusal", body, form)
    if told.ok:
        return after(request, told, _("No della casa registrato. Il motivo vero resta custodito."))
    if told.status == 422:
        return await _drawn(request, "placement_house.html", detail=told.plain, status=422)
    return await lost_or(request, form, told)


async def show_her(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _drawn(request, "placement_her.html", typed=draft_of(request))


async def she_accepts(request: Request) -> Response:
    """Told what it is like; the distance from him either heard by voice or not verified."""
    form, _ = await tapped(request)
    if form.one("distanza") not in ("si", "no"):
        faults = {"distanza": _("Scegli una voce.")}
        return await _drawn(request, "placement_her.html", typed=form, faults=faults, status=422)
    body = {
        "proximity_checked_by_voice": form.one("distanza") == "si",
        "told": [each for each in TOLD if each in form.all("detto")],
        **_meant(form),
    }
    told = await asking(request).post(f"{door_of(request)}/woman-acceptance", body, form)
    if told.ok:
        return after(request, told, _("Sì di lei registrato."))
    return await lost_or(request, form, told)


async def show_her_no(request: Request) -> Response:
    return await _drawn(request, "placement_her_no.html")


async def she_declines(request: Request) -> Response:
    form, _ = await tapped(request)
    code = form.one("motivo")
    if code and code not in set(map(str, DeclineCode)):
        detail = _("Tocca un motivo, oppure «non lo ha detto».")
        return await _drawn(request, "placement_her_no.html", detail=detail, status=422)
    body = {"code": code or None, **_meant(form)}
    told = await asking(request).post(f"{door_of(request)}/decline", body, form)
    if told.ok:
        words = _("Segnato. Non conta contro di lei. La ricerca è ferma: decidi con lei se continuare.")
        return after(request, told, words)
    return await lost_or(request, form, told)


async def show_handover(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    return await _drawn(request, "placement_handover.html", typed=draft_of(request))


async def agree(request: Request) -> Response:
    form, _ = await tapped(request)
    clock = as_shown(form, await clock_of(request))
    expected, faults = due(form, clock, name="arrivo"), {}
    if expected is None:
        faults["arrivo"] = _("Scegli quando.")
    elif isinstance(expected, Misunderstood):
        faults.update(expected.faults)
    if form.one("chi") not in ESCORTS:
        faults["chi"] = _("Scegli una voce.")
    if faults or expected is None or isinstance(expected, Misunderstood):
        return await _drawn(request, "placement_handover.html", typed=form, faults=faults, status=422)
    body = {"expected_at": written(expected), "escort": form.one("chi"), **_meant(form)}
    told = await asking(request).post(f"{door_of(request)}/handover", body, form)
    if told.ok:
        words = _("Arrivo concordato: {}. L’indirizzo si dice solo a voce.").format(clock.at(expected))
        return after(request, told, words, to=f"{page_of(request)}/consegna")
    if told.status == 422:
        wrong = told.plain_faults.get("expected_at")
        faults = {"arrivo": wrong} if wrong else {}
        return await _drawn(
            request, "placement_handover.html", typed=form, faults=faults, detail=told.plain, status=422
        )
    return await lost_or(request, form, told)


async def arrived(request: Request) -> Response:
    form, _ = await tapped(request)
    told = await asking(request).post(f"{door_of(request)}/admission", {}, form)
    return after(request, told, _("Sono arrivate: segnato."))


async def not_arrived(request: Request) -> Response:
    """The places stay; `cercala`: somebody was asked to look for her."""
    form, _ = await tapped(request)
    body = {"welfare_check_asked": form.one("cercala") == "si", **_meant(form)}
    told = await asking(request).post(f"{door_of(request)}/no-show", body, form)
    if told.ok:
        return after(request, told, _("Segnata come non arrivata. Il posto resta suo finché non decidi tu."))
    return await lost_or(request, form, told)


async def show_sheet(request: Request) -> Response:
    return await _drawn(request, "placement_sheet.html")


def _accepted(request: Request, form: Form, view: Mapping[str, Any]) -> Response:
    _ = gettext_in(language_of(request))
    offers = {each["offer_id"]: each for each in view["offers"]}
    late = offers.get(form.one("offerta"), {}).get("late_yes", False)
    if late and view["hold"] != form.one("offerta"):
        words = _("Sì registrato, ma quei posti non ci sono più. Avvisa la casa.")
        return go(request, page_of(request), Note(text=words, danger=True))
    return go(request, page_of(request), Note(text=_("Sì della casa registrato. Ora chiedi a lei.")))


async def _drawn(
    request: Request,
    template: str,
    *,
    typed: Form = EMPTY,
    faults: Mapping[str, str] | None = None,
    detail: str | None = None,
    status: int = 200,
) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    view = await asking(request).shown(door_of(request))
    offer = held_offer(view)
    houses = await asking(request).shown("/shelters") if offer is not None else {"items": []}
    house, rooms = place_of([each["unit_id"] for each in offer["units"]], houses) if offer else ("", ())
    return await draw(
        request,
        f"coordinator/{template}",
        status=status,
        view=view,
        offer=offer,
        house=house,
        rooms=rooms,
        refusals=_refusals(Urgency(view["urgency"])),
        her_codes=HER_CODES,
        told=TOLD,
        escorts=ESCORTS,
        may_call=await may_call(asking(request), view),
        here=page_of(request),
        typed=typed,
        faults=faults or {},
        detail=detail,
    )


def _refusals(urgency: Urgency) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Why a house may say no at this urgency, by the group that the record keeps."""
    return tuple(
        (str(group), tuple(str(c) for c in RefusalCode if c.shown is group and valid_for(c, urgency)))
        for group in RefusalGroup
    )


def _meant(form: Form) -> dict[str, str]:
    return {"offer_id": form.one("offerta")} if form.has("offerta") else {}


ROUTES = (
    Route(f"{PAGE}/casa", show_house, methods=["GET"]),
    Route(f"{PAGE}/casa", house_answered, methods=["POST"]),
    Route(f"{PAGE}/lei", show_her, methods=["GET"]),
    Route(f"{PAGE}/lei", she_accepts, methods=["POST"]),
    Route(f"{PAGE}/lei/no", show_her_no, methods=["GET"]),
    Route(f"{PAGE}/lei/no", she_declines, methods=["POST"]),
    Route(f"{PAGE}/accordo", show_handover, methods=["GET"]),
    Route(f"{PAGE}/accordo", agree, methods=["POST"]),
    Route(f"{PAGE}/arrivo", arrived, methods=["POST"]),
    Route(f"{PAGE}/non-arrivata", not_arrived, methods=["POST"]),
    Route(f"{PAGE}/consegna", show_sheet, methods=["GET"]),
)
