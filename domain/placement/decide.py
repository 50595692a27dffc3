"""What follows from a command that touches one placement alone. Already done is no events."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.placement.commands import (
    AcceptAsWoman,
    AcceptHeldOffer,
    ConfirmAcceptance,
    MarkOfferSeen,
    MarkUnanswered,
    OpenConversation,
    PlacementCommand,
    RecordConsent,
    ResumeSearch,
    SendOffer,
)
from domain.placement.events import (
    ConversationOpened,
    DecisionTaken,
    OfferAccepted,
    OfferSeen,
    OfferSent,
    OfferUnanswered,
    PlacementEvent,
    SearchConsented,
    SearchResumed,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
)
from domain.placement.state import Offer, OfferState, PlacementState
from domain.policy import Policy, offer_deadline
from domain.refusals import Refusal
from domain.vocabulary import AnswerChannel, OfferId, Side, is_code

Answer = tuple[PlacementEvent, ...] | Refusal


def decide(
    command: PlacementCommand, state: PlacementState, now: datetime, policy: Policy, zone: ZoneInfo
) -> Answer:
    """Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, OCCURRED_IN_THE_FUTURE, PLACEMENT_ENDED, then what each
    command's own function names, in its order.
    """
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if (refusal := _named_wrongly(command, state, now)) is not None:
        return refusal
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    match command:
        case RecordConsent():
            return () if state.consent else (SearchConsented(occurred_at=command.occurred_at),)
        case SendOffer():
            return _send_offer(command, state, now, policy, zone)
        case MarkOfferSeen(offer_id=offer_id):
            return _mark_seen(offer_id, state, now, policy)
        case OpenConversation():
            return _open_conversation(command, state, now, policy)
        case MarkUnanswered(offer_id=offer_id):
            return _mark_unanswered(offer_id, state, now)
        case AcceptHeldOffer():
            return _accept_held(command, state)
        case ConfirmAcceptance(offer_id=offer_id):
            return _confirm(offer_id, state)
        case AcceptAsWoman():
            return _accept_as_woman(command, state)
        case ResumeSearch():
            return (SearchResumed(),) if state.stopped else ()


def _named_wrongly(command: PlacementCommand, state: PlacementState, now: datetime) -> Refusal | None:
    match command:
        case SendOffer() | RecordConsent() | ResumeSearch():
            pass
        case AcceptAsWoman(offer_id=None):
            pass
        case _ if command.offer_id not in state.offers:
            return Refusal.OFFER_UNKNOWN
        case _:
            pass
    match command:
        case RecordConsent() | AcceptHeldOffer() | AcceptAsWoman() if command.occurred_at > now:
            return Refusal.OCCURRED_IN_THE_FUTURE
    return None


def _send_offer(
    command: SendOffer, state: PlacementState, now: datetime, policy: Policy, zone: ZoneInfo
) -> Answer:
    held = may_offer(state)
    if isinstance(held, Refusal):
        return held
    if tuple(unit.unit_id for unit in held.units) != command.units:
        return Refusal.CANDIDATE_NOT_HELD
    if held.sent:
        return ()
    if command.page is not None and not is_code(command.page):
        return Refusal.CODE_MALFORMED
    return offer_events(state, command, now, policy, zone, automatic=False)


def may_offer(state: PlacementState) -> Offer | Refusal:
    """The hold that an offer can be made on.

    Refuses: PLACEMENT_ENDED, ALREADY_ADMITTED, CONSENT_NOT_RECORDED, SEARCH_STOPPED_FOR_A_PERSON, NO_HOLD.
    """
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if not state.consent:
        return Refusal.CONSENT_NOT_RECORDED
    if state.stopped:
        return Refusal.SEARCH_STOPPED_FOR_A_PERSON
    return state.held if state.held is not None else Refusal.NO_HOLD


def offer_events(
    state: PlacementState,
    command: SendOffer,
    now: datetime,
    policy: Policy,
    zone: ZoneInfo,
    *,
    automatic: bool,
) -> Answer:
    """The decision and the offer that follows from it, for the hold that stands and was not offered yet.

    Refuses: REASON_NEEDED where another candidate than the first of the latest ranking is held, nobody said
    why, and one that comes before it was not asked.
    """
    held, requested = state.held, state.request
    assert held is not None and requested is not None
    decision = _decision(state, held, command, automatic=automatic)
    if decision is not None and decision.reason is None and passes_over_unasked(state, decision.choice):
        return Refusal.REASON_NEEDED
    sent = OfferSent(offer_id=held.offer_id, deadline=offer_deadline(policy, requested.urgency, now, zone))
    return (sent,) if decision is None else (decision, sent)


def passes_over_unasked(state: PlacementState, choice: int) -> bool:
    """Whether a better candidate than this choice, out of the latest ranking, has no unit that was asked
    before within this request. Passing over one that was is going on, and needs no reason.
    """
    assert state.ranking is not None
    asked = {
        unit.unit_id
        for offer in state.offers.values()
        if offer.offer_id != state.hold and offer.state is not OfferState.DISPLACED
        for unit in offer.units
    }
    better = state.ranking.best[: choice - 1]
    return any(asked.isdisjoint(unit.unit_id for unit in each.units) for each in better)


def _decision(
    state: PlacementState, held: Offer, command: SendOffer, *, automatic: bool
) -> DecisionTaken | None:
    """What was chosen out of the latest ranking; None where that is recorded, or where what is held does not
    come from it (a late yes took the places again).
    """
    ranking = state.ranking
    if ranking is None or held.decided:
        return None
    units = [each.units for each in ranking.best]
    if held.units not in units:
        return None
    choice = units.index(held.units)
    return DecisionTaken(
        offer_id=held.offer_id,
        digest=ranking.digest,
        choice=choice + 1,
        reason=command.reason if choice else None,
        automatic=automatic,
        shown_position=command.shown_position,
        page=command.page,
        availability_age_minutes=ranking.best[choice].availability_age_minutes,
    )


def _mark_seen(offer_id: OfferId, state: PlacementState, now: datetime, policy: Policy) -> Answer:
    """Somebody in the house reads it: that is no longer silence, so the conversation begins."""
    offer = state.offers[offer_id]
    if not offer.sent:
        return Refusal.OFFER_NOT_SENT
    if offer.seen:
        return ()
    if state.hold != offer_id or offer.state is OfferState.ACCEPTED:
        return (OfferSeen(offer_id=offer_id),)
    until = now + timedelta(minutes=policy.conversation_minutes)
    return (
        OfferSeen(offer_id=offer_id),
        ConversationOpened(offer_id=offer_id, side=Side.HOUSE, until=until),
    )


def _open_conversation(
    command: OpenConversation, state: PlacementState, now: datetime, policy: Policy
) -> Answer:
    offer = _standing(command.offer_id, state)
    if isinstance(offer, Refusal):
        return offer
    if offer.state is OfferState.ACCEPTED:
        return Refusal.OFFER_ALREADY_ACCEPTED
    until = now + timedelta(minutes=policy.conversation_minutes)
    if offer.conversation_until == until:
        return ()
    return (ConversationOpened(offer_id=offer.offer_id, side=command.side, until=until),)


def _mark_unanswered(offer_id: OfferId, state: PlacementState, now: datetime) -> Answer:
    offer = state.offers[offer_id]
    if offer.unanswered or state.hold != offer_id or offer.state is OfferState.ACCEPTED:
        return ()
    if not offer.overdue(now):
        return Refusal.HOLD_NOT_OVERDUE
    return (OfferUnanswered(offer_id=offer_id, deadline=offer.due_at),)


def _accept_held(command: AcceptHeldOffer, state: PlacementState) -> Answer:
    offer = _standing(command.offer_id, state)
    if isinstance(offer, Refusal):
        return offer
    if offer.state is OfferState.ACCEPTED:
        return _confirm(offer.offer_id, state) if command.channel is AnswerChannel.SCREEN else ()
    return (OfferAccepted(offer_id=offer.offer_id, channel=command.channel, occurred_at=command.occurred_at),)


def _confirm(offer_id: OfferId, state: PlacementState) -> Answer:
    offer = state.offers[offer_id]
    if offer.state is OfferState.REFUSED:
        return Refusal.OFFER_ALREADY_REFUSED
    if offer.channel is None:
        return Refusal.HOUSE_HAS_NOT_ACCEPTED
    if offer.channel is AnswerChannel.SCREEN or offer.confirmed:
        return ()
    return (TelephoneAcceptanceConfirmed(offer_id=offer_id),)


def _accept_as_woman(command: AcceptAsWoman, state: PlacementState) -> Answer:
    held = state.held
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if held is None:
        return Refusal.NO_HOLD
    if command.offer_id not in (None, held.offer_id):
        return Refusal.OFFER_NO_LONGER_HELD
    if held.state is not OfferState.ACCEPTED:
        return Refusal.HOUSE_HAS_NOT_ACCEPTED
    if state.woman_accepted:
        return ()
    return (
        WomanAccepted(
            offer_id=held.offer_id,
            proximity_checked_by_voice=command.proximity_checked_by_voice,
            told=command.told,
            occurred_at=command.occurred_at,
        ),
    )


def _standing(offer_id: OfferId, state: PlacementState) -> Offer | Refusal:
    """The offer if it was sent and its hold still stands."""
    offer = state.offers[offer_id]
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if not offer.sent:
        return Refusal.OFFER_NOT_SENT
    if offer.state is OfferState.REFUSED:
        return Refusal.OFFER_ALREADY_REFUSED
    return offer if state.hold == offer_id else Refusal.OFFER_NO_LONGER_HELD
