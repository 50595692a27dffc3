"""What every page of a house asks first, and how it says what came of a tap. The pages beside it call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from api.http.proving import BACKGROUND
from api.pages.asking import NotTold, Told, asking
from api.pages.drawing import draw
from api.pages.forms import Form, form_of
from api.pages.house.rooms import House, Room, house_of
from api.pages.i18n import gettext_in, language_of
from api.pages.naming import named
from api.pages.notes import Note, Undo, go
from api.pages.visitor import NotYourPage, visitor_of
from domain.permissions import Role

HOME = "/casa"
UNDONE = "annulla"
"""A form that takes a tap back says so: what it does is not offered to be taken back once more."""


async def operator(request: Request) -> None:
    """A house's operator is here. Errors: as `visitor_of`."""
    await visitor_of(request, Role.SHELTER_OPERATOR)


async def tapped(request: Request) -> Form:
    """The same, and what she sent. Errors: also as `form_of`."""
    await operator(request)
    return await form_of(request)


async def houses_of(request: Request) -> tuple[House, ...]:
    """Her houses as they are now. Errors: `NotTold`."""
    doors = asking(request)
    told = await doors.shown("/shelters")
    found = []
    for item in told["items"]:
        standing = await doors.shown(f"/shelters/{item['shelter']['shelter_id']}/offers")
        found.append(house_of(told, item, standing["items"]))
    return tuple(found)


async def house_meant(request: Request) -> House:
    """The house that the address names. Errors: `NotYourPage` where it is none of hers, `NotTold`."""
    named = str(request.path_params["shelter_id"])
    for house in await houses_of(request):
        if house.shelter_id == named:
            return house
    raise NotYourPage


async def room_meant(request: Request) -> tuple[House, Room]:
    """The room that the address names, and its house. Errors: the same."""
    named = str(request.path_params["unit_id"])
    for house in await houses_of(request):
        if (room := house.room(named)) is not None:
            return house, room
    raise NotYourPage


async def offer_meant(request: Request) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """What the door shows of the placement that the address names, and its offer that counts; None where
    it is not theirs, or not any more. Errors: `NotTold` for any other no.
    """
    told = await asking(request).get(f"/placements/{request.path_params['placement_id']}")
    if told.status in (403, 404):
        return None
    if not told.ok:
        raise NotTold(told)
    return told.content, told.content["offers"][-1]


async def over(request: Request) -> Response:
    """The page of an offer that is not theirs, or not any more: the same for both."""
    status = 200 if BACKGROUND in request.headers else 404
    return await draw(request, "house/over.html", status=status)


async def name_of(request: Request, unit: Mapping[str, Any]) -> str:
    """What a room is called on its house's pages. Errors: `NotTold`."""
    house = await asking(request).shown(f"/shelters/{unit['shelter_id']}")
    return named(unit["code"], house["shelter"]["code"])


def text_of(request: Request) -> Callable[[str], str]:
    """From the Italian message to the page's words."""
    return gettext_in(language_of(request))


def done(request: Request, text: str, form: Form, undo: Undo | None = None, to: str = HOME) -> Response:
    """It was done: back, with what was done in words and what would take it back."""
    if form.has(UNDONE):
        return go(request, to, Note(text=f"{taken_back(request)} {text}"))
    return go(request, to, Note(text=text, undo=undo))


def taken_back(request: Request) -> str:
    text = text_of(request)
    return text("Annullato.")


def not_done(request: Request, told: Told, to: str = HOME) -> Response:
    """It was not done: back to how things are now, with why in words."""
    return go(request, to, Note(text=why_not(request, told), danger=True))


def why_not(request: Request, told: Told) -> str:
    text = text_of(request)
    if told.code == "ETAG_STALE":
        return text(
            "Nel frattempo qualcosa è cambiato: non è stato fatto niente. "
            "Qui vedi com’è adesso. Se serve, tocca di nuovo."
        )
    return " ".join((told.content.get("title", ""), told.detail, *told.faults.values())).strip()


def taking_back(action: str, **fields: Any) -> Undo:
    """A form that takes a tap back."""
    said = {name: str(value) for name, value in fields.items()}
    return Undo(action=action, fields={**said, UNDONE: "1"})


def is_id(said: str) -> bool:
    """Whether it is an id and nothing else: it becomes part of a door's address."""
    try:
        return str(UUID(said)) == said
    except ValueError:
        return False
