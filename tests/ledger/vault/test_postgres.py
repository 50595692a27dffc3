"""The vault on PostgreSQL keeps the contract, with its own role's rights; what it destroys is in no file."""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from ledger.vault.port import KeyDestroyed, ValueBroken, VaultUnreachable
from ledger.vault.postgres import PostgresVault
from ledger.vault.wrapping import MasterKeys, MasterKeyUnknown
from tests.ledger.vault.contract import NUMBER, WORD, Age, VaultContract
from tests.support.postgres import Database

MASTER = os.urandom(32)


@pytest_asyncio.fixture
async def vault(database: Database) -> AsyncIterator[PostgresVault]:
    async with PostgresVault(database.dsn("vault"), MasterKeys(MASTER), os.urandom) as opened:
        yield opened


@pytest.fixture
def age(database: Database) -> Age:
    async def passes(by: timedelta) -> None:
        """Sooner for the vault than its clock: what it holds becomes older."""
        await _as_superuser(
            database, "UPDATE vault.sealed_value SET doubted_at = doubted_at - $1::interval", by
        )

    return passes


async def _as_superuser(database: Database, statement: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database.dsn("superuser"))
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()


class TestPostgresVault(VaultContract):
    pass


@pytest.mark.asyncio
class TestRights:
    @pytest.mark.parametrize("role", ["app", "reader"])
    @pytest.mark.parametrize("table", ["subject_key", "sealed_value", "destroyed"])
    async def test_the_roles_of_the_log_read_no_row(self, database: Database, role: str, table: str) -> None:
        await _denied(database, role, f"SELECT * FROM vault.{table}")

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT * FROM ledger.stored_events",
            "SELECT * FROM ledger.command_log",
            "SELECT * FROM identity.actor",
            "SELECT * FROM views.queue",
            "DELETE FROM vault.subject_key",
            "TRUNCATE vault.subject_key",
            "TRUNCATE vault.sealed_value",
            "UPDATE vault.sealed_value SET sealed = ''",
            "DELETE FROM vault.destroyed",
            "CREATE TABLE vault.other ()",
        ],
    )
    async def test_the_vaults_role_can_do_no_more_than_it_must(
        self, database: Database, statement: str
    ) -> None:
        await _denied(database, "vault", statement)

    @pytest.mark.parametrize("role", ["app", "reader"])
    async def test_nobody_else_destroys(self, database: Database, role: str) -> None:
        await _denied(database, role, "SELECT vault.destroy(gen_random_uuid())")


async def _denied(database: Database, role: str, statement: str) -> None:
    connection = await asyncpg.connect(database.dsn(role))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.asyncio
class TestFiles:
    """What stands in the files of the tables once it was destroyed, whoever else looks at the database."""

    async def test_a_destroyed_key_is_in_no_file_even_while_an_old_snapshot_is_open(
        self, vault: PostgresVault, database: Database
    ) -> None:
        case, other = uuid.uuid4(), uuid.uuid4()
        kept = await vault.keep(case, [NUMBER], uuid.uuid4())
        others = await vault.keep(other, [WORD], uuid.uuid4())
        wrapped, kept_bytes = await _rows_of(database, case)
        onlooker = await asyncpg.connect(database.dsn("superuser"))
        try:
            async with onlooker.transaction(isolation="repeatable_read"):
                await onlooker.fetch("SELECT * FROM ledger.stored_events")
                assert await _in_files(database, wrapped), "the search finds what is there"
                await vault.destroy(case)
                assert not await _in_files(database, wrapped)
        finally:
            await onlooker.close()
        await vault.tidy()
        assert not await _in_files(database, kept_bytes)
        assert await vault.open(other, others) == {others[0]: WORD[1]}
        with pytest.raises(KeyDestroyed):
            await vault.open(case, kept)

    async def test_a_row_that_is_only_deleted_is_still_in_the_file(
        self, vault: PostgresVault, database: Database
    ) -> None:
        case = uuid.uuid4()
        kept = await vault.keep(case, [NUMBER], uuid.uuid4())
        wrapped, sealed = await _rows_of(database, case)
        await _as_superuser(database, "DELETE FROM vault.subject_key WHERE subject = $1", case)
        await vault.discard(case, kept)
        assert await _in_files(database, wrapped)
        assert await _in_files(database, sealed)
        await vault.tidy()
        assert not await _in_files(database, sealed)

    async def test_no_file_of_the_server_has_a_value(self, vault: PostgresVault, database: Database) -> None:
        await vault.keep(uuid.uuid4(), [NUMBER, WORD], uuid.uuid4())
        for _, value in (NUMBER, WORD):
            assert not await _in_files(database, value.encode(), everywhere=True)


async def _rows_of(database: Database, subject: uuid.UUID) -> tuple[bytes, bytes]:
    """The subject's wrapped key, and one of its sealed values, as bytes on disk."""
    (key,) = await _as_superuser(
        database, "SELECT wrapped FROM vault.subject_key WHERE subject = $1", subject
    )
    (value,) = await _as_superuser(
        database, "SELECT sealed FROM vault.sealed_value WHERE subject = $1", subject
    )
    return key["wrapped"], value["sealed"]


async def _in_files(database: Database, wanted: bytes, *, everywhere: bool = False) -> bool:
    """Whether any file of the database's tables (or of the whole server) holds these bytes."""
    await _as_superuser(database, "CHECKPOINT")
    (row,) = await _as_superuser(database, "SELECT oid FROM pg_database WHERE datname = $1", database.name)
    data = database.server.data_dir / "pgdata"
    folder = data if everywhere else data / "base" / str(row["oid"])
    return any(wanted in path.read_bytes() for path in _files(folder))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.asyncio
class TestFaults:
    async def test_a_vault_that_is_not_there_is_said_so_in_time(self, tmp_path: Path) -> None:
        nowhere = f"postgresql://approdo_vault@/postgres?host={tmp_path}"
        async with PostgresVault(nowhere, MasterKeys(MASTER), os.urandom) as absent:
            for call in (absent.keep(uuid.uuid4(), [NUMBER], uuid.uuid4()), absent.open(uuid.uuid4(), [])):
                with pytest.raises(VaultUnreachable) as told:
                    await call
                assert NUMBER[1] not in str(told.value)

    async def test_a_role_that_may_not_read_it_has_no_vault(self, database: Database) -> None:
        async with PostgresVault(database.dsn("app"), MasterKeys(MASTER), os.urandom) as denied:
            with pytest.raises(VaultUnreachable, match="42501"):
                await denied.open(uuid.uuid4(), [])

    async def test_another_master_key_opens_nothing(self, vault: PostgresVault, database: Database) -> None:
        case = uuid.uuid4()
        kept = await vault.keep(case, [NUMBER], uuid.uuid4())
        async with PostgresVault(database.dsn("vault"), MasterKeys(os.urandom(32)), os.urandom) as other:
            for call in (
                other.open(case, kept),
                other.keep(case, [WORD], uuid.uuid4()),
                other.keep(uuid.uuid4(), [WORD], uuid.uuid4()),
            ):
                with pytest.raises(MasterKeyUnknown):
                    await call

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE vault.sealed_value SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)",
            "UPDATE vault.sealed_value SET sealed = set_byte(sealed, 0, 2)",
            "UPDATE vault.sealed_value SET sealed = substring(sealed, 1, 20)",
            "UPDATE vault.sealed_value SET kind = 'ALIAS'",
            "UPDATE vault.sealed_value SET subject = lpad('2', 32, '0')::uuid",
            "UPDATE vault.subject_key k SET wrapped = o.wrapped FROM vault.subject_key o WHERE k <> o",
            "UPDATE vault.subject_key SET wrapped = set_byte(wrapped, 9, get_byte(wrapped, 9) # 1)",
        ],
    )
    async def test_what_was_changed_or_moved_does_not_open(
        self, vault: PostgresVault, database: Database, change: str
    ) -> None:
        case, other = uuid.UUID(int=1), uuid.UUID(int=2)
        kept = await vault.keep(case, [NUMBER], uuid.uuid4())
        await vault.keep(other, [WORD], uuid.uuid4())
        await _as_superuser(database, change)
        opened_as = other if "lpad" in change else case
        with pytest.raises(ValueBroken):
            await vault.open(opened_as, kept)

    async def test_keys_are_wrapped_anew_and_the_former_master_key_is_done_with(
        self, vault: PostgresVault, database: Database
    ) -> None:
        cases = [uuid.uuid4() for _ in range(5)]
        kept = [await vault.keep(case, [NUMBER], uuid.uuid4()) for case in cases]
        new = os.urandom(32)
        async with PostgresVault(database.dsn("vault"), MasterKeys(new, MASTER), os.urandom) as turning:
            assert await turning.open(cases[0], kept[0]) == {kept[0][0]: NUMBER[1]}
            assert (await turning.rewrap(), await turning.rewrap()) == (5, 0)
        async with PostgresVault(database.dsn("vault"), MasterKeys(new), os.urandom) as turned:
            for case, commitments in zip(cases, kept, strict=True):
                assert await turned.open(case, commitments) == {commitments[0]: NUMBER[1]}

    async def test_it_goes_on_after_its_connections_were_ended(
        self, vault: PostgresVault, database: Database
    ) -> None:
        case = uuid.uuid4()
        kept = await vault.keep(case, [NUMBER], uuid.uuid4())
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'approdo_vault'"
        await _as_superuser(database, ended)
        for _ in range(5):
            try:
                assert await vault.open(case, kept) == {kept[0]: NUMBER[1]}
                return
            except VaultUnreachable:
                await asyncio.sleep(0.1)
        pytest.fail("it did not come back")
