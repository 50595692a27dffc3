"""What a placement is now, folded from its events: `initial` and `evolve`. Who decides is `decide` and
`domain.coordination`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, TypeVar

from domain.codes import NeighbourAnswer, PlacementOutcome, ReleaseCause
from domain.placement.events import (
    AdmissionByDirectAgreement,
    AlarmRaised,
    AlarmTaken,
    BridgeArranged,
    BridgeChecked,
    BridgeEnded,
    CandidatesRanked,
    ConversationOpened,
    DecisionTaken,
    EntryCorrected,
    ExtraordinaryAdmission,
    HandoverAgreed,
    HoldDisplaced,
    HoldExpired,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    HouseholdDischarged,
    HouseholdNotArrived,
    HouseholdRevised,
    HouseholdSplitAgreed,
    LateAcceptanceRecorded,
    LeftWaiting,
    MayBeAskedAgain,
    NeighbourAnswered,
    NeighbourAsked,
    OfferAccepted,
    OfferRefused,
    OfferSeen,
    OfferSent,
    OfferUnanswered,
    PlacementEnded,
    PlacementEvent,
    PlacementRequested,
    RiskAssessed,
    SafetyRevised,
    SafeUntilRevised,
    SearchConsented,
    SearchConsentWithdrawn,
    SearchResumed,
    TelephoneAcceptanceConfirmed,
    UrgencyChanged,
    WomanAccepted,
    WomanDeclined,
)
from domain.placement.standing import Alarm, Bridge, Offer, OfferState, Phase
from domain.vocabulary import BridgeId, MemberId, OfferId, UnitId

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

__all__ = ["Alarm", "Bridge", "Offer", "OfferState", "Phase", "PlacementState", "evolve", "initial"]


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
    handover: HandoverAgreed | None = None
    """When the household of the hold that stands is expected."""
    not_arrived: bool = False
    welfare_check_asked: bool = False
    """Of a household that had not arrived."""
    admitted: bool = False
    outcome: PlacementOutcome | None = None
    ranking: CandidatesRanked | None = None
    """The latest."""
    silent_at: tuple[datetime, ...] = ()
    """When each offer ran out that nobody answered in time, since a house last answered."""
    refused_at: datetime | None = None
    """When a house last said no."""
    bridges: Mapping[BridgeId, Bridge] = field(default_factory=lambda: MappingProxyType({}))
    neighbours: Mapping[MemberId, NeighbourAnswer | None] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Desks asked, with their latest answer; None while it is awaited."""
    alarms: Mapping[Alarm, bool] = field(default_factory=lambda: MappingProxyType({}))
    """Every alarm raised, and whether a person has taken it in hand."""
    corrections: Mapping[int, EntryCorrected] = field(default_factory=lambda: MappingProxyType({}))
    """The latest correction of each version of this stream that was declared wrong."""

    @property
    def corrected(self) -> frozenset[int]:
        """Versions of this stream that were declared wrong."""
        return frozenset(self.corrections)

    @property
    def silences(self) -> int:
        """Offers that nobody answered in time, since a house last answered."""
        return len(self.silent_at)

    @property
    def seeks(self) -> bool:
        """Whether a place is still sought by itself: asked for, without a hold, not stopped for a person."""
        return (
            self.hold is None
            and self.request is not None
            and not (self.stopped or self.admitted or self.outcome is not None)
        )

    @property
    def bridge(self) -> Bridge | None:
        """The bridge that carries the household now."""
        return next((bridge for bridge in self.bridges.values() if bridge.stands), None)

    @property
    def safe_until(self) -> datetime | None:
        """Until when she is safe where she is, a bridge that stands included."""
        said = self.request.safe_until if self.request is not None else None
        bridge = self.bridge
        return said if bridge is None else max(bridge.until, said or bridge.until)

    @property
    def asked_before(self) -> frozenset[UnitId]:
        """Units whose hold had no answer: others come first when it is ranked again."""
        return frozenset(
            held.unit_id
            for offer in self.offers.values()
            if offer.unanswered or offer.state in (OfferState.RELEASED, OfferState.EXPIRED)
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
        case CandidatesRanked():
            return replace(state, ranking=event)
        case DecisionTaken(offer_id=offer_id):
            return _offer(state, offer_id, decided=True)
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
        case OfferUnanswered(offer_id=offer_id, deadline=deadline):
            silent_at = (deadline,) if state.offers[offer_id].sent else ()
            state = _offer(state, offer_id, unanswered=True)
            return replace(state, silent_at=(*state.silent_at, *silent_at))
        case OfferAccepted(offer_id=offer_id, channel=channel, occurred_at=accepted_at):
            yes = OfferState.ACCEPTED
            state = _offer(state, offer_id, state=yes, channel=channel, accepted_at=accepted_at)
            return replace(state, silent_at=())
        case TelephoneAcceptanceConfirmed(offer_id=offer_id):
            return _offer(state, offer_id, confirmed=True)
        case OfferRefused(offer_id=offer_id, units=units, stops=stops, occurred_at=refused_at):
            state = _offer(state, offer_id, state=OfferState.REFUSED)
            return replace(_said_no(state, units, stops=stops), silent_at=(), refused_at=refused_at)
        case WomanDeclined(offer_id=offer_id, units=units, stops=stops):
            state = _offer(state, offer_id, state=OfferState.DECLINED)
            return _said_no(state, units, stops=stops)
        case LateAcceptanceRecorded(offer_id=offer_id, occurred_at=late_yes_at):
            return replace(_offer(state, offer_id, late_yes_at=late_yes_at), silent_at=())
        case WomanAccepted(proximity_checked_by_voice=checked):
            return replace(state, woman_accepted=True, proximity_checked_by_voice=checked)
        case SearchResumed():
            return replace(state, stopped=False, stopped_by_a_no=False)
        case HoldReleased(offer_id=offer_id, cause=cause):
            by_hand = cause in (ReleaseCause.RELEASED_BY_COORDINATOR, ReleaseCause.NOT_ARRIVED)
            state = _end_hold(state, offer_id, OfferState.RELEASED, by_hand=by_hand)
            return replace(state, stopped=state.stopped or by_hand)
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
        case MayBeAskedAgain(units=units):
            return replace(state, not_to_ask=state.not_to_ask.difference(units))
        case HandoverAgreed():
            return replace(state, handover=event, not_arrived=False, welfare_check_asked=False)
        case HouseholdNotArrived(welfare_check_asked=asked):
            return replace(state, not_arrived=True, welfare_check_asked=state.welfare_check_asked or asked)
        case AdmissionByDirectAgreement() | ExtraordinaryAdmission():
            return _admit_directly(state, event)
        case EntryCorrected(version=version):
            return replace(state, corrections=_with(state.corrections, version, event))
        case (
            UrgencyChanged()
            | RiskAssessed()
            | HouseholdRevised()
            | HouseholdSplitAgreed()
            | SafetyRevised()
            | SafeUntilRevised()
        ):
            return _ask_anew(state, event)
        case (
            NeighbourAsked()
            | NeighbourAnswered()
            | BridgeArranged()
            | BridgeChecked()
            | BridgeEnded()
            | AlarmRaised()
            | AlarmTaken()
        ):
            return _bridge(state, event)


def _ask_anew(
    state: PlacementState,
    event: UrgencyChanged
    | RiskAssessed
    | HouseholdRevised
    | HouseholdSplitAgreed
    | SafetyRevised
    | SafeUntilRevised,
) -> PlacementState:
    """The request as it reads from now on: what the event names replaces what stood there."""
    assert state.request is not None, "only what was asked for is entered anew"
    names = {each.name for each in fields(PlacementRequested)} - {"occurred_at"}
    changed = {each.name: getattr(event, each.name) for each in fields(event) if each.name in names}
    if isinstance(event, UrgencyChanged):
        changed["urgency_set_by"] = event.set_by
    return replace(state, request=replace(state.request, **changed))


def _bridge(
    state: PlacementState,
    event: NeighbourAsked
    | NeighbourAnswered
    | BridgeArranged
    | BridgeChecked
    | BridgeEnded
    | AlarmRaised
    | AlarmTaken,
) -> PlacementState:
    match event:
        case NeighbourAsked(member_id=member_id):
            return replace(state, neighbours=_with(state.neighbours, member_id, None))
        case NeighbourAnswered(member_id=member_id, answer=answer):
            return replace(state, neighbours=_with(state.neighbours, member_id, answer))
        case BridgeArranged():
            bridge = Bridge(
                bridge_id=event.bridge_id,
                kind=event.kind,
                checked_by=event.checked_by,
                check_at=event.check_at,
                until=event.until,
            )
            return replace(state, bridges=_with(state.bridges, event.bridge_id, bridge))
        case BridgeChecked(bridge_id=bridge_id, check_at=check_at, occurred_at=checked_at):
            bridge = replace(state.bridges[bridge_id], check_at=check_at, checked_at=checked_at)
            return replace(state, bridges=_with(state.bridges, bridge_id, bridge))
        case BridgeEnded(bridge_id=bridge_id):
            bridge = replace(state.bridges[bridge_id], check_at=None, stands=False)
            return replace(state, bridges=_with(state.bridges, bridge_id, bridge))
        case AlarmRaised(kind=kind, due_at=due_at):
            return replace(state, alarms=_with(state.alarms, Alarm(kind, due_at), False))
        case AlarmTaken(kind=kind, due_at=due_at):
            return replace(state, alarms=_with(state.alarms, Alarm(kind, due_at), True))


def _admit_directly(
    state: PlacementState, event: AdmissionByDirectAgreement | ExtraordinaryAdmission
) -> PlacementState:
    offer = Offer(
        offer_id=event.offer_id,
        shelter_id=event.shelter_id,
        units=event.units,
        state=OfferState.ACCEPTED,
        deadline=event.occurred_at,
        without_place=event.without_place if isinstance(event, ExtraordinaryAdmission) else 0,
    )
    offers = _with(state.offers, event.offer_id, offer)
    return replace(state, offers=offers, hold=event.offer_id, admitted=True, waiting=False)


def _with(known: Mapping[_Key, _Value], key: _Key, value: _Value) -> Mapping[_Key, _Value]:
    return MappingProxyType({**known, key: value})


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
    offers = _with(state.offers, event.offer_id, offer)
    return replace(state, offers=offers, hold=event.offer_id, waiting=False)


def _offer(placement: PlacementState, offer_id: OfferId, **changes: Any) -> PlacementState:
    offer = replace(placement.offers[offer_id], **changes)
    return replace(placement, offers=_with(placement.offers, offer_id, offer))


def _said_no(state: PlacementState, units: tuple[UnitId, ...], *, stops: bool) -> PlacementState:
    return replace(
        state,
        not_to_ask=state.not_to_ask.union(units),
        stopped=state.stopped or stops,
        stopped_by_a_no=state.stopped_by_a_no or stops,
    )


def _end_hold(
    state: PlacementState, offer_id: OfferId, ended: OfferState, *, by_hand: bool = False
) -> PlacementState:
    """The places are free again. An answer already given (refused, declined) stays the offer's last word."""
    offer = state.offers[offer_id]
    lost = offer.accepted_at is not None and not by_hand and offer.state is not OfferState.DECLINED
    answered = offer.state in (OfferState.REFUSED, OfferState.DECLINED)
    state = _offer(state, offer_id, state=offer.state if answered else ended, lost=lost)
    return replace(
        state,
        hold=None,
        woman_accepted=False,
        proximity_checked_by_voice=False,
        handover=None,
        not_arrived=False,
        welfare_check_asked=False,
    )
