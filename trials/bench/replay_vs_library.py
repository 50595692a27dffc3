"""Reading a log back: decoding to typed events, and decoding with the fold, against the library's mapper and
mutate.
"""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from eventsourcing.persistence import Mapper, StoredEvent

from domain.event import Event
from domain.matching.places import Places
from ledger.store import codec
from ledger.store.port import StoredRow
from ledger.store.transact import recorded
from trials.bench.figure import Figure, interleaved, ratio_of
from trials.bench.journeys import journeys
from trials.bench.library_peer import Room, as_library_events, mapper

JOURNEYS, ROUNDS = 600, 3


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


def _fold(rows: Sequence[StoredRow]) -> Places:
    places = Places()
    for row in rows:
        each = recorded(row)
        places.apply(each.stream, each.version, each.position, each.event)
    return places


def _mutate(stored: Sequence[StoredEvent], through: Mapper[UUID]) -> dict[UUID, Room]:
    rooms: dict[UUID, Room] = {}
    versions = {each.originator_id: each.originator_version - 1 for each in reversed(stored)}
    for each in stored:
        event: Any = through.to_domain_event(each)
        room = rooms.get(event.originator_id)
        if room is None:
            room = rooms[event.originator_id] = Room(event.originator_id)
            room.version = versions[event.originator_id]
        event.mutate(room)
    return rooms


def _require_same(rows: Sequence[StoredRow], stored: Sequence[StoredEvent], through: Mapper[UUID]) -> None:
    """Errors: `Differ`."""
    for ours, theirs in zip(_decode(rows), _map(stored, through), strict=True):
        for field in dataclasses.fields(ours):  # type: ignore[arg-type]
            if _plain(getattr(ours, field.name)) != _plain(getattr(theirs, field.name)):
                raise Differ(f"{type(ours).__name__}.{field.name}")
    places, rooms = _fold(rows), _mutate(stored, through)
    for placement_id, state in places.placements.items():
        room = rooms[placement_id]
        if (state.hold, state.woman_accepted, state.admitted) != (
            room.hold,
            room.woman_accepted,
            room.admitted,
        ):
            raise Differ("an open placement")
    for unit_id, unit in places.units.items():
        if (dict(unit.taken), set(unit.staying)) != (rooms[unit_id].taken, rooms[unit_id].staying):
            raise Differ("a unit")


def _plain(value: Any) -> Any:
    """A value with lists for tuples and text for codes, as the peer reads them."""
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    return value
