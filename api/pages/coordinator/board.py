"""The bed board: how many rooms could take a household now, by level and by how many people, and how old the
houses' word is. Never which house. Called from the first screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages import words
from api.pages.asking import asking
from api.pages.drawing import draw
from api.pages.i18n import gettext_in, language_of
from api.pages.times import Text
from api.pages.visitor import visitor_of
from domain.permissions import Role


async def show(request: Request) -> Response:
    await visitor_of(request, Role.COORDINATOR)
    board = await asking(request).shown("/bed-board")
    known = (await asking(request).shown("/shelters"))["levels"]
    text = gettext_in(language_of(request))
    levels = [(_named(level, known, text), sizes) for level, sizes in _levels(board["items"])]
    return await draw(request, "coordinator/board.html", board=board, levels=levels)


def _levels(lines: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """By level the sizes that find something; a level at which nothing does has none."""
    grouped = groupby(lines, key=lambda line: line["level"])
    return [(level, [line for line in sizes if line["units"]]) for level, sizes in grouped]


def _named(function: str, known: Iterable[Mapping[str, Any]], text: Text) -> str:
    """With how long one may stay, where the network has one level of this kind."""
    terms = {(each["days"], each["months"]) for each in known if each["function"] == function}
    days, months = terms.pop() if len(terms) == 1 else (0, 0)
    return words.level(function, days, months, text)


ROUTES = (Route("/tabellone", show),)
