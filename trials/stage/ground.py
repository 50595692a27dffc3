"""A PostgreSQL server of a trial's own, and fresh ledgers on it. Scratch data: gone when the trial ends.

Not the demo's ledger, which stays. The durable profile is the product's; what is in force is read back from
the server, so that a figure says under what it was taken.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from ledger.postgres.binaries import may_pass
from ledger.postgres.directory import server_user
from ledger.postgres.migrations import migrate
from ledger.postgres.settings import Profile
from ledger.postgres.supervisor import EmbeddedPostgres

APP, OWNER = "approdo_app", "approdo_owner"
IDENTITY = "approdo_identity"
SEALER = "approdo_sealer"
_TEMPLATE = "trial_template"
_SHOWN = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder that the server's user may pass through, also when root runs the trial."""
    user = server_user("nobody")
    parents = (Path(tempfile.gettempdir()), Path("/var", "tmp"))
    parent = next((each for each in parents if may_pass(each, user.uid, user.gid)), parents[0])
    made = Path(tempfile.mkdtemp(prefix="approdo-trial-", dir=parent))
    made.chmod(0o711 if os.geteuid() == 0 else 0o700)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


class Ground:
    """One server and the databases made on it."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server
        self._made = 0

    def fresh(self) -> str:
        """The name of a new database with the schema of this program, and no log in it."""
        if self._made == 0:
            self.administer(f"CREATE DATABASE {_TEMPLATE}")
            asyncio.run(migrate(self.server.dsn(_TEMPLATE)))
        self._made += 1
        name = f"trial_{self._made}"
        self.administer(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name

    def administer(self, *statements: str, database: str = "postgres") -> None:
        """Statements as the superuser, each by itself."""
        asyncio.run(self._administer(self.server.dsn(database), statements))

    async def _administer(self, dsn: str, statements: tuple[str, ...]) -> None:
        connection = await asyncpg.connect(dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def ask(self, question: str, database: str = "postgres") -> list[str]:
        """The first column of what the superuser is answered, as text."""

        async def asked() -> list[str]:
            connection = await asyncpg.connect(self.server.dsn(database))
            try:
                return [str(row[0]) for row in await connection.fetch(question)]
            finally:
                await connection.close()

        return asyncio.run(asked())

    def durability(self) -> str:
        """The settings in force, as the server itself says them."""

        async def ask() -> str:
            connection = await asyncpg.connect(self.server.dsn())
            try:
                return " ".join([f"{name}={await connection.fetchval(f'SHOW {name}')}" for name in _SHOWN])
            finally:
                await connection.close()

        return asyncio.run(ask())

    def kill(self) -> None:
        """SIGKILL to the server and each process it started, then wait until they are gone. Nothing is
        flushed.
        """
        family = [self.server.pid, *_children(self.server.pid)]
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        until = time.monotonic() + 10
        while (self.server.running or any(_lives(pid) for pid in family[1:])) and time.monotonic() < until:
            time.sleep(0.005)


@contextmanager
def ground(profile: Profile = Profile.DURABLE, settings: Mapping[str, str] | None = None) -> Iterator[Ground]:
    """A running server in a folder of its own."""
    with folder() as made, EmbeddedPostgres(made, profile=profile, settings=settings) as server:
        yield Ground(server)


def _children(pid: int) -> list[int]:
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                parent = (each / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if int(parent) == pid:
                found.append(int(each.name))
    return found


def _lives(pid: int) -> bool:
    try:
        return (Path("/proc", str(pid)) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
