"""`SealedLog` in memory, over any store: the same promises without a database. For tests and trials."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from ledger.evidence.sealing.port import (
    Cosignature,
    HeadMoved,
    KeyStatement,
    NotSealed,
    SealedHead,
    Stamp,
)
from ledger.evidence.tree.merkle import Node
from ledger.store.port import Store, StoredRow


class MemorySealedLog:
    """Lost with the process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._leaves: list[tuple[bytes, ...]] = []
        self._heads: list[SealedHead] = []
        self._cosignatures: list[Cosignature] = []
        self._stamps: list[Stamp] = []
        self._keys: list[KeyStatement] = []
        self._taken = False

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        if self._taken:
            raise HeadMoved
        self._taken = True
        try:
            yield
        finally:
            self._taken = False

    async def log_head(self) -> int:
        return await self._store.head()

    async def rows(self, *, after: int, limit: int) -> tuple[StoredRow, ...]:
        return await self._store.read_all(after=after, limit=limit)

    async def seal(self, *, after: int, hashes: Iterable[Sequence[bytes]], head: SealedHead) -> None:
        if after != (self._heads[-1].size if self._heads else 0):
            raise HeadMoved
        leaves = [tuple(each) for each in hashes]
        assert head.size == after + len(leaves)
        self._leaves += leaves
        self._heads.append(head)

    async def cosign(self, cosignature: Cosignature) -> None:
        if all((each.size, each.line) != (cosignature.size, cosignature.line) for each in self._cosignatures):
            self._cosignatures.append(cosignature)

    async def stamp(self, stamp: Stamp) -> None:
        self._stamps.append(stamp)

    async def state_key(self, statement: KeyStatement) -> None:
        if all(each.vkey != statement.vkey for each in self._keys):
            self._keys.append(statement)

    async def head(self) -> SealedHead | None:
        return self._heads[-1] if self._heads else None

    async def head_of(self, size: int) -> SealedHead | None:
        return next((each for each in self._heads if each.size == size), None)

    async def head_covering(self, size: int) -> SealedHead | None:
        return next((each for each in self._heads if each.size >= size), None)

    async def heads(self, *, after: int, limit: int) -> tuple[SealedHead, ...]:
        return tuple(each for each in self._heads if each.size > after)[:limit]

    async def nodes(self, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        if any(node.completed_by >= len(self._leaves) for node in nodes):
            raise NotSealed
        return {node: self._leaves[node.completed_by][node.level] for node in nodes}

    async def cosignatures(self, size: int) -> tuple[Cosignature, ...]:
        found = (each for each in self._cosignatures if each.size == size)
        return tuple(sorted(found, key=lambda each: (each.at, each.line.name)))

    async def stamps(self, *, after: int = 0) -> tuple[Stamp, ...]:
        found = (each for each in self._stamps if each.size > after)
        return tuple(sorted(found, key=lambda each: (each.size, each.at)))

    async def last_stamp(self) -> Stamp | None:
        return max(self._stamps, key=lambda each: each.at, default=None)

    async def key_statements(self) -> tuple[KeyStatement, ...]:
        return tuple(self._keys)
