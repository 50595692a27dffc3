"""Writes batches of commands to PostgreSQL by one call of `ledger.append`, and settles what a lost connection
left open.

Below the ledger's own rules: it records whatever is well formed, also streams counted from 0, as the
`eventsourcing` library's contract for recorders wants. Not a pool for readers. Called by the batcher of the
PostgreSQL adapter.

What a crash leaves behind: a batch is committed whole or not at all. A connection lost during the commit
leaves the outcome unknown; the same command ids are sent again and the log of commands answers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from ledger.faults import StoreUnreachable
from ledger.store.batcher import AnotherBatch
from ledger.store.driver_errors import DRIVER_ERRORS, as_fault
from ledger.store.port import Append, Conflict, KeyReused, Outcome, Receipt

CALL_SECONDS = 10.0
PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.05
SESSION = {"application_name": "approdo ledger", "default_transaction_isolation": "read committed"}

_APPEND = """SELECT * FROM ledger.append(
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"""


class Recorder:
    """As many connections as calls are under way at once (the batcher makes one), each used by one call at a
    time and never after a fault.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._idle: list[tuple[asyncpg.Connection, PreparedStatement]] = []
        self._closed = False

    async def record(self, batch: Sequence[Append]) -> Sequence[Outcome | AnotherBatch]:
        """The answer to each command, in the order of the batch.

        Errors: `MalformedAppend` (one of the batch is), `StoreUnreachable` after 10 s, `StoreRefused`.
        """
        columns = _columns(batch)
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return _answers(batch, await self._call(columns))
            except StoreUnreachable:
                if self._closed or time.monotonic() > until:
                    raise
            await asyncio.sleep(PAUSE_SECONDS)

    async def close(self) -> None:
        self._closed = True
        while self._idle:
            connection, _ = self._idle.pop()
            await connection.close()

    async def _call(self, columns: Sequence[Sequence[object]]) -> asyncpg.Record:
        connection: asyncpg.Connection | None = None
        try:
            connection, call = self._idle.pop() if self._idle else await self._open()
            row = await call.fetchrow(*columns, timeout=CALL_SECONDS)
            assert row is not None
        except BaseException as cause:
            if connection is not None:
                connection.terminate()
            if isinstance(cause, DRIVER_ERRORS):
                raise as_fault(cause) from None
            raise
        self._idle.append((connection, call))
        return row

    async def _open(self) -> tuple[asyncpg.Connection, PreparedStatement]:
        connection = await asyncpg.connect(self._dsn, timeout=CALL_SECONDS, server_settings=SESSION)
        try:
            return connection, await connection.prepare(_APPEND)
        except BaseException:
            connection.terminate()
            raise


def _columns(batch: Sequence[Append]) -> tuple[Sequence[object], ...]:
    events = [(number, event) for number, append in enumerate(batch, 1) for event in append.events]
    guards = [(number, *guard) for number, append in enumerate(batch, 1) for guard in append.guards]
    claims = [
        (number, claim, takes)
        for number, append in enumerate(batch, 1)
        for takes, group in ((False, append.frees), (True, append.takes))
        for claim in group
    ]
    return (
        [append.command_id for append in batch],
        [append.digest for append in batch],
        [number for number, _ in events],
        [event.stream for _, event in events],
        [event.version for _, event in events],
        [event.topic for _, event in events],
        [event.state for _, event in events],
        [event.event_id for _, event in events],
        [event.metadata for _, event in events],
        [number for number, _, _ in guards],
        [stream for _, stream, _ in guards],
        [version for _, _, version in guards],
        [number for number, _, _ in claims],
        [claim.kind for _, claim, _ in claims],
        [takes for _, _, takes in claims],
        [claim.key for _, claim, _ in claims],
        [claim.holder for _, claim, _ in claims],
    )


def _answers(batch: Sequence[Append], row: asyncpg.Record) -> list[Outcome | AnotherBatch]:
    extents = zip(row["firsts"], row["lasts"], row["heads"], row["instants"], strict=True)
    return [
        _answer(append, verdict, extent, row["head"])
        for append, verdict, extent in zip(batch, row["verdicts"], extents, strict=True)
    ]


def _answer(append: Append, verdict: str, extent: tuple[Any, ...], head: int) -> Outcome | AnotherBatch:
    match verdict:
        case "recorded" | "repeated":
            first, last, own_head, recorded_at = extent
            return Receipt(
                command_id=append.command_id,
                first=first,
                last=last,
                head=own_head,
                recorded_at=recorded_at,
                repeated=verdict == "repeated",
            )
        case "conflict":
            return Conflict(head=head)
        case "key_reused":
            return KeyReused()
        case _:
            assert verdict == "retry", verdict
            return AnotherBatch()
