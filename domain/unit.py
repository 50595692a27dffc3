"""A unit: a room or apartment, its beds and cots, and what is done with each of them.

The unit's stream is where a place is held, occupied and freed; `domain.claims` derives the ledger's second
guard from these events. An exclusive unit goes to one household: whatever takes one of its places takes them
all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from domain.codes import ReleaseCause
from domain.event import Event, stored
from domain.refusals import Refusal
from domain.vocabulary import (
    Feature,
    HeldUnit,
    IntakeMode,
    OccupancyId,
    Place,
    PlaceId,
    PlaceKind,
    PlacementId,
    ShelterId,
    ZoneId,
    is_code,
)

UNSUITABLE_ZONES_MINIMUM = 2
"""A unit names at least this many zones it is unsuitable for: one alone would say where it stands."""

# --- Events -------------------------------------------------------------------------------------------------


@stored("unit.registered.1", reserved=("shelter_id", "code", "unsuitable_zones"))
class UnitRegistered(Event):
    shelter_id: ShelterId
    code: str
    level: str
    intake_modes: tuple[IntakeMode, ...]
    places: tuple[Place, ...]
    exclusive: bool
    features: tuple[Feature, ...]
    unsuitable_zones: tuple[ZoneId, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningOccupancy:
    """Guests who were in the unit before the log began, as places alone: no identity."""

    occupancy_id: OccupancyId
    places: tuple[PlaceId, ...]


@stored("unit.inventory-opened.1")
class InventoryOpened(Event):
    """Who occupied which places on the first day. Taken once, before the unit is used."""

    occupancies: tuple[OpeningOccupancy, ...]
    observed_at: datetime


@stored("unit.availability-published.1")
class AvailabilityPublished(Event):
    """The places the house gives to the engine, as it saw them at `observed_at`: in service, whether taken or
    free.
    """

    open_places: tuple[PlaceId, ...]
    observed_at: datetime


@stored("unit.held.1", reserved=("placement_id",))
class UnitHeld(Event):
    placement_id: PlacementId
    places: tuple[PlaceId, ...]


@stored("unit.released.1", reserved=("placement_id",))
class UnitReleased(Event):
    placement_id: PlacementId
    places: tuple[PlaceId, ...]
    cause: ReleaseCause


@stored("unit.occupied.1", reserved=("placement_id",))
class UnitOccupied(Event):
    """The household of a hold has arrived: the hold is now a stay, on the same places."""

    placement_id: PlacementId
    places: tuple[PlaceId, ...]


@stored("unit.vacated.1", reserved=("placement_id",))
class UnitVacated(Event):
    placement_id: PlacementId
    places: tuple[PlaceId, ...]


@stored("unit.occupied-outside.1")
class OccupiedOutsideEngine(Event):
    """Guests the engine did not send are in these places. `contested` are places where a stay already stands:
    they are not taken, a person resolves them.
    """

    occupancy_id: OccupancyId
    places: tuple[PlaceId, ...]
    contested: tuple[PlaceId, ...]
    occurred_at: datetime


@stored("unit.vacated-outside.1")
class VacatedOutsideEngine(Event):
    occupancy_id: OccupancyId
    places: tuple[PlaceId, ...]
    occurred_at: datetime


UnitEvent = (
    UnitRegistered
    | InventoryOpened
    | AvailabilityPublished
    | UnitHeld
    | UnitReleased
    | UnitOccupied
    | UnitVacated
    | OccupiedOutsideEngine
    | VacatedOutsideEngine
)

# --- Commands -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisterUnit:
    shelter_id: ShelterId
    code: str
    level: str
    intake_modes: tuple[IntakeMode, ...]
    places: tuple[Place, ...]
    exclusive: bool
    features: tuple[Feature, ...]
    unsuitable_zones: tuple[ZoneId, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenInventory:
    occupancies: tuple[OpeningOccupancy, ...]
    observed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishAvailability:
    open_places: tuple[PlaceId, ...]
    observed_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class EndOutsideOccupancy:
    occupancy_id: OccupancyId
    occurred_at: datetime


UnitCommand = RegisterUnit | OpenInventory | PublishAvailability | EndOutsideOccupancy

# --- State --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitState:
    """The unit as it is now. `taken` maps each claimed place to the placement or occupancy that has it."""

    registered: UnitRegistered | None = None
    open_places: frozenset[PlaceId] = frozenset()
    observed_at: datetime | None = None
    inventoried: bool = False
    taken: Mapping[PlaceId, UUID] = field(default_factory=lambda: MappingProxyType({}))
    staying: frozenset[UUID] = frozenset()
    """Holders that are in the house: placements admitted, and guests from outside."""
    guests: Mapping[OccupancyId, tuple[PlaceId, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Guests from outside who are here, each with the places where they only stand beside a stay."""
    departed: frozenset[OccupancyId] = frozenset()

    @property
    def place_ids(self) -> tuple[PlaceId, ...]:
        return tuple(place.place_id for place in self.registered.places) if self.registered else ()

    @property
    def contested(self) -> frozenset[PlaceId]:
        """Places where guests from outside stand beside a stay: not free, also when the stay has ended."""
        return frozenset(place for places in self.guests.values() for place in places)

    def free(self, kind: PlaceKind) -> tuple[PlaceId, ...]:
        """Open places of a kind that nobody has, in the unit's own order."""
        barred = self.contested
        places = self.registered.places if self.registered else ()
        return tuple(
            place.place_id
            for place in places
            if place.kind is kind
            and place.place_id in self.open_places
            and place.place_id not in self.taken
            and place.place_id not in barred
        )

    def places_of(self, holder: UUID) -> tuple[PlaceId, ...]:
        return tuple(place for place in self.place_ids if self.taken.get(place) == holder)

    def holders_of(self, places: tuple[PlaceId, ...]) -> tuple[UUID, ...]:
        """Who has any of these places, in the unit's own order, each once."""
        return tuple(dict.fromkeys(self.taken[place] for place in places if place in self.taken))

    def whole(self, places: tuple[PlaceId, ...]) -> tuple[PlaceId, ...]:
        """What taking `places` takes: the same places, or every place of an exclusive unit."""
        if places and self.registered is not None and self.registered.exclusive:
            return self.place_ids
        named = set(places)
        return tuple(place for place in self.place_ids if place in named)


initial = UnitState()

# --- evolve -------------------------------------------------------------------------------------------------


def evolve(state: UnitState, event: UnitEvent) -> UnitState:
    match event:
        case UnitRegistered():
            return replace(state, registered=event)
        case InventoryOpened(occupancies=occupancies):
            for occupancy in occupancies:
                state = _welcome(state, occupancy.occupancy_id, occupancy.places, ())
            return replace(state, inventoried=True)
        case AvailabilityPublished(open_places=open_places, observed_at=observed_at):
            return replace(state, open_places=frozenset(open_places), observed_at=observed_at)
        case UnitHeld(placement_id=holder, places=places):
            return _take(state, holder, places)
        case UnitOccupied(placement_id=holder, places=places):
            return replace(_take(state, holder, places), staying=state.staying | {holder})
        case (
            UnitReleased(placement_id=holder, places=places) | UnitVacated(placement_id=holder, places=places)
        ):
            return _free(state, holder, places)
        case OccupiedOutsideEngine(occupancy_id=guests, places=places, contested=contested):
            return _welcome(state, guests, places, contested)
        case VacatedOutsideEngine(occupancy_id=guests, places=places):
            return _see_off(_free(state, guests, places), guests)


def _take(state: UnitState, holder: UUID, places: tuple[PlaceId, ...]) -> UnitState:
    return replace(state, taken=MappingProxyType({**state.taken, **dict.fromkeys(places, holder)}))


def _free(state: UnitState, holder: UUID, places: tuple[PlaceId, ...]) -> UnitState:
    taken = {place: has for place, has in state.taken.items() if place not in places or has != holder}
    staying = state.staying if holder in taken.values() else state.staying - {holder}
    return replace(state, taken=MappingProxyType(taken), staying=staying)


def _welcome(
    state: UnitState, guests: OccupancyId, places: tuple[PlaceId, ...], contested: tuple[PlaceId, ...]
) -> UnitState:
    here = MappingProxyType({**state.guests, guests: contested})
    return replace(_take(state, guests, places), guests=here, staying=state.staying | {guests})


def _see_off(state: UnitState, gone: OccupancyId) -> UnitState:
    here = {guests: contested for guests, contested in state.guests.items() if guests != gone}
    return replace(state, guests=MappingProxyType(here), departed=state.departed | {gone})


# --- decide -------------------------------------------------------------------------------------------------


def decide(command: UnitCommand, state: UnitState, now: datetime) -> tuple[UnitEvent, ...] | Refusal:
    """What follows from a command on this unit alone; already done is no events."""
    if isinstance(command, RegisterUnit):
        return _register(command, state)
    if state.registered is None:
        return Refusal.UNIT_UNKNOWN
    match command:
        case OpenInventory():
            return _open_inventory(command, state, now)
        case PublishAvailability():
            return _publish(command, state, now)
        case EndOutsideOccupancy():
            return _end_outside(command, state, now)


def hold(holder: PlacementId, held: HeldUnit) -> UnitHeld:
    return UnitHeld(placement_id=holder, places=held.places)


def release(holder: PlacementId, held: HeldUnit, cause: ReleaseCause) -> UnitReleased:
    return UnitReleased(placement_id=holder, places=held.places, cause=cause)


def _register(command: RegisterUnit, state: UnitState) -> tuple[UnitEvent, ...] | Refusal:
    place_ids = [place.place_id for place in command.places]
    if not is_code(command.code):
        return Refusal.CODE_MALFORMED
    if state.registered is not None:
        return Refusal.CODE_ALREADY_USED
    if not any(place.kind is PlaceKind.BED for place in command.places):
        return Refusal.UNIT_WITHOUT_BEDS
    if len(set(place_ids)) != len(place_ids):
        return Refusal.PLACE_REPEATED
    if len(set(command.unsuitable_zones)) < UNSUITABLE_ZONES_MINIMUM:
        return Refusal.TOO_FEW_UNSUITABLE_ZONES
    return (
        UnitRegistered(
            shelter_id=command.shelter_id,
            code=command.code,
            level=command.level,
            intake_modes=command.intake_modes,
            places=command.places,
            exclusive=command.exclusive,
            features=command.features,
            unsuitable_zones=command.unsuitable_zones,
        ),
    )


def _open_inventory(
    command: OpenInventory, state: UnitState, now: datetime
) -> tuple[UnitEvent, ...] | Refusal:
    named = [place for occupancy in command.occupancies for place in occupancy.places]
    if not set(named) <= set(state.place_ids) or not all(found.places for found in command.occupancies):
        return Refusal.PLACE_UNKNOWN
    ids = {occupancy.occupancy_id for occupancy in command.occupancies}
    if len(set(named)) != len(named) or len(ids) != len(command.occupancies):
        return Refusal.PLACE_REPEATED
    if command.observed_at > now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if state.inventoried:
        return Refusal.INVENTORY_ALREADY_TAKEN
    if any(place in state.taken for place in state.whole(tuple(named))):
        return Refusal.PLACE_CLAIMED
    occupancies = _with_the_rest(command.occupancies, state)
    return (InventoryOpened(occupancies=occupancies, observed_at=command.observed_at),)


def _with_the_rest(
    occupancies: tuple[OpeningOccupancy, ...], state: UnitState
) -> tuple[OpeningOccupancy, ...]:
    """Every guest in the places named; in an exclusive unit the first have what nobody was named in, so that
    the unit is taken whole."""
    named = {place for occupancy in occupancies for place in occupancy.places}
    rest = tuple(place for place in state.whole(tuple(named)) if place not in named)
    return tuple(
        OpeningOccupancy(
            occupancy_id=occupancy.occupancy_id,
            places=tuple(
                place
                for place in state.place_ids
                if place in occupancy.places or (index == 0 and place in rest)
            ),
        )
        for index, occupancy in enumerate(occupancies)
    )


def _publish(
    command: PublishAvailability, state: UnitState, now: datetime
) -> tuple[UnitEvent, ...] | Refusal:
    if not set(command.open_places) <= set(state.place_ids):
        return Refusal.PLACE_UNKNOWN
    if len(set(command.open_places)) != len(command.open_places):
        return Refusal.PLACE_REPEATED
    if command.observed_at > now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    open_places = tuple(place for place in state.place_ids if place in command.open_places)
    if frozenset(open_places) == state.open_places and command.observed_at == state.observed_at:
        return ()
    return (AvailabilityPublished(open_places=open_places, observed_at=command.observed_at),)


def _end_outside(
    command: EndOutsideOccupancy, state: UnitState, now: datetime
) -> tuple[UnitEvent, ...] | Refusal:
    if command.occupancy_id not in state.guests and command.occupancy_id not in state.departed:
        return Refusal.OCCUPANCY_UNKNOWN
    if command.occurred_at > now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if command.occupancy_id in state.departed:
        return ()
    return (
        VacatedOutsideEngine(
            occupancy_id=command.occupancy_id,
            places=state.places_of(command.occupancy_id),
            occurred_at=command.occurred_at,
        ),
    )
