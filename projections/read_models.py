"""Every read model in one place: which rows follow from an event and the state of its stream after it.

Pure. `follow` takes one event of one stream; `projections.projector` calls it for each, and nothing here
knows how rows are kept. A read model is a function from what happened to the rows that change. The rows'
version is `SHAPE`: it grows with any change after which the same log gives other rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from domain import case, desk, inquiry, network, shelter, unit
from domain.event import Event
from domain.placement import state as placement
from domain.vocabulary import NetworkId, PlacementId, ShelterId, UnitId
from ledger.store import codec
from ledger.store.port import StoredRow
from projections.bed_board import (
    HouseRow,
    LevelRow,
    RulesRow,
    UnitRow,
    house_row,
    level_rows,
    rules_row,
    unit_row,
)
from projections.milestones import MilestoneRow, milestone_rows
from projections.on_call_queue import QueueRow, queue_row
from projections.placement_timeline import TimelineRow, timeline_row

SHAPE = 3

Row = QueueRow | TimelineRow | MilestoneRow | UnitRow | HouseRow | LevelRow | RulesRow
"""A row of a read model; its `KEY` names the fields that tell it from the others of its table."""

TABLES: Mapping[str, type[Row]] = MappingProxyType(
    {
        "queue": QueueRow,
        "timeline": TimelineRow,
        "milestone": MilestoneRow,
        "unit": UnitRow,
        "house": HouseRow,
        "level": LevelRow,
        "rules": RulesRow,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Folded:
    """One stream as far as it has been read."""

    kind: str
    version: int
    state: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A row that takes the place of the one with its key, or (`row` None) a key that is no more."""

    table: str
    key: tuple[Any, ...]
    row: Row | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """An event, its row in the log, and its stream after it."""

    row: StoredRow
    event: Event
    after: Folded


_EVOLVE: Mapping[str, tuple[Any, Callable[[Any, Any], Any]]] = {
    "network": (network.initial, network.evolve),
    "shelter": (shelter.initial, shelter.evolve),
    "unit": (unit.initial, unit.evolve),
    "case": (case.initial, case.evolve),
    "placement": (placement.initial, placement.evolve),
    "desk": (desk.initial, desk.evolve),
    "inquiry": (inquiry.initial, inquiry.evolve),
}


def folded_on(before: Folded | None, row: StoredRow) -> tuple[Folded, Event]:
    """The stream after its next event. Whatever is raised, the event cannot be read by this program."""
    event = codec.decode(row.topic, row.state)
    initial, evolve = _EVOLVE[event.KIND]
    version = before.version if before is not None else 0
    assert row.version == version + 1, "a stream is folded event by event"
    assert before is None or before.kind == event.KIND, "a stream is of one kind"
    state = evolve(before.state if before is not None else initial, event)
    return Folded(kind=event.KIND, version=row.version, state=state), event


def follow(before: Folded | None, row: StoredRow) -> tuple[Folded, tuple[Change, ...]]:
    """The stream after its next event, and every row that changes by it."""
    after, event = folded_on(before, row)
    happened = Happened(row=row, event=event, after=after)
    changes = tuple(change for model in _MODELS[after.kind] for change in model(happened))
    return after, changes


def _queue(happened: Happened) -> Iterator[Change]:
    placement_id = PlacementId(happened.row.stream)
    row = queue_row(placement_id, happened.after.state, happened.after.version)
    yield Change(table="queue", key=(placement_id,), row=row)


def _timeline(happened: Happened) -> Iterator[Change]:
    yield _put("timeline", timeline_row(happened.row, happened.event))


def _milestones(happened: Happened) -> Iterator[Change]:
    for row in milestone_rows(happened.row, happened.event, happened.after.state):
        yield _put("milestone", row)


def _unit(happened: Happened) -> Iterator[Change]:
    yield _put("unit", unit_row(UnitId(happened.row.stream), happened.after.state))


def _house(happened: Happened) -> Iterator[Change]:
    yield _put("house", house_row(ShelterId(happened.row.stream), happened.after.state))


def _rules(happened: Happened) -> Iterator[Change]:
    yield from (_put("level", row) for row in level_rows(happened.after.state))
    yield _put("rules", rules_row(NetworkId(happened.row.stream), happened.after.state))


def _put(table: str, row: Row) -> Change:
    return Change(table=table, key=tuple(getattr(row, name) for name in row.KEY), row=row)


_MODELS: Mapping[str, Iterable[Callable[[Happened], Iterator[Change]]]] = {
    "network": (_rules,),
    "shelter": (_house,),
    "unit": (_unit,),
    "case": (),
    "placement": (_queue, _timeline, _milestones),
    "desk": (),
    "inquiry": (),
}
