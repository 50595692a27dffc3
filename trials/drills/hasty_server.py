"""The control of `kill_server`: the product's server over a store that acknowledges before it has committed.

It lives here and nowhere else. The appends are made in the order in which they were acknowledged, a little
later, as a writer would that believes it gains time by answering first.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from typing import Any, cast

import uvicorn

from api.http.app import create_app
from api.settings import read_settings
from api.wiring import doors_of, ledger_on, open_store
from ledger.store.port import Append, Outcome, Receipt
from ledger.store.postgres import PostgresStore

LATER_SECONDS = 0.1


class HastyStore:
    """A `PostgresStore` but for `append`, which says yes at once."""

    def __init__(self, store: PostgresStore) -> None:
        self._store = store
        self._head = 0
        self._waiting: asyncio.Queue[Append] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append(self, append: Append) -> Outcome:
        known = await self._store.receipt(append.command_id)
        if known is not None:
            return known[1]
        async with self._starting:
            if self._writer is None:
                self._head = await self._store.head()
                self._writer = asyncio.create_task(self._write())
        now = await self._store.now()
        first, self._head = self._head + 1, self._head + len(append.events)
        self._waiting.put_nowait(append)
        return Receipt(
            command_id=append.command_id,
            first=first,
            last=self._head,
            head=self._head,
            recorded_at=now,
        )

    async def _write(self) -> None:
        while True:
            late = [await self._waiting.get()]
            await asyncio.sleep(LATER_SECONDS)
            while not self._waiting.empty():
                late.append(self._waiting.get_nowait())
            for append in late:
                await self._store.append(append)


async def main() -> None:
    async with open_store(read_settings()) as opened:
        ledger = await ledger_on(replace(opened, store=cast("PostgresStore", HastyStore(opened.store))))
        with socket.create_server((ledger.opened.settings.host, ledger.opened.settings.port)) as listener:
            print("hasty server on http://{}:{}".format(*listener.getsockname()[:2]), flush=True)
            config = uvicorn.Config(create_app(doors_of(ledger)), log_config=None, lifespan="on")
            await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    asyncio.run(main())
