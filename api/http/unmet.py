"""Unmet need, for the lead body: what stood between requests and a place, month by month, in counts that
give nobody away.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.entering import enter
from api.http.viewing import caught_up
from domain.permissions import Action
from projections.unmet_need import UnmetNeed, month_begun, unmet_need

router = APIRouter()


@router.get(
    "/unmet-need",
    **documented(
        "show_unmet_need",
        "Requests left waiting or ended without a place, by barrier, level, household size and month.",
        UnmetNeed,
        tag="reports",
        description="Months that have ended, so that a figure once told never changes. A count below five "
        "is left out with its whole row; `withheld` says once that there were some, never how many or where, "
        "and no total is told. A request counts once under each barrier it met in a month; a barrier is "
        "the code under which units were excluded, and never a house or a district. — Mesi conclusi. Un "
        "conteggio inferiore a cinque è omesso con tutta la sua riga; `withheld` dice una volta sola che ce "
        "ne sono stati, mai quanti né dove, e non si danno totali.",
    ),
)
async def show(request: Request) -> Response:
    entered = await enter(request, Action.SEE_UNMET_NEED)
    engine = entered.doors.engine
    await caught_up(entered.doors)
    zone = (await engine.index.catch_up()).places.network.zone
    day, begun = month_begun(await engine.transactor.store.now(), zone)
    return as_json(unmet_need(day, await entered.doors.views.unmet(begun, zone)))
