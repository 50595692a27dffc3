"""Each decision of a placement beside what the normative ranker says again from the log.

The judging is that of `approdo replay --decisions` (`ledger.evidence.rederive`); here it is of one placement,
over places that are kept on the way. Called by the auditor's pages; what holds places against rules is judged
by the command alone.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.http.answering import as_json
from api.http.documenting import documented
from api.http.entering import Entered, enter
from api.http.reaching import placement_rows, reach
from api.http.states import folded_rows
from domain.matching.ranking import request_of
from domain.permissions import Action
from domain.placement import state as placement
from domain.placement.events import CandidatesRanked
from domain.vocabulary import PlacementId
from ledger.evidence.rederive import RANKERS, Way, derived_ranking, deviation_of
from ledger.evidence.rederive_verdict import Deviation, Flaw
from ledger.evidence.rederive_walk import Decision
from ledger.store.port import StoredRow
from ledger.store.transact import recorded
from projections.labels import request_labels
from projections.rederived_view import DecisionsView, DecisionView, decision_view

router = APIRouter()


@router.get(
    "/placements/{placement_id}/decisions",
    **documented(
        "show_placement_decisions",
        "Every ranking of a placement as it was recorded, beside what follows from the log.",
        DecisionsView,
        tag="history",
        description="For the auditor and the data protection officer. Each is derived again by the ranker "
        "and the policy that it names, over the log up to the position that it names, with the exclusion of "
        "every unit. Houses bear letters drawn for this placement alone, their rooms a number; those "
        "excluded for SAFETY are counted only. A long log takes several requests: 503 STILL_READING. — Ogni "
        "graduatoria registrata accanto a quella ricalcolata dal registro; le sigle delle case valgono "
        "solo qui.",
    ),
)
async def show(request: Request, placement_id: UUID) -> Response:
    entered = await enter(request, Action.SEE_REDERIVED)
    known = PlacementId(placement_id)
    await reach(entered, known)
    store = entered.doors.engine.transactor.store
    head = await store.head()
    rows = tuple(row for row in await placement_rows(entered, placement_id) if row.position <= head)
    items = [await _decision(entered, known, rows, number) for number in _rankings(rows)]
    return as_json(DecisionsView(placement_id=known, position=head, items=tuple(items)))


def _rankings(rows: tuple[StoredRow, ...]) -> list[int]:
    of_any_version = CandidatesRanked.TOPIC.rpartition(".")[0]
    return [number for number, row in enumerate(rows) if row.topic.rpartition(".")[0] == of_any_version]


async def _decision(
    entered: Entered, placement_id: PlacementId, rows: tuple[StoredRow, ...], number: int
) -> DecisionView:
    row = rows[number]
    ranked = recorded(row).event
    assert isinstance(ranked, CandidatesRanked), "told by its topic"
    state, _ = folded_rows("placement", rows[:number], placement.initial, placement.evolve)
    decision = Decision(
        position=row.position,
        stream=placement_id,
        certificate=ranked,
        request=request_of(placement_id, state),
    )
    at = min(ranked.position, row.position - 1)
    stand = await entered.doors.past_places.at(entered.doors.engine.transactor.store, at)
    labels = request_labels(entered.doors.digest_secret, placement_id, stand.places.shelters)
    by = RANKERS[Way.NORMATIVE]
    deviation = deviation_of(decision, stand.places, by)
    if at != ranked.position:
        deviation = Deviation(flaw=Flaw.POSITION_OUT_OF_LOG, position=row.position, stream=placement_id)
    derived = derived_ranking(decision, stand.places, by)
    told = (row.position, row.recorded_at)
    return decision_view(ranked, told, stand.places, labels, deviation, derived)
