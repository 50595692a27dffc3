"""Real PostgreSQL for tests: one scratch server for a process, a fresh database for each test in about 30 ms.

Used through the fixtures of `tests/conftest.py`; `clone` and `passable_directory` also directly, where a test
needs several databases or a server of its own.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from ledger.postgres.binaries import may_pass
from ledger.postgres.directory import server_user
from ledger.postgres.supervisor import EmbeddedPostgres

TEMPLATE = "template_migrated"
ROLES = {
    "owner": "approdo_owner",
    "app": "approdo_app",
    "reader": "approdo_reader",
    "vault": "approdo_vault",
    "identity": "approdo_identity",
    "sealer": "approdo_sealer",
    "superuser": "postgres",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Database:
    """A database of the test's own on a running server."""

    name: str
    server: EmbeddedPostgres

    def dsn(self, role: str = "app") -> str:
        """The address as one of `ROLES`, for asyncpg and psycopg alike."""
        return self.server.dsn(self.name, ROLES[role])


@contextmanager
def clone(server: EmbeddedPostgres, template: str = TEMPLATE) -> Iterator[Database]:
    """A fresh copy of a database to which nobody is connected; dropped at the end, open sessions and all."""
    database = Database(name=f"test_{uuid.uuid4().hex}", server=server)
    administer(server, f"CREATE DATABASE {database.name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield database
    finally:
        if server.running:
            administer(server, f"DROP DATABASE {database.name} WITH (FORCE)")


def administer(server: EmbeddedPostgres, statement: str) -> None:
    """One statement as the superuser, outside a transaction."""
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def passable_directory() -> Iterator[Path]:
    """A new folder that the server's user may pass through, also where root runs the tests and may write
    anywhere.

    pytest's own `tmp_path` is closed to other users, and its long name leaves no room for a socket.
    """
    user = server_user("nobody")
    candidates = [Path(tempfile.gettempdir()), Path("/var", "tmp")]
    parent = next((each for each in candidates if may_pass(each, user.uid, user.gid)), candidates[0])
    folder = Path(tempfile.mkdtemp(prefix="approdo-test-", dir=parent))
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
