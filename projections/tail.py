"""The newest events of the log, for those who watch it live: read once for all watchers of a process.

Not a read model: it keeps the last thousand rows in memory and nothing else. Whoever asks from further back
is answered from the log. Event streams of the doors wait here; a wake-up by another process reaches them as
it reaches every reader.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile

from ledger.store.port import Store, StoredRow

KEPT = 1000
PAGE = 500
MOST_WATCHERS = 100


class Tail:
    """One per process."""

    def __init__(self, store: Store, *, kept: int = KEPT, most: int = MOST_WATCHERS) -> None:
        self._store = store
        self._most = most
        self._rows: deque[StoredRow] = deque(maxlen=kept)
        self._head: int | None = None
        self._reading = asyncio.Lock()
        self.watchers = 0

    @property
    def is_full(self) -> bool:
        """Whether this process watches for as many as it can."""
        return self.watchers >= self._most

    @contextmanager
    def watching(self) -> Iterator[None]:
        """A watcher counted while the block runs."""
        self.watchers += 1
        try:
            yield
        finally:
            self.watchers -= 1

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
