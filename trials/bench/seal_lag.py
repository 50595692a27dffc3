"""From commit to sealed, at 200 events a second, beside the same when nothing else is going on.

Once with the sealing loop in the process that writes, as in `approdo serve`, and once in a process of its
own, `approdo seal`. Commits at an even pace; a watcher reads the last head, and a commit is sealed when a
head covers it. Both instants are read on one clock. An alarm on this machine, not a promise.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median

import uvloop

from api.settings import read_settings
from api.wiring_sealing import sealing_parts
from domain.vocabulary import LogKind
from ledger.postgres.sealed import PostgresSealedLog
from ledger.state_bytes import StateParts, join
from ledger.store.port import Append, Birth, LogClock, NewEvent
from ledger.store.postgres import PostgresStore
from trials.bench.figure import Figure
from trials.stage.ground import APP, Ground, folder, ground
from trials.stage.programs import PRODUCT, ROOT, environment

EVENTS_A_SECOND = 200
ALARM_MILLISECONDS = 2000.0
ROUNDS, SECONDS, IDLE_COMMITS = 3, 8.0, 12
SMOKE_SECONDS, SMOKE_IDLE = 1.0, 3
IDLE_PAUSE_SECONDS = 0.4
PATIENCE_SECONDS = 20.0
SEALER = "approdo_sealer"

Commits = list[tuple[int, float]]


class NeverSealed(AssertionError):
    """A commit was not sealed."""


class _Watcher:
    """Reads the last head, and remembers when it first covered each size."""

    def __init__(self, sealed: PostgresSealedLog) -> None:
        self._sealed = sealed
        self._seen: Commits = []

    async def run(self) -> None:
        while True:
            head = await self._sealed.head()
            if head is not None and (not self._seen or head.size > self._seen[-1][0]):
                self._seen.append((head.size, time.perf_counter()))
            await asyncio.sleep(0.002)

    async def lags(self, committed: Commits) -> list[float]:
        """Milliseconds for each commit. Errors: `NeverSealed`."""
        until = time.perf_counter() + PATIENCE_SECONDS
        while not self._seen or self._seen[-1][0] < committed[-1][0]:
            if time.perf_counter() > until:
                raise NeverSealed
            await asyncio.sleep(0.01)
        return [max(0.0, self._first(position) - at) * 1000 for position, at in committed]

    def _first(self, position: int) -> float:
        return next(at for size, at in self._seen if size >= position)


def run(smoke: bool) -> Sequence[Figure]:
    with ground() as on, folder() as kept:
        return (
            _figure("seal_lag", on, kept, smoke, beside=False),
            _figure("seal_lag seal", on, kept, smoke, beside=True),
        )


def _figure(name: str, on: Ground, kept: Path, smoke: bool, *, beside: bool) -> Figure:
    settings, database = on.durability(), on.fresh()
    given = {
        "sealer_database_url": on.server.dsn(database, SEALER),
        "log_key_file": str(kept / f"{database}.key"),
        "sealed_head_file": str(kept / f"{database}.head"),
    }
    Path(given["log_key_file"]).write_text(secrets.token_hex(32))
    idle, busy, rate = uvloop.run(_measure(on.server.dsn(database, APP), given, smoke, beside))
    high = [_p99(taken) for taken in busy]
    said = f"ms p99 at {rate:.0f} events/s; idle p99 {_p99(idle):.0f}, medians {median(idle):.0f} idle and "
    said += f"{median([each for taken in busy for each in taken]):.0f}  {settings}"
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


async def _measure(
    dsn: str, given: dict[str, str], smoke: bool, beside: bool
) -> tuple[list[float], list[list[float]], float]:
    """Idle lags, lags of each round under load, and the events a second that the load really was."""
    seconds, idles, rounds = (SMOKE_SECONDS, SMOKE_IDLE, 1) if smoke else (SECONDS, IDLE_COMMITS, ROUNDS)
    idle, busy, rates = list[float](), list[list[float]](), list[float]()
    birth = Birth(network=uuid.uuid4(), kind=LogKind.EXERCISE, clock=LogClock.REAL)
    async with PostgresStore(dsn) as store, PostgresSealedLog(dsn) as seen:
        await store.bear(birth)
        watcher = _Watcher(seen)
        sealing = _beside(given) if beside else _inside(given, store, birth)
        async with sealing, _turning(watcher):
            for _ in range(rounds):
                idle += await watcher.lags(await _commit(store, idles, IDLE_PAUSE_SECONDS))
                began = time.perf_counter()
                committed = await _pace(store, seconds)
                rates.append(len(committed) / (time.perf_counter() - began))
                busy.append(await watcher.lags(committed))
    return idle, busy, median(rates)


@asynccontextmanager
async def _inside(given: dict[str, str], store: PostgresStore, birth: Birth) -> AsyncIterator[None]:
    """The loop in this process, woken by its own commits."""
    async with PostgresSealedLog(given["sealer_database_url"]) as sealed:
        parts = sealing_parts(read_settings(**given), sealed, birth)
        assert parts is not None
        loop = asyncio.ensure_future(parts.sealing(lambda size: store.grown(beyond=size)).run())
        try:
            yield
        finally:
            loop.cancel()
            await asyncio.gather(loop, return_exceptions=True)


@asynccontextmanager
async def _beside(given: dict[str, str]) -> AsyncIterator[None]:
    """`approdo seal` as a process."""
    sealer = await asyncio.create_subprocess_exec(
        *(sys.executable, *PRODUCT, "seal"),
        cwd=ROOT,
        env=environment(given),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert sealer.stdout is not None
        assert (await sealer.stdout.readline()).startswith(b"approdo seals")
        yield
    finally:
        sealer.terminate()
        await sealer.communicate()


@asynccontextmanager
async def _turning(watcher: _Watcher) -> AsyncIterator[None]:
    task = asyncio.ensure_future(watcher.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _commit(store: PostgresStore, number: int, pause: float) -> Commits:
    committed: Commits = []
    for _ in range(number):
        committed.append(await _one(store))
        await asyncio.sleep(pause)
    return committed


async def _pace(store: PostgresStore, seconds: float) -> Commits:
    """One event a commit at an even pace, each begun when it is due, whatever the one before it does."""
    tasks: list[asyncio.Task[tuple[int, float]]] = []
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < seconds:
        if len(tasks) > passed * EVENTS_A_SECOND:
            await asyncio.sleep(len(tasks) / EVENTS_A_SECOND - passed)
        tasks.append(asyncio.ensure_future(_one(store)))
    return sorted(await asyncio.gather(*tasks))


async def _one(store: PostgresStore) -> tuple[int, float]:
    event = NewEvent(
        stream=uuid.uuid4(),
        version=1,
        topic="measured.1",
        state=join(StateParts(open=b"{}", reserved=secrets.token_bytes(400))),
        event_id=uuid.uuid4(),
        metadata=b"{}",
    )
    receipt = await store.append(Append(command_id=uuid.uuid4(), digest=bytes(32), events=(event,)))
    last = getattr(receipt, "last", None)
    assert isinstance(last, int)
    return last, time.perf_counter()
