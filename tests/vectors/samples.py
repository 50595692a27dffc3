"""One event or more of every class, as objects: what the golden bytes of `events-1.json` must tell.

A sample is never changed or removed once its bytes stand in `events-1.json`; new ones go at the end of
`later`, and one whose topic gets another version moves to `lifted`. Called by `generate` and by the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

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
    RequestAuthoritySet,
)
from domain.placement.events import (
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
    SearchConsented,
    SearchConsentWithdrawn,
    SearchResumed,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
    WomanDeclined,
)
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
    AnswerChannel,
    Channel,
    Feature,
    IntakeMode,
    LevelFunction,
    LogKind,
    MemberKind,
    OccupancyId,
    Place,
    PlaceKind,
    RegisterStatus,
    SecurityState,
    Side,
    StayLimit,
)
from tests.vectors.kept import KEPT
from tests.vectors.later import LATER
from tests.vectors.named import (
    BED,
    COMMITMENT,
    COT,
    DAY,
    DISTRICT,
    GUESTS,
    HELD,
    MEMBER,
    OFFER,
    OTHER_BED,
    OTHER_UNIT,
    PLACEMENT,
    RIVAL,
    SHELTER,
    TO_THE_MICROSECOND,
    UNIT,
    WHOLE_SECOND,
    ZONES,
    numbered,
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
            OpeningOccupancy(occupancy_id=OccupancyId(numbered(9, 2)), places=()),
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
    "search consented": SearchConsented(occurred_at=WHOLE_SECOND),
    "search consent withdrawn": SearchConsentWithdrawn(occurred_at=TO_THE_MICROSECOND),
    "hold placed": HoldPlaced(offer_id=OFFER, shelter_id=SHELTER, units=HELD, deadline=WHOLE_SECOND),
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
    **LATER,
    **KEPT,
}
