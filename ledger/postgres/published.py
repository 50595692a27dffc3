"""`Published` on PostgreSQL, in the schema `published`, whose rows the program's role can add and not change.

Opened by the wiring with the address of the application's role.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self
from uuid import UUID

from ledger.published import KeptNotice, KeptRelease
from ledger.store.connections import Connections

SESSION = {"application_name": "approdo published", "default_transaction_isolation": "read committed"}
_RELEASES = """
SELECT scope, first_month, last_month, before, told_at, told, late_told, document
FROM published.release WHERE scope = $1 ORDER BY last_month
"""
_RELEASE = """
INSERT INTO published.release (scope, first_month, last_month, before, told_at, told, late_told, document)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
"""
_NOTICES = """
SELECT notice_id, noticed_at, kind, actor, count
FROM published.notice ORDER BY noticed_at DESC, notice_id DESC LIMIT $1
"""
_NOTICE = """
INSERT INTO published.notice (notice_id, noticed_at, kind, actor, count)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""


class PostgresPublished:
    """Use it as an asynchronous context."""

    def __init__(self, dsn: str) -> None:
        self._connections = Connections(dsn, least=0, most=2, session=SESSION, idle_seconds=0)

    async def __aenter__(self) -> Self:
        await self._connections.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connections.close()

    async def releases(self, scope: UUID) -> tuple[KeptRelease, ...]:
        async with self._connections.lent() as connection:
            found = await connection.fetch(_RELEASES, scope)
        return tuple(KeptRelease(**{**each, "scope": _plain(each["scope"])}) for each in found)

    async def release(self, kept: KeptRelease) -> None:
        await self._put(
            _RELEASE,
            kept.scope,
            kept.first_month,
            kept.last_month,
            kept.before,
            kept.told_at,
            kept.told,
            kept.late_told,
            kept.document,
        )

    async def notices(self, most: int) -> tuple[KeptNotice, ...]:
        async with self._connections.lent() as connection:
            found = await connection.fetch(_NOTICES, most)
        return tuple(
            KeptNotice(**{**each, "notice_id": _plain(each["notice_id"]), "actor": _plain(each["actor"])})
            for each in found
        )

    async def notice(self, kept: KeptNotice) -> None:
        await self._put(_NOTICE, kept.notice_id, kept.noticed_at, kept.kind, kept.actor, kept.count)

    async def _put(self, statement: str, *values: Any) -> None:
        async with self._connections.lent() as connection:
            await connection.execute(statement, *values)


def _plain(found: UUID) -> UUID:
    """The driver has its own kind of UUID, which compares as ours but serialises otherwise."""
    return UUID(int=found.int)
