"""Every refusal can be met, and where several hold the first of the list is the one returned.

Each ladder is one command at fault in several ways at once; taking the faults away from the first on, each
refusal shows in its turn until the command applies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.codes import (
    AlarmKind,
    AskAgainReason,
    BridgeEnd,
    BridgeKind,
    CheckedBy,
    ChoiceReason,
    CorrectionReason,
    DeclineGroup,
    DischargeOutcome,
    Escort,
    NeighbourAnswer,
    PauseReason,
    PlacementOutcome,
    RefusalGroup,
    ReleaseCause,
    RevisionReason,
    SplitDestination,
    UrgencyReason,
)
from domain.coordination.answering import AcceptOffer, DeclineOffer, RefuseOffer
from domain.coordination.arriving import AgreeHandover, RecordNotArrived
from domain.coordination.asking_again import AllowAskingAgain
from domain.coordination.correcting import CorrectEntry
from domain.coordination.ending import CloseRequest, ReleaseHold, WithdrawConsent
from domain.coordination.moving_on import ChooseAnother
from domain.coordination.reality import RecordOutsideOccupancy
from domain.coordination.requesting import SearchAgain
from domain.coordination.revising import (
    AgreeHouseholdSplit,
    AssessRisk,
    ChangeUrgency,
    ReviseHousehold,
    ReviseSafety,
    ReviseSafeUntil,
)
from domain.coordination.staying import AdmitHousehold, DischargeHousehold
from domain.network import (
    AddDistrict,
    AddMember,
    AdoptPolicy,
    BearNetwork,
    DefineLevel,
    NetworkBorn,
    RemoveMember,
)
from domain.placement.alarms import RaiseAlarm, TakeAlarm
from domain.placement.bridging import (
    ArrangeBridge,
    AskNeighbour,
    CheckBridge,
    EndBridge,
    RecordNeighbourAnswer,
)
from domain.placement.commands import (
    AcceptAsWoman,
    ConfirmAcceptance,
    MarkOfferSeen,
    MarkUnanswered,
    OpenConversation,
    SendOffer,
)
from domain.placement.events import AlarmRaised, NeighbourAsked, PlacementEnded
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.shelter import EndAgreement, PauseIntake
from domain.unit import (
    CorrectAvailability,
    DeclareTerms,
    EndOutsideOccupancy,
    InventoryOpened,
    OpeningOccupancy,
    OpenInventory,
    PublishAvailability,
)
from domain.vocabulary import (
    AnswerChannel,
    AssessorRole,
    BridgeId,
    CaseId,
    Channel,
    DistrictId,
    Household,
    LevelFunction,
    LogKind,
    MemberId,
    MemberKind,
    OccupancyId,
    OfferId,
    OldestBoy,
    PlacementId,
    RiskAssessment,
    RiskBand,
    RiskTool,
    ShelterId,
    Side,
    StayLimit,
    Urgency,
    ZoneId,
)
from domain.withheld import RefusalCode
from domain.world import Decision
from tests.domain.test_shelter import REGISTER as REGISTER_HOUSE
from tests.domain.test_unit import REGISTER as REGISTER_UNIT
from tests.support.night import (
    ASKED,
    BRIDGE,
    CASE,
    DISTRICT,
    GUESTS,
    HOUSE,
    NEIGHBOUR,
    OFFER,
    OTHER_ROOM,
    ROOM,
    SECOND_BRIDGE,
    SECOND_OFFER,
    ZONES,
    a_house,
    a_house_with_a_room,
    a_network,
    a_room,
    a_stay,
    bed,
    bridged,
    given_back,
    held,
    holding,
    request,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NETWORK, NOW, Scene, given

LATER = NOW + timedelta(seconds=1)
NOBODY = UUID(int=0x99)
NEW_YEAR = date(2026, 1, 1)

NOT_BORN = given()
BORN = given([(NETWORK, NetworkBorn(kind=LogKind.EXERCISE, code="n", time_zone="Europe/Rome"))])
SET_UP = given(a_house_with_a_room())
WAITS = given(SET_UP.history, requested())
HELD = given(WAITS.history, holding())
OFFERED = given(HELD.history, sent())
ACCEPTED = given(OFFERED.history, said_yes())
AGREED = given(ACCEPTED.history, she_said_yes())
STAYS = given(SET_UP.history, a_stay())
ENDED = STAYS.when(
    DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW)
).done()
NO = RefuseOffer(
    placement_id=ASKED,
    offer_id=OFFER,
    channel=AnswerChannel.SCREEN,
    shown=RefusalGroup.SAFETY,
    commitment=None,
    occurred_at=NOW,
)
HER_NO = DeclineOffer(
    placement_id=ASKED, offer_id=OFFER, shown=DeclineGroup.NOT_SAID, commitment=None, occurred_at=NOW
)
YES = AcceptOffer(placement_id=ASKED, offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW)
REFUSED = OFFERED.when(NO).done()
UNCONSENTED = given(SET_UP.history, requested(consented=False), holding())
STOPPED_WITH_A_HOLD = given(
    OFFERED.history,
    a_room(OTHER_ROOM),
    given_back(),
    holding(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM), offer_id=SECOND_OFFER),
)
OVER = given(OFFERED.history, given_back())
AHEAD = NOW + timedelta(hours=1)
ASSESSED = RiskAssessment(
    tool=RiskTool.DA5, tool_version="1", assessor=AssessorRole.HEALTH_WORKER, assessed_on=NEW_YEAR
)
WITHDRAWN = [(ASKED, PlacementEnded(outcome=PlacementOutcome.CONSENT_WITHDRAWN))]
TWO_ADULTS = given(SET_UP.history, requested(household=Household(adults=2)))
TWO_ADULTS_GONE = given(TWO_ADULTS.history, WITHDRAWN)
CARRIED = given(WAITS.history, bridged())
BRIDGE_OVER = CARRIED.when(
    EndBridge(placement_id=ASKED, bridge_id=BRIDGE, cause=BridgeEnd.TIME_OVER, occurred_at=NOW)
).done()
NEIGHBOUR_ASKED = given(WAITS.history, [(ASKED, NeighbourAsked(member_id=NEIGHBOUR, occurred_at=NOW))])
NO_PLACE_AT = NOW - timedelta(minutes=40)
ALARMED = given(WAITS.history, [(ASKED, AlarmRaised(kind=AlarmKind.NO_PLACE_YET, due_at=NO_PLACE_AT))])


@dataclass(frozen=True)
class Rung:
    """With these changes to the command, in this world, it is refused so."""

    refusal: Refusal
    changes: dict[str, Any]
    scene: Scene | None = None


@dataclass(frozen=True)
class Ladder:
    """`command` applies in `scene`; every rung adds its fault to those of the rungs below it."""

    command: Any
    scene: Scene
    rungs: tuple[Rung, ...]
    on: UUID = ASKED


def rung(refusal: Refusal, scene: Scene | None = None, **changes: Any) -> Rung:
    return Rung(refusal, changes, scene)


R = Refusal
LADDERS = {
    "bear a network": Ladder(
        BearNetwork(kind=LogKind.REAL, code="n", time_zone="Europe/Rome"),
        NOT_BORN,
        (rung(R.NETWORK_ALREADY_BORN, BORN), rung(R.CODE_MALFORMED, code="N")),
        NETWORK,
    ),
    "add a district": Ladder(
        AddDistrict(
            district_id=DistrictId(NOBODY), code="two", municipalities=("012070",), valid_from=NEW_YEAR
        ),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.CODE_MALFORMED, code="Two"),
            rung(R.CODE_ALREADY_USED, district_id=DISTRICT),
            rung(R.MUNICIPALITY_ALREADY_ASSIGNED, municipalities=("012026",)),
        ),
        NETWORK,
    ),
    "add a member": Ladder(
        AddMember(member_id=MemberId(NOBODY), kind=MemberKind.CAV, code="cav", valid_from=NEW_YEAR),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.CODE_MALFORMED, code="Cav"),
            rung(R.CODE_ALREADY_USED, code="body"),
        ),
        NETWORK,
    ),
    "define a level": Ladder(
        DefineLevel(code="l9", function=LevelFunction.FIRST_LEVEL, stay_limit=StayLimit(days=1)),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.CODE_MALFORMED, code="L9"),
            rung(R.STAY_LIMIT_MALFORMED, stay_limit=StayLimit()),
        ),
        NETWORK,
    ),
    "adopt a policy": Ladder(
        AdoptPolicy(policy=replace(START_POLICY, version="v2"), valid_from=NEW_YEAR),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.POLICY_MALFORMED, policy=replace(START_POLICY, ranker="rank_0")),
            rung(R.CODE_ALREADY_USED, policy=replace(START_POLICY, offer_minutes_u1=9)),
            rung(R.OCCURRED_IN_THE_FUTURE, valid_from=date(2027, 1, 1)),
        ),
        NETWORK,
    ),
    "register a house": Ladder(
        REGISTER_HOUSE,
        given(a_network()),
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.DISTRICT_UNKNOWN, district_id=DistrictId(NOBODY)),
            rung(R.MEMBER_UNKNOWN, member_id=MemberId(NOBODY)),
            rung(R.CODE_MALFORMED, code="NO"),
            rung(R.CODE_ALREADY_USED, SET_UP),
        ),
        HOUSE,
    ),
    "register a unit": Ladder(
        REGISTER_UNIT,
        given(a_network(), a_house()),
        (
            rung(R.SHELTER_UNKNOWN, shelter_id=ShelterId(NOBODY)),
            rung(R.LEVEL_UNKNOWN, level="l9"),
            rung(R.ZONE_UNKNOWN, unsuitable_zones=(ZoneId(NOBODY),)),
            rung(R.CODE_MALFORMED, code="NO"),
            rung(R.CODE_ALREADY_USED, SET_UP),
            rung(R.UNIT_WITHOUT_BEDS, places=()),
            rung(R.PLACE_REPEATED, places=REGISTER_UNIT.places * 2),
            rung(R.TOO_FEW_UNSUITABLE_ZONES, unsuitable_zones=ZONES[:1]),
        ),
        ROOM,
    ),
    "open the inventory": Ladder(
        OpenInventory(occupancies=(), observed_at=NOW),
        SET_UP,
        (
            rung(R.UNIT_UNKNOWN, NOT_BORN),
            rung(R.PLACE_UNKNOWN, occupancies=(OpeningOccupancy(occupancy_id=GUESTS, places=()),)),
            rung(
                R.PLACE_REPEATED,
                occupancies=(OpeningOccupancy(occupancy_id=GUESTS, places=(bed(), bed())),),
            ),
            rung(R.OCCURRED_IN_THE_FUTURE, observed_at=LATER),
            rung(
                R.INVENTORY_ALREADY_TAKEN,
                given(HELD.history, [(ROOM, InventoryOpened(occupancies=(), observed_at=NOW))]),
            ),
            rung(
                R.PLACE_CLAIMED,
                HELD,
                occupancies=(OpeningOccupancy(occupancy_id=GUESTS, places=(bed(),)),),
            ),
        ),
        ROOM,
    ),
    "publish availability": Ladder(
        PublishAvailability(open_places=(), observed_at=NOW),
        SET_UP,
        (
            rung(R.UNIT_UNKNOWN, NOT_BORN),
            rung(R.PLACE_UNKNOWN, open_places=(bed(9), bed(9))),
            rung(R.PLACE_REPEATED, open_places=(bed(), bed())),
            rung(R.OCCURRED_IN_THE_FUTURE, observed_at=LATER),
        ),
        ROOM,
    ),
    "record guests from outside": Ladder(
        RecordOutsideOccupancy(unit_id=ROOM, occupancy_id=GUESTS, places=(bed(),), occurred_at=NOW),
        SET_UP,
        (
            rung(R.UNIT_UNKNOWN, NOT_BORN),
            rung(R.PLACE_UNKNOWN, places=()),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
        ),
    ),
    "ask for a place": Ladder(
        request(),
        SET_UP,
        (
            rung(R.NETWORK_NOT_BORN, NOT_BORN),
            rung(R.POLICY_NOT_ADOPTED, BORN),
            rung(R.DISTRICT_UNKNOWN, continuity_with=DistrictId(NOBODY)),
            rung(R.SHELTER_UNKNOWN, houses_barred=(ShelterId(NOBODY),)),
            rung(R.CASE_UNKNOWN, WAITS, apart_from=(CaseId(NOBODY),)),
            rung(R.ZONE_UNKNOWN, WAITS, zones_to_avoid=(ZoneId(NOBODY),)),
            rung(R.CODE_MALFORMED, WAITS, assessed=ASSESSED),
            rung(R.HOUSEHOLD_EMPTY, WAITS, household=Household(adults=0)),
            rung(R.CONTINUITY_ONLY_PLANNED, WAITS, continuity_with=DISTRICT),
            rung(R.OCCURRED_IN_THE_FUTURE, WAITS, occurred_at=LATER),
            rung(R.CHANNEL_MAY_NOT_REQUEST, WAITS, channel=Channel.OTHER),
            rung(R.CASE_HAS_OPEN_PLACEMENT, WAITS, case_id=CASE),
        ),
        NETWORK,
    ),
    "search again": Ladder(
        SearchAgain(placement_id=ASKED),
        WAITS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.SEARCH_STOPPED_FOR_A_PERSON, STOPPED_WITH_A_HOLD),
            rung(R.HOLD_STANDS, HELD),
        ),
    ),
    "send the offer": Ladder(
        SendOffer(units=(ROOM,)),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, SET_UP),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.CONSENT_NOT_RECORDED, UNCONSENTED),
            rung(R.SEARCH_STOPPED_FOR_A_PERSON, STOPPED_WITH_A_HOLD),
            rung(R.NO_HOLD, WAITS),
            rung(R.CANDIDATE_NOT_HELD, units=()),
        ),
    ),
    "say that they talk": Ladder(
        OpenConversation(offer_id=OFFER, side=Side.HOUSE),
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, SET_UP),
            rung(R.OFFER_UNKNOWN, ENDED, offer_id=OfferId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NOT_SENT, HELD),
            rung(R.OFFER_ALREADY_REFUSED, REFUSED),
            rung(R.OFFER_ALREADY_ACCEPTED, ACCEPTED),
            rung(R.OFFER_NO_LONGER_HELD, OVER),
        ),
    ),
    "see the offer": Ladder(
        MarkOfferSeen(offer_id=OFFER),
        OFFERED,
        (
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.OFFER_NOT_SENT, HELD),
        ),
    ),
    "accept": Ladder(
        YES,
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.OFFER_NOT_SENT, HELD),
            rung(R.OFFER_ALREADY_REFUSED, REFUSED),
        ),
    ),
    "refuse": Ladder(
        NO,
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.CODE_MALFORMED, commitment="words"),
            rung(
                R.CODE_NOT_VALID_FOR_URGENCY,
                code=RefusalCode.FEE_NOT_COMMITTED,
                shown=RefusalGroup.NOT_NOW,
            ),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NOT_SENT, HELD),
        ),
    ),
    "decline": Ladder(
        HER_NO,
        OFFERED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.CODE_MALFORMED, commitment="words"),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "her yes": Ladder(
        AcceptAsWoman(proximity_checked_by_voice=True, told=(), occurred_at=NOW),
        ACCEPTED,
        (
            rung(R.PLACEMENT_UNKNOWN, SET_UP),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.NO_HOLD, OVER),
            rung(R.OFFER_NO_LONGER_HELD, STOPPED_WITH_A_HOLD, offer_id=OFFER),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
        ),
    ),
    "arrive": Ladder(
        AdmitHousehold(placement_id=ASKED, occurred_at=NOW),
        AGREED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.NO_HOLD, WAITS),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
            rung(R.WOMAN_HAS_NOT_ACCEPTED, ACCEPTED),
        ),
    ),
    "give back": Ladder(
        ReleaseHold(placement_id=ASKED, offer_id=OFFER),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.CODE_MALFORMED, cause=ReleaseCause.UNANSWERED),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "withdraw": Ladder(
        WithdrawConsent(placement_id=ASKED, occurred_at=NOW),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "agree on the way": Ladder(
        AgreeHandover(
            placement_id=ASKED, offer_id=OFFER, expected_at=AHEAD, escort=Escort.CAV, occurred_at=NOW
        ),
        ACCEPTED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.NOT_IN_THE_FUTURE, ENDED, expected_at=NOW),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NO_LONGER_HELD, OVER),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
        ),
    ),
    "not arrived": Ladder(
        RecordNotArrived(placement_id=ASKED, offer_id=OFFER, welfare_check_asked=True, occurred_at=NOW),
        ACCEPTED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OFFER_UNKNOWN, offer_id=OfferId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
            rung(R.OFFER_NO_LONGER_HELD, OVER),
            rung(R.HOUSE_HAS_NOT_ACCEPTED, OFFERED),
        ),
    ),
    "close": Ladder(
        CloseRequest(placement_id=ASKED, outcome=PlacementOutcome.UNREACHABLE, occurred_at=NOW),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.CODE_MALFORMED, STAYS, outcome=PlacementOutcome.DISCHARGED),
            rung(R.OCCURRED_IN_THE_FUTURE, STAYS, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "change the urgency": Ladder(
        ChangeUrgency(
            placement_id=ASKED,
            urgency=Urgency.U2,
            set_by=AssessorRole.COORDINATOR,
            reason=UrgencyReason.SET_WRONGLY,
            occurred_at=NOW,
        ),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "assess the risk": Ladder(
        AssessRisk(placement_id=ASKED, risk=RiskBand.LOW, assessed=ASSESSED, occurred_at=NOW),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.CODE_MALFORMED, risk=RiskBand.NOT_ASSESSED),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "enter the household anew": Ladder(
        ReviseHousehold(
            placement_id=ASKED,
            household=Household(adults=2),
            oldest_boy=OldestBoy.NO_BOY,
            features_required=(),
            criteria_met=(),
            reason=RevisionReason.ADULT_JOINED,
            occurred_at=NOW,
        ),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.HOUSEHOLD_WITHOUT_HER, household=Household(adults=0)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "agree on a split": Ladder(
        AgreeHouseholdSplit(
            placement_id=ASKED,
            household=Household(adults=1),
            oldest_boy=OldestBoy.NO_BOY,
            apart=Household(adults=1),
            destination=SplitDestination.FRIENDS,
            occurred_at=NOW,
        ),
        TWO_ADULTS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.HOUSEHOLD_WITHOUT_HER, household=Household(adults=0)),
            rung(R.SPLIT_DOES_NOT_ADD_UP, apart=Household(adults=2)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, TWO_ADULTS_GONE),
        ),
    ),
    "enter her safety anew": Ladder(
        ReviseSafety(
            placement_id=ASKED, zones_to_avoid=ZONES[2:], apart_from=(), houses_barred=(), occurred_at=NOW
        ),
        HELD,
        (
            rung(R.SHELTER_UNKNOWN, houses_barred=(ShelterId(NOBODY),)),
            rung(R.CASE_UNKNOWN, apart_from=(CaseId(NOBODY),)),
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.ZONE_UNKNOWN, zones_to_avoid=(ZoneId(NOBODY),)),
            rung(R.CODE_MALFORMED, apart_from=(CASE,)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "enter until when she is safe": Ladder(
        ReviseSafeUntil(placement_id=ASKED, setting=None, safe_until=AHEAD, occurred_at=NOW),
        HELD,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
        ),
    ),
    "ask a neighbour": Ladder(
        AskNeighbour(placement_id=ASKED, member_id=NEIGHBOUR, occurred_at=NOW),
        WAITS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.NEIGHBOUR_UNKNOWN, member_id=MemberId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "record what a neighbour said": Ladder(
        RecordNeighbourAnswer(
            placement_id=ASKED, member_id=NEIGHBOUR, answer=NeighbourAnswer.NO, occurred_at=NOW
        ),
        NEIGHBOUR_ASKED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.NEIGHBOUR_NOT_ASKED, member_id=MemberId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, given(NEIGHBOUR_ASKED.history, WITHDRAWN)),
        ),
    ),
    "arrange a bridge": Ladder(
        ArrangeBridge(
            placement_id=ASKED,
            bridge_id=SECOND_BRIDGE,
            kind=BridgeKind.TRUSTED_PERSON,
            checked_by=CheckedBy.CAV,
            check_at=AHEAD,
            until=AHEAD,
            occurred_at=NOW,
        ),
        CARRIED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.CODE_ALREADY_USED, bridge_id=BRIDGE),
            rung(R.BRIDGE_OVER_BEFORE_CHECK, until=NO_PLACE_AT),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.NOT_IN_THE_FUTURE, ENDED, check_at=NOW),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "look at a bridge": Ladder(
        CheckBridge(placement_id=ASKED, bridge_id=BRIDGE, holds=True, check_at=AHEAD, occurred_at=NOW),
        CARRIED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.BRIDGE_UNKNOWN, bridge_id=BridgeId(NOBODY)),
            rung(R.BRIDGE_OVER_BEFORE_CHECK, check_at=NOW + timedelta(days=9)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.NOT_IN_THE_FUTURE, check_at=NOW),
            rung(R.PLACEMENT_ENDED, given(CARRIED.history, WITHDRAWN)),
            rung(R.BRIDGE_ALREADY_ENDED, BRIDGE_OVER),
        ),
    ),
    "end a bridge": Ladder(
        EndBridge(placement_id=ASKED, bridge_id=BRIDGE, cause=BridgeEnd.LEFT, occurred_at=NOW),
        CARRIED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.BRIDGE_UNKNOWN, bridge_id=BridgeId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.PLACEMENT_ENDED, given(CARRIED.history, WITHDRAWN)),
        ),
    ),
    "raise an alarm": Ladder(
        RaiseAlarm(placement_id=ASKED, kind=AlarmKind.NO_PLACE_YET, due_at=NO_PLACE_AT),
        WAITS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.ALARM_UNKNOWN, due_at=NOW),
        ),
    ),
    "take an alarm": Ladder(
        TakeAlarm(placement_id=ASKED, kind=AlarmKind.NO_PLACE_YET, due_at=NO_PLACE_AT),
        ALARMED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.ALARM_UNKNOWN, due_at=NOW),
            rung(R.PLACEMENT_ENDED, given(ALARMED.history, WITHDRAWN)),
        ),
    ),
    "let a house be asked again": Ladder(
        AllowAskingAgain(placement_id=ASKED, units=(ROOM,), reason=AskAgainReason.REASON_GONE),
        REFUSED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.PLACEMENT_ENDED, ENDED),
            rung(R.ALREADY_ADMITTED, STAYS),
        ),
    ),
    "correct an entry": Ladder(
        CorrectEntry(placement_id=ASKED, version=1, reason=CorrectionReason.WRONG_TIME, true_occurred_at=NOW),
        ENDED,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.ENTRY_UNKNOWN, version=0),
            rung(R.CODE_MALFORMED, reason=CorrectionReason.WRONG_VALUE),
            rung(R.OCCURRED_IN_THE_FUTURE, true_occurred_at=LATER),
        ),
    ),
    "correct what is open": Ladder(
        CorrectAvailability(open_places=(), observed_at=NOW),
        HELD,
        (
            rung(R.UNIT_UNKNOWN, NOT_BORN),
            rung(R.PLACE_UNKNOWN, open_places=(bed(9), bed(9))),
            rung(R.PLACE_REPEATED, open_places=(bed(), bed())),
            rung(R.OCCURRED_IN_THE_FUTURE, observed_at=LATER),
        ),
        ROOM,
    ),
    "discharge": Ladder(
        DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=NOW),
        STAYS,
        (
            rung(R.PLACEMENT_UNKNOWN, placement_id=PlacementId(NOBODY)),
            rung(R.OCCURRED_IN_THE_FUTURE, occurred_at=LATER),
            rung(R.NOT_ADMITTED, HELD),
        ),
    ),
}
SINGLE: dict[Refusal, Callable[[], object]] = {
    R.OCCUPANCY_UNKNOWN: lambda: (
        SET_UP.when(EndOutsideOccupancy(occupancy_id=OccupancyId(NOBODY), occurred_at=LATER), on=ROOM).decided
    ),
    R.AGREEMENT_UNKNOWN: lambda: (
        SET_UP.when(EndAgreement(district_id=DistrictId(NOBODY), valid_to=NEW_YEAR), on=HOUSE).decided
    ),
    R.TERMS_MALFORMED: lambda: (
        SET_UP.when(
            DeclareTerms(children_most=-1, boys_up_to=None, risk_up_to=None, criteria=()), on=ROOM
        ).decided
    ),
    R.REASON_NEEDED: lambda: (
        HELD.when(ChooseAnother(placement_id=ASKED, units=(OTHER_ROOM,), reason=None)).decided
    ),
    R.CANDIDATE_NOT_ELIGIBLE: lambda: (
        HELD.when(
            ChooseAnother(placement_id=ASKED, units=(OTHER_ROOM,), reason=ChoiceReason.HER_WISH)
        ).decided
    ),
    R.HOLD_NOT_OVERDUE: lambda: OFFERED.when(MarkUnanswered(offer_id=OFFER), on=ASKED).decided,
    R.SHELTER_UNKNOWN: lambda: SET_UP.when(PauseIntake(reason=PauseReason.STAFF), on=NOBODY).decided,
    R.MEMBER_UNKNOWN: lambda: (
        SET_UP.when(RemoveMember(member_id=MemberId(NOBODY), valid_to=NEW_YEAR)).decided
    ),
    R.HOUSE_HAS_NOT_ACCEPTED: lambda: OFFERED.when(ConfirmAcceptance(offer_id=OFFER), on=ASKED).decided,
}


def stopped(scene: Scene) -> Scene:
    return scene.when(HER_NO).done()


@pytest.mark.parametrize("name", LADDERS)
def test_of_several_refusals_the_first_of_the_list_is_returned(name: str) -> None:
    ladder = LADDERS[name]
    order = [one.refusal.value for one in ladder.rungs]
    assert order == sorted(order), "a ladder goes down the list of refusals"
    for index, top in enumerate(ladder.rungs):
        command = ladder.command
        for lower in reversed(ladder.rungs[index:]):
            command = replace(command, **lower.changes)
        scene = top.scene or ladder.scene
        if top.refusal is R.SEARCH_STOPPED_FOR_A_PERSON:
            scene = stopped(scene)
        assert scene.when(command, on=ladder.on).decided is top.refusal


@pytest.mark.parametrize("name", LADDERS)
def test_without_a_fault_the_command_applies(name: str) -> None:
    ladder = LADDERS[name]
    decided = ladder.scene.when(ladder.command, on=ladder.on).decided
    assert isinstance(decided, Decision)
    assert decided.events


@pytest.mark.parametrize("refusal", SINGLE)
def test_a_refusal_of_one_command_alone(refusal: Refusal) -> None:
    assert SINGLE[refusal]() is refusal


def test_every_refusal_can_be_met() -> None:
    met = {one.refusal for ladder in LADDERS.values() for one in ladder.rungs} | SINGLE.keys()
    assert met == set(Refusal)
