"""Reading a log back: decoding to typed events, and decoding with the fold, against the library's mapper and
mutate.
"""

from __future__ import annotations

import asyncio
import dataclasses
import enum
import gc
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Mapper, StoredEvent

from domain import case, desk, network, shelter, unit
from domain.case import CaseState
from domain.event import Event
from domain.placement import state as placement
from domain.placement.state import PlacementState
from domain.unit import UnitState
from ledger.store import codec
from ledger.store.port import StoredRow
from trials.bench.figure import Figure, interleaved, ratio_of
from trials.bench.journeys import journeys
from trials.bench.library_peer import Room, as_library_events, mapper

JOURNEYS, ROUNDS = 600, 3
_FOLDS: dict[str, tuple[Any, Callable[[Any, Any], Any]]] = {
    "network": (network.initial, network.evolve),
    "shelter": (shelter.initial, shelter.evolve),
    "unit": (unit.initial, unit.evolve),
    "case": (case.initial, case.evolve),
    "placement": (placement.initial, placement.evolve),
    "desk": (desk.initial, desk.evolve),
}


class Differ(AssertionError):
    """The two sides do not read the same facts."""


def run(smoke: bool) -> Sequence[Figure]:
    rows = asyncio.run(journeys(12 if smoke else JOURNEYS))
    through = mapper()
    stored = as_library_events(rows, through)
    _require_same(rows, stored, through)
    taken = interleaved(
        1 if smoke else ROUNDS,
        {
            "our decode": lambda: _rate(lambda: _decode(rows), len(rows)),
            "their decode": lambda: _rate(lambda: _map(stored, through), len(rows)),
            "our fold": lambda: _rate(lambda: _fold(rows), len(rows)),
            "their fold": lambda: _rate(lambda: _mutate(stored, through), len(rows)),
        },
    )
    said = f"{len(rows)} events, {max(taken['our decode']):,.0f} and {max(taken['our fold']):,.0f} events/s"
    return (
        ratio_of("replay_vs_library decode", taken["our decode"], taken["their decode"], bar=4.0, said=said),
        ratio_of("replay_vs_library fold", taken["our fold"], taken["their fold"], bar=1.5),
    )


def _rate(read: Callable[[], object], events: int) -> float:
    """Events per second, at the best of five, without the collector's pauses."""
    best = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            began = time.perf_counter()
            read()
            best = min(best, time.perf_counter() - began)
    finally:
        gc.enable()
    return events / best


def _decode(rows: Sequence[StoredRow]) -> list[Event]:
    decode = codec.decode
    return [decode(row.topic, row.state) for row in rows]


def _map(stored: Sequence[StoredEvent], through: Mapper[UUID]) -> list[Any]:
    to_domain_event = through.to_domain_event
    return [to_domain_event(each) for each in stored]


def _fold(rows: Sequence[StoredRow]) -> dict[UUID, Any]:
    """Every stream's state, by the functions that live decisions fold with."""
    decode, states = codec.decode, dict[UUID, Any]()
    for row in rows:
        initial, evolve = _FOLDS[row.topic.split(".", 1)[0]]
        states[row.stream] = evolve(states.get(row.stream, initial), decode(row.topic, row.state))
    return states


def _mutate(stored: Sequence[StoredEvent], through: Mapper[UUID]) -> dict[UUID, Room]:
    rooms: dict[UUID, Room] = {}
    for each in stored:
        event: Any = through.to_domain_event(each)
        room = rooms.get(event.originator_id)
        if room is None:
            room = rooms[event.originator_id] = Room(event.originator_id)
        event.mutate(room)
    return rooms


def _require_same(rows: Sequence[StoredRow], stored: Sequence[StoredEvent], through: Mapper[UUID]) -> None:
    """Errors: `Differ`."""
    for ours, theirs in zip(_decode(rows), _map(stored, through), strict=True):
        for field in dataclasses.fields(ours):
            if _plain(getattr(ours, field.name)) != _plain(getattr(theirs, field.name)):
                raise Differ(f"{type(ours).__name__}.{field.name}")
    rooms = _mutate(stored, through)
    for stream, state in _fold(rows).items():
        if not _agree(state, rooms[stream]):
            raise Differ(f"{type(state).__name__} {stream}")


def _agree(state: Any, room: Room) -> bool:
    match state:
        case PlacementState():
            ours = state.hold, state.woman_accepted, state.admitted, state.outcome
            return bool(_plain(ours) == _plain((room.hold, room.woman_accepted, room.admitted, room.outcome)))
        case UnitState():
            return (dict(state.taken), set(state.staying)) == (room.taken, room.staying)
        case CaseState():
            return state.open_placement == room.open_placement
        case _:
            return bool(room.founded)


def _plain(value: Any) -> Any:
    """A value with lists for tuples and text for codes, whichever side's they are."""
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    return value
