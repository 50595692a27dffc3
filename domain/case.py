"""A case: one woman and her children under a random id. Nothing in it says who they are.

For now it holds what binds a case to its open placement; who a case must not share a house with, conflicts of
interest and risk assessments join it as further events.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.codes import PlacementOutcome
from domain.event import Event, stored
from domain.vocabulary import PlacementId

# --- Events -------------------------------------------------------------------------------------------------


@stored("case.opened.1")
class CaseOpened(Event):
    pass


@stored("case.bound.1")
class CaseBound(Event):
    """The case has an open placement, from request to end, waiting included. It has at most one."""

    placement_id: PlacementId


@stored("case.unbound.1")
class CaseUnbound(Event):
    placement_id: PlacementId
    outcome: PlacementOutcome


CaseEvent = CaseOpened | CaseBound | CaseUnbound

# --- State --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseState:
    opened: bool = False
    open_placement: PlacementId | None = None


initial = CaseState()

# --- evolve -------------------------------------------------------------------------------------------------


def evolve(state: CaseState, event: CaseEvent) -> CaseState:
    match event:
        case CaseOpened():
            return replace(state, opened=True)
        case CaseBound(placement_id=placement_id):
            return replace(state, open_placement=placement_id)
        case CaseUnbound():
            return replace(state, open_placement=None)
