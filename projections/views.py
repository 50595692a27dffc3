"""Where the rows of the read models are kept: the contract, and the adapter in memory.

Rows belong to a generation: one making of them from the log. `live` is the one that is read. Not a source of
truth: all of it can be thrown away and made again. `projections.views_postgres` keeps the same on PostgreSQL;
projectors write, doors read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast
from zoneinfo import ZoneInfo

from domain.vocabulary import PlacementId
from projections.bed_board import Group, HouseRow, LevelRow, RulesRow, UnitRow, grouped
from projections.milestones import Milestone, MilestoneRow
from projections.on_call_queue import QueueRow
from projections.placement_timeline import Meanwhile, TimelineRow, decided_meanwhile
from projections.read_models import SHAPE, TABLES, Change, Row

_Row = TypeVar("_Row")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """The event that cannot be read: where it is, its topic, and the type of what was raised."""

    position: int
    topic: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """How far a generation has read, and before what it stopped. A crash leaves it and the rows together."""

    generation: int
    position: int
    stop: Stop | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """The rows a batch leaves, by table and key; None for a row that is no more. The last word on a key
    counts."""

    rows: Mapping[str, Mapping[tuple[Any, ...], Row | None]]

    @staticmethod
    def of(changes: Iterable[Change]) -> Changes:
        rows: dict[str, dict[tuple[Any, ...], Row | None]] = {table: {} for table in TABLES}
        for change in changes:
            rows[change.table][change.key] = change.row
        return Changes(rows=rows)


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """A placement's rows, and by the position of each late one the rankings recorded while it was not yet
    known.
    """

    position: int
    rows: tuple[TimelineRow, ...]
    meanwhile: Mapping[int, Meanwhile]


class Kept(Protocol):
    """What a projector needs. Errors of every method: `StoreUnreachable`, `StoreRefused`."""

    async def live(self) -> Checkpoint:
        """The generation it fills. That which is read is begun at position 0 where there is none of this
        program's shape.
        """

    async def advance(self, at: Checkpoint, to: int, changes: Changes) -> bool:
        """Write the rows and move the checkpoint from `at` to position `to`, all or nothing. False, and
        nothing written, where another projector has moved it.
        """

    async def stop(self, at: Checkpoint, stop: Stop) -> None:
        """Record why the checkpoint does not move, unless it has."""


class Views(Kept, Protocol):
    """What doors read, at the live generation's position."""

    async def queue(self) -> tuple[int, tuple[QueueRow, ...]]:
        """The position, and every row."""

    async def board(self, now: datetime) -> tuple[int, Counter[Group]]:
        """The position, and the units of houses that admit, grouped."""

    async def timeline(self, placement_id: PlacementId) -> Timeline:
        """No rows: no such placement."""

    async def milestones(
        self, since: datetime | None, before: datetime, recorded_before: datetime
    ) -> tuple[MilestoneRow, ...]:
        """Of placements asked for from `since` (None: ever) until before `before`, by what is said: all that
        was recorded before an instant.
        """

    async def first_asked(self) -> datetime | None:
        """When the first request was recorded."""


class MemoryViews:
    """`Views` in memory, of one generation: for tests and simulation, and to compare with."""

    def __init__(self) -> None:
        self.at = Checkpoint(generation=SHAPE, position=0)
        self.tables: dict[str, dict[tuple[Any, ...], Row]] = {table: {} for table in TABLES}

    async def live(self) -> Checkpoint:
        return self.at

    async def advance(self, at: Checkpoint, to: int, changes: Changes) -> bool:
        if (at.generation, at.position) != (self.at.generation, self.at.position):
            return False
        for table, rows in changes.rows.items():
            for key, row in rows.items():
                if row is None:
                    self.tables[table].pop(key, None)
                else:
                    self.tables[table][key] = row
        self.at = Checkpoint(generation=at.generation, position=to)
        return True

    async def stop(self, at: Checkpoint, stop: Stop) -> None:
        if at.position == self.at.position:
            self.at = replace(self.at, stop=stop)

    async def queue(self) -> tuple[int, tuple[QueueRow, ...]]:
        return self.at.position, self._rows("queue", QueueRow)

    async def board(self, now: datetime) -> tuple[int, Counter[Group]]:
        rules = next(iter(self._rows("rules", RulesRow)), None)
        if rules is None:
            return self.at.position, Counter()
        day = now.astimezone(ZoneInfo(rules.time_zone)).date()
        groups = grouped(
            self._rows("unit", UnitRow),
            {row.shelter_id for row in self._rows("house", HouseRow) if row.admits_on(day)},
            {row.code: row.function for row in self._rows("level", LevelRow)},
            (rules.fresh_hours, rules.stale_hours),
            now,
        )
        return self.at.position, groups

    async def timeline(self, placement_id: PlacementId) -> Timeline:
        every = self._rows("timeline", TimelineRow)
        rows = tuple(row for row in every if row.placement_id == placement_id)
        return Timeline(position=self.at.position, rows=rows, meanwhile=decided_meanwhile(rows, every))

    async def milestones(
        self, since: datetime | None, before: datetime, recorded_before: datetime
    ) -> tuple[MilestoneRow, ...]:
        every = self._rows("milestone", MilestoneRow)
        asked = {
            row.placement_id
            for row in every
            if row.milestone is Milestone.ASKED and (since is None or row.at >= since) and row.at < before
        }
        return tuple(row for row in every if row.placement_id in asked and row.recorded_at < recorded_before)

    async def first_asked(self) -> datetime | None:
        asked = (
            row.recorded_at
            for row in self._rows("milestone", MilestoneRow)
            if row.milestone is Milestone.ASKED
        )
        return min(asked, default=None)

    def _rows(self, table: str, _: type[_Row]) -> tuple[_Row, ...]:
        return tuple(cast("_Row", row) for row in self.tables[table].values())
