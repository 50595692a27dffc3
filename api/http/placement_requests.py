"""Asking for a place, and the list of those who have asked: all of it for the coordination, their own for who
asks from outside it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import Asked, ask
from api.http.documenting import documented
from api.http.entering import enter
from api.http.models.answers import event_lines
from api.http.models.requests import (
    MINORS_PATH,
    OpenRequests,
    OwnRequestAnswer,
    OwnRequests,
    PlacementRequestBody,
    RequestAnswer,
    RequestResult,
)
from api.http.naming_cases import as_meant, reachable
from api.http.reaching import kept_from, own_requests
from api.http.reading import read_body
from api.http.requesters import as_requester_sees, must_be_theirs, requested, unlisted
from api.http.states import indexed
from api.http.stepping import must_still_see
from domain.coordination.requesting import request_placement
from domain.event import folded
from domain.matching.places import Places
from domain.permissions import Action, may
from domain.placement import state as placement
from domain.placement.events import CandidatesRanked, PlacementRequested
from domain.placement.state import PlacementState
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World
from ledger.store.transact import Done
from projections.open_requests import open_requests
from projections.placement_view import placement_view
from projections.ranking_view import RankingSummary, ranking_summary

router = APIRouter()
_EXAMPLE = {
    "channel": "CAV",
    "urgency": "U1",
    "urgency_set_by": "CAV_WORKER",
    "household": {"adults": 1, "children": ["AGE_0_2", "AGE_6_10"]},
    "oldest_boy": "AGE_6_10",
    "features_required": ["GROUND_FLOOR"],
    "criteria_met": ["INTERVIEW_FIRST"],
    "risk": "HIGH",
    "assessed": {
        "tool": "SARA_S",
        "tool_version": "2",
        "assessor": "CAV_WORKER",
        "assessed_on": "2026-11-21",
    },
    "setting": "EMERGENCY_DEPARTMENT",
    "safe_until": "2026-11-22T07:00:00Z",
    "consented_at": "2026-11-22T02:11:00Z",
}


@router.post(
    "/placement-requests",
    **documented(
        "request_placement",
        "Ask for a place: it is ranked and held in one transaction.",
        RequestAnswer | OwnRequestAnswer,
        tag="placement-requests",
        status=201,
        body=PlacementRequestBody,
        example=_EXAMPLE,
        description="Answers 201 with `held`, with `waiting` where no place fits, or with `minor_alone` and "
        "the minors' path where there is no adult. No place is never an error. Who asks from outside the "
        "coordination does so through a channel of theirs that the network lists, and is told whether a "
        "place is kept, never which.",
        etag=True,
    ),
)
async def request_a_placement(request: Request) -> Response:
    entered = await enter(request, Action.REQUEST_PLACEMENT, counted_only=True)
    body = await read_body(request, PlacementRequestBody)
    must_be_theirs(entered, body)
    asked = ask(entered, body)
    meant = reachable(asked)

    def decided(world: World, context: Context, places: Places) -> Decided:
        if (refusal := unlisted(entered, body, world.network())) is not None:
            return refusal
        return request_placement(as_meant(body.command(context.now), meant), world, context, places)

    done = await asked.place(decided)
    if (begun := _begun(done)) is not None:
        await must_still_see(asked, begun, done)
    return _answer(asked, done) if may(entered.role, Action.SEE_QUEUE) else _own_answer(asked, done)


@router.get(
    "/placement-requests",
    **documented(
        "list_placement_requests",
        "Open requests, in the order in which they are owed a place; for who asks from outside the "
        "coordination those of their own body.",
        OpenRequests | OwnRequests,
        tag="placement-requests",
    ),
)
async def list_requests(
    request: Request,
    status: Annotated[  # noqa: ARG001 - one value is all there is for now, and FastAPI checks it
        Literal["open"], Query(description="Only open requests are listed.")
    ] = "open",
) -> Response:
    entered = await enter(request, Action.SEE_QUEUE, Action.SEE_OWN_REQUEST)
    engine = entered.doors.engine
    hidden = await kept_from(entered)
    places = engine.index.places
    now = await engine.transactor.store.now()
    if not may(entered.role, Action.SEE_QUEUE):
        own = tuple(as_requester_sees(found, now) for found in await own_requests(entered))
        return as_json(OwnRequests(position=places.position, items=own))
    known = (
        (each, state, places.versions[each])
        for each, state in places.placements.items()
        if each not in hidden
    )
    return as_json(OpenRequests(position=places.position, items=open_requests(known, now)))


def _own_answer(asked: Asked, done: Done) -> Response:
    """As `_answer`, for who asked from outside the coordination."""
    found = _requested(asked, done)
    at, view = done.receipt.recorded_at, None
    if found is not None:
        view = requested(asked.entered.doors, found[0], found[1], at, with_handover=False)
    answer = OwnRequestAnswer(
        result=_result(asked, found, done),
        position=done.position,
        recorded_at=at,
        placement=view,
        minors_path=MINORS_PATH if view is None else None,
    )
    location = f"/placements/{view.placement_id}" if view is not None else None
    return as_json(answer, status=201, location=location)


def _answer(asked: Asked, done: Done) -> Response:
    """Built from the command's own events alone, so that a retry reads no differently."""
    found = _requested(asked, done)
    view, version = None, None
    if found is not None:
        placement_id, state, version = found
        view = placement_view(placement_id, state, version)
    answer = RequestAnswer(
        result=_result(asked, found, done),
        position=done.position,
        recorded_at=done.receipt.recorded_at,
        events=event_lines(done),
        placement=view,
        ranking=_ranking(done),
        minors_path=MINORS_PATH if view is None else None,
    )
    location = f"/placements/{view.placement_id}" if view is not None else None
    return as_json(answer, status=201, version=version, location=location)


def _result(asked: Asked, found: tuple[PlacementId, PlacementState, int] | None, done: Done) -> RequestResult:
    """What became of it, counted the first time."""
    if found is None:
        result = RequestResult.MINOR_ALONE
    else:
        result = RequestResult.HELD if found[1].hold is not None else RequestResult.WAITING
    if not done.receipt.repeated:
        asked.entered.visit.metrics.searched(result.value)
    return result


def _begun(done: Done) -> PlacementId | None:
    """The placement that the command began; None where no search was made."""
    asked = (each.stream for each in done.events if isinstance(each.event, PlacementRequested))
    return next((PlacementId(stream) for stream in asked), None)


def _requested(asked: Asked, done: Done) -> tuple[PlacementId, PlacementState, int] | None:
    """The same, as its events left it."""
    placement_id = _begun(done)
    if placement_id is None:
        return None
    engine = asked.entered.doors.engine
    known = indexed(engine, engine.index.places.placements, placement_id, done)
    if known is not None:
        return placement_id, *known
    own = [each for each in done.events if each.stream == placement_id]
    state = folded("placement", (each.event for each in own), placement.initial, placement.evolve)
    return placement_id, state, own[-1].version


def _ranking(done: Done) -> RankingSummary | None:
    ranked = next((each.event for each in done.events if isinstance(each.event, CandidatesRanked)), None)
    return ranking_summary(ranked) if ranked is not None else None
