"""`SealedLog` on PostgreSQL, in the schema `evidence`.

Opened by the wiring: for the sealer with the address of the role `approdo_sealer`, which may add; for
whoever reads with that of the application's role.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from domain.vocabulary import LogKind
from ledger.evidence.notes.signed import parse_lines
from ledger.evidence.sealing.port import (
    Cosignature,
    HeadMoved,
    KeyStatement,
    NotSealed,
    SealedHead,
    Stamp,
)
from ledger.evidence.tree.merkle import HASH_BYTES, Node
from ledger.store.connections import Connections
from ledger.store.driver_errors import DRIVER_ERRORS, as_fault
from ledger.store.port import Birth, LogClock, StoredRow
from ledger.store.postgres import ALL_ROWS, HEAD, stored

LOCK = 0x41505053
"""Any number no other lock of this database has."""
SESSION = {"application_name": "approdo sealed", "default_transaction_isolation": "read committed"}
_END = 2**63 - 1

_BIRTH = "SELECT network, kind, clock FROM ledger.log_birth"
_CHECKPOINT = "SELECT size, root, note, sealed_at FROM evidence.checkpoint"
_LAST = f"{_CHECKPOINT} ORDER BY size DESC LIMIT 1"
_OF = f"{_CHECKPOINT} WHERE size = $1"
_COVERING = f"{_CHECKPOINT} WHERE size >= $1 ORDER BY size LIMIT 1"
_AFTER = f"{_CHECKPOINT} WHERE size > $1 ORDER BY size LIMIT $2"
_SEALED = "INSERT INTO evidence.checkpoint (size, root, note, sealed_at) VALUES ($1, $2, $3, $4)"
_NODES = "SELECT index, hashes FROM evidence.leaf WHERE index = ANY ($1)"
_COSIGNATURES = "SELECT size, line, at FROM evidence.cosignature WHERE size = $1 ORDER BY at, line"
_COSIGN = "INSERT INTO evidence.cosignature (size, line, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
_STAMPS = "SELECT size, provider, at, token FROM evidence.stamp WHERE size > $1 ORDER BY size, at"
_LAST_STAMP = "SELECT size, provider, at, token FROM evidence.stamp ORDER BY at DESC LIMIT 1"
_STAMP = "INSERT INTO evidence.stamp (size, provider, at, token) VALUES ($1, $2, $3, $4)"
_KEYS = "SELECT vkey, since, note FROM evidence.log_key ORDER BY number"
_KEY = "INSERT INTO evidence.log_key (vkey, since, note) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"


class PostgresSealedLog:
    """Use it as an asynchronous context. It connects when it is first asked."""

    def __init__(self, dsn: str) -> None:
        self._connections = Connections(dsn, least=0, most=3, session=SESSION)
        self._alone: Any = None

    async def __aenter__(self) -> Self:
        await self._connections.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connections.close()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """As long as the session lasts, in which the log is read and heads are added: a sealer that has lost
        it can do neither, and begins again. Errors: also the store's.
        """
        async with self._connections.lent() as connection:
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LOCK):
                raise HeadMoved
            self._alone = connection
            try:
                yield
            finally:
                self._alone = None
                with suppress(*DRIVER_ERRORS):  # a session that was lost holds no lock
                    await connection.execute("SELECT pg_advisory_unlock($1)", LOCK)

    async def birth(self) -> Birth | None:
        """Of the log itself; None where no network is founded."""
        for each in await self._fetch(_BIRTH):
            plain = UUID(int=each["network"].int)  # the driver has its own kind of UUID
            return Birth(network=plain, kind=LogKind(each["kind"]), clock=LogClock(each["clock"]))
        return None

    async def log_head(self) -> int:
        async with self._sealing() as connection:
            head: int = await connection.fetchval(HEAD)
        return head

    async def rows(self, *, after: int, limit: int) -> tuple[StoredRow, ...]:
        async with self._sealing() as connection:
            found = await connection.fetch(ALL_ROWS, after, _END, limit)
        return tuple(stored(each) for each in found)

    async def seal(self, *, after: int, hashes: Iterable[Sequence[bytes]], head: SealedHead) -> None:
        leaves = ((index, b"".join(each)) for index, each in enumerate(hashes, start=after))
        async with self._sealing() as connection, connection.transaction():
            # Sealers that both believe to be alone take turns here, and the second finds the head moved.
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK + 1)
            last = await connection.fetchrow(_LAST)
            if after != (last["size"] if last else 0):
                raise HeadMoved
            await connection.copy_records_to_table(
                "leaf", schema_name="evidence", columns=("index", "hashes"), records=leaves
            )
            await connection.execute(_SEALED, head.size, head.root, head.note, head.sealed_at)

    async def cosign(self, cosignature: Cosignature) -> None:
        await self._put(_COSIGN, cosignature.size, cosignature.line.text, cosignature.at)

    async def stamp(self, stamp: Stamp) -> None:
        await self._put(_STAMP, stamp.size, stamp.provider, stamp.at, stamp.token)

    async def state_key(self, statement: KeyStatement) -> None:
        await self._put(_KEY, statement.vkey, statement.since, statement.note)

    async def head(self) -> SealedHead | None:
        return await self._head(_LAST)

    async def head_of(self, size: int) -> SealedHead | None:
        return await self._head(_OF, size)

    async def head_covering(self, size: int) -> SealedHead | None:
        return await self._head(_COVERING, size)

    async def heads(self, *, after: int, limit: int) -> tuple[SealedHead, ...]:
        return tuple(SealedHead(**each) for each in await self._fetch(_AFTER, after, limit))

    async def nodes(self, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        wanted = {node.completed_by for node in nodes}
        found: dict[int, bytes] = dict(await self._fetch(_NODES, list(wanted)))
        if len(found) < len(wanted):
            raise NotSealed
        return {node: _hash_in(found[node.completed_by], node.level) for node in nodes}

    async def cosignatures(self, size: int) -> tuple[Cosignature, ...]:
        return tuple(
            Cosignature(size=each["size"], line=parse_lines(each["line"])[0], at=each["at"])
            for each in await self._fetch(_COSIGNATURES, size)
        )

    async def stamps(self, *, after: int = 0) -> tuple[Stamp, ...]:
        return tuple(Stamp(**each) for each in await self._fetch(_STAMPS, after))

    async def last_stamp(self) -> Stamp | None:
        found = await self._fetch(_LAST_STAMP)
        return Stamp(**found[0]) if found else None

    async def key_statements(self) -> tuple[KeyStatement, ...]:
        return tuple(KeyStatement(**each) for each in await self._fetch(_KEYS))

    @asynccontextmanager
    async def _sealing(self) -> AsyncIterator[Any]:
        """The session of the one sealer, within `alone`; else any. Errors: the store's."""
        if self._alone is None:
            async with self._connections.lent() as connection:
                yield connection
            return
        try:
            yield self._alone
        except DRIVER_ERRORS as cause:
            with suppress(*DRIVER_ERRORS):  # the pool may have taken a lost connection back by itself
                self._alone.terminate()
            raise as_fault(cause) from None

    async def _head(self, statement: str, *values: int) -> SealedHead | None:
        found = await self._fetch(statement, *values)
        return SealedHead(**found[0]) if found else None

    async def _fetch(self, statement: str, *values: Any) -> Sequence[Any]:
        async with self._connections.lent() as connection:
            found: Sequence[Any] = await connection.fetch(statement, *values)
        return found

    async def _put(self, statement: str, *values: Any) -> None:
        async with self._connections.lent() as connection:
            await connection.execute(statement, *values)


def _hash_in(hashes: bytes, level: int) -> bytes:
    return hashes[level * HASH_BYTES : (level + 1) * HASH_BYTES]
