"""How readers learn at once that the log has grown: a condition inside the process, a bell between processes.

Never part of an append: a NOTIFY at commit makes the commits of the whole server follow one another. A
wake-up is a hint; readers look by themselves every `POLL_SECONDS`, so a lost one costs that time and nothing
else. Called by the adapters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import asyncpg

from ledger.store.driver_errors import DRIVER_ERRORS

CHANNEL = "stored_events"
POLL_SECONDS = 0.25
RING_SECONDS = 0.010
CONNECT_SECONDS = 5.0


class Growth:
    """The condition inside the process."""

    def __init__(self) -> None:
        self._head = 0
        self._stirred = asyncio.Event()

    def reached(self, head: int) -> None:
        """The log is known to reach this position."""
        if head > self._head:
            self._head = head
            self.stirred()

    def stirred(self) -> None:
        """The log may have grown."""
        self._stirred.set()
        self._stirred = asyncio.Event()

    async def beyond(self, position: int) -> None:
        """Return when the log may reach further than `position`, or when it is time to look."""
        if self._head > position:
            return
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._stirred.wait()
        except TimeoutError:
            return


class Bell:
    """The bell between processes: one connection of its own, opened when first needed and again when lost.

    The channel is the one on which the `eventsourcing` library listens for this table.
    """

    def __init__(self, dsn: str, growth: Growth) -> None:
        self._dsn = dsn
        self._growth = growth
        self._connection: asyncpg.Connection | None = None
        self._opening = asyncio.Lock()
        self._due = False
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def ring(self) -> None:
        """Tell the other processes, at most once per 10 ms."""
        self._due = True
        self._start("ring", self._ring_while_due)

    def listen(self) -> None:
        """Hear the other processes from now on; to be called again at every look, as a lost connection is
        found then.
        """
        if self._connection is None or self._connection.is_closed():
            self._start("listen", self._attend)

    async def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._drop()

    def _start(self, name: str, work: Callable[[], Coroutine[None, None, None]]) -> None:
        running = self._tasks.get(name)
        if running is None or running.done():
            self._tasks[name] = asyncio.create_task(work(), name=f"ledger bell: {name}")

    async def _ring_while_due(self) -> None:
        while self._due:
            self._due = False
            try:
                connection = await self._open()
                await connection.execute(f"NOTIFY {CHANNEL}")
            except DRIVER_ERRORS:
                self._drop()
            await asyncio.sleep(RING_SECONDS)

    async def _attend(self) -> None:
        try:
            await self._open()
        except DRIVER_ERRORS:
            self._drop()

    async def _open(self) -> asyncpg.Connection:
        async with self._opening:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(self._dsn, timeout=CONNECT_SECONDS)
                await self._connection.add_listener(CHANNEL, self._heard)
            return self._connection

    def _heard(self, *_: object) -> None:
        self._growth.stirred()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection = None
