"""Samples of the events that came after the first release of the record: requests said in full and entered
anew, the choice of a candidate, roads out of a refusal, bridges, arrivals, terms, agreements.

They follow the same rule as `samples`, which lists them after its own: never changed, new ones at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.codes import (
    AlarmKind,
    AskAgainReason,
    BridgeEnd,
    BridgeKind,
    CheckedBy,
    ChoiceReason,
    CorrectionReason,
    Escort,
    LateReason,
    NeighbourAnswer,
    PlacementOutcome,
    ReleaseCause,
    RevisionReason,
    SplitDestination,
    ToConfirm,
    UrgencyReason,
)
from domain.event import Event
from domain.network import PolicyAdopted, ZoneDrawn
from domain.placement.events import (
    AdmissionByDirectAgreement,
    AlarmRaised,
    AlarmTaken,
    BridgeArranged,
    BridgeChecked,
    BridgeEnded,
    CandidatesRanked,
    DecisionTaken,
    EntryCorrected,
    ExclusionCount,
    ExtraordinaryAdmission,
    HandoverAgreed,
    HoldReleased,
    HouseholdNotArrived,
    HouseholdRevised,
    HouseholdSplitAgreed,
    LateAcceptanceRecorded,
    MayBeAskedAgain,
    NeighbourAnswered,
    NeighbourAsked,
    PlacementEnded,
    PlacementRequested,
    RankedCandidate,
    RiskAssessed,
    SafetyRevised,
    SafeUntilRevised,
    UrgencyChanged,
)
from domain.policy import Policy, Weights
from domain.shelter import AgreementEnded, RegisterStatusChanged
from domain.unit import AvailabilityCorrected, OccupiedDirectly, TermsDeclared
from domain.vocabulary import (
    AgeBand,
    AnswerChannel,
    AssessorRole,
    Channel,
    Criterion,
    Feature,
    Household,
    IntakeMode,
    LevelFunction,
    OldestBoy,
    RegisterStatus,
    RiskAssessment,
    RiskBand,
    RiskTool,
    Setting,
    Urgency,
)
from tests.vectors.named import (
    BED,
    BRIDGE,
    CASE,
    COT,
    DAY,
    DISTRICT,
    HELD,
    MEMBER,
    OFFER,
    OTHER_BED,
    OTHER_CASE,
    OTHER_UNIT,
    PLACEMENT,
    RIVAL,
    SHELTER,
    TO_THE_MICROSECOND,
    UNIT,
    WHOLE_SECOND,
    ZONES,
)

ASSESSED = RiskAssessment(
    tool=RiskTool.DANGER_ASSESSMENT, tool_version="dvr-2", assessor=AssessorRole.CAV_WORKER, assessed_on=DAY
)
_POLICY = Policy(
    version="festivi-2",
    ranker="rank_1",
    offer_minutes_u1=12,
    offer_minutes_u2=35,
    offer_minutes_u3=200,
    offer_hour_u4=11,
    conversation_minutes=25,
    fresh_hours=8,
    stale_hours=36,
    weights=Weights(
        spare_place=9,
        ageing_availability=4,
        stale_availability=33,
        spare_feature=2,
        extra_unit=27,
        pending_offer=6,
        wrong_availability=31,
        other_district=55,
    ),
    no_place_minutes=15,
    silent_offers=3,
    safe_until_lead_minutes=90,
    arrival_grace_minutes=45,
)

LATER: Mapping[str, Event] = {
    "policy adopted, with alarms": PolicyAdopted(policy=_POLICY, valid_from=DAY),
    "zone drawn": ZoneDrawn(zone_id=ZONES[0]),
    "agreement ended": AgreementEnded(district_id=DISTRICT, valid_to=date(2026, 12, 31)),
    "register status changed": RegisterStatusChanged(register_status=RegisterStatus.TRANSITIONAL),
    "terms declared": TermsDeclared(
        children_most=3,
        boys_up_to=AgeBand.AGE_11_13,
        risk_up_to=RiskBand.HIGH,
        criteria=(Criterion.INTERVIEW_FIRST, Criterion.FEE_COMMITTED),
    ),
    "terms declared, none": TermsDeclared(children_most=None, boys_up_to=None, risk_up_to=None, criteria=()),
    "availability corrected": AvailabilityCorrected(open_places=(BED,), observed_at=WHOLE_SECOND),
    "availability corrected to nothing": AvailabilityCorrected(
        open_places=(), observed_at=TO_THE_MICROSECOND
    ),
    "occupied directly": OccupiedDirectly(placement_id=PLACEMENT, places=(BED, COT), contested=()),
    "occupied directly beside a stay": OccupiedDirectly(
        placement_id=PLACEMENT, places=(), contested=(OTHER_BED,)
    ),
    "placement requested, all said": PlacementRequested(
        case_id=CASE,
        channel=Channel.SOCIAL_EMERGENCY_SERVICE,
        urgency=Urgency.U1,
        intake_mode=IntakeMode.EMERGENCY,
        level=LevelFunction.EMERGENCY_RECEPTION,
        household=Household(adults=1, children=(AgeBand.AGE_0_2, AgeBand.AGE_14_17)),
        features_required=(Feature.STAFFED_AT_NIGHT,),
        zones_to_avoid=ZONES,
        risk=RiskBand.IMMEDIATE,
        setting=Setting.WITH_PERPETRATOR,
        safe_until=TO_THE_MICROSECOND,
        removal_considered=True,
        send_on=True,
        occurred_at=WHOLE_SECOND,
        urgency_set_by=AssessorRole.CAV_WORKER,
        oldest_boy=OldestBoy.AGE_14_17,
        criteria_met=(Criterion.SELF_SUFFICIENT,),
        assessed=ASSESSED,
        apart_from=(OTHER_CASE,),
        houses_barred=(SHELTER,),
        continuity_with=DISTRICT,
    ),
    "placement requested, nothing said": PlacementRequested(
        case_id=CASE,
        channel=Channel.SELF_VIA_CAV,
        urgency=Urgency.U3,
        intake_mode=IntakeMode.PLANNED_URGENT,
        level=LevelFunction.FIRST_LEVEL,
        household=Household(adults=1),
        features_required=(),
        zones_to_avoid=(),
        risk=RiskBand.NOT_ASSESSED,
        setting=None,
        safe_until=None,
        removal_considered=None,
        send_on=False,
        occurred_at=TO_THE_MICROSECOND,
    ),
    "placement requested, removal refused": PlacementRequested(
        case_id=CASE,
        channel=Channel.LAW_ENFORCEMENT,
        urgency=Urgency.U2,
        intake_mode=IntakeMode.MEDIUM_LONG,
        level=LevelFunction.SECOND_LEVEL,
        household=Household(adults=2, children=(AgeBand.AGE_3_5,)),
        features_required=(),
        zones_to_avoid=(),
        risk=RiskBand.LOW,
        setting=Setting.POLICE,
        safe_until=WHOLE_SECOND,
        removal_considered=False,
        send_on=False,
        occurred_at=WHOLE_SECOND,
        oldest_boy=OldestBoy.NO_BOY,
    ),
    "urgency changed": UrgencyChanged(
        urgency=Urgency.U1,
        set_by=AssessorRole.CAV_WORKER,
        reason=UrgencyReason.PERPETRATOR_RELEASED,
        occurred_at=WHOLE_SECOND,
    ),
    "risk assessed": RiskAssessed(risk=RiskBand.HIGH, assessed=ASSESSED, occurred_at=TO_THE_MICROSECOND),
    "household revised": HouseholdRevised(
        household=Household(adults=1, children=(AgeBand.AGE_11_13,)),
        oldest_boy=OldestBoy.AGE_11_13,
        features_required=(Feature.STEP_FREE,),
        criteria_met=(Criterion.CAV_IN_CHARGE,),
        reason=RevisionReason.CHILD_JOINED,
        occurred_at=WHOLE_SECOND,
    ),
    "household revised to her alone": HouseholdRevised(
        household=Household(adults=1),
        oldest_boy=OldestBoy.NO_BOY,
        features_required=(),
        criteria_met=(),
        reason=RevisionReason.ENTERED_WRONGLY,
        occurred_at=TO_THE_MICROSECOND,
    ),
    "household split agreed": HouseholdSplitAgreed(
        household=Household(adults=1, children=(AgeBand.AGE_0_2,)),
        oldest_boy=OldestBoy.AGE_0_2,
        apart=Household(adults=0, children=(AgeBand.AGE_14_17,)),
        destination=SplitDestination.RELATIVES,
        occurred_at=WHOLE_SECOND,
    ),
    "safety revised": SafetyRevised(
        zones_to_avoid=ZONES, apart_from=(OTHER_CASE,), houses_barred=(SHELTER,), occurred_at=WHOLE_SECOND
    ),
    "safety revised, nothing left": SafetyRevised(
        zones_to_avoid=(), apart_from=(), houses_barred=(), occurred_at=TO_THE_MICROSECOND
    ),
    "safe until revised": SafeUntilRevised(
        setting=Setting.EMERGENCY_DEPARTMENT, safe_until=TO_THE_MICROSECOND, occurred_at=WHOLE_SECOND
    ),
    "safe until revised, not known": SafeUntilRevised(
        setting=None, safe_until=None, occurred_at=TO_THE_MICROSECOND
    ),
    "candidates ranked, some to be confirmed": CandidatesRanked(
        position=4711,
        ranker="rank_1",
        policy="start-1",
        decided_at=TO_THE_MICROSECOND,
        units_seen=12,
        eligible=1,
        to_be_confirmed=1,
        excluded=(ExclusionCount(code="OCCUPIED", units=8), ExclusionCount(code="OWED", units=2)),
        best=(
            RankedCandidate(
                shelter_id=SHELTER,
                units=HELD,
                penalty=25,
                spare_places=1,
                availability_age_minutes=185,
                expires=(RIVAL,),
                to_confirm=(ToConfirm.AVAILABILITY_OLD, ToConfirm.FEE_COMMITTED),
            ),
            RankedCandidate(
                shelter_id=SHELTER,
                units=(),
                penalty=-7,
                spare_places=0,
                availability_age_minutes=0,
                expires=(),
                to_confirm=(),
            ),
        ),
        digest="a7" * 32,
    ),
    "candidates ranked, none left": CandidatesRanked(
        position=0,
        ranker="rank_1",
        policy="start-1",
        decided_at=WHOLE_SECOND,
        units_seen=0,
        eligible=0,
        to_be_confirmed=0,
        excluded=(),
        best=(),
        digest="00" * 32,
    ),
    "decision taken": DecisionTaken(
        offer_id=OFFER,
        digest="a7" * 32,
        choice=2,
        reason=ChoiceReason.HER_WISH,
        automatic=False,
        shown_position=4711,
        page="coda-1",
        availability_age_minutes=185,
    ),
    "decision taken by itself": DecisionTaken(
        offer_id=OFFER,
        digest="00" * 32,
        choice=1,
        reason=None,
        automatic=True,
        shown_position=None,
        page=None,
        availability_age_minutes=0,
    ),
    "may be asked again": MayBeAskedAgain(units=(UNIT, OTHER_UNIT), reason=AskAgainReason.REASON_GONE),
    "may be asked again, no unit": MayBeAskedAgain(units=(), reason=AskAgainReason.SHE_CHANGED_HER_MIND),
    "hold released, unanswered": HoldReleased(offer_id=OFFER, cause=ReleaseCause.UNANSWERED),
    "late acceptance, owed to another": LateAcceptanceRecorded(
        offer_id=OFFER,
        channel=AnswerChannel.SCREEN,
        reason=LateReason.OWED_TO_ANOTHER,
        occurred_at=TO_THE_MICROSECOND,
    ),
    "neighbour asked": NeighbourAsked(member_id=MEMBER, occurred_at=WHOLE_SECOND),
    "neighbour answered": NeighbourAnswered(
        member_id=MEMBER, answer=NeighbourAnswer.NO, occurred_at=TO_THE_MICROSECOND
    ),
    "bridge arranged": BridgeArranged(
        bridge_id=BRIDGE,
        kind=BridgeKind.VETTED_HOTEL_WITH_ESCORT,
        checked_by=CheckedBy.SOCIAL_SERVICES,
        check_at=WHOLE_SECOND,
        until=TO_THE_MICROSECOND,
        occurred_at=WHOLE_SECOND,
    ),
    "bridge checked": BridgeChecked(
        bridge_id=BRIDGE, holds=True, check_at=TO_THE_MICROSECOND, occurred_at=WHOLE_SECOND
    ),
    "bridge checked, it carries no more": BridgeChecked(
        bridge_id=BRIDGE, holds=False, check_at=None, occurred_at=TO_THE_MICROSECOND
    ),
    "bridge ended": BridgeEnded(bridge_id=BRIDGE, cause=BridgeEnd.PLACE_FOUND, occurred_at=WHOLE_SECOND),
    "alarm raised": AlarmRaised(kind=AlarmKind.SAFE_UNTIL, due_at=WHOLE_SECOND),
    "alarm taken": AlarmTaken(kind=AlarmKind.LATE_ARRIVAL, due_at=TO_THE_MICROSECOND),
    "handover agreed": HandoverAgreed(
        offer_id=OFFER,
        expected_at=TO_THE_MICROSECOND,
        escort=Escort.LAW_ENFORCEMENT,
        occurred_at=WHOLE_SECOND,
    ),
    "household not arrived": HouseholdNotArrived(
        offer_id=OFFER, welfare_check_asked=True, occurred_at=WHOLE_SECOND
    ),
    "household not arrived, nobody sent": HouseholdNotArrived(
        offer_id=OFFER, welfare_check_asked=False, occurred_at=TO_THE_MICROSECOND
    ),
    "admission by direct agreement": AdmissionByDirectAgreement(
        offer_id=OFFER, shelter_id=SHELTER, units=HELD, occurred_at=WHOLE_SECOND
    ),
    "admission by direct agreement, no unit": AdmissionByDirectAgreement(
        offer_id=OFFER, shelter_id=SHELTER, units=(), occurred_at=TO_THE_MICROSECOND
    ),
    "extraordinary admission": ExtraordinaryAdmission(
        offer_id=OFFER, shelter_id=SHELTER, units=HELD, without_place=2, occurred_at=WHOLE_SECOND
    ),
    "extraordinary admission, no unit": ExtraordinaryAdmission(
        offer_id=OFFER, shelter_id=SHELTER, units=(), without_place=1, occurred_at=TO_THE_MICROSECOND
    ),
    "entry corrected": EntryCorrected(
        version=7, reason=CorrectionReason.WRONG_TIME, true_occurred_at=TO_THE_MICROSECOND
    ),
    "entry corrected, another's": EntryCorrected(
        version=3, reason=CorrectionReason.WRONG_PLACEMENT, true_occurred_at=None
    ),
    "placement ended, placed by a neighbour": PlacementEnded(outcome=PlacementOutcome.PLACED_BY_NEIGHBOUR),
}
