"""A house's own figures, as they were told: what it answered, and within what time. Never per person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.pages.asking import asking
from api.pages.drawing import clock_of, draw
from api.pages.house.asked import houses_of, operator
from api.pages.house.rooms import House

LOOKED_BACK = 6
"""Months in which the latest figures are sought where none is named."""
MONTHS = 24


async def show(request: Request) -> Response:
    await operator(request)
    clock = await clock_of(request)
    months = tuple(months_before(clock.local(clock.now).date(), MONTHS))
    wanted = request.query_params.get("mese", "")
    sought = (wanted,) if wanted in months else months[:LOOKED_BACK]
    houses = await houses_of(request)
    found = [(house, await _latest(request, house, sought)) for house in houses]
    return await draw(
        request,
        "house/numbers.html",
        found=[(house, release, rows_of(release)) for house, release in found],
        months=months,
        wanted=wanted if wanted in months else "",
    )


def months_before(day: date, many: int) -> Iterator[str]:
    """The months that have ended, latest first: "2026-10"."""
    year, month = day.year, day.month
    for _ in range(many):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        yield f"{year:04}-{month:02}"


def rows_of(release: Mapping[str, Any] | None) -> list[tuple[tuple[str, ...], list[int | None]]]:
    """A row for each answer: its categories, and the cases in each column, none where they are hidden."""
    if release is None or release["answers"] is None:
        return []
    table = release["answers"]
    cells = {(tuple(cell["row"]), tuple(cell["column"])): cell["cases"] for cell in table["cells"]}
    columns = [tuple(column["categories"]) for column in table["columns"]]
    return [
        (row, [cells.get((row, column)) for column in columns])
        for row in (tuple(each["categories"]) for each in table["rows"])
    ]


async def _latest(request: Request, house: House, months: tuple[str, ...]) -> Mapping[str, Any] | None:
    for month in months:
        told = await asking(request).get(f"/shelters/{house.shelter_id}/statistics", {"period": month})
        if told.ok:
            found: Mapping[str, Any] = told.content
            return found
    return None


ROUTES = (Route("/casa/numeri", show, methods=["GET"]),)
