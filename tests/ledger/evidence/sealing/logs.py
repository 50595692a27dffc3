"""Logs to be sealed: events with a number for content, and a sealer of a test's own key over any store."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ledger.evidence.leaf import leaf_of
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import LogKey, log_key
from ledger.evidence.sealing.port import SealedLog
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.evidence.tree.merkle import CompactRange, leaf_hash
from ledger.state_bytes import StateParts, join
from ledger.store.port import Store
from tests.ledger.evidence.sealed_log import EPOCH, KEY, ORIGIN
from tests.ledger.store.appends import an_append, an_event

FORMER, NEXT = log_key(ORIGIN, bytes(32)), log_key(ORIGIN, bytes([7]) * 32)


@dataclass(kw_only=True)
class Clock:
    """A sealer's, moved by hand."""

    now: datetime = EPOCH

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """A store, what is sealed of it, and where its sealers keep their head."""

    store: Store
    log: SealedLog
    kept: HeadFile
    clock: Clock = field(default_factory=Clock)

    def sealer(self, key: LogKey = KEY, former: LogKey | None = None) -> Sealer:
        keys = SealingKeys(origin=ORIGIN, present=key, former=former)
        return Sealer(self.log, keys, self.kept, self.clock)

    async def started(self, key: LogKey = KEY, former: LogKey | None = None) -> Sealer:
        sealer = self.sealer(key, former)
        await sealer.start()
        return sealer

    async def root(self, size: int) -> bytes:
        """From the events alone."""
        tree = CompactRange()
        for row in await self.store.read_all(after=0, limit=size):
            tree.append(leaf_hash(leaf_of(row)))
        assert tree.size == size
        return tree.root()


async def grow(store: Store, number: int) -> None:
    """So many events more, each of a stream of its own."""
    for _ in range(number):
        state = join(StateParts(open=b"{}", reserved=uuid.uuid4().bytes))
        await store.append(an_append(an_event(uuid.uuid4(), 1, state=state)))


def kept_in(folder: Path) -> HeadFile:
    return HeadFile(folder / "sealed-head")


def at(minutes: int) -> datetime:
    return datetime.fromtimestamp(EPOCH.timestamp() + minutes * 60, UTC)
