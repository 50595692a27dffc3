"""Keeps the read models at the head of the log. They never decide anything: a projector that is behind or
stopped makes pages late, not places wrong.
"""

from __future__ import annotations

import asyncio

from ledger.store.port import Store
from projections.projector import Projector, Step

RETRY_SECONDS = 5.0
"""Between looks at an event that cannot be read."""
YIELD_SECONDS = 0.05
"""For the projector that has just won a batch to go on."""


class Projecting:
    """One per process; harmless when several processes have one."""

    def __init__(self, store: Store, projector: Projector) -> None:
        self._store = store
        self._projector = projector

    async def step(self) -> None:
        """Reach what stands in the log now."""
        await self._projector.catch_up()

    async def run(self) -> None:
        """Without end, waiting for the log to grow."""
        while True:
            match await self._projector.step():
                case Step.AT_HEAD:
                    await self._store.grown(beyond=self._projector.position)
                case Step.STOPPED:
                    await asyncio.sleep(RETRY_SECONDS)
                case Step.LOST:
                    await asyncio.sleep(YIELD_SECONDS)
                case Step.MOVED:
                    pass
