"""The newest events of the log, for those who watch it live: read once for all watchers of a process.

Not a read model: it keeps the last thousand rows in memory and nothing else. Whoever asks from further back
is answered from the log. Event streams of the doors wait here; a wake-up by another process reaches them as
it reaches every reader.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile
from uuid import UUID

from ledger.store.port import Store, StoredRow

KEPT = 1000
PAGE = 500
MOST_WATCHERS = 100
MOST_EACH = 8
"""Of one person: a few screens, and those of a connection that was lost and is not yet known to be."""


class NoSeat(Exception):
    """The process watches for as many as it can, or for one person as often as it does."""


class Tail:
    """One per process."""

    def __init__(
        self, store: Store, *, kept: int = KEPT, most: int = MOST_WATCHERS, most_each: int = MOST_EACH
    ) -> None:
        self._store = store
        self._most = most
        self._most_each = most_each
        self._rows: deque[StoredRow] = deque(maxlen=kept)
        self._head: int | None = None
        self._reading = asyncio.Lock()
        self._seats: Counter[UUID] = Counter()

    @property
    def watchers(self) -> int:
        return self._seats.total()

    @contextmanager
    def watching(self, who: UUID) -> Iterator[None]:
        """A seat of one person, kept while the block runs. Errors: `NoSeat`."""
        if self.watchers >= self._most or self._seats[who] >= self._most_each:
            raise NoSeat
        self._seats[who] += 1
        try:
            yield
        finally:
            self._seats[who] -= 1
            if not self._seats[who]:
                del self._seats[who]

    async def after(self, position: int) -> tuple[StoredRow, ...]:
        """The next events after a position, as soon as there are some. Errors: the store's."""
        while True:
            async with self._reading:
                if self._head is None:
                    self._head = await self._store.head()
                if position < self._begins(self._head):
                    return await self._store.read_all(after=position, limit=PAGE)
                if position < self._head:
                    return tuple(dropwhile(lambda row: row.position <= position, self._rows))
                await self._read_on(self._head)

    def _begins(self, head: int) -> int:
        """The position before the first row kept."""
        return self._rows[0].position - 1 if self._rows else head

    async def _read_on(self, head: int) -> None:
        """Whoever holds the turn waits for all: one look at the log, however many watch."""
        await self._store.grown(beyond=head)
        rows = await self._store.read_all(after=head, limit=PAGE)
        if rows:
            self._rows.extend(rows)
            self._head = rows[-1].position
