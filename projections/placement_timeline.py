"""A placement's timeline: what happened, when it is said to have happened, and when the log learned it.

The gap between the two matters: whatever was decided in it was decided without knowing. Rows are made from
any event of a placement, whatever its type; one that says when it occurred has a gap. A correction counts
from when the thing really happened, and the line that it corrects says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from domain.event import Event
from domain.permissions import Role
from domain.vocabulary import PlacementId
from ledger.store import metadata
from ledger.store.port import StoredRow
from projections.preservation_view import ValuesDestroyed

LATE_AFTER = timedelta(minutes=5)
"""Longer than it takes to write down what has just been said."""
MOST_NAMED = 20
"""Decisions that a late line names: an entry of long ago would name all there ever were."""
DECISION = "placement.candidates-ranked."
CORRECTION = "placement.entry-corrected."


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineRow:
    """One event of a placement. `decision`: places were ranked, on what the log knew then. `corrects` is the
    version that the event declares wrong.
    """

    KEY: ClassVar[tuple[str, ...]] = ("position",)
    position: int
    placement_id: PlacementId
    version: int
    topic: str
    occurred_at: datetime | None
    recorded_at: datetime
    gap_seconds: int | None
    late: bool
    role: Role
    decision: bool
    corrects: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionLine:
    """A ranking, of whichever placement, that was recorded after a late event had happened and before the log
    knew of it.
    """

    position: int
    placement_id: PlacementId
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Meanwhile:
    """The decisions taken while one late event was not yet known: the first of them, and how many."""

    named: tuple[TimelineRow, ...]
    count: int


NOTHING_MEANWHILE = Meanwhile(named=(), count=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class TimelineLine:
    """One event. `occurred_at` and the gap are null where an event happens by being recorded. `corrected_by`:
    the position at which it was declared wrong. `decided_meanwhile` names the first twenty decisions,
    `decided_meanwhile_count` says how many there were.
    """

    position: int
    version: int
    topic: str
    occurred_at: datetime | None
    recorded_at: datetime
    gap_seconds: int | None
    late: bool
    role: Role
    corrected_by: int | None
    decided_meanwhile: tuple[DecisionLine, ...]
    decided_meanwhile_count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementTimeline:
    """A placement's events in their order, as far as the log is known up to `position`."""

    placement_id: PlacementId
    position: int
    items: tuple[TimelineLine, ...]
    values_destroyed: ValuesDestroyed | None = None


def timeline_row(row: StoredRow, event: Event) -> TimelineRow:
    occurred_at: datetime | None = getattr(event, "occurred_at", getattr(event, "true_occurred_at", None))
    gap = row.recorded_at - occurred_at if occurred_at is not None else None
    return TimelineRow(
        position=row.position,
        placement_id=PlacementId(row.stream),
        version=row.version,
        topic=row.topic,
        occurred_at=occurred_at,
        recorded_at=row.recorded_at,
        gap_seconds=int(gap.total_seconds()) if gap is not None else None,
        late=gap is not None and gap > LATE_AFTER,
        role=metadata.decode(row.metadata).role,
        decision=row.topic.startswith(DECISION),
        corrects=getattr(event, "version", None) if row.topic.startswith(CORRECTION) else None,
    )


def placement_timeline(
    placement_id: PlacementId, position: int, rows: Iterable[TimelineRow], meanwhile: Mapping[int, Meanwhile]
) -> PlacementTimeline:
    """`meanwhile`: what was decided before each late row was known, by the row's position."""
    ordered = sorted(rows, key=lambda row: row.position)
    corrected = {row.corrects: row.position for row in ordered if row.corrects is not None}
    return PlacementTimeline(
        placement_id=placement_id,
        position=position,
        items=tuple(
            _line(row, corrected.get(row.version), meanwhile.get(row.position, NOTHING_MEANWHILE))
            for row in ordered
        ),
    )


def without(timeline: PlacementTimeline, placements: frozenset[UUID]) -> PlacementTimeline:
    """The same, in which these placements are not named."""
    return replace(timeline, items=tuple(_line_without(line, placements) for line in timeline.items))


def decided_meanwhile(rows: Iterable[TimelineRow], every: Iterable[TimelineRow]) -> Mapping[int, Meanwhile]:
    """What was decided, out of `every` row known, before each of the late `rows` was known, by position."""
    decisions = sorted((row for row in every if row.decision), key=lambda row: row.position)
    return {row.position: found for row in rows if (found := _meanwhile(row, decisions)).count}


def _line_without(line: TimelineLine, placements: frozenset[UUID]) -> TimelineLine:
    shown = tuple(each for each in line.decided_meanwhile if each.placement_id not in placements)
    hidden = len(line.decided_meanwhile) - len(shown)
    if not hidden:
        return line
    return replace(
        line, decided_meanwhile=shown, decided_meanwhile_count=line.decided_meanwhile_count - hidden
    )


def _meanwhile(row: TimelineRow, decisions: Iterable[TimelineRow]) -> Meanwhile:
    if not row.late or row.occurred_at is None:
        return NOTHING_MEANWHILE
    unknowing = [
        each for each in decisions if each.recorded_at > row.occurred_at and each.position < row.position
    ]
    return Meanwhile(named=tuple(unknowing[:MOST_NAMED]), count=len(unknowing))


def _line(row: TimelineRow, corrected_by: int | None, meanwhile: Meanwhile) -> TimelineLine:
    return TimelineLine(
        position=row.position,
        version=row.version,
        topic=row.topic,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        gap_seconds=row.gap_seconds,
        late=row.late,
        role=row.role,
        corrected_by=corrected_by,
        decided_meanwhile=tuple(
            DecisionLine(position=each.position, placement_id=each.placement_id, recorded_at=each.recorded_at)
            for each in meanwhile.named
        ),
        decided_meanwhile_count=meanwhile.count,
    )
