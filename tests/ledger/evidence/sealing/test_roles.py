"""What each role may do to what is sealed, and the sealer's to everything else: by table, and no more."""

from __future__ import annotations

import asyncpg
import pytest

from tests.support.postgres import Database

TABLES = ("leaf", "checkpoint", "cosignature", "stamp", "log_key")
ROOMS = (
    "ledger.command_log",
    "ledger.active_claim",
    "ledger.exercise_clock",
    "views.queue",
    "vault.subject_key",
    "vault.sealed_value",
    "identity.actor",
    "register.engagement",
    "register.name",
    "sign_in.passkey",
    "published.release",
)
VALUES = {
    "leaf": "VALUES (0, decode(repeat('ab', 32), 'hex'))",
    "checkpoint": "VALUES (1, decode(repeat('ab', 32), 'hex'), 'note', now())",
    "cosignature": "SELECT size, 'line', now() FROM evidence.checkpoint",
    "stamp": "SELECT size, 'provider', now(), 'token' FROM evidence.checkpoint",
    "log_key": "(vkey, since, note) VALUES ('key', 0, 'note')",
}
pytestmark = pytest.mark.asyncio


async def said(database: Database, role: str, statement: str) -> str:
    """The SQLSTATE it ends with; empty where it is done."""
    connection = await asyncpg.connect(database.dsn(role))
    try:
        await connection.execute(statement)
    except asyncpg.PostgresError as refused:
        return str(refused.sqlstate)
    finally:
        await connection.close()
    return ""


DENIED = "42501"


@pytest.mark.parametrize("role", ["sealer", "app", "reader"])
async def test_everybody_of_the_log_reads_what_is_sealed(database: Database, role: str) -> None:
    for table in TABLES:
        assert await said(database, role, f"SELECT * FROM evidence.{table}") == "", table


@pytest.mark.parametrize(("role", "state"), [("sealer", ""), ("app", DENIED), ("reader", DENIED)])
async def test_only_the_sealer_adds(database: Database, role: str, state: str) -> None:
    for table in TABLES:
        statement = f"INSERT INTO evidence.{table} {VALUES[table]}"
        assert await said(database, role, statement) == state, table


@pytest.mark.parametrize("role", ["sealer", "app", "reader"])
@pytest.mark.parametrize("change", ["DELETE FROM", "TRUNCATE"])
async def test_nobody_takes_away(database: Database, role: str, change: str) -> None:
    for table in TABLES:
        assert await said(database, role, f"{change} evidence.{table}") == DENIED, table


@pytest.mark.parametrize("role", ["sealer", "app", "reader"])
async def test_nobody_changes(database: Database, role: str) -> None:
    columns = {
        "leaf": "hashes",
        "checkpoint": "note",
        "cosignature": "line",
        "stamp": "token",
        "log_key": "note",
    }
    for table, column in columns.items():
        statement = f"UPDATE evidence.{table} SET {column} = {column}"
        assert await said(database, role, statement) == DENIED, table


@pytest.mark.parametrize("change", ["UPDATE evidence.leaf SET index = 1", "DELETE FROM evidence.checkpoint"])
async def test_not_even_the_owner_by_mistake(database: Database, change: str) -> None:
    assert await said(database, "owner", change) not in ("", DENIED)


async def test_the_sealer_reads_the_log(database: Database) -> None:
    for table in ("stored_events", "log_birth"):
        assert await said(database, "sealer", f"SELECT * FROM ledger.{table}") == "", table


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ledger.stored_events SELECT * FROM ledger.stored_events",
        "UPDATE ledger.stored_events SET metadata = ''",
        "DELETE FROM ledger.stored_events",
        "TRUNCATE ledger.stored_events",
        "UPDATE ledger.log_birth SET kind = kind",
        "CREATE TABLE evidence.other ()",
        "CREATE TABLE ledger.other ()",
        "ALTER TABLE evidence.leaf DISABLE TRIGGER ALL",
        "SET ROLE approdo_owner",
        "SET session_replication_role = replica",
        *(f"SELECT * FROM {room}" for room in ROOMS),
    ],
)
async def test_the_sealer_can_do_no_more_than_it_must(database: Database, statement: str) -> None:
    assert await said(database, "sealer", statement) == DENIED


async def test_the_sealer_writes_no_event_through_the_ledgers_function(database: Database) -> None:
    connection = await asyncpg.connect(database.dsn("superuser"))
    try:
        granted = await connection.fetch(
            "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname IN ('ledger', 'evidence', 'vault') AND p.prorettype <> 'trigger'::regtype "
            "AND has_function_privilege('approdo_sealer', p.oid, 'EXECUTE')"
        )
    finally:
        await connection.close()
    assert [row[0] for row in granted] == []
