"""A unit: a room or apartment, its beds and cots, and what is done with each of them.

The unit's stream is where a place is held, occupied and freed; `domain.claims` derives the ledger's second
guard from these events. An exclusive unit goes to one household: whatever takes one of its places takes them
all.
"""

from domain.unit.commands import (
    CorrectAvailability,
    DeclareTerms,
    EndOutsideOccupancy,
    OpenInventory,
    PublishAvailability,
    RegisterUnit,
    UnitCommand,
)
from domain.unit.decide import UNSUITABLE_ZONES_MINIMUM, decide, hold, release
from domain.unit.events import (
    AvailabilityCorrected,
    AvailabilityPublished,
    InventoryOpened,
    OccupiedDirectly,
    OccupiedOutsideEngine,
    OpeningOccupancy,
    TermsDeclared,
    UnitEvent,
    UnitHeld,
    UnitOccupied,
    UnitRegistered,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
)
from domain.unit.state import UnitState, evolve, initial

__all__ = [
    "UNSUITABLE_ZONES_MINIMUM",
    "AvailabilityCorrected",
    "AvailabilityPublished",
    "CorrectAvailability",
    "DeclareTerms",
    "EndOutsideOccupancy",
    "InventoryOpened",
    "OccupiedDirectly",
    "OccupiedOutsideEngine",
    "OpenInventory",
    "OpeningOccupancy",
    "PublishAvailability",
    "RegisterUnit",
    "TermsDeclared",
    "UnitCommand",
    "UnitEvent",
    "UnitHeld",
    "UnitOccupied",
    "UnitRegistered",
    "UnitReleased",
    "UnitState",
    "UnitVacated",
    "VacatedOutsideEngine",
    "decide",
    "evolve",
    "hold",
    "initial",
    "release",
]
