"""The way to the house: how and when they come, and that they have not come. The arrival itself begins the
stay (`domain.coordination.staying`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import Escort
from domain.horizon import is_too_far_to_wait
from domain.placement.events import HandoverAgreed, HouseholdNotArrived
from domain.placement.state import OfferState, PlacementState
from domain.refusals import Refusal
from domain.vocabulary import OfferId, PlacementId
from domain.world import NOTHING, Context, Decided, World, on_stream


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreeHandover:
    """How and when they come; where to is spoken, never written."""

    placement_id: PlacementId
    offer_id: OfferId
    expected_at: datetime
    escort: Escort
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordNotArrived:
    placement_id: PlacementId
    offer_id: OfferId
    welfare_check_asked: bool
    occurred_at: datetime


def agree_handover(command: AgreeHandover, world: World, context: Context) -> Decided:
    """Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, OCCURRED_IN_THE_FUTURE, NOT_IN_THE_FUTURE (expected before
    it was agreed), TOO_FAR_AHEAD, PLACEMENT_ENDED, ALREADY_ADMITTED, OFFER_NO_LONGER_HELD,
    HOUSE_HAS_NOT_ACCEPTED.
    """
    state = world.placement(command.placement_id)
    refusal = _told_wrongly(command, state, context) or _expected_wrongly(command, state)
    refusal = refusal or _not_on_the_way(command.offer_id, state)
    if refusal is not None:
        return refusal
    known = state.handover
    if known is not None and (known.expected_at, known.escort) == (command.expected_at, command.escort):
        return NOTHING
    agreed = HandoverAgreed(
        offer_id=command.offer_id,
        expected_at=command.expected_at,
        escort=command.escort,
        occurred_at=command.occurred_at,
    )
    return on_stream(command.placement_id, (agreed,))


def record_not_arrived(command: RecordNotArrived, world: World, context: Context) -> Decided:
    """The places are kept until a person decides otherwise.

    Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, OCCURRED_IN_THE_FUTURE, PLACEMENT_ENDED, ALREADY_ADMITTED,
    OFFER_NO_LONGER_HELD, HOUSE_HAS_NOT_ACCEPTED.
    """
    state = world.placement(command.placement_id)
    refusal = _told_wrongly(command, state, context) or _not_on_the_way(command.offer_id, state)
    if refusal is not None:
        return refusal
    if state.not_arrived and (state.welfare_check_asked or not command.welfare_check_asked):
        return NOTHING
    missed = HouseholdNotArrived(
        offer_id=command.offer_id,
        welfare_check_asked=command.welfare_check_asked,
        occurred_at=command.occurred_at,
    )
    return on_stream(command.placement_id, (missed,))


def _told_wrongly(
    command: AgreeHandover | RecordNotArrived, state: PlacementState, context: Context
) -> Refusal | None:
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if command.offer_id not in state.offers:
        return Refusal.OFFER_UNKNOWN
    return Refusal.OCCURRED_IN_THE_FUTURE if command.occurred_at > context.now else None


def _expected_wrongly(command: AgreeHandover, state: PlacementState) -> Refusal | None:
    assert state.request is not None, "only who was asked for is expected"
    if command.expected_at <= command.occurred_at:
        return Refusal.NOT_IN_THE_FUTURE
    too_far = is_too_far_to_wait(command.expected_at, command.occurred_at, state.request.urgency)
    return Refusal.TOO_FAR_AHEAD if too_far else None


def _not_on_the_way(offer_id: OfferId, state: PlacementState) -> Refusal | None:
    """Nobody comes to a house that has not said yes, or whose places are kept no more."""
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if state.hold != offer_id:
        return Refusal.OFFER_NO_LONGER_HELD
    accepted = state.offers[offer_id].state is OfferState.ACCEPTED
    return None if accepted else Refusal.HOUSE_HAS_NOT_ACCEPTED
