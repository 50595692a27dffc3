"""The offer made on a hold, and the answers to it."""

from __future__ import annotations

from collections.abc import Mapping

from domain.evolution import Steps, changed, with_entry
from domain.kept import ValueKind
from domain.placement.events import (
    ConversationOpened,
    DecisionTaken,
    LateAcceptanceRecorded,
    OfferAccepted,
    OfferRefused,
    OfferSeen,
    OfferSent,
    OfferUnanswered,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
    WomanDeclined,
)
from domain.placement.journey import PlacementState
from domain.placement.standing import Offer, OfferState
from domain.vocabulary import OfferId

STEPS = Steps[PlacementState]()


@STEPS.on(DecisionTaken)
def _decided(state: PlacementState, event: DecisionTaken) -> PlacementState:
    return changed(state, offers=_with(state, changed(state.offers[event.offer_id], decided=True)))


@STEPS.on(OfferSent)
def _sent(state: PlacementState, event: OfferSent) -> PlacementState:
    offer = changed(
        state.offers[event.offer_id],
        state=OfferState.SENT,
        sent=True,
        deadline=event.deadline,
        unanswered=False,
    )
    return changed(state, offers=_with(state, offer))


@STEPS.on(OfferSeen)
def _seen(state: PlacementState, event: OfferSeen) -> PlacementState:
    return changed(state, offers=_with(state, changed(state.offers[event.offer_id], seen=True)))


@STEPS.on(ConversationOpened)
def _talks(state: PlacementState, event: ConversationOpened) -> PlacementState:
    offer = changed(state.offers[event.offer_id], conversation_until=event.until, unanswered=False)
    return changed(state, offers=_with(state, offer))


@STEPS.on(OfferUnanswered)
def _unanswered(state: PlacementState, event: OfferUnanswered) -> PlacementState:
    offer = state.offers[event.offer_id]
    silent_at = (*state.silent_at, event.deadline) if offer.sent else state.silent_at
    return changed(state, offers=_with(state, changed(offer, unanswered=True)), silent_at=silent_at)


@STEPS.on(OfferAccepted)
def _accepted(state: PlacementState, event: OfferAccepted) -> PlacementState:
    offer = changed(
        state.offers[event.offer_id],
        state=OfferState.ACCEPTED,
        channel=event.channel,
        accepted_at=event.occurred_at,
    )
    return changed(state, offers=_with(state, offer), silent_at=())


@STEPS.on(TelephoneAcceptanceConfirmed)
def _confirmed(state: PlacementState, event: TelephoneAcceptanceConfirmed) -> PlacementState:
    return changed(state, offers=_with(state, changed(state.offers[event.offer_id], confirmed=True)))


@STEPS.on(LateAcceptanceRecorded)
def _late_yes(state: PlacementState, event: LateAcceptanceRecorded) -> PlacementState:
    offer = changed(state.offers[event.offer_id], late_yes_at=event.occurred_at)
    return changed(state, offers=_with(state, offer), silent_at=())


@STEPS.on(OfferRefused)
def _refused(state: PlacementState, event: OfferRefused) -> PlacementState:
    state = _said_no(state, event, OfferState.REFUSED)
    return changed(state, silent_at=(), refused_at=event.occurred_at)


@STEPS.on(WomanDeclined)
def _declined(state: PlacementState, event: WomanDeclined) -> PlacementState:
    return _said_no(state, event, OfferState.DECLINED)


@STEPS.on(WomanAccepted)
def _she_said_yes(state: PlacementState, event: WomanAccepted) -> PlacementState:
    checked = event.proximity_checked_by_voice
    return changed(state, woman_accepted=True, proximity_checked_by_voice=checked)


def _said_no(
    state: PlacementState, event: OfferRefused | WomanDeclined, answer: OfferState
) -> PlacementState:
    offer = changed(state.offers[event.offer_id], state=answer)
    if event.commitment is not None:
        kind = ValueKind.REFUSAL_CODE if isinstance(event, OfferRefused) else ValueKind.DECLINE_CODE
        offer = changed(offer, codes=(*offer.codes, (kind, event.commitment)))
    return changed(
        state,
        offers=_with(state, offer),
        not_to_ask=state.not_to_ask.union(event.units),
        stopped=state.stopped or event.stops,
        stopped_by_a_no=state.stopped_by_a_no or event.stops,
    )


def _with(state: PlacementState, offer: Offer) -> Mapping[OfferId, Offer]:
    return with_entry(state.offers, offer.offer_id, offer)
