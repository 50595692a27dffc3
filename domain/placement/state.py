"""What a placement is now, folded from its events: `initial` and `evolve`. Who decides is `decide` and
`domain.coordination`.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from domain.codes import PlacementOutcome, ReleaseCause
from domain.placement.events import (
    CandidatesRanked,
    ConversationOpened,
    HoldDisplaced,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    HouseholdDischarged,
    LateAcceptanceRecorded,
    LeftWaiting,
    OfferAccepted,
    OfferRefused,
    OfferSeen,
    OfferSent,
    OfferUnanswered,
    PlacementEnded,
    PlacementEvent,
    PlacementRequested,
    SearchConsented,
    SearchConsentWithdrawn,
    SearchResumed,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
    WomanDeclined,
)
from domain.vocabulary import AnswerChannel, HeldUnit, OfferId, ShelterId, UnitId


class Phase(enum.StrEnum):
    """Where a placement stands, as pages and queues name it."""

    SEARCHING = "SEARCHING"
    STOPPED = "STOPPED"
    WAITING = "WAITING"
    HELD = "HELD"
    OFFERED = "OFFERED"
    IN_CONVERSATION = "IN_CONVERSATION"
    ACCEPTED_BY_HOUSE = "ACCEPTED_BY_HOUSE"
    ACCEPTED_BY_BOTH = "ACCEPTED_BY_BOTH"
    ADMITTED = "ADMITTED"
    ENDED = "ENDED"


class OfferState(enum.StrEnum):
    """Where one hold and its offer stand. HELD, SENT and ACCEPTED keep the places; the others are over."""

    HELD = "HELD"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    DECLINED = "DECLINED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    DISPLACED = "DISPLACED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One hold and the offer made on it: its own id, the places, and how far it went."""

    offer_id: OfferId
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    state: OfferState
    deadline: datetime
    sent: bool = False
    seen: bool = False
    conversation_until: datetime | None = None
    unanswered: bool = False
    channel: AnswerChannel | None = None
    confirmed: bool = False
    late_yes: bool = False

    def overdue(self, now: datetime) -> bool:
        """Whether silence has lasted too long. A yes ends every deadline."""
        return self.state is not OfferState.ACCEPTED and now > self.due_at

    @property
    def due_at(self) -> datetime:
        return max(self.deadline, self.conversation_until) if self.conversation_until else self.deadline

    @property
    def answer_due_at(self) -> datetime | None:
        """Until when an answer is awaited; none once the house has said yes, for then nothing expires."""
        return None if self.state is OfferState.ACCEPTED else self.due_at


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementState:
    """The placement as it is now. `hold` names the offer that keeps places, if any."""

    request: PlacementRequested | None = None
    consent: bool = False
    stopped: bool = False
    stopped_by_a_no: bool = False
    """Of hers, or of a house on safety grounds: no late yes goes over it."""
    waiting: bool = False
    hold: OfferId | None = None
    offers: Mapping[OfferId, Offer] = field(default_factory=lambda: MappingProxyType({}))
    not_to_ask: frozenset[UnitId] = frozenset()
    woman_accepted: bool = False
    proximity_checked_by_voice: bool = False
    admitted: bool = False
    outcome: PlacementOutcome | None = None
    ranking_digest: str | None = None
    """Of the latest ranking."""

    @property
    def asked_before(self) -> frozenset[UnitId]:
        """Units whose hold ended without an answer: others come first when it is ranked again."""
        return frozenset(
            held.unit_id
            for offer in self.offers.values()
            if offer.state in (OfferState.RELEASED, OfferState.EXPIRED)
            for held in offer.units
        )

    @property
    def held(self) -> Offer | None:
        return self.offers[self.hold] if self.hold is not None else None

    @property
    def phase(self) -> Phase:
        if self.outcome is not None:
            return Phase.ENDED
        if self.admitted:
            return Phase.ADMITTED
        held = self.held
        if held is None:
            return Phase.STOPPED if self.stopped else Phase.WAITING if self.waiting else Phase.SEARCHING
        if held.state is OfferState.ACCEPTED:
            return Phase.ACCEPTED_BY_BOTH if self.woman_accepted else Phase.ACCEPTED_BY_HOUSE
        if held.conversation_until is not None:
            return Phase.IN_CONVERSATION
        return Phase.OFFERED if held.sent else Phase.HELD


initial = PlacementState()


def evolve(state: PlacementState, event: PlacementEvent) -> PlacementState:  # noqa: C901 - one branch per event
    match event:
        case PlacementRequested():
            return replace(state, request=event)
        case SearchConsented():
            return replace(state, consent=True)
        case SearchConsentWithdrawn():
            return replace(state, consent=False)
        case CandidatesRanked(digest=digest):
            return replace(state, ranking_digest=digest)
        case HoldPlaced():
            return _hold(state, event)
        case LeftWaiting():
            return replace(state, waiting=True)
        case OfferSent(offer_id=offer_id, deadline=deadline):
            return _offer(
                state, offer_id, state=OfferState.SENT, sent=True, deadline=deadline, unanswered=False
            )
        case OfferSeen(offer_id=offer_id):
            return _offer(state, offer_id, seen=True)
        case ConversationOpened(offer_id=offer_id, until=until):
            return _offer(state, offer_id, conversation_until=until, unanswered=False)
        case OfferUnanswered(offer_id=offer_id):
            return _offer(state, offer_id, unanswered=True)
        case OfferAccepted(offer_id=offer_id, channel=channel):
            return _offer(state, offer_id, state=OfferState.ACCEPTED, channel=channel)
        case TelephoneAcceptanceConfirmed(offer_id=offer_id):
            return _offer(state, offer_id, confirmed=True)
        case OfferRefused(offer_id=offer_id, units=units, stops=stops):
            state = _offer(state, offer_id, state=OfferState.REFUSED)
            return _said_no(state, units, stops=stops)
        case WomanDeclined(offer_id=offer_id, units=units, stops=stops):
            state = _offer(state, offer_id, state=OfferState.DECLINED)
            return _said_no(state, units, stops=stops)
        case LateAcceptanceRecorded(offer_id=offer_id):
            return _offer(state, offer_id, late_yes=True)
        case WomanAccepted(proximity_checked_by_voice=checked):
            return replace(state, woman_accepted=True, proximity_checked_by_voice=checked)
        case SearchResumed():
            return replace(state, stopped=False, stopped_by_a_no=False)
        case HoldReleased(offer_id=offer_id, cause=cause):
            by_hand = cause is ReleaseCause.RELEASED_BY_COORDINATOR
            return replace(_end_hold(state, offer_id, OfferState.RELEASED), stopped=state.stopped or by_hand)
        case HoldExpired(offer_id=offer_id):
            return replace(_end_hold(state, offer_id, OfferState.EXPIRED), waiting=True)
        case HoldDisplaced(offer_id=offer_id):
            return _end_hold(state, offer_id, OfferState.DISPLACED)
        case HouseholdAdmitted():
            return replace(state, admitted=True)
        case HouseholdDischarged():
            return replace(state, hold=None)
        case PlacementEnded(outcome=outcome):
            return replace(state, outcome=outcome)


def _hold(state: PlacementState, event: HoldPlaced) -> PlacementState:
    earlier = state.offers.get(event.offer_id)
    offer = Offer(
        offer_id=event.offer_id,
        shelter_id=event.shelter_id,
        units=event.units,
        state=OfferState.SENT if earlier is not None and earlier.sent else OfferState.HELD,
        deadline=event.deadline,
        sent=earlier is not None and earlier.sent,
    )
    offers = MappingProxyType({**state.offers, event.offer_id: offer})
    return replace(state, offers=offers, hold=event.offer_id, waiting=False)


def _offer(placement: PlacementState, offer_id: OfferId, **changes: Any) -> PlacementState:
    offer = replace(placement.offers[offer_id], **changes)
    return replace(placement, offers=MappingProxyType({**placement.offers, offer_id: offer}))


def _said_no(state: PlacementState, units: tuple[UnitId, ...], *, stops: bool) -> PlacementState:
    return replace(
        state,
        not_to_ask=state.not_to_ask.union(units),
        stopped=state.stopped or stops,
        stopped_by_a_no=state.stopped_by_a_no or stops,
    )


def _end_hold(state: PlacementState, offer_id: OfferId, ended: OfferState) -> PlacementState:
    """The places are free again. An answer already given (refused, declined) stays the offer's last word."""
    answered = state.offers[offer_id].state in (OfferState.REFUSED, OfferState.DECLINED)
    if not answered:
        state = _offer(state, offer_id, state=ended)
    return replace(state, hold=None, woman_accepted=False, proximity_checked_by_voice=False)
