"""A placement's timeline: when things happened, when the log learned it, and what was decided in between."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.entering import enter
from api.http.gone import what_is_gone
from api.http.problems import Problem
from api.http.reaching import kept_from, reach
from api.http.viewing import caught_up
from domain.permissions import Action
from domain.refusals import Refusal
from domain.vocabulary import PlacementId
from projections.placement_timeline import PlacementTimeline, placement_timeline, without

router = APIRouter()


@router.get(
    "/placements/{placement_id}/timeline",
    **documented(
        "show_placement_timeline",
        "Every event with the gap between its happening and its record; late ones with what was decided "
        "meanwhile.",
        PlacementTimeline,
        tag="placements",
        description="A late entry (`late`) names the first twenty rankings, of any placement, that were "
        "recorded before the log knew of it (`decided_meanwhile`), and says how many there were "
        "(`decided_meanwhile_count`). — Una voce tardiva elenca le prime venti graduatorie decise senza "
        "saperlo e dice quante furono.",
    ),
)
async def show(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, Action.SEE_HISTORY)
    known = PlacementId(placement_id)
    reached = await reach(entered, known)
    await caught_up(entered.doors)
    found = await entered.doors.views.timeline(known)
    if not found.rows:
        raise Problem(Refusal.PLACEMENT_UNKNOWN)
    timeline = placement_timeline(known, found.position, found.rows, found.meanwhile)
    assert reached.state.request is not None, "only a requested placement is reached"
    gone = await what_is_gone(entered.doors.engine, reached.state.request.case_id)
    shown = without(replace(timeline, values_destroyed=gone), await kept_from(entered))
    return as_json(shown)
