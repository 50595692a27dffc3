"""One event or more of every class, as objects: what the golden bytes of `events-1.json` must tell.

A sample is never changed or removed once its bytes stand in `events-1.json`; new ones go at the end. Called
by `generate` and by the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from domain.case import CaseBound, CaseOpened, CaseUnbound
from domain.codes import (
    DeclineGroup,
    DischargeOutcome,
    LateReason,
    PauseReason,
    PlacementOutcome,
    RefusalGroup,
    ReleaseCause,
    Told,
)
from domain.event import Event
from domain.network import (
    DistrictAdded,
    LevelDefined,
    MemberJoined,
    MemberLeft,
    MinorAloneSignposted,
    NetworkBorn,
    PolicyAdopted,
    RequestAuthoritySet,
)
from domain.placement.events import (
    CandidatesRanked,
    ConversationOpened,
    ExclusionCount,
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
    PlacementRequested,
    RankedCandidate,
    SearchConsented,
    SearchConsentWithdrawn,
    SearchResumed,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
    WomanDeclined,
)
from domain.policy import START_POLICY
from domain.shelter import (
    AgreementSigned,
    IntakePaused,
    IntakePolicySet,
    IntakeResumed,
    SecurityStateSet,
    ShelterRegistered,
)
from domain.unit import (
    AvailabilityPublished,
    InventoryOpened,
    OccupiedOutsideEngine,
    OpeningOccupancy,
    UnitHeld,
    UnitOccupied,
    UnitRegistered,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
)
from domain.vocabulary import (
    AddressClass,
    AgeBand,
    AnswerChannel,
    CaseId,
    Channel,
    DistrictId,
    Feature,
    HeldUnit,
    Household,
    IntakeMode,
    LevelFunction,
    LogKind,
    MemberId,
    MemberKind,
    OccupancyId,
    OfferId,
    Place,
    PlaceId,
    PlaceKind,
    PlacementId,
    RegisterStatus,
    RiskBand,
    SecurityState,
    Setting,
    ShelterId,
    Side,
    StayLimit,
    UnitId,
    Urgency,
    ZoneId,
)


def _id(kind: int, number: int) -> UUID:
    """A fixed id of the shape the program gives (version 7)."""
    return UUID(f"019b0000-{kind:04x}-7000-8000-{number:012x}")


DISTRICT, MEMBER = DistrictId(_id(1, 1)), MemberId(_id(2, 1))
SHELTER, UNIT, OTHER_UNIT = ShelterId(_id(3, 1)), UnitId(_id(4, 1)), UnitId(_id(4, 2))
BED, OTHER_BED, COT = PlaceId(_id(5, 1)), PlaceId(_id(5, 2)), PlaceId(_id(5, 3))
CASE, PLACEMENT, RIVAL = CaseId(_id(6, 1)), PlacementId(_id(7, 1)), PlacementId(_id(7, 2))
OFFER, GUESTS = OfferId(_id(8, 1)), OccupancyId(_id(9, 1))
ZONES = (ZoneId(_id(10, 1)), ZoneId(_id(10, 2)))
COMMITMENT = "5a" * 32

WHOLE_SECOND = datetime(2026, 1, 17, 1, 42, tzinfo=UTC)
TO_THE_MICROSECOND = datetime(2026, 1, 17, 2, 13, 5, 7, tzinfo=UTC)
DAY = date(2026, 1, 1)

_HELD = (
    HeldUnit(unit_id=UNIT, places=(BED, COT)),
    HeldUnit(unit_id=OTHER_UNIT, places=(OTHER_BED,)),
)
_CANDIDATE = RankedCandidate(
    shelter_id=SHELTER,
    units=_HELD,
    penalty=-12,
    spare_places=1,
    availability_age_minutes=185,
    expires=(RIVAL,),
)

SAMPLES: Mapping[str, Event] = {
    "network born, real": NetworkBorn(kind=LogKind.REAL, code="rete-busto", time_zone="Europe/Rome"),
    "network born, exercise": NetworkBorn(kind=LogKind.EXERCISE, code="prova", time_zone="UTC"),
    "district added": DistrictAdded(
        district_id=DISTRICT, code="busto-arsizio", municipalities=("012026",), valid_from=DAY
    ),
    "district without municipalities": DistrictAdded(
        district_id=DISTRICT, code="d", municipalities=(), valid_from=DAY
    ),
    "member joined": MemberJoined(member_id=MEMBER, kind=MemberKind.CAV, code="cav-1", valid_from=DAY),
    "member left": MemberLeft(member_id=MEMBER, valid_to=date(2026, 12, 31)),
    "level of days": LevelDefined(
        code="emergenza", function=LevelFunction.EMERGENCY_RECEPTION, stay_limit=StayLimit(days=8)
    ),
    "level of months": LevelDefined(
        code="primo", function=LevelFunction.FIRST_LEVEL, stay_limit=StayLimit(months=12)
    ),
    "request authority set": RequestAuthoritySet(channels=(Channel.CAV, Channel.LAW_ENFORCEMENT)),
    "request authority emptied": RequestAuthoritySet(channels=()),
    "policy adopted": PolicyAdopted(policy=START_POLICY, valid_from=DAY),
    "minor alone signposted": MinorAloneSignposted(channel=Channel.EMERGENCY_DEPT),
    "shelter registered": ShelterRegistered(
        code="casa-a",
        member_id=MEMBER,
        address_class=AddressClass.SECRET,
        register_status=RegisterStatus.COMPLIANT,
        fictitious=True,
    ),
    "shelter registered, not fictitious": ShelterRegistered(
        code="casa-b",
        member_id=MEMBER,
        address_class=AddressClass.KNOWN,
        register_status=RegisterStatus.NOT_LISTED,
        fictitious=False,
    ),
    "agreement signed": AgreementSigned(district_id=DISTRICT, valid_from=DAY),
    "intake policy set": IntakePolicySet(modes=(IntakeMode.EMERGENCY, IntakeMode.MEDIUM_LONG)),
    "intake policy emptied": IntakePolicySet(modes=()),
    "intake paused": IntakePaused(reason=PauseReason.STAFF),
    "intake resumed": IntakeResumed(),
    "security state set": SecurityStateSet(state=SecurityState.COMPROMISED),
    "unit registered": UnitRegistered(
        shelter_id=SHELTER,
        code="stanza-1",
        level="emergenza",
        intake_modes=(IntakeMode.EMERGENCY,),
        places=(
            Place(place_id=BED, kind=PlaceKind.BED),
            Place(place_id=COT, kind=PlaceKind.COT),
        ),
        exclusive=True,
        features=(Feature.GROUND_FLOOR, Feature.STAFFED_AT_NIGHT),
        unsuitable_zones=ZONES,
    ),
    "unit registered, shared, plain": UnitRegistered(
        shelter_id=SHELTER,
        code="stanza-2",
        level="emergenza",
        intake_modes=(),
        places=(),
        exclusive=False,
        features=(),
        unsuitable_zones=(),
    ),
    "inventory opened": InventoryOpened(
        occupancies=(
            OpeningOccupancy(occupancy_id=GUESTS, places=(BED, COT)),
            OpeningOccupancy(occupancy_id=OccupancyId(_id(9, 2)), places=()),
        ),
        observed_at=WHOLE_SECOND,
    ),
    "inventory of an empty house": InventoryOpened(occupancies=(), observed_at=TO_THE_MICROSECOND),
    "availability published": AvailabilityPublished(open_places=(BED, COT), observed_at=WHOLE_SECOND),
    "availability of nothing": AvailabilityPublished(open_places=(), observed_at=TO_THE_MICROSECOND),
    "unit held": UnitHeld(placement_id=PLACEMENT, places=(BED,)),
    "unit held, no places": UnitHeld(placement_id=PLACEMENT, places=()),
    "unit released": UnitReleased(
        placement_id=PLACEMENT, places=(BED,), cause=ReleaseCause.EXPIRED_FOR_ANOTHER
    ),
    "unit released, no places": UnitReleased(
        placement_id=PLACEMENT, places=(), cause=ReleaseCause.REFUSED_BY_HOUSE
    ),
    "unit occupied": UnitOccupied(placement_id=PLACEMENT, places=(BED, COT)),
    "unit occupied, no places": UnitOccupied(placement_id=PLACEMENT, places=()),
    "unit vacated": UnitVacated(placement_id=PLACEMENT, places=(BED, COT)),
    "unit vacated, no places": UnitVacated(placement_id=PLACEMENT, places=()),
    "occupied outside": OccupiedOutsideEngine(
        occupancy_id=GUESTS, places=(BED,), contested=(OTHER_BED,), occurred_at=WHOLE_SECOND
    ),
    "occupied outside, nothing taken": OccupiedOutsideEngine(
        occupancy_id=GUESTS, places=(), contested=(), occurred_at=TO_THE_MICROSECOND
    ),
    "vacated outside": VacatedOutsideEngine(occupancy_id=GUESTS, places=(BED,), occurred_at=WHOLE_SECOND),
    "vacated outside, no places": VacatedOutsideEngine(
        occupancy_id=GUESTS, places=(), occurred_at=TO_THE_MICROSECOND
    ),
    "case opened": CaseOpened(),
    "case bound": CaseBound(placement_id=PLACEMENT),
    "case unbound": CaseUnbound(placement_id=PLACEMENT, outcome=PlacementOutcome.DISCHARGED),
    "placement requested": PlacementRequested(
        case_id=CASE,
        channel=Channel.EMERGENCY_DEPT,
        urgency=Urgency.U1,
        intake_mode=IntakeMode.EMERGENCY,
        level=LevelFunction.EMERGENCY_RECEPTION,
        household=Household(adults=1, children=(AgeBand.AGE_0_2, AgeBand.AGE_6_10)),
        features_required=(Feature.GROUND_FLOOR,),
        zones_to_avoid=ZONES,
        risk=RiskBand.IMMEDIATE,
        setting=Setting.EMERGENCY_DEPARTMENT,
        safe_until=TO_THE_MICROSECOND,
        removal_considered=True,
        send_on=True,
        occurred_at=WHOLE_SECOND,
    ),
    "placement requested, little known": PlacementRequested(
        case_id=CASE,
        channel=Channel.CAV,
        urgency=Urgency.U4,
        intake_mode=IntakeMode.MEDIUM_LONG,
        level=LevelFunction.SECOND_LEVEL,
        household=Household(adults=2),
        features_required=(),
        zones_to_avoid=(),
        risk=RiskBand.NOT_ASSESSED,
        setting=None,
        safe_until=None,
        removal_considered=None,
        send_on=False,
        occurred_at=TO_THE_MICROSECOND,
    ),
    "placement requested, no removal": PlacementRequested(
        case_id=CASE,
        channel=Channel.HELPLINE_1522,
        urgency=Urgency.U2,
        intake_mode=IntakeMode.PLANNED_URGENT,
        level=LevelFunction.FIRST_LEVEL,
        household=Household(adults=1),
        features_required=(),
        zones_to_avoid=(),
        risk=RiskBand.HIGH,
        setting=Setting.FRIEND,
        safe_until=WHOLE_SECOND,
        removal_considered=False,
        send_on=False,
        occurred_at=WHOLE_SECOND,
    ),
    "search consented": SearchConsented(occurred_at=WHOLE_SECOND),
    "search consent withdrawn": SearchConsentWithdrawn(occurred_at=TO_THE_MICROSECOND),
    "candidates ranked": CandidatesRanked(
        position=4711,
        ranker="rank_1",
        policy="start-1",
        decided_at=TO_THE_MICROSECOND,
        units_seen=12,
        eligible=2,
        excluded=(ExclusionCount(code="OCCUPIED", units=9), ExclusionCount(code="SAFETY", units=1)),
        best=(
            _CANDIDATE,
            RankedCandidate(
                shelter_id=SHELTER,
                units=(),
                penalty=0,
                spare_places=0,
                availability_age_minutes=0,
                expires=(),
            ),
        ),
        digest="a7" * 32,
    ),
    "candidates ranked, none": CandidatesRanked(
        position=0,
        ranker="rank_1",
        policy="start-1",
        decided_at=WHOLE_SECOND,
        units_seen=0,
        eligible=0,
        excluded=(),
        best=(),
        digest="00" * 32,
    ),
    "hold placed": HoldPlaced(offer_id=OFFER, shelter_id=SHELTER, units=_HELD, deadline=WHOLE_SECOND),
    "hold placed, no units": HoldPlaced(
        offer_id=OFFER, shelter_id=SHELTER, units=(), deadline=TO_THE_MICROSECOND
    ),
    "left waiting": LeftWaiting(),
    "offer sent": OfferSent(offer_id=OFFER, deadline=WHOLE_SECOND),
    "offer seen": OfferSeen(offer_id=OFFER),
    "conversation opened": ConversationOpened(offer_id=OFFER, side=Side.HOUSE, until=WHOLE_SECOND),
    "offer unanswered": OfferUnanswered(offer_id=OFFER, deadline=WHOLE_SECOND),
    "offer accepted": OfferAccepted(
        offer_id=OFFER, channel=AnswerChannel.TELEPHONE, occurred_at=TO_THE_MICROSECOND
    ),
    "telephone acceptance confirmed": TelephoneAcceptanceConfirmed(offer_id=OFFER),
    "offer refused": OfferRefused(
        offer_id=OFFER,
        channel=AnswerChannel.SCREEN,
        shown=RefusalGroup.SAFETY,
        stops=True,
        commitment=COMMITMENT,
        units=(UNIT, OTHER_UNIT),
        occurred_at=WHOLE_SECOND,
    ),
    "offer refused, no code": OfferRefused(
        offer_id=OFFER,
        channel=AnswerChannel.TELEPHONE,
        shown=RefusalGroup.NO_CAPACITY,
        stops=False,
        commitment=None,
        units=(),
        occurred_at=TO_THE_MICROSECOND,
    ),
    "late acceptance recorded": LateAcceptanceRecorded(
        offer_id=OFFER,
        channel=AnswerChannel.TELEPHONE,
        reason=LateReason.PLACES_TAKEN,
        occurred_at=WHOLE_SECOND,
    ),
    "woman accepted": WomanAccepted(
        offer_id=OFFER,
        proximity_checked_by_voice=True,
        told=(Told.HOUSE_RULES, Told.LENGTH_OF_STAY),
        occurred_at=WHOLE_SECOND,
    ),
    "woman accepted, nothing told": WomanAccepted(
        offer_id=OFFER, proximity_checked_by_voice=False, told=(), occurred_at=TO_THE_MICROSECOND
    ),
    "woman declined": WomanDeclined(
        offer_id=OFFER,
        shown=DeclineGroup.PLACE_NOT_RIGHT,
        stops=True,
        commitment=COMMITMENT,
        units=(UNIT,),
        occurred_at=WHOLE_SECOND,
    ),
    "woman declined, no code": WomanDeclined(
        offer_id=OFFER,
        shown=DeclineGroup.NOT_SAID,
        stops=False,
        commitment=None,
        units=(),
        occurred_at=TO_THE_MICROSECOND,
    ),
    "search resumed": SearchResumed(),
    "hold released": HoldReleased(offer_id=OFFER, cause=ReleaseCause.RELEASED_BY_COORDINATOR),
    "hold expired": HoldExpired(offer_id=OFFER, needed_by=RIVAL),
    "hold displaced": HoldDisplaced(offer_id=OFFER, occupancy_id=GUESTS),
    "household admitted": HouseholdAdmitted(offer_id=OFFER, occurred_at=WHOLE_SECOND),
    "household discharged": HouseholdDischarged(
        outcome=DischargeOutcome.INDEPENDENT_HOUSING, occurred_at=WHOLE_SECOND
    ),
    "placement ended": PlacementEnded(outcome=PlacementOutcome.CONSENT_WITHDRAWN),
}
