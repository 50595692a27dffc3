"""States for the doors to show: as they are now, or as a command left them.

What a command left comes from the places index where that stands at the command's own version, else from its
stream: both are the same fold, so the first answer and every retry show the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from api.placing import Engine
from domain import case, shelter, unit
from domain.case import CaseState
from domain.event import folded, kind_of
from domain.matching.places import Places
from domain.placement import state as placement
from domain.placement.state import PlacementState
from domain.shelter import ShelterState
from domain.unit import UnitState
from domain.vocabulary import CaseId, PlacementId, ShelterId, UnitId
from ledger.store.port import StoredRow
from ledger.store.transact import Done, recorded

_Id = TypeVar("_Id", bound=UUID)
_State = TypeVar("_State")


async def placement_now(engine: Engine, placement_id: PlacementId) -> tuple[PlacementState, int]:
    """The placement and its version; unknown: the initial state, at 0."""
    places = (await engine.index.catch_up()).places
    known = places.placements.get(placement_id)
    if known is not None:
        return known, places.versions[placement_id]
    return folded_rows("placement", await _rows(engine, placement_id), placement.initial, placement.evolve)


async def placement_after(
    engine: Engine, placement_id: PlacementId, done: Done
) -> tuple[PlacementState, int]:
    """The placement as the command left it."""
    known = indexed(engine, engine.index.places.placements, placement_id, done)
    if known is not None:
        return known
    rows = await _rows(engine, placement_id, done.position)
    return folded_rows("placement", rows, placement.initial, placement.evolve)


async def unit_after(engine: Engine, unit_id: UnitId, done: Done) -> tuple[UnitState, int]:
    """The unit as the command left it."""
    known = indexed(engine, engine.index.places.units, unit_id, done)
    if known is not None:
        return known
    return folded_rows("unit", await _rows(engine, unit_id, done.position), unit.initial, unit.evolve)


async def shelter_after(engine: Engine, shelter_id: ShelterId, done: Done) -> tuple[ShelterState, int]:
    """The house as the command left it."""
    known = indexed(engine, engine.index.places.shelters, shelter_id, done)
    if known is not None:
        return known
    rows = await _rows(engine, shelter_id, done.position)
    return folded_rows("shelter", rows, shelter.initial, shelter.evolve)


async def case_now(engine: Engine, case_id: CaseId) -> CaseState:
    """The case as it is; unknown: the initial state."""
    return folded_rows("case", await _rows(engine, case_id), case.initial, case.evolve)[0]


async def case_after(engine: Engine, case_id: CaseId, done: Done) -> CaseState:
    """The case as the command left it."""
    rows = await _rows(engine, case_id, done.position)
    return folded_rows("case", rows, case.initial, case.evolve)[0]


async def book_after(engine: Engine, done: Done) -> Places:
    """The contact book and the rota as the command left them: the network and every desk, no more."""
    streams = (engine.transactor.network_id, *engine.index.places.desks)
    read = await engine.transactor.store.read_streams(streams, upto=done.position)
    places = Places()
    for row in sorted((row for rows in read.values() for row in rows), key=lambda row: row.position):
        places.apply(row.stream, row.version, row.position, recorded(row).event)
    return places


async def open_placement_at(engine: Engine, case_id: CaseId, done: Done) -> PlacementId:
    """The placement that a case had open when the command stood in the log."""
    state = await case_after(engine, case_id, done)
    assert state.open_placement is not None, "the command found it open"
    return state.open_placement


def indexed(
    engine: Engine, states: Mapping[_Id, _State], stream: _Id, done: Done
) -> tuple[_State, int] | None:
    """One of the index's states and its version, if it stands there just as the command left it."""
    state, version = states.get(stream), engine.index.places.versions.get(stream)
    if state is None or version is None or version != _left_at(done, stream):
        return None
    return state, version


def folded_rows(
    kind: str, rows: tuple[StoredRow, ...], initial: _State, evolve: Callable[[_State, Any], _State]
) -> tuple[_State, int]:
    """A stream's state and version; a stream of another kind reads as unknown, at 0."""
    if not rows or kind_of(rows[0].topic) != kind:
        return initial, 0
    return folded(kind, (recorded(row).event for row in rows), initial, evolve), rows[-1].version


async def _rows(engine: Engine, stream: UUID, upto: int | None = None) -> tuple[StoredRow, ...]:
    return (await engine.transactor.store.read_streams((stream,), upto=upto)).get(stream, ())


def _left_at(done: Done, stream: UUID) -> int | None:
    """The version at which the command left a stream that it wrote."""
    return max((each.version for each in done.events if each.stream == stream), default=None)
