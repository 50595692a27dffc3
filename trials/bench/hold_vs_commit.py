"""From request to held, in process and durable, against a bare commit of the very same event rows.

One caller, one request after another: what a coordinator waits for, not what a machine can do at once.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from statistics import median
from uuid import UUID

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from domain.coordination.requesting import request_placement
from domain.placement.events import HoldPlaced
from domain.vocabulary import Household
from ledger.store.ids import Sources, system_sources
from ledger.store.port import StoredRow
from ledger.store.postgres import PostgresStore
from ledger.store.transact import Done
from trials.bench.figure import Figure, ratio_of
from trials.stage.ground import APP, Ground, ground
from trials.stage.in_process import Founded, command, emergency, found_engine
from trials.stage.plain_network import plain_network

HOLDS, SMOKE_HOLDS, ROUNDS, WARM_UP = 200, 5, 3, 20
_TABLE = "CREATE TABLE bare (LIKE ledger.stored_events INCLUDING ALL)"
_INSERT = (
    "INSERT INTO bare SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bytea[], $5::bigint[], "
)
_INSERT += "$6::uuid[], $7::bytea[], $8::timestamptz[])"
_COLUMNS = "originator_id, originator_version, topic, state, notification_id, event_id, metadata, recorded_at"


class Differ(AssertionError):
    """The two sides did not write the same rows."""


def run(smoke: bool) -> Sequence[Figure]:
    with ground() as on:
        settings = on.durability()
        database = on.fresh()
        on.administer(_TABLE, database=database)
        holds, rounds = (SMOKE_HOLDS, 1) if smoke else (HOLDS, ROUNDS)
        ours, theirs = asyncio.run(_measure(on, database, holds, rounds))
    said = f"{median(ours) * 1000:.2f} ms against {median(theirs) * 1000:.2f} ms  {settings}"
    return (ratio_of("hold_vs_commit", ours, theirs, bar=4.0, at_most=True, said=said),)


async def _measure(on: Ground, database: str, holds: int, rounds: int) -> tuple[list[float], list[float]]:
    """The median seconds of each round, ours and the bare commit's."""
    sources, ours, theirs = system_sources(), [], []
    bare = await asyncpg.connect(on.server.dsn(database))
    async with PostgresStore(on.server.dsn(database, APP)) as store:
        founded = await found_engine(plain_network(shelters=8, units=5, beds=50), store, sources)
        insert = await bare.prepare(_INSERT)
        for _ in range(WARM_UP):
            await _hold(founded, sources)
        for _ in range(rounds):
            after = await store.head()
            ours.append(await _median(holds, lambda: _hold(founded, sources)))
            commits = _commands(await store.read_all(after=after, limit=1_000_000))
            theirs.append(await _median(holds, partial(_commit, insert, iter(commits))))
        await _require_same(bare)
    await bare.close()
    return ours, theirs


async def _hold(founded: Founded, sources: Sources) -> None:
    asked = emergency(Household(adults=1), datetime.now(UTC))
    done = await founded.engine.place(
        command(founded.network_id, UUID(int=1), sources),
        lambda world, context, places: request_placement(asked, world, context, places),
    )
    assert isinstance(done, Done)
    assert any(isinstance(each.event, HoldPlaced) for each in done.events), "the network has room for all"


async def _commit(insert: PreparedStatement, commits: Iterator[Sequence[StoredRow]]) -> None:
    await insert.fetch(*_columns(next(commits)))


async def _median(times: int, once: Callable[[], Awaitable[object]]) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await once()
        taken.append(time.perf_counter() - began)
    return median(taken)


def _commands(rows: Sequence[StoredRow]) -> list[list[StoredRow]]:
    """The rows of each command by themselves, in order."""
    found: list[list[StoredRow]] = []
    for row in rows:
        if found and found[-1][-1].metadata == row.metadata:
            found[-1].append(row)
        else:
            found.append([row])
    return found


def _columns(rows: Sequence[StoredRow]) -> tuple[list[object], ...]:
    return (
        [row.stream for row in rows],
        [row.version for row in rows],
        [row.topic for row in rows],
        [row.state for row in rows],
        [row.position for row in rows],
        [row.event_id for row in rows],
        [row.metadata for row in rows],
        [row.recorded_at for row in rows],
    )


async def _require_same(bare: asyncpg.Connection) -> None:
    """Errors: `Differ`."""
    log = f"SELECT {_COLUMNS} FROM ledger.stored_events"
    different = await bare.fetchval(f"SELECT count(*) FROM (SELECT {_COLUMNS} FROM bare EXCEPT {log}) AS d")
    if different or not await bare.fetchval("SELECT count(*) FROM bare"):
        raise Differ
