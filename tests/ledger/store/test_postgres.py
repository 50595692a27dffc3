"""The store on PostgreSQL keeps the contract, with the rights of the application's role and no others."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest
import pytest_asyncio

from ledger.faults import StoreRefused, StoreUnreachable
from ledger.store.port import Receipt
from ledger.store.postgres import PostgresStore
from tests.ledger.store.appends import a_place, an_append
from tests.ledger.store.contract import StoreContract
from tests.support.postgres import Database


@pytest_asyncio.fixture
async def store(database: Database) -> AsyncIterator[PostgresStore]:
    async with PostgresStore(database.dsn("app")) as opened:
        yield opened


class TestPostgresStore(StoreContract):
    pass


EVENT = """INSERT INTO ledger.stored_events
VALUES (gen_random_uuid(), 1, 't', '', 2, gen_random_uuid(), '', now())"""
CHANGES = [
    EVENT,
    "UPDATE ledger.stored_events SET topic = 'other'",
    "DELETE FROM ledger.stored_events",
    "TRUNCATE ledger.stored_events",
    "INSERT INTO ledger.command_log VALUES (gen_random_uuid(), sha256(''), 1, 1, 1, now())",
    "DELETE FROM ledger.command_log",
    "INSERT INTO ledger.active_claim VALUES (gen_random_uuid(), gen_random_uuid())",
    "DELETE FROM ledger.active_claim",
    "UPDATE ledger.active_case SET placement = gen_random_uuid()",
    "INSERT INTO ledger.log_birth (network, kind, clock) VALUES (gen_random_uuid(), 'REAL', 'REAL')",
    "INSERT INTO ledger.exercise_clock (instant) VALUES (now())",
    "SELECT ledger.purge_commands()",
    "SELECT ledger.all_clear('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
    "ALTER TABLE ledger.stored_events DISABLE TRIGGER ALL",
    "CREATE TABLE ledger.other ()",
]


@pytest.mark.asyncio
class TestRights:
    @pytest.mark.parametrize("role", ["app", "reader"])
    @pytest.mark.parametrize("change", CHANGES)
    async def test_only_the_function_writes(
        self, store: PostgresStore, database: Database, role: str, change: str
    ) -> None:
        await store.append(an_append((uuid.uuid4(), 1)))
        connection = await asyncpg.connect(database.dsn(role))
        try:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(change)
        finally:
            await connection.close()
        assert await store.head() == 1

    async def test_a_reader_cannot_append(self, database: Database) -> None:
        async with PostgresStore(database.dsn("reader")) as reader:
            with pytest.raises(StoreRefused, match="42501"):
                await reader.append(an_append((uuid.uuid4(), 1)))
            assert await reader.head() == 0

    @pytest.mark.parametrize("role", ["owner", "superuser"])
    @pytest.mark.parametrize("change", CHANGES[1:4])
    async def test_events_stay_also_for_the_owner(
        self, store: PostgresStore, database: Database, role: str, change: str
    ) -> None:
        await store.append(an_append((uuid.uuid4(), 1)))
        connection = await asyncpg.connect(database.dsn(role))
        try:
            with pytest.raises(asyncpg.PostgresError) as refusal:
                await connection.execute(change)
        finally:
            await connection.close()
        assert refusal.value.sqlstate == "LG004"

    async def test_a_row_too_large_is_refused_by_the_table_itself(self, database: Database) -> None:
        connection = await asyncpg.connect(database.dsn("owner"))
        try:
            await connection.execute(EVENT.replace("'t', ''", "'t', convert_to(repeat('s', 59999), 'UTF8')"))
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(
                    EVENT.replace("'t', ''", "'tt', convert_to(repeat('s', 59999), 'UTF8')")
                )
        finally:
            await connection.close()

    async def test_old_commands_are_purged_by_the_owner_alone_and_then_unknown(
        self, store: PostgresStore, database: Database
    ) -> None:
        old, young = an_append((uuid.uuid4(), 1)), an_append((uuid.uuid4(), 1))
        await store.append(old)
        await store.append(young)
        owner = await asyncpg.connect(database.dsn("owner"))
        try:
            await owner.execute(
                "UPDATE ledger.command_log SET recorded_at = now() - $2::interval WHERE command_id = $1",
                old.command_id,
                timedelta(days=31),
            )
            assert await owner.fetchval("SELECT ledger.purge_commands()") == 1
        finally:
            await owner.close()
        assert await store.receipt(old.command_id) is None
        assert await store.receipt(young.command_id) is not None


@pytest.mark.asyncio
class TestFaults:
    async def test_an_unreachable_database_is_said_to_be_so(self) -> None:
        store = PostgresStore("postgresql://approdo_app@/none?host=/nonexistent")
        with pytest.raises(StoreUnreachable):
            await store.open()
        with pytest.raises(StoreUnreachable):
            await store.head()
        await store.close()

    async def test_a_store_without_its_schema_is_refused(self, empty_database: Database) -> None:
        async with PostgresStore(empty_database.dsn("superuser")) as store:
            with pytest.raises(StoreRefused, match="42P01"):
                await store.head()
            with pytest.raises(StoreRefused):
                await store.append(an_append((uuid.uuid4(), 1)))

    async def test_a_batch_whose_connection_is_lost_is_settled_by_its_ids(
        self, store: PostgresStore, database: Database
    ) -> None:
        """The table is locked, so the append waits; its session is then ended."""
        superuser = await asyncpg.connect(database.dsn("superuser"))
        try:
            async with superuser.transaction():
                await superuser.execute("LOCK TABLE ledger.stored_events IN EXCLUSIVE MODE")
                appends = [an_append((uuid.uuid4(), 1)) for _ in range(5)]
                sending = asyncio.gather(*(store.append(append) for append in appends))
                await asyncio.sleep(0.2)
                ended = await superuser.fetchval(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE '%ledger.append(%'"
                    " AND pid <> pg_backend_pid()"
                )
                assert ended > 0
            outcomes = await sending
        finally:
            await superuser.close()
        assert all(isinstance(outcome, Receipt) for outcome in outcomes)
        assert await store.head() == 5

    async def test_readers_survive_the_loss_of_their_connections(
        self, store: PostgresStore, database: Database
    ) -> None:
        await store.append(an_append((uuid.uuid4(), 1)))
        superuser = await asyncpg.connect(database.dsn("superuser"))
        await superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await superuser.close()
        await asyncio.sleep(0.1)
        for _ in range(3):
            try:
                assert await store.head() == 1
                break
            except StoreUnreachable:
                continue
        assert await store.head() == 1
        assert isinstance(await store.append(an_append((uuid.uuid4(), 1))), Receipt)

    async def test_a_cancelled_read_s_connection_is_not_used_again(self, store: PostgresStore) -> None:
        for _ in range(20):
            reading = asyncio.create_task(store.read_all(after=0, limit=10))
            await asyncio.sleep(0)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
        assert await store.head() == 0

    async def test_no_text_of_the_database_is_in_a_fault(self, store: PostgresStore) -> None:
        secret = "via-segreta-12\x00"
        event = an_append((uuid.uuid4(), 1)).events[0]
        wrong = an_append(
            type(event)(
                stream=event.stream,
                version=1,
                topic=secret,
                state=b"",
                event_id=event.event_id,
                metadata=b"",
            )
        )
        with pytest.raises(Exception, match="22021") as fault:
            await store.append(wrong)
        assert "segreta" not in repr(fault.value) + str(fault.value)
        assert fault.value.__cause__ is None
        assert fault.value.__suppress_context__


@pytest.mark.asyncio
async def test_another_process_s_events_arrive_within_the_bell_s_time(
    store: PostgresStore, database: Database
) -> None:
    """Two stores stand for two processes; the poll alone would take up to 250 ms."""
    delays: list[float] = []
    loop = asyncio.get_running_loop()
    sent = 0.0

    async def follow() -> None:
        async for page in store.follow(after=0):
            delays.append(loop.time() - sent)
            if page[-1].position >= 12:
                return

    async with PostgresStore(database.dsn("app")) as other:
        follower = asyncio.create_task(follow())
        await asyncio.sleep(0.5)
        for _ in range(12):
            sent = loop.time()
            await other.append(an_append((uuid.uuid4(), 1)))
            await asyncio.sleep(0.06)
        await asyncio.wait_for(follower, 10)
    assert sorted(delays)[len(delays) // 2] < 0.06


@pytest.mark.asyncio
async def test_two_processes_never_give_one_bed_twice(store: PostgresStore, database: Database) -> None:
    beds = [uuid.uuid4() for _ in range(10)]
    async with PostgresStore(database.dsn("app")) as other:
        rivals = [
            (side, an_append((holder := uuid.uuid4(), 1), takes=[a_place(bed, holder)]))
            for bed in beds
            for side in (store, other) * 5
        ]
        outcomes = await asyncio.gather(*(side.append(append) for side, append in rivals))
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == len(beds)
    assert await store.head() == len(beds)
