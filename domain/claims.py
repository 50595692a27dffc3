"""The second guard, derived: which claims a command's events free and take. One function, used by the ledger
and by replay.

A claim is on a place (bed or cot), held by a placement or by guests from outside, or on a case, held by its
open placement. Holding, occupying and moving from hold to stay are one and the same claim: it ends only when
the place is left.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from domain.case import CaseBound, CaseUnbound
from domain.event import Event
from domain.unit import (
    InventoryOpened,
    OccupiedDirectly,
    OccupiedOutsideEngine,
    UnitHeld,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
)


class ClaimKind(enum.StrEnum):
    """What a claim is on: a PLACE (bed or cot), or a CASE."""

    PLACE = "PLACE"
    CASE = "CASE"


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """`holder` has the thing `key`. At most one claim stands per (kind, key)."""

    kind: ClaimKind
    key: UUID
    holder: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimChange:
    """What a command frees, judged first, and what it then takes."""

    frees: tuple[Claim, ...]
    takes: tuple[Claim, ...]


def claim_change(events: Iterable[tuple[UUID, Event]]) -> ClaimChange:
    """The claims that these events (each with its stream) free and take, in their order."""
    frees: list[Claim] = []
    takes: list[Claim] = []
    for stream, event in events:
        match event:
            case (
                UnitHeld(placement_id=holder, places=places)
                | OccupiedDirectly(placement_id=holder, places=places)
                | OccupiedOutsideEngine(occupancy_id=holder, places=places)
            ):
                takes.extend(_on_places(holder, places))
            case InventoryOpened(occupancies=occupancies):
                for occupancy in occupancies:
                    takes.extend(_on_places(occupancy.occupancy_id, occupancy.places))
            case (
                UnitReleased(placement_id=holder, places=places)
                | UnitVacated(placement_id=holder, places=places)
            ):
                frees.extend(_on_places(holder, places))
            case VacatedOutsideEngine(occupancy_id=holder, places=places):
                frees.extend(_on_places(holder, places))
            case CaseBound(placement_id=holder):
                takes.append(Claim(kind=ClaimKind.CASE, key=stream, holder=holder))
            case CaseUnbound(placement_id=holder):
                frees.append(Claim(kind=ClaimKind.CASE, key=stream, holder=holder))
            case _:
                pass
    return ClaimChange(frees=tuple(frees), takes=tuple(takes))


def _on_places(holder: UUID, places: Iterable[UUID]) -> Iterable[Claim]:
    return (Claim(kind=ClaimKind.PLACE, key=place, holder=holder) for place in places)
