"""The exercise's clock after the night: it flows, so that deadlines run while somebody tries the pages."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from ledger.store.postgres import PostgresStore

EVERY_SECONDS = 1.0


class Flowing:
    """Moves the ledger's clock on from the night's end, when asked to and at most once a second."""

    def __init__(self, store: PostgresStore, runner: asyncio.Runner) -> None:
        self._store, self._runner = store, runner
        self._ended_at = runner.run(store.now())
        self._began = self._moved = time.monotonic()

    def catch_up(self) -> None:
        now = time.monotonic()
        if now - self._moved >= EVERY_SECONDS:
            self._moved = now
            self._runner.run(self._store.move_clock(self._ended_at + timedelta(seconds=now - self._began)))
