"""The register on PostgreSQL, in the schemas `identity` and `register`, as a role that reads nothing else.

Connected when it is first asked, so that a program which asks nobody who they are needs no address for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import asyncpg

from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId
from ledger.faults import StoreUnreachable
from ledger.register.port import Engagement, Opening, same_terms
from ledger.store.connections import Connections

MOST_CONNECTIONS = 4

_VERSION = "SELECT version FROM register.version"
_OF_SUBJECT = """SELECT e.* FROM identity.actor a JOIN register.engagement e ON e.actor = a.actor
    WHERE a.subject_key = $1 AND e.ended_at IS NULL"""
_OF_ACTOR = "SELECT e.* FROM register.engagement e WHERE e.actor = $1 AND e.ended_at IS NULL"
_ALL = "SELECT e.* FROM register.engagement e ORDER BY e.entered_at, e.engagement"
_ADD_ACTOR = (
    "INSERT INTO identity.actor (subject_key, actor) VALUES ($1, $2) ON CONFLICT (subject_key) DO NOTHING"
)
_ACTOR = "SELECT actor FROM identity.actor WHERE subject_key = $1"
_ENGAGE = """INSERT INTO register.engagement (engagement, actor, member, role, houses, program, valid_from,
    valid_to, entered_by, entered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"""
_END = """UPDATE register.engagement SET ended_by = $2, ended_at = $3
    WHERE actor = $1 AND ended_at IS NULL RETURNING actor"""
_NAME = "INSERT INTO register.name (actor, named_at, sealed) VALUES ($1, $2, $3)"
_OPEN = """INSERT INTO register.name_opening (opening, actor, opened_by, reason, sealed_order, opened_at)
    VALUES ($1, $2, $3, $4, $5, $6)"""
_SEALED = "SELECT sealed FROM register.name WHERE actor = $1 ORDER BY named_at DESC LIMIT 1"
_ADD_KEY = "INSERT INTO register.program_key (actor, registered_at, public_key) VALUES ($1, $2, $3)"
_KEY = "SELECT public_key FROM register.program_key WHERE actor = $1 ORDER BY registered_at DESC LIMIT 1"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))"


class RegisterConnections:
    """The connections of the register's role, opened when the first is wanted. A context, to close them."""

    def __init__(self, dsn: str) -> None:
        self._connections = Connections(dsn, least=0, most=MOST_CONNECTIONS, session={})
        self._opening = asyncio.Lock()
        self._opened = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened:
            await self._connections.close()

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[asyncpg.Connection]:
        """Errors: `StoreUnreachable`, `StoreRefused`."""
        if not self._opened:
            async with self._opening:
                if not self._opened:
                    await self._connections.open()
                    self._opened = True
        async with self._connections.lent() as connection:
            yield connection

    async def row(self, sql: str, *values: object) -> Any:
        """The first row of a question that changes nothing; asked again where its connection had died."""
        try:
            async with self.lent() as connection:
                return await connection.fetchrow(sql, *values)
        except StoreUnreachable:
            async with self.lent() as connection:
                return await connection.fetchrow(sql, *values)

    async def rows(self, sql: str, *values: object) -> list[Any]:
        async with self.lent() as connection:
            return list(await connection.fetch(sql, *values))

    async def done(self, sql: str, *values: object) -> Any:
        """One statement that changes something; the first row that it returns."""
        async with self.lent() as connection:
            return await connection.fetchrow(sql, *values)


class PostgresRegister:
    """Keeps `ledger.register.port.Register`."""

    def __init__(self, connections: RegisterConnections) -> None:
        self._connections = connections

    async def version(self) -> int:
        row = await self._connections.row(_VERSION)
        return int(row[0])

    async def of_subject(self, subject_key: bytes) -> Engagement | None:
        return _engagement(await self._connections.row(_OF_SUBJECT, subject_key))

    async def of_actor(self, actor: UUID) -> Engagement | None:
        return _engagement(await self._connections.row(_OF_ACTOR, actor))

    async def actor_of(self, subject_key: bytes, proposed: UUID) -> UUID:
        """Two processes that meet a subject at once get the same answer."""
        await self._connections.done(_ADD_ACTOR, subject_key, proposed)
        row = await self._connections.row(_ACTOR, subject_key)
        return plain_id(row[0])

    async def engage(self, engagement: Engagement) -> Engagement:
        actor = engagement.actor
        async with self._connections.lent() as connection, connection.transaction():
            await connection.execute(_ONE_AT_A_TIME, str(actor))
            standing = _engagement(await connection.fetchrow(_OF_ACTOR, actor))
            if standing is not None and same_terms(standing, engagement):
                return standing
            if standing is not None:
                await connection.execute(_END, actor, engagement.entered_by, engagement.entered_at)
            await connection.execute(_ENGAGE, *_terms(engagement))
        return engagement

    async def end(self, actor: UUID, by: UUID | None, at: datetime) -> bool:
        return await self._connections.done(_END, actor, by, at) is not None

    async def engagements(self) -> tuple[Engagement, ...]:
        found = map(_engagement, await self._connections.rows(_ALL))
        return tuple(each for each in found if each is not None)

    async def name(self, actor: UUID, sealed: bytes, at: datetime) -> None:
        await self._connections.done(_NAME, actor, at, sealed)

    async def open_name(self, opening: Opening) -> bytes | None:
        """The opening is committed before the name is read."""
        if await self._connections.row(_SEALED, opening.actor) is None:
            return None
        values = (opening.actor, opening.opened_by, opening.reason, opening.sealed_order, opening.opened_at)
        await self._connections.done(_OPEN, opening.opening, *values)
        row = await self._connections.row(_SEALED, opening.actor)
        return bytes(row[0])

    async def add_key(self, actor: UUID, public_key: str, at: datetime) -> None:
        await self._connections.done(_ADD_KEY, actor, at, public_key)

    async def key_of(self, actor: UUID) -> str | None:
        row = await self._connections.row(_KEY, actor)
        return str(row[0]) if row is not None else None


def plain_id(driver: Any) -> UUID:
    """A driver has its own kind of UUID; what goes into metadata is the plain one."""
    return UUID(int=driver.int)


def plain_id_or_none(driver: Any) -> UUID | None:
    return plain_id(driver) if driver is not None else None


def houses_of(driver: Any) -> frozenset[ShelterId]:
    return frozenset(ShelterId(plain_id(each)) for each in driver)


def _terms(engagement: Engagement) -> tuple[object, ...]:
    return (
        engagement.engagement,
        engagement.actor,
        engagement.member,
        engagement.role.value,
        sorted(engagement.houses),
        engagement.program,
        engagement.valid_from,
        engagement.valid_to,
        engagement.entered_by,
        engagement.entered_at,
    )


def _engagement(row: Any) -> Engagement | None:
    if row is None:
        return None
    return Engagement(
        engagement=plain_id(row["engagement"]),
        actor=plain_id(row["actor"]),
        member=MemberId(plain_id(row["member"])),
        role=Role(row["role"]),
        houses=houses_of(row["houses"]),
        program=row["program"],
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        entered_by=plain_id_or_none(row["entered_by"]),
        entered_at=row["entered_at"],
        ended_by=plain_id_or_none(row["ended_by"]),
        ended_at=row["ended_at"],
    )
