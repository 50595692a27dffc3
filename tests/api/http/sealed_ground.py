"""The stage of the doors with a sealer at its side, which seals when a test lets it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import LogKey, log_key
from ledger.evidence.sealing.port import SealedHead, SealedLog
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.evidence.tree.merkle import leaf_hash
from ledger.postgres.sealed import PostgresSealedLog
from ledger.store.memory import MemoryStore
from ledger.store.postgres import PostgresStore
from tests.api.http.ground import Ground, ground_on
from tests.support.postgres import Database

SEED = bytes(range(32))


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A stage and its sealer."""

    stage: Ground
    sealer: Sealer
    log: SealedLog
    key: LogKey

    async def seal(self) -> SealedHead:
        """All that the log has, once."""
        head = await self.sealer.step()
        assert head is not None, "there was something to seal"
        return head

    async def leaves(self) -> list[bytes]:
        """The hash of every leaf, from the events themselves."""
        return [leaf_hash(leaf_of(row)) for row in await self.stage.store.read_all(after=0, limit=5000)]


async def beside(stage: Ground, log: SealedLog, folder: Path) -> Sealed:
    """A sealer for this stage, started and having sealed nothing."""
    origin = origin_of(stage.doors.log_kind, stage.doors.network_id)
    key = log_key(origin, SEED)
    sealer = Sealer(log, SealingKeys(origin=origin, present=key), HeadFile(folder / "sealed-head"))
    await sealer.start()
    return Sealed(stage=stage, sealer=sealer, log=log, key=key)


@asynccontextmanager
async def sealed_in_memory(folder: Path, **doors: Any) -> AsyncIterator[Sealed]:
    async with ground_on(MemoryStore(), **doors) as stage:
        log = stage.doors.sealed
        yield await beside(stage, log, folder)  # type: ignore[arg-type]


@asynccontextmanager
async def sealed_on(database: Database, folder: Path) -> AsyncIterator[Sealed]:
    """The doors read as the application's role what the sealer's role writes."""
    async with (
        PostgresStore(database.dsn("app")) as store,
        PostgresSealedLog(database.dsn("app")) as read,
        PostgresSealedLog(database.dsn("sealer")) as log,
        ground_on(store, sealed=read) as stage,
    ):
        yield await beside(stage, log, folder)
