"""The answers to an offer: a house's yes, also when it comes late, a house's no, and hers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from domain import unit
from domain.codes import DeclineGroup, LateReason, RefusalGroup, ReleaseCause
from domain.coordination.alone import decide_alone
from domain.coordination.holding import free_units, guard_house
from domain.coordination.overriding import still_does
from domain.matching import rankers
from domain.matching.certificate import certify
from domain.matching.places import Places
from domain.matching.ranking import RankRequest, request_of
from domain.placement.commands import AcceptHeldOffer
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
from domain.withheld import RefusalCode, valid_for
from domain.world import NOTHING, Context, Decided, Decision, Draft, World

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
    """The house says no. `commitment` binds a code kept in the vault (64 hexadecimal digits); `code` is the
    code itself, where it was given: it is judged here and written nowhere.
    """

    placement_id: PlacementId
    offer_id: OfferId
    channel: AnswerChannel
    shown: RefusalGroup
    commitment: str | None
    occurred_at: datetime
    code: RefusalCode | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclineOffer:
    """She says no to this place."""

    placement_id: PlacementId
    offer_id: OfferId
    shown: DeclineGroup
    commitment: str | None
    occurred_at: datetime


def accept(command: AcceptOffer, world: World, context: Context, places: Places) -> Decided:
    """A yes while the hold stands is recorded; a later one takes the places again where they are free and not
    owed to a request that comes before, else is recorded alone. Where what is owed was asked, the certificate
    comes first: from it that can be derived again.

    Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, OCCURRED_IN_THE_FUTURE, OFFER_NOT_SENT, OFFER_ALREADY_REFUSED.
    """
    state = world.placement(command.placement_id)
    offer = _offer_named(command, state, context)
    if isinstance(offer, Refusal):
        return offer
    if not offer.sent:
        return Refusal.OFFER_NOT_SENT
    if offer.state is OfferState.REFUSED:
        return Refusal.OFFER_ALREADY_REFUSED
    if state.hold != command.offer_id:
        return _accept_late(command, state, offer, world, context, places)
    if state.admitted:
        return NOTHING
    held = AcceptHeldOffer(
        offer_id=command.offer_id, channel=command.channel, occurred_at=command.occurred_at
    )
    return decide_alone(command.placement_id, held, world, context)


def refuse(command: RefuseOffer, world: World, context: Context) -> Decided:
    """The house's no gives the places back and keeps its units out of this request; on safety grounds it
    stops the search. It is recorded also when its hold has ended.

    Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, CODE_MALFORMED (also a code that is shown as another group),
    CODE_NOT_VALID_FOR_URGENCY, OCCURRED_IN_THE_FUTURE, PLACEMENT_ENDED, ALREADY_ADMITTED, OFFER_NOT_SENT.
    """
    state = world.placement(command.placement_id)
    offer = _offer_named(command, state, context)
    if isinstance(offer, Refusal):
        return offer
    if offer.state is OfferState.REFUSED:
        return NOTHING
    if (over := _over(state)) is not None:
        return over
    if not offer.sent:
        return Refusal.OFFER_NOT_SENT
    refused = OfferRefused(
        offer_id=offer.offer_id,
        channel=command.channel,
        shown=command.shown,
        stops=command.shown.stops,
        commitment=command.commitment,
        units=tuple(held.unit_id for held in offer.units),
        occurred_at=command.occurred_at,
    )
    return _answered(command.placement_id, refused, state, offer, world)


def decline(command: DeclineOffer, world: World, context: Context) -> Decided:
    """Her no gives the places back, keeps their units out of this request, and always stops the search to
    ask. It is recorded also when the hold has ended: a late yes of the house then takes nothing.

    Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, CODE_MALFORMED, OCCURRED_IN_THE_FUTURE, PLACEMENT_ENDED,
    ALREADY_ADMITTED.
    """
    state = world.placement(command.placement_id)
    offer = _offer_named(command, state, context)
    if isinstance(offer, Refusal):
        return offer
    if offer.state is OfferState.DECLINED:
        return NOTHING
    if (over := _over(state)) is not None:
        return over
    declined = WomanDeclined(
        offer_id=offer.offer_id,
        shown=command.shown,
        stops=True,
        commitment=command.commitment,
        units=tuple(held.unit_id for held in offer.units),
        occurred_at=command.occurred_at,
    )
    return _answered(command.placement_id, declined, state, offer, world)


def _answered(
    placement_id: PlacementId,
    no: OfferRefused | WomanDeclined,
    state: PlacementState,
    offer: Offer,
    world: World,
) -> Decision:
    """A no, and with it the end of the hold if it still stands."""
    draft = Draft()
    draft.add(placement_id, no)
    if state.hold == offer.offer_id:
        by_house = isinstance(no, OfferRefused)
        cause = ReleaseCause.REFUSED_BY_HOUSE if by_house else ReleaseCause.DECLINED_BY_WOMAN
        draft.add(placement_id, HoldReleased(offer_id=offer.offer_id, cause=cause))
        free_units(placement_id, offer, cause, world, draft)
    return draft.decision()


def _accept_late(
    command: AcceptOffer,
    state: PlacementState,
    offer: Offer,
    world: World,
    context: Context,
    places: Places,
) -> Decided:
    reason, draft = _cannot_retake(state, offer, world, context), Draft()
    if reason is None:
        request = request_of(command.placement_id, state)
        reason = _not_given_now(request, offer, world, context, places)
        ranking = rankers.rank(request, places, context.policy, context.now)
        draft.add(command.placement_id, certify(ranking))
    if reason is None:
        _retake(command, offer, draft)
    elif offer.late_yes:
        return NOTHING
    else:
        late = LateAcceptanceRecorded(
            offer_id=offer.offer_id, channel=command.channel, reason=reason, occurred_at=command.occurred_at
        )
        draft.add(command.placement_id, late)
    return draft.decision()


def _retake(command: AcceptOffer, offer: Offer, draft: Draft) -> None:
    again = HoldPlaced(
        offer_id=offer.offer_id, shelter_id=offer.shelter_id, units=offer.units, deadline=offer.deadline
    )
    yes = OfferAccepted(offer_id=offer.offer_id, channel=command.channel, occurred_at=command.occurred_at)
    draft.add(command.placement_id, again, yes)
    for held in offer.units:
        draft.add(held.unit_id, unit.hold(command.placement_id, held))


def _cannot_retake(state: PlacementState, offer: Offer, world: World, context: Context) -> LateReason | None:
    """Why this late yes takes nothing: first what the placement says, then what the house says."""
    if state.outcome is not None:
        return LateReason.PLACEMENT_ENDED
    if state.hold is not None:
        return LateReason.ANOTHER_HOLD
    if offer.state is OfferState.DECLINED:
        return LateReason.DECLINED_BY_WOMAN
    if state.stopped_by_a_no:
        return LateReason.SEARCH_STOPPED
    if any(held.unit_id in state.not_to_ask for held in offer.units):
        return LateReason.NOT_TO_ASK
    guard_house(offer.shelter_id, world)
    if not world.shelter(offer.shelter_id).admits_on(context.now.astimezone(context.zone).date()):
        return LateReason.SHELTER_NOT_ADMITTING
    return None if all(_is_free(held, world) for held in offer.units) else LateReason.PLACES_TAKEN


def _not_given_now(
    request: RankRequest, offer: Offer, world: World, context: Context, places: Places
) -> LateReason | None:
    """Why the ranker would not give her these places now: what she asks was entered anew, or another goes
    first.
    """
    if not still_does(request, offer, world, context, places):
        return LateReason.NO_LONGER_FITS
    promised = rankers.promised(request, places, context.policy, context.now)
    owed = any(place in promised for held in offer.units for place in held.places)
    return LateReason.OWED_TO_ANOTHER if owed else None


def _is_free(held: HeldUnit, world: World) -> bool:
    state = world.unit(held.unit_id)
    return not any(place in state.taken or place in state.contested for place in held.places)


def _offer_named(
    command: AcceptOffer | RefuseOffer | DeclineOffer, state: PlacementState, context: Context
) -> Offer | Refusal:
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    offer = state.offers.get(command.offer_id)
    if offer is None:
        return Refusal.OFFER_UNKNOWN
    commitment = None if isinstance(command, AcceptOffer) else command.commitment
    if commitment is not None and _COMMITMENT.fullmatch(commitment) is None:
        return Refusal.CODE_MALFORMED
    if isinstance(command, RefuseOffer) and command.code is not None:
        if command.code.shown is not command.shown:
            return Refusal.CODE_MALFORMED
        if not valid_for(command.code, state.request.urgency):
            return Refusal.CODE_NOT_VALID_FOR_URGENCY
    return Refusal.OCCURRED_IN_THE_FUTURE if command.occurred_at > context.now else offer


def _over(state: PlacementState) -> Refusal | None:
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    return Refusal.ALREADY_ADMITTED if state.admitted else None
