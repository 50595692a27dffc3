"""The loop that seals: it waits for its turn, begins again after faults, and stops where the database is not
the one it sealed, telling so once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from api.loops import sealing as loop
from api.loops.running import kept_turning
from api.loops.sealing import Sealing
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.faults import StoreUnreachable
from ledger.log_lines import Line
from ledger.postgres.sealed import PostgresSealedLog
from ledger.store.memory import MemoryStore
from ledger.store.port import StoredRow
from ledger.store.postgres import PostgresStore
from tests.ledger.evidence.sealing.logs import Sealed, grow, kept_in
from tests.support.postgres import Database

pytestmark = pytest.mark.asyncio


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TURN_SECONDS", "MENDED_SECONDS"):
        monkeypatch.setattr(loop, name, 0.01)
    monkeypatch.setattr("ledger.evidence.sealing.sealer.PAUSE_SECONDS", 0.01)
    monkeypatch.setattr("api.loops.running.PAUSE_SECONDS", 0.01)


@pytest.fixture
def on(tmp_path: Path) -> Sealed:
    store = MemoryStore()
    return Sealed(store=store, log=MemorySealedLog(store), kept=kept_in(tmp_path))


def sealing(on: Sealed) -> Sealing:
    return Sealing(on.log, on.sealer(), on.kept)


async def _turned(each: Sealing) -> None:
    await kept_turning(each.run)()


@asynccontextmanager
async def turning(*loops: Sealing) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(_turned(each)) for each in loops]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until_sealed(on: Sealed, size: int) -> None:
    async with asyncio.timeout(5):
        while not await _covered(on, size):  # noqa: ASYNC110 - nothing tells of a head
            await asyncio.sleep(0.005)


async def _covered(on: Sealed, size: int) -> bool:
    with suppress(StoreUnreachable):
        return await on.log.head_covering(size) is not None
    return False


async def test_what_is_there_is_sealed_in_one_step(on: Sealed) -> None:
    await grow(on.store, 4)
    await sealing(on).step()
    head = await on.log.head()
    assert head is not None and head.size == 4
    await sealing(on).step()
    assert len(await on.log.heads(after=0, limit=9)) == 1


async def test_two_take_turns_and_the_second_takes_over(on: Sealed) -> None:
    first, second = sealing(on), sealing(on)
    async with turning(first, second) as tasks:
        for size in range(1, 4):
            await grow(on.store, 1)
            await until_sealed(on, size)
        tasks[0].cancel()
        await grow(on.store, 1)
        await until_sealed(on, 4)
    assert (first.disagreements, second.disagreements) == (0, 0)


async def test_after_a_fault_of_the_store_it_begins_again(tmp_path: Path) -> None:
    class Failing(MemorySealedLog):
        faults = 3

        async def rows(self, *, after: int, limit: int) -> tuple[StoredRow, ...]:
            if self.faults:
                self.faults -= 1
                raise StoreUnreachable
            return await super().rows(after=after, limit=limit)

    store = MemoryStore()
    on = Sealed(store=store, log=(log := Failing(store)), kept=kept_in(tmp_path))
    await grow(store, 2)
    async with turning(sealing(on)):
        await until_sealed(on, 2)
    assert log.faults == 0


async def test_after_every_session_was_ended_it_begins_again(database: Database, tmp_path: Path) -> None:
    ending = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with PostgresStore(database.dsn("app")) as store, PostgresSealedLog(database.dsn("sealer")) as log:
        on = Sealed(store=store, log=log, kept=kept_in(tmp_path))
        await grow(store, 2)
        first, second = sealing(on), Sealing(log, on.sealer(), HeadFile(on.kept.path))
        async with turning(first, second):
            await until_sealed(on, 2)
            for size in (3, 4):
                administer_in(database, ending)
                async with PostgresStore(database.dsn("app")) as another:
                    await grow(another, 1)
                await until_sealed(on, size)
        head = await log.head()
        assert head is not None and head.root == await on.root(4)
        assert (first.disagreements, second.disagreements) == (0, 0)


def administer_in(database: Database, statement: str) -> None:
    with psycopg.connect(database.dsn("superuser"), autocommit=True) as connection:
        connection.execute(statement.encode())


async def test_a_database_that_disagrees_stops_it_until_that_is_mended(
    on: Sealed, caplog: pytest.LogCaptureFixture
) -> None:
    await grow(on.store, 2)
    await sealing(on).step()
    kept = on.kept.path.read_bytes()
    on.kept.path.unlink()
    await grow(on.store, 1)
    stopped = sealing(on)
    with caplog.at_level(logging.WARNING):
        async with turning(stopped):
            await asyncio.sleep(0.2)
            assert (stopped.stopped, await on.log.head_of(3)) == (True, None)
            on.kept.path.write_bytes(kept)
            await until_sealed(on, 3)
    assert (stopped.stopped, stopped.disagreements) == (False, 1)
    assert [record.msg for record in caplog.records] == [Line.SEALING_STOPPED], "told once"


async def test_a_broken_head_file_stops_it_too(on: Sealed) -> None:
    await grow(on.store, 2)
    on.kept.path.write_bytes(b"not a note")
    stopped = sealing(on)
    async with turning(stopped):
        await asyncio.sleep(0.1)
        assert stopped.stopped
    assert await on.log.head() is None
    assert on.kept.path.read_bytes() == b"not a note"
