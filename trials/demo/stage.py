"""The stage of one demo: a PostgreSQL of its own, a fresh EXERCISE ledger on a virtual clock, and a real
server.

The server's data stays in the data directory, each night in a database of its own; older nights are dropped.
A REAL log is never touched: the demo makes what it plays on.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from domain.vocabulary import MemberId, NetworkId
from ledger.postgres.directory import default_data_directory
from ledger.postgres.supervisor import EmbeddedPostgres
from ledger.store.postgres import PostgresStore
from trials.stage import programs
from trials.stage.exercise import require_exercise
from trials.stage.ground import IDENTITY
from trials.stage.issuer import AUDIENCE, ISSUER, Issuer
from trials.stage.people import People
from trials.stage.programs import ROOT, Served

NETWORK_FILE = ROOT / "trials" / "scenarios" / "rete-busto-arsizio.toml"
NIGHTS_KEPT = 5


class NotHere(Exception):
    """The demo does not play here; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """Everything a night needs. `ids` are those of the network file's labels."""

    database: str
    settings: Mapping[str, str]
    served: Served
    people: People
    ids: Mapping[str, Any]

    @property
    def dsn(self) -> str:
        return self.settings["database_url"]

    def shelter(self, code: str) -> UUID:
        return UUID(self.ids["shelters"][code]["id"])

    def zone(self, label: str) -> str:
        return str(self.ids["zones"][label])


def data_directory() -> Path:
    """A folder of the demo's own inside the program's data directory."""
    return default_data_directory() / "demo"


async def refuse_another_database() -> None:
    """Refuses (`RealLog`, `NotHere`) to play where APPRODO_DATABASE_URL points."""
    given = os.environ.get("APPRODO_DATABASE_URL")
    if given:
        async with PostgresStore(given) as store:
            await require_exercise(store)
        raise NotHere("the demo makes a database of its own: unset APPRODO_DATABASE_URL")


@contextmanager
def stage(server: EmbeddedPostgres, database: str, starts_at: datetime) -> Iterator[Stage]:
    """The network founded, the clock at `starts_at`, a server up; down again at the end, the data kept."""
    folder = data_directory() / "nights" / database
    folder.mkdir(parents=True, mode=0o700)
    issuer = Issuer()
    settings = {
        "database_url": server.dsn(database, "approdo_app"),
        "jwks_file": str(issuer.write_key_set(folder / "keys.json")),
        "token_issuer": ISSUER,
        "token_audience": AUDIENCE,
        "digest_secret": secrets.token_hex(32),
        "vault_key": secrets.token_hex(32),
        "log_key_file": str(_drawn(folder / "log.key")),
        "sealed_head_file": str(folder / "sealed-head"),
    }
    ids = _found(server, database, settings, starts_at)
    people = People(
        issuer=issuer,
        dsn=server.dsn(database, IDENTITY),
        secret=settings["digest_secret"],
        network_id=NetworkId(UUID(ids["network"])),
        member=MemberId(UUID(next(iter(ids["members"].values())))),
    )
    with Served(settings, log=folder / "server.log") as served:
        yield Stage(database=database, settings=settings, served=served, people=people, ids=ids)


def _drawn(path: Path) -> Path:
    """A key of the night's own, in a file."""
    path.touch(0o600)
    path.write_text(secrets.token_hex(32))
    return path


def _found(
    server: EmbeddedPostgres, database: str, settings: Mapping[str, str], starts_at: datetime
) -> Mapping[str, Any]:
    owner = {**settings, "owner_database_url": server.dsn(database)}
    arguments = ["init", str(NETWORK_FILE), "--kind", "exercise", "--clock", "virtual"]
    printed = programs.run([*arguments, "--starts-at", starts_at.isoformat(), "--print-ids"], owner)
    ids: Mapping[str, Any] = json.loads(printed)
    return ids


async def make_database(server_dsn: str) -> str:
    """A new database for one night; of the earlier ones the latest are kept."""
    connection = await asyncpg.connect(server_dsn)
    try:
        rows = await connection.fetch(
            "SELECT datname FROM pg_database WHERE datname LIKE 'night\\_%' ORDER BY 1"
        )
        for row in rows[: -(NIGHTS_KEPT - 1)]:
            await connection.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')
        name = f"night_{datetime.now(UTC):%Y%m%d_%H%M%S}_{secrets.token_hex(2)}"
        await connection.execute(f'CREATE DATABASE "{name}"')
    finally:
        await connection.close()
    return name
