"""The contract of the event store: what an append is, what it answers, what can be read.

Two adapters keep it, `memory` and `postgres`, behind one contract suite. Nothing here knows what an event
means: streams are ids, events are bytes under a topic. `transact` builds appends from decisions; readers
follow positions.
"""

from __future__ import annotations

import enum
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from domain.claims import Claim, ClaimKind
from domain.vocabulary import LogKind


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEvent:
    """An event about to be appended, already encoded. `version` counts 1..n inside its stream."""

    stream: UUID
    version: int
    topic: str
    state: bytes
    event_id: UUID
    metadata: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRow:
    """An event as it stands in the log. `position` is its place in the total order; `recorded_at` is UTC."""

    stream: UUID
    version: int
    position: int
    topic: str
    state: bytes
    event_id: UUID
    metadata: bytes
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Append:
    """One command's whole effect: all of it is recorded, or none.

    `events` may be empty (the command was already true: its id is recorded all the same). Versions inside one
    stream are consecutive; the version before the first is what the command expects the stream to be at (0 =
    absent). `guards` are streams read but not written, each with the version that was read. `frees` are
    judged and applied before `takes`. `digest` is 32 bytes over the parsed command.
    """

    command_id: UUID
    digest: bytes
    events: tuple[NewEvent, ...]
    guards: tuple[tuple[UUID, int], ...] = ()
    frees: tuple[Claim, ...] = ()
    takes: tuple[Claim, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """The command stands in the log at positions `first`..`last` (both None for a command without events).

    `head` is the last position of the whole log when the command was recorded; a retry gets the same receipt
    with `repeated` true.
    """

    command_id: UUID
    first: int | None
    last: int | None
    head: int
    recorded_at: datetime
    repeated: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """Nothing was written: a stream is not at the expected version, or a claim stands against it. Read up to
    `head`, decide anew.
    """

    head: int


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyReused:
    """Nothing was written: the command id is already recorded with another digest."""


Outcome = Receipt | Conflict | KeyReused


class Store(Protocol):
    """The store's promises; an acknowledged append is never lost, changed or reordered."""

    async def append(self, append: Append) -> Outcome:
        """Record a command once. Errors: `MalformedAppend`, `StoreOverloaded`, `StoreUnreachable`."""

    async def receipt(self, command_id: UUID) -> tuple[bytes, Receipt] | None:
        """The digest and receipt of a recorded command, or None."""

    async def read_streams(
        self, streams: Sequence[UUID], *, upto: int | None = None
    ) -> Mapping[UUID, tuple[StoredRow, ...]]:
        """Each stream's events in version order, one snapshot for all; with `upto`, as of that position."""

    async def read_all(self, *, after: int, limit: int, upto: int | None = None) -> tuple[StoredRow, ...]:
        """At most `limit` events with position > `after` (and <= `upto`), in order."""

    async def head(self) -> int:
        """The last position, 0 when the log is empty."""

    async def position_at(self, instant: datetime) -> int:
        """The last position recorded at or before `instant` (UTC), 0 when there is none."""

    async def claims(self, kind: ClaimKind) -> Mapping[UUID, UUID]:
        """The second guard as it stands: key -> holder."""

    async def now(self) -> datetime:
        """The instant decisions are taken at: the virtual clock of an EXERCISE where one is set, else real
        UTC time.
        """

    async def grown(self, *, beyond: int) -> None:
        """Return when the log may reach further than this position, or when it is time to look anyway."""

    def follow(self, *, after: int, limit: int = 1000) -> AsyncIterator[tuple[StoredRow, ...]]:
        """Pages of events after a position as the log grows, without end; never skips, never repeats."""


class LogClock(enum.StrEnum):
    """Which clock gives `recorded_at`: the database's, or one moved by hand, for an EXERCISE alone."""

    REAL = "REAL"
    VIRTUAL = "VIRTUAL"


@dataclass(frozen=True, kw_only=True, slots=True)
class Birth:
    """What a log is: of which network, in earnest or not, on which clock."""

    network: UUID
    kind: LogKind
    clock: LogClock


class LogBirth(Protocol):
    """What a log is and which time it has. Apart from `Store`, as few may touch it."""

    async def bear(self, birth: Birth) -> None:
        """Write the log's birth. Refuses (`WrongLog`) a second one, one after events, a REAL log on a VIRTUAL
        clock.
        """

    async def birth(self) -> Birth | None:
        """The log's birth, or None before it."""

    async def move_clock(self, to: datetime) -> None:
        """Set the virtual instant. Refuses a log that has no virtual clock (`WrongLog`), then an instant
        before the last `recorded_at` (`ClockSteppedBack`).
        """

    async def clock_skew(self) -> timedelta:
        """How far this process's real clock is ahead of the ledger's (negative: behind)."""
