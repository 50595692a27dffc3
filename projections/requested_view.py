"""How a placement looks to whoever asked for it from outside the coordination, and to who brings her: whether
there is a place, who answers, until when; never which house, where, or how it was chosen.

Pure functions from states to values that serialise as they stand. The doors call it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.codes import Escort
from domain.placement.state import OfferState, Phase, PlacementState
from domain.vocabulary import CaseId, DeskId, PlacementId, ShelterId, Urgency


@dataclass(frozen=True, kw_only=True, slots=True)
class BroughtView:
    """When the household is expected, and who brings it. Where to is spoken, never written."""

    expected_at: datetime
    escort: Escort


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestedView:
    """A request as its requester sees it. `held`: places are kept, in the house that `candidate` labels for
    this request alone; `accepted`: it has said yes. `desks` are who answers now for the coordination;
    `due_at` until when an answer is awaited.
    """

    placement_id: PlacementId
    case_id: CaseId
    phase: Phase
    urgency: Urgency
    requested_at: datetime
    held: bool
    candidate: str | None
    accepted: bool
    desks: tuple[DeskId, ...]
    due_at: datetime | None
    safe_until: datetime | None
    brought: BroughtView | None


@dataclass(frozen=True, kw_only=True, slots=True)
class EscortedView:
    """A placement as who brings the household sees it."""

    placement_id: PlacementId
    brought: BroughtView | None


def requested_view(
    placement_id: PlacementId,
    state: PlacementState,
    desks: tuple[DeskId, ...],
    labels: Mapping[ShelterId, str],
    *,
    with_handover: bool,
) -> RequestedView:
    request, held = state.request, state.held
    assert request is not None, "only a requested placement is shown"
    return RequestedView(
        placement_id=placement_id,
        case_id=request.case_id,
        phase=state.phase,
        urgency=request.urgency,
        requested_at=request.occurred_at,
        held=held is not None,
        candidate=labels[held.shelter_id] if held is not None else None,
        accepted=held is not None and held.state is OfferState.ACCEPTED,
        desks=desks,
        due_at=held.answer_due_at if held is not None else None,
        safe_until=state.safe_until,
        brought=_brought(state) if with_handover else None,
    )


def escorted_view(placement_id: PlacementId, state: PlacementState) -> EscortedView:
    return EscortedView(placement_id=placement_id, brought=_brought(state))


def _brought(state: PlacementState) -> BroughtView | None:
    agreed = state.handover
    if agreed is None:
        return None
    return BroughtView(expected_at=agreed.expected_at, escort=agreed.escort)
