"""The search, and the hold that keeps places while it stands."""

from __future__ import annotations

from domain.codes import ReleaseCause
from domain.evolution import Steps, changed, with_entry
from domain.placement.events import (
    CandidatesRanked,
    HoldDisplaced,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
    LeftWaiting,
    MayBeAskedAgain,
    SearchResumed,
)
from domain.placement.journey import PlacementState
from domain.placement.standing import Offer, OfferState
from domain.vocabulary import OfferId

STEPS = Steps[PlacementState]()


@STEPS.on(CandidatesRanked)
def _ranked(state: PlacementState, event: CandidatesRanked) -> PlacementState:
    return changed(state, ranking=event)


@STEPS.on(LeftWaiting)
def _left_waiting(state: PlacementState, event: LeftWaiting) -> PlacementState:
    return changed(state, waiting=True)


@STEPS.on(SearchResumed)
def _resumed(state: PlacementState, event: SearchResumed) -> PlacementState:
    return changed(state, stopped=False, stopped_by_a_no=False)


@STEPS.on(MayBeAskedAgain)
def _may_be_asked_again(state: PlacementState, event: MayBeAskedAgain) -> PlacementState:
    return changed(state, not_to_ask=state.not_to_ask.difference(event.units))


@STEPS.on(HoldPlaced)
def _hold_placed(state: PlacementState, event: HoldPlaced) -> PlacementState:
    earlier = state.offers.get(event.offer_id)
    sent = earlier is not None and earlier.sent
    offer = Offer(
        offer_id=event.offer_id,
        shelter_id=event.shelter_id,
        units=event.units,
        state=OfferState.SENT if sent else OfferState.HELD,
        deadline=event.deadline,
        sent=sent,
    )
    offers = with_entry(state.offers, event.offer_id, offer)
    return changed(state, offers=offers, hold=event.offer_id, waiting=False)


@STEPS.on(HoldReleased)
def _hold_released(state: PlacementState, event: HoldReleased) -> PlacementState:
    by_hand = event.cause in (ReleaseCause.RELEASED_BY_COORDINATOR, ReleaseCause.NOT_ARRIVED)
    state = _end_hold(state, event.offer_id, OfferState.RELEASED, by_hand=by_hand)
    return changed(state, stopped=state.stopped or by_hand)


@STEPS.on(HoldExpired)
def _hold_expired(state: PlacementState, event: HoldExpired) -> PlacementState:
    return changed(_end_hold(state, event.offer_id, OfferState.EXPIRED), waiting=True)


@STEPS.on(HoldDisplaced)
def _hold_displaced(state: PlacementState, event: HoldDisplaced) -> PlacementState:
    return _end_hold(state, event.offer_id, OfferState.DISPLACED)


def _end_hold(
    state: PlacementState, offer_id: OfferId, ended: OfferState, *, by_hand: bool = False
) -> PlacementState:
    """The places are free again. An answer already given (refused, declined) stays the offer's last word."""
    offer = state.offers[offer_id]
    lost = offer.accepted_at is not None and not by_hand and offer.state is not OfferState.DECLINED
    answered = offer.state in (OfferState.REFUSED, OfferState.DECLINED)
    return changed(
        state,
        offers=with_entry(
            state.offers, offer_id, changed(offer, state=offer.state if answered else ended, lost=lost)
        ),
        hold=None,
        woman_accepted=False,
        proximity_checked_by_voice=False,
        handover=None,
        not_arrived=False,
        welfare_check_asked=False,
    )
