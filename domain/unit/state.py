"""What a unit is now, folded from its events: `initial` and `evolve`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from domain.evolution import changed
from domain.unit.events import (
    AvailabilityCorrected,
    AvailabilityPublished,
    InventoryOpened,
    OccupiedDirectly,
    OccupiedOutsideEngine,
    TermsDeclared,
    UnitEvent,
    UnitHeld,
    UnitOccupied,
    UnitRegistered,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
)
from domain.vocabulary import PlaceId, PlaceKind


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
    guests: Mapping[UUID, tuple[PlaceId, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Who is here without a hold of the engine (guests from outside, households admitted directly), each with
    the places where they only stand beside a stay."""
    departed: frozenset[UUID] = frozenset()
    directly: frozenset[UUID] = frozenset()
    """Placements whose household is here without a hold of the engine."""
    terms: TermsDeclared | None = None
    wrongly_published: bool = False
    """The house's last word on what is open was found wrong."""

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


def evolve(state: UnitState, event: UnitEvent) -> UnitState:
    match event:
        case UnitRegistered():
            return changed(state, registered=event)
        case InventoryOpened(occupancies=occupancies):
            for occupancy in occupancies:
                state = _welcome(state, occupancy.occupancy_id, occupancy.places, ())
            return changed(state, inventoried=True)
        case AvailabilityPublished(open_places=open_places, observed_at=observed_at):
            return changed(
                state,
                open_places=frozenset(open_places),
                observed_at=observed_at,
                wrongly_published=False,
            )
        case UnitHeld(placement_id=holder, places=places):
            return _take(state, holder, places)
        case UnitOccupied(placement_id=holder, places=places):
            return changed(_take(state, holder, places), staying=state.staying | {holder})
        case UnitReleased(placement_id=holder, places=places):
            return _free(state, holder, places)
        case UnitVacated(placement_id=holder, places=places):
            state = _free(state, holder, places)
            return _see_off(state, holder) if holder in state.guests else state
        case OccupiedOutsideEngine(occupancy_id=guests, places=places, contested=contested):
            return _welcome(state, guests, places, contested)
        case VacatedOutsideEngine(occupancy_id=guests, places=places):
            return _see_off(_free(state, guests, places), guests)
        case OccupiedDirectly(placement_id=holder, places=places, contested=contested):
            state = _welcome(state, holder, places, contested)
            return changed(state, directly=state.directly | {holder})
        case TermsDeclared():
            return changed(state, terms=event)
        case AvailabilityCorrected(open_places=open_places, observed_at=observed_at):
            return changed(
                state, open_places=frozenset(open_places), observed_at=observed_at, wrongly_published=True
            )


def _take(state: UnitState, holder: UUID, places: tuple[PlaceId, ...]) -> UnitState:
    return changed(state, taken=MappingProxyType({**state.taken, **dict.fromkeys(places, holder)}))


def _free(state: UnitState, holder: UUID, places: tuple[PlaceId, ...]) -> UnitState:
    taken = {place: has for place, has in state.taken.items() if place not in places or has != holder}
    staying = state.staying if holder in taken.values() else state.staying - {holder}
    return changed(state, taken=MappingProxyType(taken), staying=staying)


def _welcome(
    state: UnitState, guests: UUID, places: tuple[PlaceId, ...], contested: tuple[PlaceId, ...]
) -> UnitState:
    here = MappingProxyType({**state.guests, guests: contested})
    return changed(_take(state, guests, places), guests=here, staying=state.staying | {guests})


def _see_off(state: UnitState, gone: UUID) -> UnitState:
    here = {guests: contested for guests, contested in state.guests.items() if guests != gone}
    return changed(
        state,
        guests=MappingProxyType(here),
        departed=state.departed | {gone},
        staying=state.staying - {gone},
    )
