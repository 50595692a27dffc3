"""From request to held, in process and durable, against a bare commit of the very same event rows.

One caller, one request after another: what a coordinator waits for, not what a machine can do at once. The
network has the size of a real one, twenty rooms with eighty beds; after each hold she withdraws, off the
clock.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from statistics import median
from uuid import UUID

import asyncpg
import uvloop
from asyncpg.prepared_stmt import PreparedStatement

from domain.coordination.ending import WithdrawConsent, withdraw
from domain.coordination.requesting import request_placement
from domain.placement.events import HoldPlaced
from domain.vocabulary import Household, PlacementId
from ledger.store.ids import Sources, system_sources
from ledger.store.port import Receipt, StoredRow
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
        ours, theirs = uvloop.run(_measure(on, database, holds, rounds))
    said = f"{median(ours) * 1000:.2f} ms against {median(theirs) * 1000:.2f} ms  {settings}"
    return (ratio_of("hold_vs_commit", ours, theirs, bar=4.0, at_most=True, said=said),)


async def _measure(on: Ground, database: str, holds: int, rounds: int) -> tuple[list[float], list[float]]:
    """The median seconds of each round, ours and the bare commit's."""
    sources, ours, theirs = system_sources(), [], []
    bare = await asyncpg.connect(on.server.dsn(database))
    async with PostgresStore(on.server.dsn(database, APP)) as store:
        founded = await found_engine(plain_network(shelters=10, units=2, beds=4), store, sources)
        insert = await bare.prepare(_INSERT)
        await _hold_each(founded, sources, WARM_UP)
        for _ in range(rounds):
            took, receipts = await _hold_each(founded, sources, holds)
            ours.append(took)
            theirs.append(await _commit_each(insert, [await _rows(store, receipt) for receipt in receipts]))
        await _require_same(bare)
    await bare.close()
    return ours, theirs


async def _hold_each(founded: Founded, sources: Sources, holds: int) -> tuple[float, list[Receipt]]:
    """The median seconds of a hold, and every receipt."""
    taken, receipts = [], []
    for _ in range(holds):
        began = time.perf_counter()
        done = await _hold(founded, sources)
        taken.append(time.perf_counter() - began)
        receipts.append(done.receipt)
        await _withdraw(founded, sources, done)
    return median(taken), receipts


async def _hold(founded: Founded, sources: Sources) -> Done:
    asked = emergency(Household(adults=1), datetime.now(UTC))
    done = await founded.engine.place(
        command(founded.network_id, UUID(int=1), sources),
        lambda world, context, places: request_placement(asked, world, context, places),
    )
    assert isinstance(done, Done)
    return done


async def _withdraw(founded: Founded, sources: Sources, done: Done) -> None:
    held = next((each for each in done.events if isinstance(each.event, HoldPlaced)), None)
    assert held is not None, "the network has room for one"
    asked = WithdrawConsent(placement_id=PlacementId(held.stream), occurred_at=datetime.now(UTC))
    ended = await founded.engine.run(
        command(founded.network_id, UUID(int=1), sources),
        lambda world, context: withdraw(asked, world, context),
    )
    assert isinstance(ended, Done)


async def _rows(store: PostgresStore, receipt: Receipt) -> Sequence[StoredRow]:
    assert receipt.first is not None and receipt.last is not None
    return await store.read_all(after=receipt.first - 1, limit=100, upto=receipt.last)


async def _commit_each(insert: PreparedStatement, commits: Sequence[Sequence[StoredRow]]) -> float:
    """The median seconds of a bare commit of the same rows."""
    taken = []
    for rows in commits:
        columns = _columns(rows)
        began = time.perf_counter()
        await insert.fetch(*columns)
        taken.append(time.perf_counter() - began)
    return median(taken)


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
