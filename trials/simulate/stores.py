"""Where a run keeps its log: in memory, or in an embedded PostgreSQL whose data may be lost.

Never where a log is already: a REAL one is refused as such, any other is left as it is. A data directory that
exists is looked at with the durable profile and not written to.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path

from api.network_file.writing import FoundableStore
from ledger.faults import LedgerFault
from ledger.postgres.migrations import migrate
from ledger.postgres.settings import Profile
from ledger.postgres.supervisor import EmbeddedPostgres
from ledger.store.memory import MemoryStore
from ledger.store.port import Append, Outcome, Receipt, StoredRow
from ledger.store.postgres import PostgresStore
from trials.stage.exercise import RealLog, require_exercise
from trials.stage.ground import APP, folder

_SETTINGS = {"shared_buffers": "256MB", "max_wal_size": "4GB"}


class NotHere(Exception):
    """The simulation does not write here; the message says why and what to do."""


class SoleWriter(PostgresStore):
    """The store of the only process on its ledger: it knows what it has just written without asking.

    The log's clock is moved when something is written at the new instant, and not before; where the log ends
    is known from the receipts. What is appended, and how it is judged, is the same.
    """

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn, readers=4)
        self._instant: datetime | None = None
        self._moving: asyncio.Task[None] | None = None
        self._end = 0

    async def append(self, append: Append) -> Outcome:
        if self._moving is None and self._instant is not None:
            self._moving = asyncio.ensure_future(super().move_clock(self._instant))
        if self._moving is not None:
            await self._moving
        outcome = await super().append(append)
        if isinstance(outcome, Receipt):
            self._end = max(self._end, outcome.head)
        return outcome

    async def move_clock(self, to: datetime) -> None:
        if to != self._instant:
            self._instant, self._moving = to, None

    async def now(self) -> datetime:
        return self._instant or await super().now()

    async def read_all(self, *, after: int, limit: int, upto: int | None = None) -> tuple[StoredRow, ...]:
        if 0 < self._end <= after:
            return ()
        return await super().read_all(after=after, limit=limit, upto=upto)


@asynccontextmanager
async def opened(kind: str, data: Path | None) -> AsyncIterator[FoundableStore]:
    """An empty store of this kind. Refuses `RealLog`, `NotHere`. Errors: those of the embedded server."""
    await _refuse_another_database()
    if kind == "memory":
        yield MemoryStore()
        return
    with _folder(data) as chosen:
        if (chosen / "pgdata").exists():
            await _refuse(chosen)
        with EmbeddedPostgres(chosen, profile=Profile.SCRATCH, settings=_SETTINGS) as server:
            await migrate(server.dsn())
            async with SoleWriter(server.dsn(role=APP)) as store:
                yield store


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data.absolute()
    else:
        with folder() as temporary:
            yield temporary


async def _refuse_another_database() -> None:
    given = os.environ.get("APPRODO_DATABASE_URL")
    if given:
        async with PostgresStore(given) as store:
            await require_exercise(store)
        raise NotHere("the simulation makes a database of its own: unset APPRODO_DATABASE_URL")


async def _refuse(data: Path) -> None:
    with EmbeddedPostgres(data, profile=Profile.DURABLE) as server:
        try:
            async with PostgresStore(server.dsn(role=APP)) as store:
                await require_exercise(store)
        except RealLog:
            raise
        except LedgerFault:
            pass  # no schema of ours: somebody's data all the same
    raise NotHere(f"{data} holds a ledger already: it stays as it is. Give a folder that is new or empty.")
