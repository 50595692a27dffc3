"""The register of actors on PostgreSQL: which random id stands for which subject, in the schema `identity`.

It knows keyed digests and ids, no names: the digests are `api.identity.actors`'s, who calls this once per
subject and process. Not part of the log, and not read by any projection.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self
from uuid import UUID

import asyncpg

from ledger.faults import StoreUnreachable
from ledger.store.driver_errors import DRIVER_ERRORS, as_fault

CALL_SECONDS = 10.0
_ADD = "INSERT INTO identity.actor (subject_key, actor) VALUES ($1, $2) ON CONFLICT (subject_key) DO NOTHING"
_FIND = "SELECT actor FROM identity.actor WHERE subject_key = $1"


class PostgresActors:
    """Keeps `api.identity.actors.Register` on one database, over one connection, one subject at a time.

    A context, so that the connection is closed. After a fault the connection is ended and the next call opens
    another.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._turn = asyncio.Lock()
        self._connection: asyncpg.Connection | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def enter(self, subject_key: bytes, proposed: UUID) -> UUID:
        """The actor of this subject: the one known, else `proposed`, which is then kept for good.

        Two processes that meet a subject at once get the same answer. Errors: `StoreUnreachable`,
        `StoreRefused`.
        """
        async with self._turn:
            kept = self._connection is not None
            try:
                return await self._entered(subject_key, proposed)
            except StoreUnreachable:
                # The connection kept from an earlier call may have died meanwhile.
                if not kept:
                    raise
                return await self._entered(subject_key, proposed)

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._dsn, timeout=CALL_SECONDS, command_timeout=CALL_SECONDS
            )
        return self._connection

    async def _entered(self, subject_key: bytes, proposed: UUID) -> UUID:
        try:
            connection = await self._connected()
            known: UUID | None = await connection.fetchval(_FIND, subject_key)
            if known is None:
                await connection.execute(_ADD, subject_key, proposed)
                known = await connection.fetchval(_FIND, subject_key)
        except BaseException as cause:
            self._give_up()
            if isinstance(cause, DRIVER_ERRORS):
                raise as_fault(cause) from None
            raise
        assert known is not None
        # A driver has its own kind of UUID; what goes into metadata is the plain one.
        return UUID(int=known.int)

    def _give_up(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
