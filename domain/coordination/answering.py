"""The answers to an offer: a house's yes, also when it comes late, a house's no, and hers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from domain import unit
from domain.codes import DeclineGroup, LateReason, RefusalGroup, ReleaseCause
from domain.coordination.holding import free_units, guard_house
from domain.placement.commands import AcceptHeldOffer
from domain.placement.decide import decide as decide_placement
from domain.placement.events import (
    HoldPlaced,
    HoldReleased,
    LateAcceptanceRecorded,
    OfferAccepted,
    OfferRefused,
    WomanDeclined,
)
from domain.placement.state import Offer, OfferState, PlacementState
from domain.refusals import Refusal
from domain.vocabulary import AnswerChannel, HeldUnit, OfferId, PlacementId
from domain.world import NOTHING, Context, Decided, Decision, Draft, World, on_stream

_COMMITMENT = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptOffer:
    """The house says yes, on its screen or by telephone."""

    placement_id: PlacementId
    offer_id: OfferId
    channel: AnswerChannel
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RefuseOffer:
    """The house says no. `commitment` binds a code kept in the vault (64 hexadecimal digits)."""

    placement_id: PlacementId
    offer_id: OfferId
    channel: AnswerChannel
    shown: RefusalGroup
    commitment: str | None
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclineOffer:
    """She says no to this place."""

    placement_id: PlacementId
    offer_id: OfferId
    shown: DeclineGroup
    commitment: str | None
    occurred_at: datetime


def accept(command: AcceptOffer, world: World, context: Context) -> Decided:
    """A yes while the hold stands is recorded; a later one takes the places again where it can, else is
    recorded alone.

    Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, OFFER_NOT_SENT, OFFER_ALREADY_REFUSED, OCCURRED_IN_THE_FUTURE.
    """
    state = world.placement(command.placement_id)
    offer = _sent_offer(state, command.offer_id)
    if isinstance(offer, Refusal):
        return offer
    if offer.state is OfferState.REFUSED:
        return Refusal.OFFER_ALREADY_REFUSED
    if command.occurred_at > context.now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if state.hold != command.offer_id or state.outcome is not None:
        return _accept_late(command, state, offer, world)
    if state.admitted:
        return NOTHING
    held = AcceptHeldOffer(
        offer_id=command.offer_id, channel=command.channel, occurred_at=command.occurred_at
    )
    return on_stream(
        command.placement_id, decide_placement(held, state, context.now, context.policy, context.zone)
    )


def refuse(command: RefuseOffer, world: World, context: Context) -> Decided:
    """The house's no gives the places back and keeps its units out of this request; on safety grounds it
    stops the search.

    Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, OFFER_NOT_SENT, PLACEMENT_ENDED, ALREADY_ADMITTED,
    CODE_MALFORMED, OCCURRED_IN_THE_FUTURE.
    """
    state = world.placement(command.placement_id)
    offer = _sent_offer(state, command.offer_id)
    if isinstance(offer, Refusal):
        return offer
    if offer.state is OfferState.REFUSED:
        return NOTHING
    if (ended := _over(state)) is not None:
        return ended
    if (refusal := _malformed(command.commitment, command.occurred_at, context)) is not None:
        return refusal
    refused = OfferRefused(
        offer_id=offer.offer_id,
        channel=command.channel,
        shown=command.shown,
        stops=command.shown.stops,
        commitment=command.commitment,
        units=tuple(held.unit_id for held in offer.units),
        occurred_at=command.occurred_at,
    )
    draft = Draft()
    draft.add(command.placement_id, refused)
    if state.hold == offer.offer_id:
        _release(command.placement_id, offer, ReleaseCause.REFUSED_BY_HOUSE, world, draft)
    return draft.decision()


def decline(command: DeclineOffer, world: World, context: Context) -> Decided:
    """Her no gives the places back if they are still held, keeps their units out of this request, and always
    stops the search to ask.

    Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED, CODE_MALFORMED,
    OCCURRED_IN_THE_FUTURE.
    """
    state = world.placement(command.placement_id)
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    offer = state.offers.get(command.offer_id)
    if offer is None:
        return Refusal.OFFER_UNKNOWN
    if offer.state is OfferState.DECLINED:
        return NOTHING
    if (ended := _over(state)) is not None:
        return ended
    if (refusal := _malformed(command.commitment, command.occurred_at, context)) is not None:
        return refusal
    declined = WomanDeclined(
        offer_id=offer.offer_id,
        shown=command.shown,
        stops=True,
        commitment=command.commitment,
        units=tuple(held.unit_id for held in offer.units),
        occurred_at=command.occurred_at,
    )
    draft = Draft()
    draft.add(command.placement_id, declined)
    if state.hold == offer.offer_id:
        _release(command.placement_id, offer, ReleaseCause.DECLINED_BY_WOMAN, world, draft)
    return draft.decision()


def _accept_late(command: AcceptOffer, state: PlacementState, offer: Offer, world: World) -> Decided:
    reason = _cannot_retake(state, offer, world)
    if reason is None:
        return _retake(command, offer)
    if offer.late_yes:
        return NOTHING
    late = LateAcceptanceRecorded(
        offer_id=offer.offer_id, channel=command.channel, reason=reason, occurred_at=command.occurred_at
    )
    return Decision(events={command.placement_id: (late,)})


def _retake(command: AcceptOffer, offer: Offer) -> Decision:
    draft = Draft()
    draft.add(
        command.placement_id,
        HoldPlaced(
            offer_id=offer.offer_id,
            shelter_id=offer.shelter_id,
            units=offer.units,
            deadline=offer.deadline,
        ),
        OfferAccepted(offer_id=offer.offer_id, channel=command.channel, occurred_at=command.occurred_at),
    )
    for held in offer.units:
        draft.add(held.unit_id, unit.hold(command.placement_id, held))
    return draft.decision()


def _cannot_retake(state: PlacementState, offer: Offer, world: World) -> LateReason | None:
    """Why this late yes takes nothing: first what the placement says, then what the house says."""
    if state.outcome is not None:
        return LateReason.PLACEMENT_ENDED
    if state.hold is not None:
        return LateReason.ANOTHER_HOLD
    if offer.state is OfferState.DECLINED:
        return LateReason.DECLINED_BY_WOMAN
    if state.stopped:
        return LateReason.SEARCH_STOPPED
    if any(held.unit_id in state.not_to_ask for held in offer.units):
        return LateReason.NOT_TO_ASK
    guard_house(offer.shelter_id, world)
    if not world.shelter(offer.shelter_id).admits:
        return LateReason.SHELTER_NOT_ADMITTING
    return None if all(_is_free(held, world) for held in offer.units) else LateReason.PLACES_TAKEN


def _is_free(held: HeldUnit, world: World) -> bool:
    state = world.unit(held.unit_id)
    return not any(place in state.taken or place in state.contested for place in held.places)


def _malformed(commitment: str | None, occurred_at: datetime, context: Context) -> Refusal | None:
    if commitment is not None and _COMMITMENT.fullmatch(commitment) is None:
        return Refusal.CODE_MALFORMED
    return Refusal.OCCURRED_IN_THE_FUTURE if occurred_at > context.now else None


def _sent_offer(state: PlacementState, offer_id: OfferId) -> Offer | Refusal:
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    offer = state.offers.get(offer_id)
    if offer is None:
        return Refusal.OFFER_UNKNOWN
    return offer if offer.sent else Refusal.OFFER_NOT_SENT


def _over(state: PlacementState) -> Refusal | None:
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    return Refusal.ALREADY_ADMITTED if state.admitted else None


def _release(
    placement_id: PlacementId, offer: Offer, cause: ReleaseCause, world: World, draft: Draft
) -> None:
    draft.add(placement_id, HoldReleased(offer_id=offer.offer_id, cause=cause))
    free_units(placement_id, offer, cause, world, draft)
