"""When what a row tells happened, as far as the log says: the second of its two times.

`recorded_at` is the ledger's. Where an event says when it occurred or was observed, that is when it
happened; where a later entry declares that time wrong, the true time counts; an event without a time of its
own happened by being recorded, but for the few that are the other half of an event of the same command. Pure;
for `belief` and for whoever tells late entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.codes import CorrectionReason
from domain.event import Event
from domain.placement.events import EntryCorrected, PlacementEnded
from domain.unit import OccupiedDirectly, UnitOccupied, UnitVacated
from ledger.store import codec
from ledger.store.port import StoredRow

OTHER_HALVES = (UnitOccupied, OccupiedDirectly, UnitVacated, PlacementEnded)
"""They tell of a room, or of the end of a request, what an event of their command tells with its time."""

Corrections = Mapping[tuple[UUID, int], datetime]
"""The true time of entries whose time was declared wrong, by stream and version."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """A row with its event, and when it happened."""

    row: StoredRow
    event: Event
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What is told of a row: where it stands, its two times, and the placement that it is of, if any."""

    position: int
    topic: str
    placement_id: UUID | None
    happened_at: datetime
    recorded_at: datetime


def entry_of(told: Happened) -> Entry:
    row = told.row
    return Entry(
        position=row.position,
        topic=row.topic,
        placement_id=row.stream if told.event.KIND == "placement" else None,
        happened_at=told.at,
        recorded_at=row.recorded_at,
    )


def note_corrections(found: dict[tuple[UUID, int], datetime], rows: Iterable[StoredRow]) -> None:
    """Add what the corrections among these rows say; of each entry the latest counts."""
    for row in rows:
        if row.topic != EntryCorrected.TOPIC:
            continue
        event = codec.decode(row.topic, row.state)
        assert isinstance(event, EntryCorrected), "told by its topic"
        if event.reason is CorrectionReason.WRONG_TIME and event.true_occurred_at is not None:
            found[row.stream, event.version] = event.true_occurred_at
        else:
            found.pop((row.stream, event.version), None)


class Happenings:
    """Takes a log in any number of pieces, in order, and gives it back by whole commands, each row with when
    it happened.
    """

    def __init__(self, corrected: Corrections) -> None:
        self._corrected = corrected
        self._command: list[tuple[StoredRow, Event]] = []

    def take(self, rows: Iterable[StoredRow]) -> Iterator[Happened]:
        for row in rows:
            # Events of one command stand together and share their metadata.
            if self._command and self._command[-1][0].metadata != row.metadata:
                yield from self.end()
            self._command.append((row, codec.decode(row.topic, row.state)))

    def end(self) -> Iterator[Happened]:
        """The command ends here."""
        command, self._command = self._command, []
        said = [(row, event, self._said(row, event)) for row, event in command]
        told = [at for _, _, at in said if at is not None]
        for row, event, at in said:
            other = max(told) if told and isinstance(event, OTHER_HALVES) else row.recorded_at
            yield Happened(row=row, event=event, at=at or other)

    def _said(self, row: StoredRow, event: Event) -> datetime | None:
        """Nothing that is said to have happened after it was recorded did, unless it was declared so."""
        corrected = self._corrected.get((row.stream, row.version))
        if corrected is not None:
            return corrected
        at: datetime | None = getattr(event, "occurred_at", None) or getattr(event, "observed_at", None)
        return min(at, row.recorded_at) if at is not None else None
