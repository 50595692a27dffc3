"""What ends before an arrival: a hold given back, a request withdrawn or closed. A stay ends by discharge
alone, which is `domain.coordination.staying`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.case import CaseUnbound
from domain.codes import BridgeEnd, PlacementOutcome, ReleaseCause
from domain.coordination.bridging import end_bridge
from domain.coordination.holding import release_hold
from domain.placement.events import PlacementEnded, SearchConsentWithdrawn
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.vocabulary import OfferId, PlacementId
from domain.world import NOTHING, Context, Decided, Draft, World

BY_HAND = frozenset({ReleaseCause.RELEASED_BY_COORDINATOR, ReleaseCause.NOT_ARRIVED})
"""Why the coordination may give a hold back. Every other cause has its own command."""
CLOSES = {
    PlacementOutcome.PLACED_BY_NEIGHBOUR: BridgeEnd.PLACE_FOUND,
    PlacementOutcome.OTHER_SOLUTION: BridgeEnd.LEFT,
    PlacementOutcome.PERPETRATOR_REMOVED: BridgeEnd.LEFT,
    PlacementOutcome.UNREACHABLE: BridgeEnd.LEFT,
    PlacementOutcome.ENTERED_IN_ERROR: BridgeEnd.LEFT,
}
"""The outcomes that the coordination closes a request with, and what becomes of a bridge then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseHold:
    """The coordination gives a hold back without an answer, or because they have not come."""

    placement_id: PlacementId
    offer_id: OfferId
    cause: ReleaseCause = ReleaseCause.RELEASED_BY_COORDINATOR


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawConsent:
    placement_id: PlacementId
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseRequest:
    """No place of this network is sought any more, for a reason that is not hers to give."""

    placement_id: PlacementId
    outcome: PlacementOutcome
    occurred_at: datetime


def release(command: ReleaseHold, world: World, context: Context) -> Decided:
    """Whoever gives a hold back by hand decides what follows: the search stops and asks.

    Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, CODE_MALFORMED, PLACEMENT_ENDED, ALREADY_ADMITTED.
    """
    state = world.placement(command.placement_id)
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if command.offer_id not in state.offers:
        return Refusal.OFFER_UNKNOWN
    if command.cause not in BY_HAND:
        return Refusal.CODE_MALFORMED
    if (refusal := _over(state)) is not None:
        return refusal
    if state.hold != command.offer_id:
        return NOTHING
    draft = Draft()
    release_hold(command.placement_id, state, command.cause, world, draft)
    return draft.decision()


def withdraw(command: WithdrawConsent, world: World, context: Context) -> Decided:
    """She no longer wants a place sought: what is held is given back and the placement ends. No pressure, no
    trace against her.

    Refuses: PLACEMENT_UNKNOWN, OCCURRED_IN_THE_FUTURE, PLACEMENT_ENDED, ALREADY_ADMITTED.
    """
    state = world.placement(command.placement_id)
    outcome = PlacementOutcome.CONSENT_WITHDRAWN
    refusal = told_wrongly(state, command.occurred_at, context)
    if refusal is not None:
        return refusal
    if state.outcome is outcome:
        return NOTHING
    if (refusal := _over(state)) is not None:
        return refusal
    draft = Draft()
    draft.add(command.placement_id, SearchConsentWithdrawn(occurred_at=command.occurred_at))
    if state.hold is not None:
        release_hold(command.placement_id, state, ReleaseCause.CONSENT_WITHDRAWN, world, draft)
    end_bridge(command.placement_id, state, BridgeEnd.LEFT, command.occurred_at, draft)
    end_placement(command.placement_id, state, outcome, world, draft)
    return draft.decision()


def close(command: CloseRequest, world: World, context: Context) -> Decided:
    """The coordination ends a request that nobody was admitted for: what is held is given back.

    Refuses: PLACEMENT_UNKNOWN, CODE_MALFORMED (an outcome of another ending), OCCURRED_IN_THE_FUTURE,
    PLACEMENT_ENDED, ALREADY_ADMITTED.
    """
    state = world.placement(command.placement_id)
    if state.request is not None and command.outcome not in CLOSES:
        return Refusal.CODE_MALFORMED
    if (refusal := told_wrongly(state, command.occurred_at, context)) is not None:
        return refusal
    if state.outcome is command.outcome:
        return NOTHING
    if (refusal := _over(state)) is not None:
        return refusal
    draft = Draft()
    if state.hold is not None:
        release_hold(command.placement_id, state, ReleaseCause.REQUEST_CLOSED, world, draft)
    end_bridge(command.placement_id, state, CLOSES[command.outcome], command.occurred_at, draft)
    end_placement(command.placement_id, state, command.outcome, world, draft)
    return draft.decision()


def told_wrongly(state: PlacementState, occurred_at: datetime, context: Context) -> Refusal | None:
    """Whether the placement is unknown or what is told of it lies in the future."""
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    return Refusal.OCCURRED_IN_THE_FUTURE if occurred_at > context.now else None


def _over(state: PlacementState) -> Refusal | None:
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    return Refusal.ALREADY_ADMITTED if state.admitted else None


def end_placement(
    placement_id: PlacementId, state: PlacementState, outcome: PlacementOutcome, world: World, draft: Draft
) -> None:
    """The only ending of a placement; its case is free for another."""
    assert state.request is not None
    world.case(state.request.case_id)
    draft.add(placement_id, PlacementEnded(outcome=outcome))
    draft.add(state.request.case_id, CaseUnbound(placement_id=placement_id, outcome=outcome))
