"""The bed board: by level and household size, never by house or district."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.entering import enter
from domain.permissions import Action
from projections.bed_board import BedBoard, bed_board

router = APIRouter()


@router.get(
    "/bed-board",
    **documented(
        "show_bed_board",
        "How many units could take a household now, by level and household size.",
        BedBoard,
        tag="bed-board",
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.SEE_BOARD)
    engine = entered.doors.engine
    places = (await engine.index.catch_up()).places
    return as_json(bed_board(places, await engine.transactor.store.now()))
