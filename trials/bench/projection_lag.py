"""From commit to visible on the board, at 200 events a second, beside the same when nothing else is going on.

Once with the projecting loop in the process that writes, as in `approdo serve`, and once in a process of its
own, `approdo work`. Requests for a place are made and withdrawn at an even pace; a watcher asks the board
again and again which position it shows, and a commit is visible when the board shows its last event. Both
instants are read on one clock. An alarm on this machine, not a promise: the figure is milliseconds.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

import uvloop

from api.loops.projecting import Projecting
from domain.coordination.ending import WithdrawConsent, withdraw
from domain.coordination.requesting import request_placement
from domain.placement.events import PlacementRequested
from domain.vocabulary import Household, PlacementId
from ledger.store.ids import Sources, system_sources
from ledger.store.port import Append, Outcome, Receipt
from ledger.store.postgres import PostgresStore
from ledger.store.transact import Done
from projections.projector import Projector
from projections.views_postgres import PostgresViews
from trials.bench.figure import Figure
from trials.stage.ground import APP, Ground, ground
from trials.stage.in_process import Founded, command, emergency, found_engine
from trials.stage.plain_network import plain_network
from trials.stage.programs import PRODUCT, ROOT, environment

EVENTS_A_SECOND = 200
ALARM_MILLISECONDS = 50.0
ROUNDS, SECONDS, IDLE_COMMITS, WARM_UP = 3, 12.0, 40, 20
SMOKE_SECONDS, SMOKE_IDLE = 1.0, 5
IDLE_PAUSE_SECONDS = 0.1
PATIENCE_SECONDS = 10.0


class NeverShown(AssertionError):
    """A commit did not become visible."""


class _Noting(PostgresStore):
    """Notes when each commit was acknowledged."""

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn)
        self.committed: list[tuple[int, float]] = []

    async def append(self, append: Append) -> Outcome:
        outcome = await super().append(append)
        if isinstance(outcome, Receipt) and outcome.last is not None:
            self.committed.append((outcome.last, time.perf_counter()))
        return outcome


class _Watcher:
    """Asks the board which position it shows, and remembers when it first showed each."""

    def __init__(self, views: PostgresViews) -> None:
        self._views = views
        self._shown: list[tuple[int, float]] = []

    async def run(self) -> None:
        while True:
            position, _ = await self._views.board(datetime.now(UTC))
            if not self._shown or position > self._shown[-1][0]:
                self._shown.append((position, time.perf_counter()))
            await asyncio.sleep(0.001)

    async def lags(self, committed: Sequence[tuple[int, float]]) -> list[float]:
        """Milliseconds for each commit. Errors: `NeverShown`."""
        until = time.perf_counter() + PATIENCE_SECONDS
        while not self._shown or self._shown[-1][0] < committed[-1][0]:
            if time.perf_counter() > until:
                raise NeverShown
            await asyncio.sleep(0.01)
        return [max(0.0, self._first(last) - at) * 1000 for last, at in committed]

    def _first(self, position: int) -> float:
        return next(at for shown, at in self._shown if shown >= position)


def run(smoke: bool) -> Sequence[Figure]:
    with ground() as on:
        return (
            _figure("projection_lag", on, smoke, beside=False),
            _figure("projection_lag work", on, smoke, beside=True),
        )


def _figure(name: str, on: Ground, smoke: bool, *, beside: bool) -> Figure:
    settings = on.durability()
    idle, busy, rate = uvloop.run(_measure(on.server.dsn(on.fresh(), APP), smoke, beside))
    said = f"ms p99 at {rate:.0f} events/s; idle p99 {_p99(idle):.1f}, medians {median(idle):.1f} idle and "
    said += f"{median([each for taken in busy for each in taken]):.1f}  {settings}"
    high = [_p99(taken) for taken in busy]
    return Figure(
        name=name,
        ratio=median(high),
        low=min(high),
        high=max(high),
        bar=ALARM_MILLISECONDS,
        at_most=True,
        said=said,
    )


def _p99(taken: Sequence[float]) -> float:
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * 0.99))]


async def _measure(dsn: str, smoke: bool, beside: bool) -> tuple[list[float], list[list[float]], float]:
    """Idle lags, lags of each round under load, and the events a second that the load really was."""
    seconds, idles, rounds = (SMOKE_SECONDS, SMOKE_IDLE, 1) if smoke else (SECONDS, IDLE_COMMITS, ROUNDS)
    sources, idle, busy, rates = system_sources(), list[float](), list[list[float]](), list[float]()
    async with _Noting(dsn) as store, PostgresViews(dsn) as views, PostgresViews(dsn) as seen:
        founded = await found_engine(plain_network(shelters=10, units=2, beds=4), store, sources)
        watcher = _Watcher(seen)
        async with _projecting(dsn, store, views, beside), _turning(watcher):
            await _load(founded, sources, WARM_UP, 0.0)
            for _ in range(rounds):
                store.committed.clear()
                await _load(founded, sources, idles, IDLE_PAUSE_SECONDS)
                idle += await watcher.lags(store.committed)
                store.committed.clear()
                began, head = time.perf_counter(), await store.head()
                await _pace(founded, sources, seconds)
                rates.append((await store.head() - head) / (time.perf_counter() - began))
                busy.append(await watcher.lags(store.committed))
    return idle, busy, median(rates)


@asynccontextmanager
async def _projecting(
    dsn: str, store: PostgresStore, views: PostgresViews, beside: bool
) -> AsyncIterator[None]:
    """The loop here, or `approdo work` as a process."""
    if not beside:
        loop = asyncio.ensure_future(Projecting(store, Projector(store, views)).run())
        try:
            yield
        finally:
            loop.cancel()
            await asyncio.gather(loop, return_exceptions=True)
        return
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, *PRODUCT, "work"),
        cwd=ROOT,
        env=environment({"database_url": dsn}),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert worker.stdout is not None
        assert (await worker.stdout.readline()).startswith(b"approdo works")
        yield
    finally:
        worker.terminate()
        await worker.communicate()


@asynccontextmanager
async def _turning(watcher: _Watcher) -> AsyncIterator[None]:
    task = asyncio.ensure_future(watcher.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _load(founded: Founded, sources: Sources, pairs: int, pause: float) -> None:
    for _ in range(pairs):
        await _pair(founded, sources)
        await asyncio.sleep(pause)


async def _pace(founded: Founded, sources: Sources, seconds: float) -> None:
    """Pairs at an even pace, each begun when so many events are due."""
    store = founded.engine.transactor.store
    began, head = time.perf_counter(), await store.head()
    while (passed := time.perf_counter() - began) < seconds:
        written = await store.head() - head
        if written > passed * EVENTS_A_SECOND:
            await asyncio.sleep(written / EVENTS_A_SECOND - passed)
        await _pair(founded, sources)


async def _pair(founded: Founded, sources: Sources) -> None:
    """A household is held a place, and withdraws."""
    asked = emergency(Household(adults=1), datetime.now(UTC))
    done = await founded.engine.place(
        command(founded.network_id, UUID(int=1), sources),
        lambda world, context, places: request_placement(asked, world, context, places),
    )
    assert isinstance(done, Done)
    placement = next(each.stream for each in done.events if isinstance(each.event, PlacementRequested))
    leaves = WithdrawConsent(placement_id=PlacementId(placement), occurred_at=datetime.now(UTC))
    left = await founded.engine.run(
        command(founded.network_id, UUID(int=1), sources),
        lambda world, context: withdraw(leaves, world, context),
    )
    assert isinstance(left, Done)
