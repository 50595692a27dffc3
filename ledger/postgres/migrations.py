"""The numbered SQL files that make the schema: applied once each, in order, and never changed afterwards.

A file `NNNN_name.sql` is one step, applied in one transaction that also records its SHA-256; an advisory lock
lets two programs at once take turns. A crash leaves each step whole or absent. There is no way back: a
mistake is mended by a further file. Called by `approdo migrate`, by the wiring of the embedded server, and by
the tests; `check` by every program that opens the ledger.

`migrate` runs as the role of its address: the owner of the database. The first time it must be able to create
roles (the embedded server's `postgres` is); `check` needs nothing but to connect, so the application's role
can ask.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from ledger.postgres.faults import (
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnreachable,
    MigrationChanged,
    MigrationFailed,
    MigrationsBroken,
)
from ledger.store.driver_errors import DRIVER_ERRORS, sayable

FOLDER = Path(__file__).with_name("migrations")
# Any number no other lock of this database has.
LOCK = 0x41505044
_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")
_TRANSACTION_CONTROL = re.compile(
    r"^\s*(BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK)\s*;", re.MULTILINE | re.IGNORECASE
)

_CREATE = """
CREATE TABLE IF NOT EXISTS public.schema_migration (
    number     integer     PRIMARY KEY CHECK (number > 0),
    name       text        NOT NULL,
    sha256     bytea       NOT NULL CHECK (length(sha256) = 32),
    applied_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON public.schema_migration TO PUBLIC;
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """One file. `name` is the file's."""

    number: int
    name: str
    sql: str
    sha256: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """One row of the database's record."""

    number: int
    name: str
    sha256: bytes


def known(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """The files in order. Refuses (`MigrationsBroken`) none, a foreign name, a gap, a twin, a COMMIT."""
    found = tuple(_read(path) for path in sorted(folder.glob("*.sql")))
    if not found:
        raise MigrationsBroken(f"there is no .sql file in {folder.name}")
    for expected, migration in enumerate(found, start=1):
        if migration.number != expected:
            raise MigrationsBroken(f"number {expected:04} is missing or there twice: found {migration.name}")
    return found


def _read(path: Path) -> Migration:
    match = _NAME.fullmatch(path.name)
    if match is None:
        raise MigrationsBroken(f"{path.name} is not named like 0001_what_it_does.sql")
    content = path.read_bytes()
    sql = content.decode()
    if _TRANSACTION_CONTROL.search(sql):
        raise MigrationsBroken(f"{path.name} begins or ends a transaction: it runs inside one")
    return Migration(number=int(match[1]), name=path.name, sql=sql, sha256=hashlib.sha256(content).digest())


def pending(files: Sequence[Migration], applied: Sequence[Applied]) -> tuple[Migration, ...]:
    """The files still to apply.

    Refuses, in order: one applied that differs (`MigrationChanged`), or is unknown (`DatabaseNewer`).
    """
    for file, row in zip(files, applied, strict=False):
        if (file.number, file.name, file.sha256) != (row.number, row.name, row.sha256):
            raise MigrationChanged(f"the database has {row.name}, the file is {file.name}")
    if len(applied) > len(files):
        raise DatabaseNewer(f"the first unknown is {applied[len(files)].name}")
    return tuple(files[len(applied) :])


async def migrate(dsn: str, *, folder: Path = FOLDER) -> tuple[str, ...]:
    """Apply what is missing; the names of what was applied now, none when the schema was there already.

    Errors: every `MigrationFault`.
    """
    files, done = known(folder), []
    async with _connected(dsn) as connection:
        while (name := await _apply_next(connection, files)) is not None:
            done.append(name)
    return tuple(done)


async def check(dsn: str, *, folder: Path = FOLDER) -> None:
    """Refuses a database whose schema is not exactly this program's. Errors: every `MigrationFault`."""
    files = known(folder)
    async with _connected(dsn) as connection:
        missing = pending(files, await _applied(connection))
    if missing:
        raise DatabaseOlder(f"the first missing is {missing[0].name}")


async def _apply_next(connection: asyncpg.Connection, files: Sequence[Migration]) -> str | None:
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        missing = pending(files, await _applied(connection))
        if not missing:
            return None
        await connection.execute(_CREATE)
        await _apply(connection, missing[0])
    return missing[0].name


async def _apply(connection: asyncpg.Connection, migration: Migration) -> None:
    try:
        await connection.execute(migration.sql)
        await connection.execute("RESET ROLE")
        record = "INSERT INTO public.schema_migration (number, name, sha256) VALUES ($1, $2, $3)"
        await connection.execute(record, migration.number, migration.name, migration.sha256)
    except asyncpg.PostgresError as cause:
        line = migration.sql.count("\n", 0, int(cause.position)) + 1 if cause.position else "unknown"
        raise MigrationFailed(f"{migration.name}, line {line}: {sayable(cause)}") from None


async def _applied(connection: asyncpg.Connection) -> tuple[Applied, ...]:
    if await connection.fetchval("SELECT to_regclass('public.schema_migration')") is None:
        return ()
    rows = await connection.fetch("SELECT number, name, sha256 FROM public.schema_migration ORDER BY number")
    return tuple(Applied(number=row["number"], name=row["name"], sha256=row["sha256"]) for row in rows)


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    try:
        connection = await asyncpg.connect(dsn, timeout=30)
    except (*DRIVER_ERRORS, ValueError) as cause:
        raise DatabaseUnreachable(sayable(cause)) from None
    try:
        yield connection
    finally:
        await connection.close()
