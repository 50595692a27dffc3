"""Connections to one database, lent for one call after another and few enough for a small server.

A connection on which a call was cancelled, timed out or failed is ended, never used again. Not where batches
are written: the recorder has its own. The store's readers and the read models each open theirs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from ledger.faults import LedgerFault, StoreUnreachable
from ledger.store.driver_errors import DRIVER_ERRORS, as_fault

CALL_SECONDS = 30.0
IDLE_SECONDS = 300.0


class Connections:
    """At least `least` are opened at once, the others as they are wanted. `idle_seconds`: how long one that
    nobody wants is kept, 0 for ever.
    """

    def __init__(
        self,
        dsn: str,
        *,
        least: int,
        most: int,
        session: Mapping[str, str],
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._dsn = dsn
        self._least, self._most = least, most
        self._session = dict(session)
        self._idle_seconds = idle_seconds
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """Errors: `StoreUnreachable`, `StoreRefused`."""
        try:
            self._pool = await asyncpg.create_pool(
                self._dsn,
                min_size=self._least,
                max_size=self._most,
                timeout=CALL_SECONDS,
                command_timeout=CALL_SECONDS,
                server_settings=self._session,
                max_inactive_connection_lifetime=self._idle_seconds,
                reset=_leave_as_it_is,
            )
        except DRIVER_ERRORS as cause:
            raise as_fault(cause) from None

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Any]:
        """One of them; ended where a call on it fails. Errors: `StoreUnreachable`, `StoreRefused`."""
        if self._pool is None:
            raise StoreUnreachable("no connection was opened")
        try:
            connection = await self._pool.acquire(timeout=CALL_SECONDS)
        except DRIVER_ERRORS as cause:
            raise as_fault(cause) from None
        try:
            yield connection
        except LedgerFault:
            raise
        except BaseException as cause:
            with suppress(*DRIVER_ERRORS):  # the pool may have taken a lost connection back by itself
                connection.terminate()
            if isinstance(cause, DRIVER_ERRORS):
                raise as_fault(cause) from None
            raise
        finally:
            with suppress(*DRIVER_ERRORS):
                await asyncio.shield(self._pool.release(connection))


async def _leave_as_it_is(_: object) -> None:
    """A session keeps nothing from one use to the next, so giving it back needs no word to the database."""
