"""The register of actors on PostgreSQL: which random id stands for which subject, in the schema `identity`.

It knows keyed digests and ids, no names: the digests are `api.identity.actors`'s, who calls this once per
subject and process. Not part of the log, and not read by any projection.
"""

from __future__ import annotations

from uuid import UUID

import asyncpg

from ledger.store.recorder import as_fault

CALL_SECONDS = 10.0
_ADD = "INSERT INTO identity.actor (subject_key, actor) VALUES ($1, $2) ON CONFLICT (subject_key) DO NOTHING"
_FIND = "SELECT actor FROM identity.actor WHERE subject_key = $1"


class PostgresActors:
    """Keeps `api.identity.actors.Register` on one database. A connection lives for one call."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def enter(self, subject_key: bytes, proposed: UUID) -> UUID:
        """The actor of this subject: the one known, else `proposed`, which is then kept for good.

        Two processes that meet a subject at once get the same answer. Errors: `StoreUnreachable`,
        `StoreRefused`.
        """
        try:
            connection = await asyncpg.connect(self._dsn, timeout=CALL_SECONDS, command_timeout=CALL_SECONDS)
            try:
                known: UUID | None = await connection.fetchval(_FIND, subject_key)
                if known is None:
                    await connection.execute(_ADD, subject_key, proposed)
                    known = await connection.fetchval(_FIND, subject_key)
                assert known is not None
                return UUID(int=known.int)
            finally:
                await connection.close()
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as cause:
            raise as_fault(cause) from None
