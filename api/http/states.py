"""States for the doors to show: as they are now, or as a command left them.

What a command left comes from the places index where that stands at the command's own version, else from its
stream: both are the same fold, so the first answer and every retry show the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from api.http.models.answers import position_of
from api.placing import Engine
from domain import shelter, unit
from domain.placement import state as placement
from domain.placement.state import PlacementState
from domain.shelter import ShelterState
from domain.unit import UnitState
from domain.vocabulary import PlacementId, ShelterId, UnitId
from ledger.store.port import StoredRow
from ledger.store.transact import Done, recorded

_State = TypeVar("_State")


async def placement_now(engine: Engine, placement_id: PlacementId) -> tuple[PlacementState, int]:
    """The placement and its version; unknown: the initial state, at 0."""
    places = (await engine.index.catch_up()).places
    known = places.placements.get(placement_id)
    if known is not None:
        return known, places.versions[placement_id]
    return folded(await _rows(engine, placement_id), "placement.", placement.initial, placement.evolve)


async def placement_after(
    engine: Engine, placement_id: PlacementId, done: Done
) -> tuple[PlacementState, int]:
    """The placement as the command left it."""
    known = indexed_placement(engine, placement_id, done)
    if known is not None:
        return known
    rows = await _rows(engine, placement_id, position_of(done))
    return folded(rows, "placement.", placement.initial, placement.evolve)


def indexed_placement(
    engine: Engine, placement_id: PlacementId, done: Done
) -> tuple[PlacementState, int] | None:
    """The placement in the index, if it stands there just as the command left it."""
    places = engine.index.places
    state = places.placements.get(placement_id)
    if state is None or places.versions[placement_id] != _left_at(done, placement_id):
        return None
    return state, places.versions[placement_id]


async def unit_after(engine: Engine, unit_id: UnitId, done: Done) -> tuple[UnitState, int]:
    places = engine.index.places
    known = places.units.get(unit_id)
    if known is not None and _left_at(done, unit_id) == places.versions[unit_id]:
        return known, places.versions[unit_id]
    return folded(await _rows(engine, unit_id, position_of(done)), "unit.", unit.initial, unit.evolve)


async def shelter_after(engine: Engine, shelter_id: ShelterId, done: Done) -> tuple[ShelterState, int]:
    places = engine.index.places
    known = places.shelters.get(shelter_id)
    if known is not None and _left_at(done, shelter_id) == places.versions[shelter_id]:
        return known, places.versions[shelter_id]
    rows = await _rows(engine, shelter_id, position_of(done))
    return folded(rows, "shelter.", shelter.initial, shelter.evolve)


def folded(
    rows: tuple[StoredRow, ...], kind: str, initial: _State, evolve: Callable[[_State, Any], _State]
) -> tuple[_State, int]:
    """A stream's state and version; a stream of another kind reads as unknown."""
    if not rows or not rows[0].topic.startswith(kind):
        return initial, 0
    state = initial
    for row in rows:
        state = evolve(state, recorded(row).event)
    return state, rows[-1].version


async def _rows(engine: Engine, stream: UUID, upto: int | None = None) -> tuple[StoredRow, ...]:
    return (await engine.transactor.store.read_streams((stream,), upto=upto)).get(stream, ())


def _left_at(done: Done, stream: UUID) -> int | None:
    """The version at which the command left a stream that it wrote."""
    return max((each.version for each in done.events if each.stream == stream), default=None)
