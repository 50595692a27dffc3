"""Reading a placement: as it is, how it was ranked, and what was known of it at any position or instant."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import invalid
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.models.fields import Instant
from api.http.problems import Problem
from api.http.states import folded_rows, placement_now
from domain.event import kind_of
from domain.permissions import Action
from domain.placement import state as placement
from domain.placement.events import CandidatesRanked
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import PlacementId
from ledger.store.port import StoredRow
from ledger.store.replay import position_of
from ledger.store.transact import recorded
from projections.offered_view import OfferedPlacementView, offered_view, offers_to
from projections.placement_view import PlacementView, placement_view
from projections.ranking_view import HistoryView, RankingView, history_lines, ranking_view

router = APIRouter()
_LAST_POSITION = 2**63 - 1


async def visible_placement(entered: Entered, placement_id: PlacementId) -> tuple[PlacementState, int]:
    """The placement and its version. Errors: problem 404 where there is none, or none that this house was
    offered.
    """
    state, version = await placement_now(entered.doors.engine, placement_id)
    houses = entered.houses
    if state.request is None or (houses is not None and not offers_to(state, houses)):
        raise Problem(Refusal.PLACEMENT_UNKNOWN)
    return state, version


@router.get(
    "/placements/{placement_id}",
    **documented(
        "show_placement",
        "A placement as it is now.",
        PlacementView | OfferedPlacementView,
        tag="placements",
        description="The coordination sees it whole. A house sees of an offer made to it only household "
        "size, level, deadline and state; of any other placement it learns nothing (404).",
        etag=True,
    ),
)
async def show(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, Action.SEE_PLACEMENTS, Action.SEE_OFFER)
    known = PlacementId(placement_id)
    state, version = await visible_placement(entered, known)
    if entered.houses is not None:
        return as_json(offered_view(known, state, entered.houses))
    return as_json(placement_view(known, state, version), version=version)


@router.get(
    "/placements/{placement_id}/ranking",
    **documented(
        "show_placement_ranking",
        "The latest decision certificate: who was considered, who was excluded and why, in which order.",
        RankingView,
        tag="placements",
    ),
)
async def show_ranking(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, Action.SEE_RANKING)
    rows = await _rows(entered, placement_id)
    for row in reversed(rows):
        if row.topic == CandidatesRanked.TOPIC:
            ranked = recorded(row).event
            assert isinstance(ranked, CandidatesRanked)
            return as_json(ranking_view(PlacementId(placement_id), ranked, row.position))
    raise Problem(Refusal.PLACEMENT_UNKNOWN)


@router.get(
    "/placements/{placement_id}/history",
    **documented(
        "show_placement_history",
        "What was known, decided and done, up to a position of the log or an instant.",
        HistoryView,
        tag="placements",
    ),
)
async def show_history(
    request: Request,
    placement_id: UUID,
    as_of: Annotated[
        Instant | None, Query(description="As recorded at this instant (RFC 3339, with its offset).")
    ] = None,
    position: Annotated[
        int | None, Query(ge=0, le=_LAST_POSITION, description="As of this position of the log.")
    ] = None,
) -> Response:
    entered = await enter(request, Action.SEE_HISTORY)
    store = entered.doors.engine.transactor.store
    if as_of is not None and position is not None:
        raise invalid(
            "position", "ONE_OF_TWO", "Indica as_of oppure position, non entrambi.", "Give as_of or position."
        )
    upto = await position_of(store, position=position, as_of=as_of)
    rows = await _rows(entered, placement_id)
    return as_json(_history(PlacementId(placement_id), rows, upto))


def _history(placement_id: PlacementId, rows: tuple[StoredRow, ...], upto: int) -> HistoryView:
    rows = tuple(row for row in rows if row.position <= upto)
    state, version = folded_rows("placement", rows, placement.initial, placement.evolve)
    return HistoryView(
        placement_id=placement_id,
        position=upto,
        items=history_lines(placement_id, rows, state),
        placement=placement_view(placement_id, state, version) if state.request is not None else None,
    )


async def _rows(entered: Entered, placement_id: UUID) -> tuple[StoredRow, ...]:
    """All that the placement's stream holds. Errors: problem 404."""
    store = entered.doors.engine.transactor.store
    rows = (await store.read_streams((placement_id,))).get(placement_id, ())
    if not rows or kind_of(rows[0].topic) != "placement":
        raise Problem(Refusal.PLACEMENT_UNKNOWN)
    return rows
