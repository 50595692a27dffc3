"""A unit as rankers read it: what it is and what of it could be taken, worked out once at each of its events.

Not a state of its own: `vacancy_of` derives it from the unit's state, and `Places` keeps it beside that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.unit import TermsDeclared, UnitState
from domain.vocabulary import Feature, IntakeMode, PlaceId, PlaceKind, PlacementId, ShelterId, UnitId, ZoneId


@dataclass(frozen=True, kw_only=True, slots=True)
class Vacancy:
    """`beds` and `cots` count every place there is; `free_beds` and `free_cots` are open and nobody has them,
    in the unit's own order. `untouched`: nobody is in any place, so that an exclusive unit may be taken.
    `holders` are the placements that hold places and have not arrived.
    """

    unit_id: UnitId
    unit: UnitState
    shelter_id: ShelterId
    level: str
    intake_modes: frozenset[IntakeMode]
    features: frozenset[Feature]
    unsuitable_zones: frozenset[ZoneId]
    exclusive: bool
    terms: TermsDeclared | None
    observed_at: datetime | None
    places: tuple[PlaceId, ...]
    all_beds: frozenset[PlaceId]
    beds: int
    cots: int
    free_beds: tuple[PlaceId, ...]
    free_cots: tuple[PlaceId, ...]
    untouched: bool
    holders: tuple[PlacementId, ...]


def vacancy_of(unit_id: UnitId, unit: UnitState) -> Vacancy:
    registered = unit.registered
    assert registered is not None, "a unit begins with its registration"
    cots = sum(place.kind is PlaceKind.COT for place in registered.places)
    return Vacancy(
        unit_id=unit_id,
        unit=unit,
        shelter_id=registered.shelter_id,
        level=registered.level,
        intake_modes=frozenset(registered.intake_modes),
        features=frozenset(registered.features),
        unsuitable_zones=frozenset(registered.unsuitable_zones),
        exclusive=registered.exclusive,
        terms=unit.terms,
        observed_at=unit.observed_at,
        places=unit.place_ids,
        all_beds=frozenset(place.place_id for place in registered.places if place.kind is PlaceKind.BED),
        beds=len(registered.places) - cots,
        cots=cots,
        free_beds=unit.free(PlaceKind.BED),
        free_cots=unit.free(PlaceKind.COT),
        untouched=not unit.taken and not unit.contested,
        holders=tuple(
            PlacementId(holder) for holder in unit.holders_of(unit.place_ids) if holder not in unit.staying
        ),
    )
