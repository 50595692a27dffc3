"""The store on PostgreSQL: appends through the batcher and `ledger.append`, reads through a pool.

Not a cache: every read is the database's. Opened by the wiring with the address of the application's role,
which can append by the function and read, and nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import asyncpg

from domain.claims import ClaimKind
from domain.vocabulary import LogKind
from ledger.faults import ClockSteppedBack, LedgerFault, WrongLog
from ledger.store.batcher import Batcher
from ledger.store.connections import Connections
from ledger.store.driver_errors import as_fault
from ledger.store.footprint import require_counted_from_one
from ledger.store.port import Append, Birth, LogClock, Outcome, Receipt, StoredRow
from ledger.store.recorder import SESSION, Recorder
from ledger.store.wakeups import Bell, Growth

MOST_READERS = 8

ROW = """SELECT originator_id, originator_version, notification_id, topic, state, event_id, metadata,
  recorded_at FROM ledger.stored_events"""
_STREAMS = f"""{ROW} WHERE originator_id = ANY ($1) AND notification_id <= $2
ORDER BY originator_id, originator_version"""
ALL_ROWS = f"{ROW} WHERE notification_id > $1 AND notification_id <= $2 ORDER BY notification_id LIMIT $3"
HEAD = "SELECT coalesce(max(notification_id), 0) FROM ledger.stored_events"
_RECEIPT = "SELECT digest, first_id, last_id, head, recorded_at FROM ledger.command_log WHERE command_id = $1"
_CLAIMS = {
    ClaimKind.PLACE: "SELECT place, holder FROM ledger.active_claim",
    ClaimKind.CASE: "SELECT case_id, placement FROM ledger.active_case",
}
_BIRTH = "SELECT network, kind, clock FROM ledger.log_birth"
_VIRTUAL = "SELECT instant FROM ledger.exercise_clock"
_END = 2**63 - 1


class PostgresStore:
    """`Store` and `LogBirth` on one database. Use it as an asynchronous context, or `open` and `close` it."""

    def __init__(self, dsn: str, *, readers: int = MOST_READERS) -> None:
        self._readers = Connections(dsn, least=1, most=readers, session=SESSION)
        self._recorder = Recorder(dsn)
        self._batcher = Batcher(self._recorder.record)
        self._growth = Growth()
        self._bell = Bell(dsn, self._growth)
        self._birth: Birth | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect the readers. Errors: `StoreUnreachable`, `StoreRefused`."""
        await self._readers.open()

    async def close(self) -> None:
        """What waits is still recorded; then every connection ends."""
        await self._batcher.close()
        await self._recorder.close()
        await self._bell.close()
        await self._readers.close()

    async def append(self, append: Append) -> Outcome:
        require_counted_from_one(append)
        outcome = await self._batcher.append(append)
        if isinstance(outcome, Receipt):
            self._growth.reached(outcome.head)
            self._bell.ring()
        return outcome

    async def receipt(self, command_id: UUID) -> tuple[bytes, Receipt] | None:
        rows = await self._fetch(_RECEIPT, command_id)
        if not rows:
            return None
        digest, first, last, head, recorded_at = rows[0]
        return digest, Receipt(
            command_id=command_id, first=first, last=last, head=head, recorded_at=recorded_at, repeated=True
        )

    async def read_streams(
        self, streams: Sequence[UUID], *, upto: int | None = None
    ) -> Mapping[UUID, tuple[StoredRow, ...]]:
        found: dict[UUID, list[StoredRow]] = {stream: [] for stream in streams}
        for record in await self._fetch(_STREAMS, list(found), _END if upto is None else upto):
            row = stored(record)
            found[row.stream].append(row)
        return {stream: tuple(rows) for stream, rows in found.items()}

    async def read_all(self, *, after: int, limit: int, upto: int | None = None) -> tuple[StoredRow, ...]:
        records = await self._fetch(ALL_ROWS, after, _END if upto is None else upto, limit)
        return tuple(stored(record) for record in records)

    async def head(self) -> int:
        head: int = await self._value(HEAD)
        self._growth.reached(head)
        return head

    async def position_at(self, instant: datetime) -> int:
        position: int = await self._value("SELECT ledger.position_at($1)", instant)
        return position

    async def claims(self, kind: ClaimKind) -> Mapping[UUID, UUID]:
        rows = await self._fetch(_CLAIMS[kind])
        return {row[0]: row[1] for row in rows}

    async def now(self) -> datetime:
        birth = self._birth or await self.birth()
        if birth is not None and birth.clock is LogClock.VIRTUAL:
            instant: datetime | None = await self._value(_VIRTUAL)
            if instant is not None:
                return instant
        return datetime.now(UTC)

    async def grown(self, *, beyond: int) -> None:
        self._bell.listen()
        await self._growth.beyond(beyond)

    async def follow(self, *, after: int, limit: int = 1000) -> AsyncIterator[tuple[StoredRow, ...]]:
        """As the port says. Errors: `StoreUnreachable`, after which the reader follows anew from its own
        position.
        """
        while True:
            self._bell.listen()
            page = await self.read_all(after=after, limit=limit)
            if page:
                after = page[-1].position
                yield page
            else:
                await self.grown(beyond=after)

    async def bear(self, birth: Birth) -> None:
        await self._command("SELECT ledger.bear($1, $2, $3)", birth.network, birth.kind, birth.clock)

    async def birth(self) -> Birth | None:
        if self._birth is None:
            for network, kind, clock in await self._fetch(_BIRTH):
                # The driver has its own kind of UUID; what goes into metadata must be the plain one.
                plain = UUID(int=network.int)
                self._birth = Birth(network=plain, kind=LogKind(kind), clock=LogClock(clock))
        return self._birth

    async def move_clock(self, to: datetime) -> None:
        await self._command("SELECT ledger.move_clock($1)", to)

    async def clock_skew(self) -> timedelta:
        before = datetime.now(UTC)
        theirs: datetime = await self._value("SELECT clock_timestamp()")
        return before + (datetime.now(UTC) - before) / 2 - theirs

    async def _command(self, statement: str, *arguments: object) -> None:
        async with self._readers.lent() as connection:
            try:
                await connection.execute(statement, *arguments)
            except asyncpg.PostgresError as cause:
                raise _birth_fault(cause) from None

    async def _value(self, statement: str, *arguments: object) -> Any:
        rows = await self._fetch(statement, *arguments)
        return rows[0][0] if rows else None

    async def _fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        async with self._readers.lent() as connection:
            records: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
            return records


def stored(record: asyncpg.Record) -> StoredRow:
    stream, version, position, topic, state, event_id, metadata, recorded_at = record
    return StoredRow(
        stream=stream,
        version=version,
        position=position,
        topic=topic,
        state=state,
        event_id=event_id,
        metadata=metadata,
        recorded_at=recorded_at,
    )


def _birth_fault(cause: asyncpg.PostgresError) -> LedgerFault:
    state = cause.sqlstate or ""
    if state in {"LG003", "23514"}:
        return WrongLog("born already, or not of the kind for this")
    return ClockSteppedBack() if state == "LG005" else as_fault(cause)
