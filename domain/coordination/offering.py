"""Offers that the engine sends by itself, for a request that had chosen so: the first is a person's, and
after it each house is asked once. Called by `requesting` and `moving_on`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import cast

from domain.placement.commands import SendOffer
from domain.placement.decide import offer_events
from domain.placement.events import PlacementEvent, RankedCandidate
from domain.placement.state import PlacementState, evolve
from domain.refusals import Refusal
from domain.vocabulary import PlacementId, UnitId
from domain.world import Context, Draft


def sends_on(state: PlacementState) -> bool:
    """Whether the next offer may leave without a tap: chosen for this request, with her consent, and after a
    named coordinator had sent an offer of it.
    """
    return (
        state.request is not None
        and state.request.send_on
        and state.consent
        and not state.stopped
        and any(offer.sent for offer in state.offers.values())
    )


def first_outside(best: Sequence[RankedCandidate], units: Collection[UnitId]) -> RankedCandidate | None:
    """The first candidate that lies in none of these units."""
    for candidate in best:
        if not any(held.unit_id in units for held in candidate.units):
            return candidate
    return None


def send_by_itself(placement_id: PlacementId, state: PlacementState, draft: Draft, context: Context) -> None:
    """Add the offer on the hold that the draft has placed. `state` is the placement before the draft."""
    for event in draft.on(placement_id):
        state = evolve(state, cast(PlacementEvent, event))
    assert state.held is not None, "the draft has placed a hold"
    command = SendOffer(units=tuple(unit.unit_id for unit in state.held.units))
    events = offer_events(state, command, context.now, context.policy, context.zone, automatic=True)
    assert not isinstance(events, Refusal), "who comes before what the engine holds was asked"
    draft.add(placement_id, *events)
