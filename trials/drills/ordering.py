"""A reader that follows the log misses nothing while many write; one that follows a plain sequence misses
some.

Writers are processes of their own, each with its own store. The control is a table of the drill's own with a
`bigserial`, written by as many and followed in the same way: numbers become visible out of order there, so
what commits late behind a higher number is never seen.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from uuid import UUID, uuid4

import asyncpg

from domain.vocabulary import LogKind
from ledger.store.port import Append, Birth, LogClock, NewEvent, Receipt
from ledger.store.postgres import PostgresStore
from trials.drills.finding import Finding
from trials.stage.ground import APP, Ground, ground

WRITERS = 4
CATCH_UP_SECONDS = 10
TASKS = 8
_CONTROL = "CREATE TABLE plain (id bigserial PRIMARY KEY, writer integer NOT NULL)"


def run(rounds: int, reduced: bool) -> Finding:
    """`rounds` is how many appends each task makes; 0 is the drill's own number."""
    each = rounds or (60 if reduced else 300)
    with ground() as on:
        settings = on.durability()
        missed, seen, acknowledged = _follow_ledger(on, each)
        control_missed, control_written = _follow_plain(on, each)
    return Finding(
        name="ordering",
        wrong=missed + abs(seen - acknowledged),
        needed={"acks": acknowledged, "seen": seen, "writers": WRITERS * TASKS},
        control=control_missed,
        control_said=f"plain bigserial tail missed {control_missed} of {control_written}",
        settings=settings,
        said=f"missed={missed}",
    )


# --- the ledger -------------------------------------------------------------------------------------------


def _follow_ledger(on: Ground, each: int) -> tuple[int, int, int]:
    """How many positions the reader missed, saw, and how many events were acknowledged."""
    dsn = on.server.dsn(on.fresh(), APP)
    asyncio.run(_bear(dsn))
    return asyncio.run(_read_while(dsn, each))


async def _bear(dsn: str) -> None:
    async with PostgresStore(dsn) as store:
        await store.bear(Birth(network=uuid4(), kind=LogKind.EXERCISE, clock=LogClock.REAL))


async def _read_while(dsn: str, each: int) -> tuple[int, int, int]:
    positions: list[int] = []
    async with PostgresStore(dsn) as store:
        reader = asyncio.create_task(_tail(store, positions, upto=WRITERS * TASKS * each))
        await asyncio.to_thread(_write, _append_many, dsn, each)
        head = await store.head()
        await asyncio.wait([reader], timeout=CATCH_UP_SECONDS)
        reader.cancel()
    missed = len(set(range(1, head + 1)) - set(positions))
    assert positions == sorted(set(positions)), "the reader never goes back and never repeats"
    return missed, len(positions), WRITERS * TASKS * each


async def _tail(store: PostgresStore, positions: list[int], *, upto: int) -> None:
    async for rows in store.follow(after=0):
        positions.extend(row.position for row in rows)
        if positions[-1] >= upto:
            return


def _append_many(dsn: str, each: int) -> None:
    """One writer process."""
    asyncio.run(_append_all(dsn, each))


async def _append_all(dsn: str, each: int) -> None:
    async with PostgresStore(dsn) as store:
        await asyncio.gather(*(_append_some(store, each) for _ in range(TASKS)))


async def _append_some(store: PostgresStore, each: int) -> None:
    stream = uuid4()
    for version in range(1, each + 1):
        outcome = await store.append(_one(stream, version))
        assert isinstance(outcome, Receipt)


def _one(stream: UUID, version: int) -> Append:
    event = NewEvent(
        stream=stream, version=version, topic="drill.1", state=b"{}", event_id=uuid4(), metadata=b"{}"
    )
    return Append(command_id=uuid4(), digest=os.urandom(32), events=(event,))


# --- the control ------------------------------------------------------------------------------------------


def _follow_plain(on: Ground, each: int) -> tuple[int, int]:
    name = on.fresh()
    on.administer(_CONTROL, database=name)
    return asyncio.run(_read_plain_while(on.server.dsn(name), each))


async def _read_plain_while(dsn: str, each: int) -> tuple[int, int]:
    connection = await asyncpg.connect(dsn)
    seen: set[int] = set()
    done = asyncio.Event()

    async def tail() -> None:
        last = 0
        while True:
            finished = done.is_set()
            rows = await connection.fetch("SELECT id FROM plain WHERE id > $1 ORDER BY id", last)
            seen.update(row["id"] for row in rows)
            last = rows[-1]["id"] if rows else last
            if finished and not rows:
                return
            await asyncio.sleep(0)

    reader = asyncio.create_task(tail())
    await asyncio.to_thread(_write, _insert_many, dsn, each)
    done.set()
    await reader
    written = await connection.fetchval("SELECT count(*) FROM plain")
    missed = await connection.fetchval(
        "SELECT count(*) FROM plain WHERE id <> ALL ($1::bigint[])", list(seen)
    )
    await connection.close()
    return missed, written


def _insert_many(dsn: str, each: int) -> None:
    asyncio.run(_insert_all(dsn, each))


async def _insert_all(dsn: str, each: int) -> None:
    async def some(writer: int) -> None:
        connection = await asyncpg.connect(dsn)
        for _ in range(each):
            await connection.execute("INSERT INTO plain (writer) VALUES ($1)", writer)
        await connection.close()

    await asyncio.gather(*(some(writer) for writer in range(TASKS)))


def _write(target: object, dsn: str, each: int) -> None:
    """Start the writer processes and wait for them."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=target, args=(dsn, each)) for _ in range(WRITERS)]  # type: ignore[arg-type]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
        if writer.exitcode != 0:
            writer.kill()
            raise RuntimeError(f"a writer ended with {writer.exitcode}")
