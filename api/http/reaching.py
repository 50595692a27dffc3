"""What somebody may do with one placement: the facts are gathered, and the one function is asked.

A step's door and a reading door reach a placement here, first of all. Whoever may not know of it hears what
is said of an id that names nothing, after the same reads. On the usual way, the coordination's to what is
open, nothing is read: it stands in the index of places.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.http.entering import Entered
from api.http.glass import looked_through
from api.http.problems import Problem
from api.http.states import folded_rows
from api.http.trouble_texts import Trouble
from domain import case
from domain.event import kind_of
from domain.permissions import Action, Allowed, Deed, Denied, Facts, Relation, Role, decide, relations_to
from domain.placement import state as placement
from domain.placement.events import (
    AdmissionByDirectAgreement,
    ExtraordinaryAdmission,
    HoldPlaced,
    PlacementRequested,
)
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import PlacementId, ShelterId
from ledger.store import metadata
from ledger.store.port import StoredRow

SEEING = (Action.SEE_PLACEMENTS, Action.SEE_OFFER, Action.SEE_OWN_REQUEST, Action.SEE_HANDOVER)
"""What shows a placement, to each as much as is theirs."""
_ASKED = PlacementRequested.TOPIC.rpartition(".")[0]
_UNINVITED = tuple(
    each.TOPIC.rpartition(".")[0] for each in (AdmissionByDirectAgreement, ExtraordinaryAdmission, HoldPlaced)
)


@dataclass(frozen=True, slots=True)
class Reached:
    """A placement that somebody may do with what the door does, and how they stand to it."""

    entered: Entered
    placement_id: PlacementId
    state: PlacementState
    version: int
    relations: frozenset[Relation]

    def allows(self, action: Action) -> bool:
        verdict = decide(self.entered.role, action, Facts(relations=self.relations))
        return isinstance(verdict, Allowed)


async def reach(entered: Entered, placement_id: PlacementId) -> Reached:
    """Errors: problem 404 where there is none, or none that they may know of; 403 where they may know, and no
    more.
    """
    places = (await entered.doors.engine.index.catch_up()).places
    known = places.placements.get(placement_id)
    if known is not None:
        relations = await _relations(entered, placement_id, known, ())
        if isinstance(entered.verdict(Facts(relations=relations)), Allowed):
            await _looked(entered, known, relations)
            return Reached(entered, placement_id, known, places.versions[placement_id], relations)
    found = await _reached(entered, placement_id, await placement_rows(entered, placement_id))
    if isinstance(found, Reached):
        await _looked(entered, found.state, found.relations)
        return found
    raise Problem(Refusal.PLACEMENT_UNKNOWN if found is None or found.hidden else Trouble.FORBIDDEN)


async def own_requests(entered: Entered) -> tuple[Reached, ...]:
    """The placements under way that they, or somebody of their body, asked for, oldest first."""
    places = (await entered.doors.engine.index.catch_up()).places
    under_way = tuple(places.under_way)
    streams = await entered.doors.engine.transactor.store.read_streams(under_way)
    found = [await _reached(entered, each, streams.get(each, ())) for each in under_way]
    return tuple(each for each in found if isinstance(each, Reached))


async def standing_with(entered: Entered, house: ShelterId, now: datetime) -> tuple[Reached, ...]:
    """The placements that have places in a house and that its operator may see. Nothing is read for it: they
    stand in the index of places.
    """
    engine = entered.doors.engine
    places = (await engine.index.catch_up()).places
    found = []
    for placement_id in places.by_house.get(house, ()):
        state = places.placements[placement_id]
        relations = _relations_at(entered, placement_id, state, (), now)
        if isinstance(entered.verdict(Facts(relations=relations)), Allowed):
            found.append(Reached(entered, placement_id, state, places.versions[placement_id], relations))
    return tuple(found)


async def placement_rows(entered: Entered, placement_id: UUID) -> tuple[StoredRow, ...]:
    """All that the placement's stream holds; nothing where the id names nothing, or something else."""
    store = entered.doors.engine.transactor.store
    rows = (await store.read_streams((placement_id,))).get(placement_id, ())
    return rows if rows and kind_of(rows[0].topic) == "placement" else ()


async def kept_from(entered: Entered) -> frozenset[UUID]:
    """The placements, ended ones too, that are not there for this person: a conflict of interest."""
    engine = entered.doors.engine
    cases = (await engine.index.catch_up()).access.kept_from(entered.caller.actor)
    if not cases:
        return frozenset()
    found = await engine.transactor.store.read_streams(tuple(cases))
    states = (folded_rows("case", rows, case.initial, case.evolve)[0] for rows in found.values())
    return frozenset(each for state in states for each in state.placements)


async def relations_by(
    entered: Entered, placement_id: PlacementId, rows: tuple[StoredRow, ...]
) -> frozenset[Relation]:
    """How somebody stands to the placement whose stream this is; nothing where it is none."""
    state, _ = folded_rows("placement", rows, placement.initial, placement.evolve)
    if state.request is None:
        return frozenset()
    return await _relations(entered, placement_id, state, _deeds(rows))


async def _reached(
    entered: Entered, placement_id: PlacementId, rows: tuple[StoredRow, ...]
) -> Reached | Denied | None:
    """By all that its stream tells; None where that is nothing."""
    state, version = folded_rows("placement", rows, placement.initial, placement.evolve)
    if state.request is None:
        return None
    relations = await _relations(entered, placement_id, state, _deeds(rows))
    verdict = entered.verdict(Facts(relations=relations))
    if isinstance(verdict, Denied):
        return verdict
    return Reached(entered, placement_id, state, version, relations)


async def _relations(
    entered: Entered, placement_id: PlacementId, state: PlacementState, deeds: Iterable[Deed]
) -> frozenset[Relation]:
    now = await entered.doors.engine.transactor.store.now()
    return _relations_at(entered, placement_id, state, deeds, now)


def _relations_at(
    entered: Entered, placement_id: PlacementId, state: PlacementState, deeds: Iterable[Deed], now: datetime
) -> frozenset[Relation]:
    assert state.request is not None, "only a requested placement is judged"
    return relations_to(
        entered.principal,
        entered.caller.actor,
        placement_id=placement_id,
        placement=state,
        case=entered.doors.engine.index.access.of(state.request.case_id),
        deeds=deeds,
        now=now,
    )


async def _looked(entered: Entered, state: PlacementState, relations: frozenset[Relation]) -> None:
    assert state.request is not None, "only a requested placement is reached"
    case_id = state.request.case_id
    known = entered.doors.engine.index.access.of(case_id)
    await looked_through(entered, case_id, known, relations, Refusal.PLACEMENT_UNKNOWN)


def _deeds(rows: Iterable[StoredRow]) -> Iterable[Deed]:
    """What people did on it; what the program did by itself is nobody's deed."""
    for row in rows:
        done = metadata.decode(row.metadata)
        if done.role is not Role.ENGINE:
            yield Deed(
                actor=done.actor,
                body=done.on_behalf_of,
                role=done.role,
                asked=row.topic.startswith(_ASKED),
                uninvited=row.topic.startswith(_UNINVITED),
            )
