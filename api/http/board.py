"""The bed board, by who asks: counts now for the coordination, bands some time ago for others, a yes or no.

Never by house or district. A house sees its own units as they are, and of the others what everybody sees.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import invalid
from api.http.documenting import documented
from api.http.entering import enter
from api.http.viewing import caught_up
from domain.permissions import Action, may
from domain.vocabulary import LevelFunction
from projections.bed_board import LARGEST_HOUSEHOLD, BedBoard, board_of
from projections.board_bands import (
    Availability,
    BandBoard,
    HouseBoard,
    TrendBoard,
    availability,
    band_board,
    band_lines,
    free_units,
    on_grid,
    own_lines,
)

router = APIRouter()


@router.get(
    "/bed-board",
    **documented(
        "show_bed_board",
        "What could take a household, as far as the role that asks may know it.",
        BedBoard | BandBoard | HouseBoard | TrendBoard,
        tag="bed-board",
        description="The coordination sees, as of now, how many units could take a household, by level and "
        "size. The lead body and social services see bands by level (none, few, several) as of the last "
        "quarter of an hour but one; a house its own units now and the bands of the others; the health "
        "agency and the region how the last whole week compares with the one before. — Il coordinamento "
        "vede i numeri di adesso; ente capofila e servizi sociali vedono fasce, in ritardo; una casa vede le "
        "proprie unità e le fasce delle altre; ATS e Regione solo l'andamento settimanale.",
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.SEE_BOARD, Action.SEE_BANDS, Action.SEE_TREND)
    doors, engine = entered.doors, entered.doors.engine
    now = await engine.transactor.store.now()
    if may(entered.role, Action.SEE_BOARD):
        complete = await caught_up(doors)
        position, groups = await doors.views.board(now)
        return as_json(board_of(groups, position, now, complete=complete))
    if not may(entered.role, Action.SEE_BANDS):
        return as_json(await doors.past_boards.trend(engine, now))
    as_of = on_grid(now, doors.disclosure)
    free = await doors.past_boards.at(engine, as_of)
    if entered.houses is None:
        return as_json(band_board(free, as_of, doors.disclosure))
    places = (await engine.index.catch_up()).places
    board = HouseBoard(
        now=now,
        own=own_lines(free_units(places, now), entered.houses),
        as_of=as_of,
        others=band_lines(free, doors.disclosure, but=entered.houses),
    )
    return as_json(board)


@router.get(
    "/availability",
    **documented(
        "show_availability",
        "Whether a household of so many could have been taken at this level, a short while ago: yes or no.",
        Availability,
        tag="bed-board",
        description="For whoever asks for places from outside the coordination. As of the last quarter of "
        "an hour but one; it promises nothing. — Sì o no, con un breve ritardo; non è una promessa.",
    ),
)
async def show_availability(
    request: Request,
    people: Annotated[
        int | None,
        Query(ge=1, le=LARGEST_HOUSEHOLD, description="How many, children included. Required."),
    ] = None,
    level: Annotated[LevelFunction | None, Query(description="The level of protection. Required.")] = None,
) -> Response:
    entered = await enter(request, Action.SEE_AVAILABILITY)
    if people is None or level is None:
        field = "people" if people is None else "level"
        raise invalid(field, "MISSING", "Il campo è obbligatorio.", "The field is required.")
    doors = entered.doors
    as_of = on_grid(await doors.engine.transactor.store.now(), doors.disclosure)
    free = await doors.past_boards.at(doors.engine, as_of)
    return as_json(availability(free, as_of, people, level))
