"""Houses and their units, drawn by chance and told event by event. For `rankers_agree_networks`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

from domain.codes import (
    PauseReason,
)
from domain.event import Event
from domain.matching.places import Places
from domain.network import DistrictAdded, LevelDefined, NetworkBorn, PolicyAdopted
from domain.policy import START_POLICY, Policy
from domain.shelter import (
    AgreementEnded,
    AgreementSigned,
    IntakePaused,
    IntakePolicySet,
    IntakeResumed,
    RegisterStatusChanged,
    SecurityStateSet,
    ShelterRegistered,
)
from domain.unit import (
    AvailabilityCorrected,
    AvailabilityPublished,
    TermsDeclared,
    UnitRegistered,
)
from domain.vocabulary import (
    AddressClass,
    AgeBand,
    Criterion,
    DistrictId,
    Feature,
    IntakeMode,
    LevelFunction,
    LogKind,
    MemberId,
    Place,
    PlaceId,
    PlaceKind,
    RegisterStatus,
    RiskBand,
    SecurityState,
    ShelterId,
    StayLimit,
    UnitId,
    ZoneId,
)

BEGAN = datetime(2026, 11, 20, 1, 13, tzinfo=UTC)
_LONG_AGO = date(2026, 1, 1)
_LEVELS = (
    ("l0", LevelFunction.EMERGENCY_RECEPTION),
    ("l0-bis", LevelFunction.EMERGENCY_RECEPTION),
    ("l1", LevelFunction.FIRST_LEVEL),
)

_T = TypeVar("_T")


class Houses:
    """One network at `now`, and `places` as they stand. The same `seed` gives the same network."""

    def __init__(self, seed: int, policy: Policy = START_POLICY) -> None:
        self.random = Random(seed)
        self.places = Places()
        self.now = BEGAN
        self.policy = policy
        self.network = self._id()
        self.districts = [DistrictId(self._id()) for _ in range(3)]
        self.zones = [ZoneId(self._id()) for _ in range(8)]
        self.known: list[UnitId] = []
        """Every unit, in the order of registration."""
        self.built: list[ShelterId] = []
        self._versions: dict[UUID, int] = {}
        self.tell(self.network, NetworkBorn(kind=LogKind.EXERCISE, code="drawn", time_zone="Europe/Rome"))
        for number, district in enumerate(self.districts):
            added = DistrictAdded(
                district_id=district, code=f"d{number}", municipalities=("012026",), valid_from=_LONG_AGO
            )
            self.tell(self.network, added)
        for code, function in _LEVELS:
            defined = LevelDefined(code=code, function=function, stay_limit=StayLimit(days=8))
            self.tell(self.network, defined)
        self.tell(self.network, PolicyAdopted(policy=policy, valid_from=_LONG_AGO))

    def tell(self, stream: UUID, event: Event) -> None:
        """The next event of the log."""
        version = self._versions[stream] = self._versions.get(stream, 0) + 1
        self.places.apply(stream, version, self.places.position + 1, event)

    # --- houses and their units ---------------------------------------------------------------------------

    def house(self) -> ShelterId:
        house = ShelterId(self._id())
        status = self._seldom(RegisterStatus.NOT_LISTED, RegisterStatus.COMPLIANT)
        registered = ShelterRegistered(
            code=f"h{len(self.places.shelters)}",
            member_id=MemberId(self._id()),
            address_class=AddressClass.SECRET,
            register_status=status,
            fictitious=True,
        )
        self.built.append(house)
        self.tell(house, registered)
        district = self.random.choice(self.districts)
        self.tell(house, AgreementSigned(district_id=district, valid_from=_LONG_AGO))
        self.tell(house, IntakePolicySet(modes=(IntakeMode.EMERGENCY, IntakeMode.PLANNED_URGENT)))
        return house

    def unit(self, house: ShelterId | None = None) -> UnitId:
        """A unit of this house, or of any."""
        unit_id, random = UnitId(self._id()), self.random
        beds, cots = random.choice((1, 1, 2, 2, 2, 3, 4, 5)), random.choice((0, 0, 1, 1, 2))
        kinds = [PlaceKind.BED] * beds + [PlaceKind.COT] * cots
        random.shuffle(kinds)
        registered = UnitRegistered(
            shelter_id=house or random.choice(self.built),
            code=f"u{len(self.places.units)}",
            level=random.choice(("l0", "l0", "l0", "l0-bis", "l0-bis", "l1")),
            intake_modes=(IntakeMode.EMERGENCY,) if random.random() < 0.5 else tuple(IntakeMode)[:2],
            places=tuple(Place(place_id=PlaceId(self._id()), kind=kind) for kind in kinds),
            exclusive=random.random() < 0.35,
            features=self._some(Feature, 0.25),
            unsuitable_zones=tuple(random.sample(self.zones, 2)),
        )
        self.known.append(unit_id)
        self.tell(unit_id, registered)
        if random.random() < 0.95:
            self.publish(unit_id)
        if random.random() < 0.4:
            self._declare(unit_id)
        return unit_id

    def publish(self, unit_id: UnitId) -> None:
        state, random = self.places.units[unit_id], self.random
        shut = random.choice((0, 0, 0, 0.3))
        kind = random.choice((AvailabilityPublished,) * 5 + (AvailabilityCorrected,))
        event = kind(
            open_places=tuple(place for place in state.place_ids if random.random() >= shut),
            observed_at=self.now - timedelta(minutes=random.choice((0, 30, 400, 800, 1000, 2000))),
        )
        self.tell(unit_id, event)

    def _declare(self, unit_id: UnitId) -> None:
        random = self.random
        declared = TermsDeclared(
            children_most=random.choice((None, None, 1, 2, 3)),
            boys_up_to=random.choice((None, None, *AgeBand)),
            risk_up_to=random.choice((None, None, RiskBand.LOW, RiskBand.MEDIUM, RiskBand.HIGH)),
            criteria=self._some(Criterion, 0.15),
        )
        self.tell(unit_id, declared)

    def _house_changes(self) -> None:
        random, house = self.random, self.random.choice(self.built)
        today, district = self.now.date(), random.choice(self.districts)
        event: Event = random.choice(
            (
                IntakePaused(reason=PauseReason.STAFF),
                IntakeResumed(),
                IntakeResumed(),
                SecurityStateSet(state=self._seldom(SecurityState.COMPROMISED, SecurityState.NORMAL)),
                RegisterStatusChanged(register_status=random.choice(tuple(RegisterStatus))),
                RegisterStatusChanged(register_status=RegisterStatus.COMPLIANT),
                AgreementSigned(district_id=district, valid_from=today + timedelta(random.randint(-2, 2))),
                AgreementSigned(district_id=district, valid_from=_LONG_AGO),
                AgreementEnded(district_id=district, valid_to=today + timedelta(random.randint(-1, 2))),
                IntakePolicySet(modes=self._some(IntakeMode, 0.7)),
            )
        )
        self.tell(house, event)

    # --- by chance ----------------------------------------------------------------------------------------

    def _any_unit(self, happening: Callable[[UnitId], None]) -> None:
        happening(self.random.choice(self.known))

    def _id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    def _some(self, of: Iterable[_T], share: float) -> tuple[_T, ...]:
        return tuple(each for each in of if self.random.random() < share)

    def _seldom(self, seldom: _T, mostly: _T) -> _T:
        return seldom if self.random.random() < 0.1 else mostly
