"""What can be asked of a unit alone. `RecordOutsideOccupancy` also touches placements and stands in
`domain.coordination.reality`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.unit.events import OpeningOccupancy
from domain.vocabulary import (
    AgeBand,
    Criterion,
    Feature,
    IntakeMode,
    OccupancyId,
    Place,
    PlaceId,
    RiskBand,
    ShelterId,
    ZoneId,
)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclareTerms:
    children_most: int | None
    boys_up_to: AgeBand | None
    risk_up_to: RiskBand | None
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectAvailability:
    """The coordination learned by voice what is really open."""

    open_places: tuple[PlaceId, ...]
    observed_at: datetime


UnitCommand = (
    RegisterUnit
    | DeclareTerms
    | OpenInventory
    | PublishAvailability
    | CorrectAvailability
    | EndOutsideOccupancy
)
