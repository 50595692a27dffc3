"""The log as typed events, for whoever shows it or judges a night by it. Reads; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.event import Event
from ledger.store import codec
from ledger.store.port import Store, StoredRow

PAGE = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One event where it stands."""

    position: int
    stream: UUID
    version: int
    recorded_at: datetime
    event: Event
    row: StoredRow


def entry(row: StoredRow) -> Entry:
    return Entry(
        position=row.position,
        stream=row.stream,
        version=row.version,
        recorded_at=row.recorded_at,
        event=codec.decode(row.topic, row.state),
        row=row,
    )


async def read_log(store: Store, *, after: int = 0, upto: int | None = None) -> tuple[Entry, ...]:
    """Every event after a position, in order."""
    found: list[Entry] = []
    while True:
        position = found[-1].position if found else after
        rows = await store.read_all(after=position, limit=PAGE, upto=upto)
        found.extend(map(entry, rows))
        if len(rows) < PAGE:
            return tuple(found)


def of_kind(entries: tuple[Entry, ...], *kinds: type[Event]) -> Iterator[Entry]:
    """The entries whose event is of one of these classes."""
    return (each for each in entries if isinstance(each.event, kinds))
