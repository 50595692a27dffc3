"""Reading a placement: as it is, how it was ranked, and what was known of it at any position or instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.commanding import invalid
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.gone import history_saying_it, view_saying_it
from api.http.models.fields import Instant
from api.http.problems import Problem
from api.http.reaching import SEEING, kept_from, placement_rows, reach
from api.http.requesters import as_requester_sees
from api.http.states import folded_rows
from domain.permissions import Action, may
from domain.placement import state as placement
from domain.placement.events import CandidatesRanked
from domain.refusals import Refusal
from domain.vocabulary import PlacementId
from ledger.store.port import StoredRow
from ledger.store.replay import position_of
from ledger.store.transact import recorded
from projections.as_it_was import network_as_it_was
from projections.history_withheld import without_cases, without_zones
from projections.offered_view import OfferedPlacementView, declared_in, offered_view
from projections.placement_then import PlacementThen, placement_then
from projections.placement_view import PlacementView, placement_view
from projections.ranking_view import HistoryView, RankingView, history_lines, ranking_view
from projections.requested_view import EscortedView, RequestedView, escorted_view

router = APIRouter()
_LAST_POSITION = 2**63 - 1
_AS_OF = "As recorded at this instant (RFC 3339, with its offset)."
_POSITION = "As of this position of the log."


@router.get(
    "/placements/{placement_id}",
    **documented(
        "show_placement",
        "A placement as it is now.",
        PlacementView | OfferedPlacementView | RequestedView | EscortedView,
        tag="placements",
        description="The coordination sees it whole, an ended one only where it acted on it. A house sees of "
        "an offer that stands only household size, level, deadline and whether what it wants known first is "
        "met; who comes, in bands, once it has said yes; nothing once the offer has ended. Who asked for the "
        "place sees whether there is one, and until when an answer is awaited; who brings the household, "
        "when it is expected. Of any other placement nobody learns anything (404).",
        etag=True,
    ),
)
async def show(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, *SEEING)
    found = await reach(entered, PlacementId(placement_id))
    if found.allows(Action.SEE_PLACEMENTS):
        view = placement_view(found.placement_id, found.state, found.version)
        return as_json(await view_saying_it(entered.doors.engine, view), version=found.version)
    if entered.houses is not None and found.allows(Action.SEE_OFFER):
        declared = declared_in(entered.doors.engine.index.places)
        return as_json(offered_view(found.placement_id, found.state, entered.houses, declared))
    if found.allows(Action.SEE_OWN_REQUEST):
        now = await entered.doors.engine.transactor.store.now()
        return as_json(as_requester_sees(found, now))
    return as_json(escorted_view(found.placement_id, found.state))


@router.get(
    "/placements/{placement_id}/ranking",
    **documented(
        "show_placement_ranking",
        "The latest decision certificate: who was considered, who was excluded and why, in which order.",
        RankingView,
        tag="placements",
        description="With an instant or a position, the one that stood then. — Con un istante o una "
        "posizione, quella che valeva allora.",
    ),
)
async def show_ranking(
    request: Request,
    placement_id: UUID,
    as_of: Annotated[Instant | None, Query(description=_AS_OF)] = None,
    position: Annotated[int | None, Query(ge=0, le=_LAST_POSITION, description=_POSITION)] = None,
) -> Response:
    entered = await enter(request, Action.SEE_RANKING)
    upto = await _upto(entered, as_of, position)
    rows = await _rows(entered, placement_id)
    for row in reversed(rows):
        if row.topic == CandidatesRanked.TOPIC and row.position <= upto:
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
        description="Whoever does not name zones in requests is not shown them here: with many histories "
        "they would tell where houses are. With an instant or a position, `then` tells the policy in force, "
        "its place in the queue and how old the houses' words were; for a long log that takes several "
        "requests: 503 STILL_READING. — Le zone da evitare compaiono solo a chi le indica nella richiesta; "
        "con un istante, `then` dice regole, posto nella coda ed età dei dati di allora.",
    ),
)
async def show_history(
    request: Request,
    placement_id: UUID,
    as_of: Annotated[Instant | None, Query(description=_AS_OF)] = None,
    position: Annotated[int | None, Query(ge=0, le=_LAST_POSITION, description=_POSITION)] = None,
) -> Response:
    entered = await enter(request, Action.SEE_HISTORY)
    upto = await _upto(entered, as_of, position)
    rows = await _rows(entered, placement_id)
    found = _history(PlacementId(placement_id), rows, upto)
    if as_of is not None or position is not None:
        found = replace(found, then=await _then(entered, found, as_of))
    if not may(entered.role, Action.NAME_OTHERS):
        found = without_zones(found)
    found = without_cases(found, entered.doors.engine.index.access.kept_from(entered.caller.actor))
    return as_json(await history_saying_it(entered.doors.engine, found, rows))


async def _upto(entered: Entered, as_of: datetime | None, position: int | None) -> int:
    """Where the log is read up to."""
    if as_of is not None and position is not None:
        raise invalid(
            "position", "ONE_OF_TWO", "Indica as_of oppure position, non entrambi.", "Give as_of or position."
        )
    return await position_of(entered.doors.engine.transactor.store, position=position, as_of=as_of)


async def _then(entered: Entered, found: HistoryView, as_of: datetime | None) -> PlacementThen:
    """What stood around it; what has not come yet is judged as of now."""
    store = entered.doors.engine.transactor.store
    stand, now = await entered.doors.past_places.at(store, found.position), await store.now()
    was = network_as_it_was(
        stand.places,
        recorded_at=stand.recorded_at,
        as_of=min(as_of, now) if as_of is not None else stand.recorded_at or now,
        head=found.position,
        head_recorded_at=stand.recorded_at,
        hidden=await kept_from(entered) - {found.placement_id},
    )
    return placement_then(found.placement_id, was)


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
    """All that the stream of a placement holds that they may see. Errors: as `reach`."""
    await reach(entered, PlacementId(placement_id))
    return await placement_rows(entered, placement_id)
