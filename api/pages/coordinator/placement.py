"""The one page of a placement: where it stands, why this place, whom to ring, and the one thing to do now.
What changes something is `placement_steps`', `placement_answers`' and the like; they come back here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import Asking, Told, asking
from api.pages.coordinator.placement_why import held_offer, place_of, reasons_of
from api.pages.drawing import draw
from api.pages.forms import Form
from api.pages.i18n import gettext_in, language_of
from api.pages.notes import Note, go
from api.pages.visitor import visitor_of
from domain.codes import ReleaseCause
from domain.kept import ValueKind
from domain.permissions import Role

PAGE = "/posti/{placement_id:uuid}"
SHOWN_AS = "posto-1"
"""The name and version under which a decision says what page was before her."""
_MAY_CALL = str(ValueKind.MAY_CALL)


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    doors = asking(request)
    view = await doors.shown(door_of(request))
    houses = await doors.shown("/shelters")
    offer = held_offer(view)
    house, rooms = place_of([each["unit_id"] for each in offer["units"]], houses) if offer else ("", ())
    return await draw(
        request,
        "coordinator/placement.html",
        view=view,
        offer=offer,
        house=house,
        rooms=rooms,
        reasons=await reasons_of(request, view, houses),
        on_call=await doors.shown(f"{door_of(request)}/on-call"),
        ended=[each for each in view["offers"] if each["offer_id"] != view["hold"]],
        houses_of={each["offer_id"]: _house(each, houses) for each in view["offers"]},
        may_call=await may_call(doors, view),
        here=page_of(request),
    )


def after(
    request: Request, told: Told, said: str, *, danger: bool = False, to: str | None = None
) -> Response:
    """Back to the placement, with what was done; or with why not, where the page has no field for it."""
    if told.ok:
        return go(request, to or page_of(request), Note(text=said, danger=danger))
    return go(request, page_of(request), Note(text=told.plain, danger=True))


async def lost_or(request: Request, form: Form, told: Told) -> Response:
    """A door's no to something about the place that the page showed: somebody else may have been faster."""
    _ = gettext_in(language_of(request))
    if told.status in (409, 412) and form.has("offerta"):
        view = await asking(request).shown(door_of(request))
        if view["hold"] != form.one("offerta"):
            words = _("Il posto è appena andato a un’altra richiesta: ecco il prossimo.")
            if view["hold"] is None:
                words = _("Quel posto non è più tenuto per lei. La ricerca non è finita: guarda qui sotto.")
            return go(request, page_of(request), Note(text=words, danger=True))
    return go(request, page_of(request), Note(text=told.plain, danger=True))


async def still_held(request: Request, form: Form) -> bool:
    """Whether the place that the page showed is the one that is held now."""
    view = await asking(request).shown(door_of(request))
    return not form.has("offerta") or view["hold"] == form.one("offerta")


def door_of(request: Request) -> str:
    return f"/placements/{request.path_params['placement_id']}"


def page_of(request: Request) -> str:
    return f"/posti/{request.path_params['placement_id']}"


async def may_call(doors: Asking, view: Mapping[str, Any]) -> bool:
    """She said that she may be called. Whoever may not know calls nobody."""
    told = await doors.get(f"/cases/{view['case_id']}/values")
    return told.ok and _MAY_CALL in told.content["kinds"]


def _house(offer: Mapping[str, Any], houses: Mapping[str, Any]) -> str:
    return place_of([each["unit_id"] for each in offer["units"]], houses)[0]


RELEASES = (str(ReleaseCause.RELEASED_BY_COORDINATOR), str(ReleaseCause.NOT_ARRIVED))
ROUTES = (Route(PAGE, show, methods=["GET"]),)
