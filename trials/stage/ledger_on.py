"""A founded exercise ledger on a trial's own database, and the settings with which servers serve it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path

from api.network_file.naming import NamedIds
from api.network_file.schema import NetworkFile
from api.network_file.writing import found
from domain.vocabulary import LogKind, MemberId, NetworkId
from ledger.store.ids import system_sources
from ledger.store.port import LogClock
from ledger.store.postgres import PostgresStore
from trials.stage.ground import APP, IDENTITY, SEALER, Ground
from trials.stage.in_process import APP_VERSION
from trials.stage.issuer import AUDIENCE, ISSUER, Issuer
from trials.stage.people import People

PUBLIC_ORIGIN = "http://localhost:8000"


@dataclass(frozen=True, kw_only=True, slots=True)
class TrialLedger:
    """One founded ledger: its database, the ids of its network, an issuer, and a server's settings."""

    database: str
    dsn: str
    sealer_dsn: str
    ids: NamedIds
    issuer: Issuer
    people: People
    settings: dict[str, str]


def found_on(on: Ground, file: NetworkFile, folder: Path) -> TrialLedger:
    """Found `file` as an exercise on the real clock, in a fresh database. `folder` gets the key set."""
    database = on.fresh()
    dsn = on.server.dsn(database, APP)
    issuer, secret = Issuer(), secrets.token_hex(32)
    ids = asyncio.run(_found(dsn, file))
    people = People(
        issuer=issuer,
        dsn=on.server.dsn(database, IDENTITY),
        secret=secret,
        network_id=NetworkId(ids.network),
        member=MemberId(next(iter(ids.members.values()))),
    )
    return TrialLedger(
        database=database,
        dsn=dsn,
        sealer_dsn=on.server.dsn(database, SEALER),
        ids=ids,
        issuer=issuer,
        people=people,
        settings={
            "database_url": dsn,
            "jwks_file": str(issuer.write_key_set(folder / f"{database}.json")),
            "token_issuer": ISSUER,
            "token_audience": AUDIENCE,
            "public_origin": PUBLIC_ORIGIN,
            "digest_secret": secret,
            "vault_key": secrets.token_hex(32),
        },
    )


async def _found(dsn: str, file: NetworkFile) -> NamedIds:
    async with PostgresStore(dsn) as store:
        founded = await found(
            file,
            store,
            system_sources(),
            kind=LogKind.EXERCISE,
            clock=LogClock.REAL,
            app_version=APP_VERSION,
        )
    return founded.ids
