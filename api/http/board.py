"""The bed board: by level and household size, never by house or district."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.entering import enter
from api.http.viewing import caught_up
from domain.permissions import Action
from projections.bed_board import BedBoard, board_of

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
    complete = await caught_up(entered.doors)
    now = await entered.doors.engine.transactor.store.now()
    position, groups = await entered.doors.views.board(now)
    return as_json(board_of(groups, position, now, complete=complete))
