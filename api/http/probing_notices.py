"""Notices of unusual asking and reading, for the lead body to review."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.entering import enter
from domain.permissions import Action
from projections.probing_notices import ProbingNotices, probing_notices

router = APIRouter()
MOST_TOLD = 200


@router.get(
    "/probing-notices",
    **documented(
        "list_probing_notices",
        "Who asked or read so much that a person should look; nobody was stopped.",
        ProbingNotices,
        tag="reports",
        description="The latest two hundred. An actor is an id; who that is stands in the register, apart. "
        "— Chi ha chiesto o letto molto più del solito: da esaminare; nessuno è stato fermato.",
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.REVIEW)
    return as_json(probing_notices(await entered.doors.published.notices(MOST_TOLD)))
