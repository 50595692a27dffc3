"""The vault on PostgreSQL, in the schema `vault`, as the role `approdo_vault`, which reads nothing else.

Only sealed bytes and ids go to the database. Connections are opened when they are first wanted: a program
whose vault does not answer starts, and does everything that needs no value.

What a crash leaves behind: of `keep` all its values in doubt, or none; of `destroy` everything as it was, or
nothing of the subject.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import asyncpg

from domain.kept import ValueKind
from ledger.faults import StoreRefused, StoreUnreachable
from ledger.store.connections import Connections
from ledger.store.ids import RandomBytes
from ledger.vault.port import KeyDestroyed, VaultUnreachable
from ledger.vault.sealing import KEY_BYTES, SealedValue, seal, unseal
from ledger.vault.wrapping import MasterKeys, WrappedKey

CALL_SECONDS = 5.0
"""A house's no waits for no vault longer than this."""
DESTROY_SECONDS = 60.0
MOST_CONNECTIONS = 4

_TURN = "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))"
# Whoever destroys holds this table whole: what is read after it is as the last of them left it.
_NOT_WHILE_DESTROYED = "LOCK TABLE vault.subject_key IN ROW EXCLUSIVE MODE"
_KEY = "SELECT master, wrapped FROM vault.subject_key WHERE subject = $1"
_GONE = "SELECT EXISTS (SELECT FROM vault.destroyed WHERE subject = $1)"
_ADD_KEY = "INSERT INTO vault.subject_key (subject, master, wrapped) VALUES ($1, $2, $3)"
_MASTERS = """
(SELECT master FROM vault.subject_key ORDER BY master LIMIT 1)
UNION (SELECT master FROM vault.subject_key ORDER BY master DESC LIMIT 1)
"""
_OF_COMMAND = """
SELECT kind, commitment, sealed FROM vault.sealed_value WHERE subject = $1 AND command_id = $2
"""
_ADD_VALUE = """
INSERT INTO vault.sealed_value (subject, commitment, command_id, kind, sealed) VALUES ($1, $2, $3, $4, $5)
"""
_STILL_IN_DOUBT = """
UPDATE vault.sealed_value SET doubted_at = now()
WHERE subject = $1 AND commitment = ANY ($2) AND doubted_at IS NOT NULL
"""
_NAMED = (
    "SELECT kind, commitment, sealed FROM vault.sealed_value WHERE subject = $1 AND commitment = ANY ($2)"
)
_SETTLE = """
UPDATE vault.sealed_value SET doubted_at = NULL
WHERE subject = $1 AND commitment = ANY ($2) AND doubted_at IS NOT NULL
"""
_DOUBT = "UPDATE vault.sealed_value SET doubted_at = now() WHERE subject = $1 AND commitment = ANY ($2)"
_DOUBTFUL = """
SELECT subject, array_agg(commitment) AS commitments
FROM vault.sealed_value
WHERE subject IN (SELECT subject FROM vault.sealed_value WHERE doubted_at <= now() - $1::interval)
  AND (doubted_at IS NULL OR doubted_at <= now() - $1::interval)
GROUP BY subject
"""
_DISCARD = "DELETE FROM vault.sealed_value WHERE subject = $1 AND commitment = ANY ($2)"
_DESTROY = "SELECT vault.destroy($1)"
_TIDY = "VACUUM (FULL) vault.sealed_value"
_FORMER = (
    "SELECT subject, master, wrapped FROM vault.subject_key WHERE master <> $1 ORDER BY subject LIMIT 500"
)
_REWRAP = "UPDATE vault.subject_key SET master = $3, wrapped = $4 WHERE subject = $1 AND master = $2"


class PostgresVault:
    """`Vault` on one database: a context, so that its connections are closed."""

    def __init__(self, dsn: str, master: MasterKeys, random_bytes: RandomBytes) -> None:
        self._master = master
        self._random_bytes = random_bytes
        # Plans are made for the tables as they are; `destroy` and `tidy` give them new files.
        session = {"application_name": "approdo vault", "lock_timeout": "30s"}
        self._connections = Connections(dsn, least=0, most=MOST_CONNECTIONS, session=session)

    async def __aenter__(self) -> Self:
        await self._connections.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connections.close()

    async def require_master(self) -> None:
        """Errors: `MasterKeyUnknown` where keys are wrapped under one not given; `VaultUnreachable`."""
        async with self._lent() as connection:
            self._master.require(row["master"] for row in await connection.fetch(_MASTERS))

    async def keep(
        self, subject: UUID, values: Sequence[tuple[ValueKind, str]], command_id: UUID
    ) -> tuple[str, ...]:
        async with self._lent() as connection, connection.transaction():
            await connection.execute(_TURN, str(subject))
            await connection.execute(_NOT_WHILE_DESTROYED)
            key = await self._drawn_key(connection, subject)
            known = {
                (ValueKind(row["kind"]), _unsealed(key, subject, row)): row["commitment"]
                for row in await connection.fetch(_OF_COMMAND, subject, command_id)
            }
            await connection.execute(_STILL_IN_DOUBT, subject, list(known.values()))
            added = []
            for kind, value in values:
                if (kind, value) not in known:
                    sealed = seal(key, subject, kind, value, self._random_bytes)
                    known[kind, value] = sealed.commitment
                    added.append((subject, sealed.commitment, command_id, kind.value, sealed.sealed))
            await connection.executemany(_ADD_VALUE, added)
        return tuple(known[named].hex() for named in values)

    async def open(self, subject: UUID, commitments: Iterable[str]) -> Mapping[str, str]:
        async with self._lent() as connection:
            key = await self._key(connection, subject)
            if key is None:
                return {}
            rows = await connection.fetch(_NAMED, subject, _bytes(commitments))
        return {row["commitment"].hex(): _unsealed(key, subject, row) for row in rows}

    async def settle(self, subject: UUID, commitments: Iterable[str]) -> None:
        async with self._lent() as connection:
            await connection.execute(_SETTLE, subject, _bytes(commitments))

    async def doubt(self, subject: UUID, commitments: Iterable[str]) -> None:
        async with self._lent() as connection:
            await connection.execute(_DOUBT, subject, _bytes(commitments))

    async def doubtful(self, since: timedelta) -> Mapping[UUID, tuple[str, ...]]:
        async with self._lent() as connection:
            rows = await connection.fetch(_DOUBTFUL, since)
        return {
            UUID(int=row["subject"].int): tuple(each.hex() for each in row["commitments"]) for row in rows
        }

    async def discard(self, subject: UUID, commitments: Iterable[str]) -> None:
        async with self._lent() as connection:
            await connection.execute(_DISCARD, subject, _bytes(commitments))

    async def destroy(self, subject: UUID) -> None:
        async with self._lent(DESTROY_SECONDS) as connection:
            await connection.execute(_DESTROY, subject)
        await self.tidy()

    async def tidy(self) -> None:
        async with self._lent(DESTROY_SECONDS) as connection:
            await connection.execute(_TIDY)

    async def rewrap(self) -> int:
        """Wrap every key under the current master key that is not yet; how many were.

        May be repeated and interrupted. Errors: `MasterKeyUnknown`, `ValueBroken`, `VaultUnreachable`.
        """
        count = 0
        while True:
            async with self._lent(DESTROY_SECONDS) as connection:
                rows = await connection.fetch(_FORMER, self._master.name)
                for row in rows:
                    subject = UUID(int=row["subject"].int)
                    key = self._master.unwrap(subject, _wrapped(row))
                    anew = self._master.wrap(subject, key)
                    await connection.execute(_REWRAP, subject, row["master"], anew.master, anew.wrapped)
            if not rows:
                return count
            count += len(rows)

    @asynccontextmanager
    async def _lent(self, seconds: float = CALL_SECONDS) -> AsyncIterator[Any]:
        """A connection. Its time is over after `seconds`, waiting for one included."""
        try:
            async with asyncio.timeout(seconds), self._connections.lent() as connection:
                yield connection
        except (StoreUnreachable, StoreRefused) as fault:
            raise VaultUnreachable(*fault.args) from None
        except TimeoutError:
            raise VaultUnreachable("in time") from None

    async def _drawn_key(self, connection: asyncpg.Connection, subject: UUID) -> bytes:
        key = await self._key(connection, subject)
        if key is None:
            # With the wrong master key given, values would come apart under two.
            self._master.require(row["master"] for row in await connection.fetch(_MASTERS))
            key = self._random_bytes(KEY_BYTES)
            wrapped = self._master.wrap(subject, key)
            await connection.execute(_ADD_KEY, subject, wrapped.master, wrapped.wrapped)
        return key

    async def _key(self, connection: asyncpg.Connection, subject: UUID) -> bytes | None:
        row = await connection.fetchrow(_KEY, subject)
        if row is not None:
            return self._master.unwrap(subject, _wrapped(row))
        if await connection.fetchval(_GONE, subject):
            raise KeyDestroyed
        return None


def _wrapped(row: asyncpg.Record) -> WrappedKey:
    return WrappedKey(master=row["master"], wrapped=row["wrapped"])


def _unsealed(key: bytes, subject: UUID, row: asyncpg.Record) -> str:
    value = SealedValue(commitment=row["commitment"], sealed=row["sealed"])
    return unseal(key, subject, ValueKind(row["kind"]), value)


def _bytes(commitments: Iterable[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in commitments]
