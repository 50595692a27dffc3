"""Where a command reads a log from: the ledger that the settings name, or a plain dump without a database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Protocol
from uuid import UUID

from api.commands.instants import instant
from api.settings import Settings
from api.wiring import NotFounded, open_store, refuse_scratch
from domain import network
from domain.event import folded, kind_of
from domain.network import NetworkState
from ledger.store import codec
from ledger.store.dump import read_dump
from ledger.store.port import Store, StoredRow
from ledger.store.replay import PAGE, position_of, rows_upto


class LogRows(Protocol):
    """A log to read, as often as is needed."""

    def pages(self, upto: int | None = None) -> AsyncIterator[Sequence[StoredRow]]:
        """Its rows in order, up to a position (None: to its end)."""

    async def position_at(self, at: datetime) -> int:
        """The last position recorded at or before an instant (UTC), 0 when there is none."""

    async def network_rows(self) -> Sequence[StoredRow]:
        """The rows of the network's own stream."""


@dataclass(frozen=True, slots=True)
class LedgerRows:
    """The log of a ledger, up to where it stood when a reading began."""

    store: Store
    network_id: UUID

    async def pages(self, upto: int | None = None) -> AsyncIterator[Sequence[StoredRow]]:
        async for page in rows_upto(self.store, await position_of(self.store, position=upto)):
            yield page

    async def position_at(self, at: datetime) -> int:
        return await self.store.position_at(at)

    async def network_rows(self) -> Sequence[StoredRow]:
        return (await self.store.read_streams((self.network_id,)))[self.network_id]


@dataclass(frozen=True, slots=True)
class DumpRows:
    """The log in a plain dump. Errors of every reading: `DumpBroken`."""

    path: Path

    async def pages(self, upto: int | None = None) -> AsyncIterator[Sequence[StoredRow]]:
        rows = read_dump(self.path)
        while page := list(islice(rows, PAGE)):
            inside = [row for row in page if upto is None or row.position <= upto]
            if inside:
                yield inside
            if len(inside) < len(page):
                return

    async def position_at(self, at: datetime) -> int:
        return max((row.position for row in read_dump(self.path) if row.recorded_at <= at), default=0)

    async def network_rows(self) -> Sequence[StoredRow]:
        return [row for row in read_dump(self.path) if kind_of(row.topic) == "network"]


@asynccontextmanager
async def open_rows(settings: Settings, source: Path | None) -> AsyncIterator[LogRows]:
    """The dump at `source`, or the ledger. Errors: `NotFounded`, and all of `open_store`."""
    if source is not None:
        yield DumpRows(source)
        return
    async with open_store(settings, join=True) as opened:
        birth = await opened.store.birth()
        if birth is None:
            raise NotFounded
        refuse_scratch(settings, birth.kind)
        yield LedgerRows(opened.store, birth.network)


async def network_of(rows: LogRows) -> NetworkState:
    """The network as it stands at the end of the log. Errors: `UnknownTopic`, `BrokenEvent`."""
    events = [codec.decode(row.topic, row.state) for row in await rows.network_rows()]
    return folded("network", events, network.initial, network.evolve)


async def position_asked(rows: LogRows, position: int | None, as_of: str | None) -> int | None:
    """Where to read up to: a position, an instant as people write it, or None for the end. Errors:
    `WrongInstant`.
    """
    if as_of is None:
        return position
    return await rows.position_at(instant(as_of, (await network_of(rows)).zone))
