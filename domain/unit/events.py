"""The events of a unit. Field names and topics are the storage format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import ReleaseCause
from domain.event import Event, stored
from domain.vocabulary import (
    AgeBand,
    Criterion,
    Feature,
    IntakeMode,
    OccupancyId,
    Place,
    PlaceId,
    PlacementId,
    RiskBand,
    ShelterId,
    ZoneId,
)


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


@stored("unit.terms-declared.1")
class TermsDeclared(Event):
    """Whom the house takes in this unit: at most so many children (None: any number), no boy older than
    `boys_up_to`, no risk above `risk_up_to`, and what it wants known first. It replaces what was declared.
    """

    children_most: int | None
    boys_up_to: AgeBand | None
    risk_up_to: RiskBand | None
    criteria: tuple[Criterion, ...]


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


@stored("unit.availability-corrected.1")
class AvailabilityCorrected(Event):
    """The coordination learned by voice that the house's own word was wrong: these are the open places. The
    unit counts as wrongly published until the house publishes again.
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


@stored("unit.occupied-directly.1", reserved=("placement_id",))
class OccupiedDirectly(Event):
    """A household is in these places without a hold of the engine. `contested` are places where another stay
    stands: they are not taken, a person resolves them.
    """

    placement_id: PlacementId
    places: tuple[PlaceId, ...]
    contested: tuple[PlaceId, ...]


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
    | TermsDeclared
    | InventoryOpened
    | AvailabilityPublished
    | AvailabilityCorrected
    | UnitHeld
    | UnitReleased
    | UnitOccupied
    | OccupiedDirectly
    | UnitVacated
    | OccupiedOutsideEngine
    | VacatedOutsideEngine
)
