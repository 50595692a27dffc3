"""Places by the function of their level: in service, open, free, held, lived in; beds and cots together.

It counts places where the bed board counts units that could take a household. Pure; `approdo replay` shows
it, and what changed between two instants is told by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.matching.places import Places
from domain.unit import UnitState
from domain.vocabulary import PlaceKind


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceCounts:
    """`open` are those that the houses give to the engine, taken or free; the others may be taken too."""

    units: int = 0
    open: int = 0
    free: int = 0
    held: int = 0
    occupied: int = 0

    def __add__(self, other: PlaceCounts) -> PlaceCounts:
        return PlaceCounts(
            units=self.units + other.units,
            open=self.open + other.open,
            free=self.free + other.free,
            held=self.held + other.held,
            occupied=self.occupied + other.occupied,
        )


def unit_counts(unit: UnitState) -> PlaceCounts:
    """Of one unit."""
    staying = sum(holder in unit.staying for holder in unit.taken.values())
    return PlaceCounts(
        units=1,
        open=len(unit.open_places),
        free=sum(len(unit.free(kind)) for kind in PlaceKind),
        held=len(unit.taken) - staying,
        occupied=staying,
    )


def place_counts(places: Places) -> Mapping[str, PlaceCounts]:
    """By the function of the level, or by the network's own code where it never said what that is for."""
    counted: dict[str, PlaceCounts] = {}
    for unit in places.units.values():
        if unit.registered is not None:
            name = level_name(places, unit.registered.level)
            counted[name] = counted.get(name, PlaceCounts()) + unit_counts(unit)
    return counted


def level_name(places: Places, code: str) -> str:
    level = places.network.level(code)
    return str(level.function) if level is not None else code
