"""The store in memory, with other tasks let in between its calls as a database would let them: in an order
drawn from a seed, so that it can be repeated.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from ledger.store.memory import MemoryStore
from ledger.store.port import Append, Outcome, Receipt, StoredRow


class InterleavedStore(MemoryStore):
    """Keeps the contract: each call is still judged and done at one moment, only not at once."""

    def __init__(self, clock: Callable[[], datetime], seed: int) -> None:
        super().__init__(clock)
        self._random = random.Random(seed)

    async def append(self, append: Append) -> Outcome:
        await self._let_others()
        outcome = await super().append(append)
        await self._let_others()
        return outcome

    async def receipt(self, command_id: UUID) -> tuple[bytes, Receipt] | None:
        await self._let_others()
        return await super().receipt(command_id)

    async def read_streams(
        self, streams: Sequence[UUID], *, upto: int | None = None
    ) -> Mapping[UUID, tuple[StoredRow, ...]]:
        await self._let_others()
        rows = await super().read_streams(streams, upto=upto)
        await self._let_others()
        return rows

    async def read_all(self, *, after: int, limit: int, upto: int | None = None) -> tuple[StoredRow, ...]:
        await self._let_others()
        rows = await super().read_all(after=after, limit=limit, upto=upto)
        await self._let_others()
        return rows

    async def now(self) -> datetime:
        await self._let_others()
        return await super().now()

    async def _let_others(self) -> None:
        for _ in range(self._random.randrange(4)):
            await asyncio.sleep(0)
