"""Makes the rows of the read models again from the whole log, beside those that are read, and compares.

The new generation is compared with the live one row by row at the live one's own position, in one snapshot,
so that nobody waits. Where they agree, or where it is told to, the new one takes over; else it is thrown
away. A crash at any point leaves the live generation as it is, and at most rows that the next rebuild
removes. Called by `approdo rebuild`; one at a time per database.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from ledger.faults import LedgerFault
from ledger.store.port import Store
from projections.projector import Projector, Step
from projections.queries import query
from projections.read_models import SHAPE, TABLES
from projections.views import Changes, Checkpoint, Stop
from projections.views_postgres import PostgresViews, checkpoint_of

PAGE = 2000
MOST_SHOWN = 10
NEAR = 1000
"""Events that may still be read while the live generation is kept where it is."""
LONGEST = 3600.0
"""Seconds that one look at all rows of a table may take."""
_LOCK = 4715911023

Tell = Callable[[int], None]


class RebuildUnderWay(LedgerFault):
    """Another rebuild of this database is under way."""


class EventUnreadable(LedgerFault):
    """The rebuild stops before an event that this program cannot read; nothing was changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A row that only one side has, or that they tell differently: as kept, without its generation."""

    table: str
    live: Mapping[str, Any] | None
    rebuilt: Mapping[str, Any] | None

    @property
    def key(self) -> str:
        row = self.live or self.rebuilt or {}
        return " ".join(str(row[name]) for name in TABLES[self.table].KEY)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields told differently; none where one side lacks the row."""
        if self.live is None or self.rebuilt is None:
            return ()
        return tuple(name for name in self.live if self.live[name] != self.rebuilt[name])


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The two generations at one position. `different` counts all; `shown` holds the first of each table."""

    position: int
    rows: int
    different: int
    shown: tuple[Difference, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebuilt:
    """How a rebuild ended."""

    comparison: Comparison
    took_over: bool


class _Beside:
    """A generation that nobody reads, for a projector to fill; over one connection where one is given."""

    def __init__(self, views: PostgresViews, generation: int, connection: Any = None) -> None:
        self._views = views
        self._generation = generation
        self._connection = connection

    async def live(self) -> Checkpoint:
        async with self._on() as connection:
            return checkpoint_of(await connection.fetchrow(query("generation"), self._generation))

    async def advance(self, at: Checkpoint, to: int, changes: Changes) -> bool:
        async with self._on() as connection:
            return await self._views.advance_on(connection, at, to, changes, live=False)

    async def stop(self, at: Checkpoint, stop: Stop) -> None:
        """Nothing is recorded: the rebuild itself ends."""

    @asynccontextmanager
    async def _on(self) -> AsyncIterator[Any]:
        if self._connection is not None:
            yield self._connection
            return
        async with self._views.connection() as connection:
            yield connection


async def rebuild(store: Store, views: PostgresViews, *, swap: bool, tell: Tell) -> Rebuilt:
    """Make, compare, and take over where the rows agree or `swap` says so. `tell` hears how far it has read.

    The live generation first reads up to the head, as any projector would. Errors: `RebuildUnderWay`,
    `EventUnreadable`, the store's and the views'.
    """
    async with _alone(views):
        await _sweep(views)
        _refuse_stop((await Projector(store, views).catch_up()).stop)
        generation = await _begun(views)
        try:
            await _fill(store, views, generation, (await views.live()).position, tell)
            comparison = await _compared(store, views, generation)
            took_over = swap or comparison.different == 0
            if took_over:
                await _take_over(store, views, generation)
            return Rebuilt(comparison=comparison, took_over=took_over)
        finally:
            await _sweep(views)


async def _fill(
    store: Store, views: PostgresViews, generation: int, upto: int, tell: Tell, connection: Any = None
) -> None:
    projector = Projector(store, _Beside(views, generation, connection), page=PAGE)
    while True:
        step = await projector.step(upto=upto)
        tell(projector.position)
        _refuse_stop(projector.stopped)
        if step is Step.AT_HEAD:
            return


def _refuse_stop(stop: Stop | None) -> None:
    if stop is not None:
        raise EventUnreadable(f"position {stop.position}: {stop.topic} {stop.why}")


async def _compared(store: Store, views: PostgresViews, generation: int) -> Comparison:
    async with views.connection() as connection, connection.transaction(isolation="repeatable_read"):
        live = checkpoint_of(await connection.fetchrow(query("live"), SHAPE))
        await _fill(store, views, generation, live.position, _silent, connection)
        rows, different = 0, 0
        shown: list[Difference] = []
        for table, kind in TABLES.items():
            asked = query("differences").format(table=table, key=", ".join(kind.KEY))
            found = await connection.fetch(asked, live.generation, generation, MOST_SHOWN, timeout=LONGEST)
            shown.extend(_difference(table, each) for each in found)
            different += found[0]["total"] if found else 0
            counted = query("rows").format(table=table)
            rows += await connection.fetchval(counted, generation, timeout=LONGEST)
    return Comparison(position=live.position, rows=rows, different=different, shown=tuple(shown))


async def _take_over(store: Store, views: PostgresViews, generation: int) -> None:
    """The last few events are read while the live generation's projectors wait; then they find it retired."""
    while True:
        upto = (await views.live()).position
        async with views.connection() as connection:
            at = checkpoint_of(await connection.fetchrow(query("generation"), generation))
        if upto - at.position <= NEAR:
            break
        await _fill(store, views, generation, upto, _silent)
    async with views.connection() as connection, connection.transaction():
        held = checkpoint_of(await connection.fetchrow(query("hold"), SHAPE))
        await _fill(store, views, generation, held.position, _silent, connection)
        await connection.execute(query("retire"), SHAPE)
        await connection.execute(query("take_over"), generation)


@asynccontextmanager
async def _alone(views: PostgresViews) -> AsyncIterator[None]:
    async with views.connection() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            raise RebuildUnderWay
        try:
            yield
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def _begun(views: PostgresViews) -> int:
    async with views.connection() as connection:
        generation: int = await connection.fetchval(query("begin"), SHAPE, False)
    return generation


async def _sweep(views: PostgresViews) -> None:
    """Remove generations that nobody reads: retired, left by an interrupted rebuild, or of earlier shapes."""
    async with views.connection() as connection:
        for record in await connection.fetch(query("abandoned"), SHAPE):
            for table in TABLES:
                forgetting = query("forget_rows").format(table=table)
                await connection.execute(forgetting, record["generation"], timeout=LONGEST)
            await connection.execute(query("forget"), record["generation"])


def _difference(table: str, record: Any) -> Difference:
    live, rebuilt = record["live"], record["rebuilt"]
    return Difference(
        table=table,
        live=orjson.loads(live) if live is not None else None,
        rebuilt=orjson.loads(rebuilt) if rebuilt is not None else None,
    )


def _silent(_: int) -> None:
    """Nobody is told of a few events."""
