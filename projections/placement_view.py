"""How a placement looks to the coordination: whole. What a house sees of it is `projections.offered_view`'s.

Pure functions from states to values that serialise as they stand. Nothing here reads a store or a clock, so
the same log gives the same bytes. The doors and the pages call it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import (
    AlarmKind,
    BridgeKind,
    CheckedBy,
    CorrectionReason,
    Escort,
    NeighbourAnswer,
    PlacementOutcome,
    ToConfirm,
)
from domain.placement.events import EntryCorrected
from domain.placement.state import Offer, OfferState, Phase, PlacementState
from domain.vocabulary import (
    AgeBand,
    AnswerChannel,
    AssessorRole,
    BridgeId,
    CaseId,
    Channel,
    Criterion,
    DistrictId,
    Feature,
    HeldUnit,
    IntakeMode,
    LevelFunction,
    MemberId,
    OfferId,
    OldestBoy,
    PlacementId,
    RiskAssessment,
    RiskBand,
    Setting,
    ShelterId,
    Urgency,
)
from projections.preservation_view import ValuesDestroyed


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferView:
    """One hold and the offer made on it, as the coordination sees it."""

    offer_id: OfferId
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    state: OfferState
    due_at: datetime
    sent: bool
    seen: bool
    conversation_until: datetime | None
    unanswered: bool
    answered_by: AnswerChannel | None
    confirmed_on_screen: bool
    late_yes: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseholdView:
    """Who needs a place: adults, and one age band per child."""

    adults: int
    children: tuple[AgeBand, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class BridgeView:
    """What carries the household until a place is found. `check_at`: when somebody next looks."""

    bridge_id: BridgeId
    kind: BridgeKind
    checked_by: CheckedBy
    check_at: datetime | None
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class NeighbourView:
    """A neighbouring network's desk that was asked, and its latest answer (null: awaited)."""

    member_id: MemberId
    answer: NeighbourAnswer | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmView:
    """What a person was called for, and whether somebody has taken it in hand."""

    kind: AlarmKind
    due_at: datetime
    taken: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverView:
    """When the household is expected and who brings it; where to is spoken, never written."""

    offer_id: OfferId
    expected_at: datetime
    escort: Escort


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionView:
    """An entry of this placement, its `version`-th, that was declared wrong; with WRONG_TIME when it really
    happened.
    """

    version: int
    reason: CorrectionReason
    true_occurred_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementView:
    """A placement as the coordination sees it. Zones, cases to keep apart and houses barred are counted,
    never listed.

    `safe_until` counts the bridge that stands; `to_confirm` is what the house holding places is asked by
    voice; `silences` are offers unanswered in time since a house last said anything.
    `values_destroyed`: what was kept for her can no longer be shown (null: it was not destroyed).
    """

    placement_id: PlacementId
    case_id: CaseId
    version: int
    phase: Phase
    urgency: Urgency
    urgency_set_by: AssessorRole | None
    channel: Channel
    intake_mode: IntakeMode
    level: LevelFunction
    household: HouseholdView
    oldest_boy: OldestBoy
    features_required: tuple[Feature, ...]
    criteria_met: tuple[Criterion, ...]
    zones_to_avoid_count: int
    apart_from_count: int
    houses_barred_count: int
    continuity_with: DistrictId | None
    risk: RiskBand
    assessed: RiskAssessment | None
    setting: Setting | None
    safe_until: datetime | None
    removal_considered: bool | None
    send_on: bool
    requested_at: datetime
    consent: bool
    stopped: bool
    hold: OfferId | None
    to_confirm: tuple[ToConfirm, ...]
    offers: tuple[OfferView, ...]
    silences: int
    woman_accepted: bool
    proximity_checked_by_voice: bool
    handover: HandoverView | None
    not_arrived: bool
    welfare_check_asked: bool
    bridge: BridgeView | None
    neighbours: tuple[NeighbourView, ...]
    alarms: tuple[AlarmView, ...]
    corrections: tuple[CorrectionView, ...]
    outcome: PlacementOutcome | None
    values_destroyed: ValuesDestroyed | None = None


def placement_view(placement_id: PlacementId, state: PlacementState, version: int) -> PlacementView:
    """The whole placement, for the coordination. It must have been requested."""
    request = state.request
    assert request is not None, "only a requested placement is shown"
    return PlacementView(
        placement_id=placement_id,
        case_id=request.case_id,
        version=version,
        phase=state.phase,
        urgency=request.urgency,
        urgency_set_by=request.urgency_set_by,
        channel=request.channel,
        intake_mode=request.intake_mode,
        level=request.level,
        household=HouseholdView(adults=request.household.adults, children=request.household.children),
        oldest_boy=request.oldest_boy,
        features_required=request.features_required,
        criteria_met=request.criteria_met,
        zones_to_avoid_count=len(request.zones_to_avoid),
        apart_from_count=len(request.apart_from),
        houses_barred_count=len(request.houses_barred),
        continuity_with=request.continuity_with,
        risk=request.risk,
        assessed=request.assessed,
        setting=request.setting,
        safe_until=state.safe_until,
        removal_considered=request.removal_considered,
        send_on=request.send_on,
        requested_at=request.occurred_at,
        consent=state.consent,
        stopped=state.stopped,
        hold=state.hold,
        to_confirm=_to_confirm(state),
        offers=tuple(_offer_view(offer) for offer in state.offers.values()),
        silences=state.silences,
        woman_accepted=state.woman_accepted,
        proximity_checked_by_voice=state.proximity_checked_by_voice,
        handover=_handover_view(state),
        not_arrived=state.not_arrived,
        welfare_check_asked=state.welfare_check_asked,
        bridge=_bridge_view(state),
        neighbours=tuple(
            NeighbourView(member_id=member_id, answer=answer)
            for member_id, answer in state.neighbours.items()
        ),
        alarms=tuple(
            AlarmView(kind=alarm.kind, due_at=alarm.due_at, taken=taken)
            for alarm, taken in state.alarms.items()
        ),
        corrections=tuple(correction_view(each) for each in state.corrections.values()),
        outcome=state.outcome,
    )


def correction_view(corrected: EntryCorrected) -> CorrectionView:
    return CorrectionView(
        version=corrected.version,
        reason=corrected.reason,
        true_occurred_at=corrected.true_occurred_at,
    )


def _to_confirm(state: PlacementState) -> tuple[ToConfirm, ...]:
    """What the latest ranking did not know of the places held."""
    held, ranking = state.held, state.ranking
    if held is None or ranking is None or state.admitted:
        return ()
    return next((each.to_confirm for each in ranking.best if each.units == held.units), ())


def _handover_view(state: PlacementState) -> HandoverView | None:
    agreed = state.handover
    if agreed is None:
        return None
    return HandoverView(offer_id=agreed.offer_id, expected_at=agreed.expected_at, escort=agreed.escort)


def _bridge_view(state: PlacementState) -> BridgeView | None:
    bridge = state.bridge
    if bridge is None:
        return None
    return BridgeView(
        bridge_id=bridge.bridge_id,
        kind=bridge.kind,
        checked_by=bridge.checked_by,
        check_at=bridge.check_at,
        until=bridge.until,
    )


def _offer_view(offer: Offer) -> OfferView:
    return OfferView(
        offer_id=offer.offer_id,
        shelter_id=offer.shelter_id,
        units=offer.units,
        state=offer.state,
        due_at=offer.due_at,
        sent=offer.sent,
        seen=offer.seen,
        conversation_until=offer.conversation_until,
        unanswered=offer.unanswered,
        answered_by=offer.channel,
        confirmed_on_screen=offer.confirmed,
        late_yes=offer.late_yes,
    )
