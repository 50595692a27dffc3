"""A small network and what can have happened in it, as histories for `tests.support.spec.given`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.case import CaseBound, CaseOpened
from domain.codes import BridgeKind, CheckedBy, ReleaseCause, Told
from domain.coordination.requesting import RequestPlacement
from domain.event import Event
from domain.network import (
    DistrictAdded,
    LevelDefined,
    MemberJoined,
    NetworkBorn,
    PolicyAdopted,
    RequestAuthoritySet,
    ZoneDrawn,
)
from domain.placement.events import (
    BridgeArranged,
    HoldPlaced,
    HoldReleased,
    HouseholdAdmitted,
    OfferAccepted,
    OfferSent,
    PlacementRequested,
    SearchConsented,
    WomanAccepted,
)
from domain.policy import START_POLICY
from domain.shelter import AgreementSigned, IntakePolicySet, ShelterRegistered
from domain.unit import AvailabilityPublished, UnitHeld, UnitOccupied, UnitRegistered, UnitReleased
from domain.vocabulary import (
    AddressClass,
    AgeBand,
    AnswerChannel,
    BridgeId,
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
    ShelterId,
    StayLimit,
    UnitId,
    Urgency,
    ZoneId,
)
from tests.support.spec import NETWORK, NOW, History

DISTRICT = DistrictId(UUID(int=0x11))
MEMBER, NEIGHBOUR = MemberId(UUID(int=0x12)), MemberId(UUID(int=0x13))
HOUSE, OTHER_HOUSE = ShelterId(UUID(int=0x21)), ShelterId(UUID(int=0x22))
ROOM, OTHER_ROOM, THIRD_ROOM = (UnitId(UUID(int=0x3100 + 0x100 * number)) for number in range(3))
CASE, OTHER_CASE = CaseId(UUID(int=0x41)), CaseId(UUID(int=0x42))
ASKED, RIVAL = PlacementId(UUID(int=0x51)), PlacementId(UUID(int=0x52))
OFFER, SECOND_OFFER, RIVAL_OFFER = (OfferId(UUID(int=0x61 + number)) for number in range(3))
BRIDGE, SECOND_BRIDGE = BridgeId(UUID(int=0x91)), BridgeId(UUID(int=0x92))
GUESTS, MORE_GUESTS = OccupancyId(UUID(int=0x71)), OccupancyId(UUID(int=0x72))
ZONES = tuple(ZoneId(UUID(int=0x81 + number)) for number in range(4))
WOMAN = Household(adults=1)
WOMAN_AND_BABY = Household(adults=1, children=(AgeBand.AGE_0_2,))
HOUR = timedelta(hours=1)


def bed(number: int = 1, unit: UnitId = ROOM) -> PlaceId:
    return PlaceId(UUID(int=unit.int + number))


def cot(number: int = 1, unit: UnitId = ROOM) -> PlaceId:
    return PlaceId(UUID(int=unit.int + 0x80 + number))


def held(*places: PlaceId, unit: UnitId = ROOM) -> HeldUnit:
    return HeldUnit(unit_id=unit, places=places)


def a_network() -> History:
    """Born, with one Ambito, one body, a neighbour, two levels, channels, the start policy and zones."""
    levels = (("l0", LevelFunction.EMERGENCY_RECEPTION, 8), ("l1", LevelFunction.FIRST_LEVEL, 30))
    told: tuple[Event, ...] = (
        NetworkBorn(kind=LogKind.EXERCISE, code="four-ambiti", time_zone="Europe/Rome"),
        DistrictAdded(
            district_id=DISTRICT, code="one", municipalities=("012026",), valid_from=date(2026, 1, 1)
        ),
        MemberJoined(
            member_id=MEMBER, kind=MemberKind.SHELTER_BODY, code="body", valid_from=date(2026, 1, 1)
        ),
        MemberJoined(
            member_id=NEIGHBOUR, kind=MemberKind.NEIGHBOUR_NETWORK, code="next", valid_from=date(2026, 1, 1)
        ),
        *(
            LevelDefined(code=code, function=function, stay_limit=StayLimit(days=days))
            for code, function, days in levels
        ),
        RequestAuthoritySet(channels=(Channel.CAV, Channel.EMERGENCY_DEPT)),
        PolicyAdopted(policy=START_POLICY, valid_from=date(2026, 1, 1)),
        *(ZoneDrawn(zone_id=zone_id) for zone_id in ZONES),
    )
    return [(NETWORK, event) for event in told]


def a_house(shelter_id: ShelterId = HOUSE) -> History:
    told: tuple[Event, ...] = (
        ShelterRegistered(
            code=f"house-{shelter_id.int}",
            member_id=MEMBER,
            address_class=AddressClass.SECRET,
            register_status=RegisterStatus.COMPLIANT,
            fictitious=True,
        ),
        AgreementSigned(district_id=DISTRICT, valid_from=date(2026, 1, 1)),
        IntakePolicySet(modes=(IntakeMode.EMERGENCY, IntakeMode.PLANNED_URGENT)),
    )
    return [(shelter_id, event) for event in told]


def a_room(
    unit_id: UnitId = ROOM,
    *,
    house: ShelterId = HOUSE,
    beds: int = 2,
    cots: int = 0,
    exclusive: bool = False,
    level: str = "l0",
    modes: tuple[IntakeMode, ...] = (IntakeMode.EMERGENCY,),
    features: tuple[Feature, ...] = (),
    zones: tuple[ZoneId, ...] = ZONES[:2],
    seen_at: datetime | None = NOW - HOUR,
    closed: tuple[PlaceId, ...] = (),
) -> History:
    """A room with its places open as seen an hour ago; `seen_at` None: nothing was ever said of it."""
    places = (
        *(Place(place_id=bed(n, unit_id), kind=PlaceKind.BED) for n in range(1, beds + 1)),
        *(Place(place_id=cot(n, unit_id), kind=PlaceKind.COT) for n in range(1, cots + 1)),
    )
    registered = UnitRegistered(
        shelter_id=house,
        code=f"unit-{unit_id.int}",
        level=level,
        intake_modes=modes,
        places=places,
        exclusive=exclusive,
        features=features,
        unsuitable_zones=zones,
    )
    if seen_at is None:
        return [(unit_id, registered)]
    open_places = tuple(place.place_id for place in places if place.place_id not in closed)
    return [
        (unit_id, registered),
        (unit_id, AvailabilityPublished(open_places=open_places, observed_at=seen_at)),
    ]


def a_house_with_a_room(**room: object) -> History:
    return [*a_network(), *a_house(), *a_room(**room)]  # type: ignore[arg-type]


def request_event(
    *,
    case_id: CaseId = CASE,
    urgency: Urgency = Urgency.U1,
    household: Household = WOMAN,
    occurred_at: datetime = NOW - HOUR,
    avoids: tuple[ZoneId, ...] = (),
    needs: tuple[Feature, ...] = (),
) -> PlacementRequested:
    return PlacementRequested(
        case_id=case_id,
        channel=Channel.CAV,
        urgency=urgency,
        intake_mode=IntakeMode.EMERGENCY,
        level=LevelFunction.EMERGENCY_RECEPTION,
        household=household,
        features_required=needs,
        zones_to_avoid=avoids,
        risk=RiskBand.HIGH,
        setting=None,
        safe_until=None,
        removal_considered=None,
        send_on=False,
        occurred_at=occurred_at,
    )


def requested(
    placement_id: PlacementId = ASKED,
    case_id: CaseId = CASE,
    *,
    consented: bool = True,
    urgency: Urgency = Urgency.U1,
    household: Household = WOMAN,
    occurred_at: datetime = NOW - HOUR,
) -> History:
    asked = request_event(case_id=case_id, urgency=urgency, household=household, occurred_at=occurred_at)
    consent = [(placement_id, SearchConsented(occurred_at=occurred_at))] if consented else []
    return [
        (placement_id, asked),
        *consent,
        (case_id, CaseOpened()),
        (case_id, CaseBound(placement_id=placement_id)),
    ]


def hold_placed(
    *units: HeldUnit,
    offer_id: OfferId = OFFER,
    house: ShelterId = HOUSE,
    deadline: datetime = NOW + timedelta(minutes=5),
) -> HoldPlaced:
    return HoldPlaced(offer_id=offer_id, shelter_id=house, units=units, deadline=deadline)


def holding(
    *units: HeldUnit,
    placement_id: PlacementId = ASKED,
    offer_id: OfferId = OFFER,
    house: ShelterId = HOUSE,
    deadline: datetime = NOW + timedelta(minutes=5),
) -> History:
    """A hold, its offer not sent; one bed of the room unless units are given."""
    taken = units or (held(bed()),)
    return [
        (placement_id, hold_placed(*taken, offer_id=offer_id, house=house, deadline=deadline)),
        *((one.unit_id, UnitHeld(placement_id=placement_id, places=one.places)) for one in taken),
    ]


def sent(
    placement_id: PlacementId = ASKED,
    offer_id: OfferId = OFFER,
    *,
    deadline: datetime = NOW + timedelta(minutes=5),
) -> History:
    return [(placement_id, OfferSent(offer_id=offer_id, deadline=deadline))]


def given_back(
    *units: HeldUnit,
    placement_id: PlacementId = ASKED,
    offer_id: OfferId = OFFER,
    cause: ReleaseCause = ReleaseCause.RELEASED_BY_COORDINATOR,
) -> History:
    """A hold that has ended."""
    return [
        (placement_id, HoldReleased(offer_id=offer_id, cause=cause)),
        *(
            (one.unit_id, UnitReleased(placement_id=placement_id, places=one.places, cause=cause))
            for one in units or (held(bed()),)
        ),
    ]


def said_yes(
    placement_id: PlacementId = ASKED,
    offer_id: OfferId = OFFER,
    channel: AnswerChannel = AnswerChannel.SCREEN,
) -> History:
    return [(placement_id, OfferAccepted(offer_id=offer_id, channel=channel, occurred_at=NOW))]


def she_said_yes(placement_id: PlacementId = ASKED, offer_id: OfferId = OFFER) -> History:
    yes = WomanAccepted(
        offer_id=offer_id, proximity_checked_by_voice=True, told=(Told.HOUSE_RULES,), occurred_at=NOW
    )
    return [(placement_id, yes)]


def bridged(
    placement_id: PlacementId = ASKED,
    bridge_id: BridgeId = BRIDGE,
    *,
    check_at: datetime = NOW + 6 * HOUR,
    until: datetime = NOW + 10 * HOUR,
) -> History:
    """In a hotel with an escort, looked after by the social services."""
    arranged = BridgeArranged(
        bridge_id=bridge_id,
        kind=BridgeKind.VETTED_HOTEL_WITH_ESCORT,
        checked_by=CheckedBy.SOCIAL_SERVICES,
        check_at=check_at,
        until=until,
        occurred_at=NOW - HOUR,
    )
    return [(placement_id, arranged)]


def arrived(*units: HeldUnit, placement_id: PlacementId = ASKED, offer_id: OfferId = OFFER) -> History:
    return [
        (placement_id, HouseholdAdmitted(offer_id=offer_id, occurred_at=NOW)),
        *(
            (one.unit_id, UnitOccupied(placement_id=placement_id, places=one.places))
            for one in units or (held(bed()),)
        ),
    ]


def a_stay(*units: HeldUnit, placement_id: PlacementId = ASKED, case_id: CaseId = CASE) -> History:
    """From request to arrival."""
    return [
        *requested(placement_id, case_id),
        *holding(*units, placement_id=placement_id),
        *sent(placement_id),
        *said_yes(placement_id),
        *she_said_yes(placement_id),
        *arrived(*units, placement_id=placement_id),
    ]


def request(**changes: object) -> RequestPlacement:
    """A new case, one woman, consent given now."""
    plain = RequestPlacement(
        case_id=None,
        channel=Channel.CAV,
        urgency=Urgency.U1,
        intake_mode=IntakeMode.EMERGENCY,
        level=LevelFunction.EMERGENCY_RECEPTION,
        household=WOMAN,
        features_required=(),
        zones_to_avoid=(),
        risk=RiskBand.NOT_ASSESSED,
        setting=None,
        safe_until=None,
        removal_considered=None,
        send_on=False,
        consented_at=NOW,
        occurred_at=NOW,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
