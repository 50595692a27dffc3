"""The schema's migrations: once each, in order, whole or not at all, and never changed afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import psycopg
import pytest

from ledger.postgres.faults import (
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnreachable,
    MigrationChanged,
    MigrationFailed,
    MigrationsBroken,
)
from ledger.postgres.migrations import check, known, migrate
from ledger.postgres.supervisor import EmbeddedPostgres
from tests.support.postgres import Database, administer, clone

FIRST = "0001_first.sql", "CREATE TABLE first (n integer);"
SECOND = "0002_second.sql", "CREATE TABLE second (n integer); INSERT INTO first VALUES (2);"


def written(folder: Path, *files: tuple[str, str]) -> Path:
    for name, sql in files:
        (folder / name).write_text(sql)
    return folder


def tables(database: Database) -> list[str]:
    statement = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    with psycopg.connect(database.dsn("superuser")) as connection:
        return [row[0] for row in connection.execute(statement)]


def run(database: Database, folder: Path) -> tuple[str, ...]:
    return asyncio.run(migrate(database.dsn("superuser"), folder=folder))


def checked(database: Database, folder: Path) -> None:
    asyncio.run(check(database.dsn("superuser"), folder=folder))


def test_each_file_is_applied_once_and_in_order(empty_database: Database, tmp_path: Path) -> None:
    assert run(empty_database, written(tmp_path, FIRST)) == ("0001_first.sql",)
    assert run(empty_database, written(tmp_path, SECOND)) == ("0002_second.sql",)
    assert run(empty_database, tmp_path) == ()
    assert tables(empty_database) == ["first", "schema_migration", "second"]
    checked(empty_database, tmp_path)


def test_two_programs_at_once_take_turns(empty_database: Database, tmp_path: Path) -> None:
    folder, address = written(tmp_path, FIRST, SECOND), empty_database.dsn("superuser")

    async def together() -> list[tuple[str, ...]]:
        return await asyncio.gather(*(migrate(address, folder=folder) for _ in range(4)))

    assert sorted(name for names in asyncio.run(together()) for name in names) == [
        "0001_first.sql",
        "0002_second.sql",
    ]


def test_a_file_that_fails_leaves_nothing_and_says_where_without_the_databases_words(
    empty_database: Database, tmp_path: Path
) -> None:
    broken = "0002_second.sql", "CREATE TABLE second (n integer);\nINSERT INTO first VALUES ('Anna');"
    with pytest.raises(
        MigrationFailed, match="0002_second.sql, line 2: InvalidTextRepresentationError 22P02"
    ) as told:
        run(empty_database, written(tmp_path, FIRST, broken))
    assert "Anna" not in str(told.value)
    assert told.value.__cause__ is None
    assert tables(empty_database) == ["first", "schema_migration"]
    assert run(empty_database, written(tmp_path, SECOND)) == ("0002_second.sql",)


def test_an_applied_file_must_not_change(empty_database: Database, tmp_path: Path) -> None:
    run(empty_database, written(tmp_path, FIRST))
    written(tmp_path, (FIRST[0], FIRST[1] + " "), SECOND)
    for door in (run, checked):
        with pytest.raises(MigrationChanged, match="0001_first.sql"):
            door(empty_database, tmp_path)
    assert tables(empty_database) == ["first", "schema_migration"]


def test_an_applied_file_must_not_be_renamed(empty_database: Database, tmp_path: Path) -> None:
    run(empty_database, written(tmp_path, FIRST))
    (tmp_path / FIRST[0]).rename(tmp_path / "0001_other.sql")
    with pytest.raises(MigrationChanged, match="the database has 0001_first.sql, the file is 0001_other.sql"):
        run(empty_database, tmp_path)


def test_a_newer_database_is_left_to_the_newer_program(empty_database: Database, tmp_path: Path) -> None:
    run(empty_database, written(tmp_path, FIRST, SECOND))
    (tmp_path / SECOND[0]).unlink()
    for door in (run, checked):
        with pytest.raises(DatabaseNewer, match="the first unknown is 0002_second.sql"):
            door(empty_database, tmp_path)


def test_an_older_database_is_refused_by_check_which_writes_nothing(
    empty_database: Database, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseOlder, match="the first missing is 0001_first.sql"):
        checked(empty_database, written(tmp_path, FIRST, SECOND))
    assert tables(empty_database) == []
    (tmp_path / SECOND[0]).unlink()
    run(empty_database, tmp_path)
    with pytest.raises(DatabaseOlder, match="the first missing is 0002_second.sql"):
        checked(empty_database, written(tmp_path, SECOND))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ((), "there is no .sql file"),
        ((SECOND,), "number 0001 is missing"),
        ((FIRST, ("0003_third.sql", "")), "number 0002 is missing"),
        ((FIRST, ("0001_twin.sql", "")), "there twice: found 0001_twin.sql"),
        ((FIRST, ("2_second.sql", "")), "2_second.sql is not named like"),
        ((("0001_first.sql", "SELECT 1;\nCOMMIT;"),), "begins or ends a transaction"),
    ],
)
def test_files_that_are_no_sequence_are_refused(
    tmp_path: Path, files: tuple[tuple[str, str], ...], said: str
) -> None:
    with pytest.raises(MigrationsBroken, match=said):
        known(written(tmp_path, *files))


def test_a_block_of_plpgsql_is_no_transaction(tmp_path: Path) -> None:
    function = "CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN 1;\nEND\n$$;"
    assert len(known(written(tmp_path, ("0001_first.sql", function)))) == 1


def test_a_file_may_take_a_role_without_the_record_being_written_as_that_role(
    empty_database: Database, tmp_path: Path
) -> None:
    sql = "CREATE ROLE migrant; SET ROLE migrant;"
    assert run(empty_database, written(tmp_path, ("0001_first.sql", sql))) == ("0001_first.sql",)


def test_a_database_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    address = f"postgresql://postgres@/postgres?host={tmp_path}"
    with pytest.raises(DatabaseUnreachable, match="check its address"):
        asyncio.run(check(address, folder=written(tmp_path, FIRST)))


def test_this_programs_schema_is_whole_and_the_application_may_check_it(database: Database) -> None:
    asyncio.run(check(database.dsn("app")))
    assert asyncio.run(migrate(database.dsn("superuser"))) == ()


def test_the_application_cannot_change_the_record(database: Database) -> None:
    async def tried() -> None:
        connection = await asyncpg.connect(database.dsn("app"))
        try:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute("DELETE FROM public.schema_migration")
        finally:
            await connection.close()

    asyncio.run(tried())


def test_where_the_roles_were_made_beforehand_the_owner_alone_makes_the_schema(
    migrated_server: EmbeddedPostgres,
) -> None:
    with clone(migrated_server, template="template0") as managed:
        administer(migrated_server, f"ALTER DATABASE {managed.name} OWNER TO approdo_owner")
        assert asyncio.run(migrate(managed.dsn("owner"))) == tuple(migration.name for migration in known())
        asyncio.run(check(managed.dsn("app")))


def test_no_migration_needs_what_the_embedded_server_lacks() -> None:
    for migration in known():
        assert "pgcrypto" not in migration.sql
        assert "uuid-ossp" not in migration.sql
