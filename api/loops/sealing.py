"""Keeps the log sealed: one sealer at a time, which begins again after every fault, and which stops where the
database is not the one that was sealed. A log that is not sealed loses no place: nothing else waits for it.
"""

from __future__ import annotations

import asyncio
import logging

from ledger.evidence.sealing.head_file import HeadFile, HeadFileBroken
from ledger.evidence.sealing.port import HeadMoved, SealedLog
from ledger.evidence.sealing.sealer import DatabaseDisagrees, Grown, Sealer
from ledger.log_lines import Line, tell

TURN_SECONDS = 1.0
"""Between two looks whether the sealer that is there has gone."""
MENDED_SECONDS = 60.0
"""Between two looks whether somebody has put right what stopped the sealing."""

_log = logging.getLogger(__name__)


class Sealing:
    """One per process. `stopped` while it refuses to seal; `disagreements`: how often that began."""

    def __init__(self, sealed: SealedLog, sealer: Sealer, kept: HeadFile, grown: Grown | None = None) -> None:
        self.stopped = False
        self.disagreements = 0
        self._sealed = sealed
        self._sealer = sealer
        self._kept = kept
        self._grown = grown

    async def run(self) -> None:
        """Without end. What the store answers with ends it, and whoever turns it turns it again."""
        while True:
            try:
                await self.turn()
            except HeadMoved:
                await asyncio.sleep(TURN_SECONDS)
            except (DatabaseDisagrees, HeadFileBroken) as fault:
                self._stop(fault)
                await asyncio.sleep(MENDED_SECONDS)

    async def step(self) -> None:
        """Seal what stands in the log now, and nothing more. Errors: as `turn`."""
        async with self._sealed.alone():
            with self._kept.alone():
                await self._sealer.start()
                while await self._sealer.step() is not None:
                    pass

    async def turn(self) -> None:
        """Be the sealer until something ends it. Errors: `HeadMoved` where another is, `DatabaseDisagrees`,
        `HeadFileBroken`, the store's.
        """
        async with self._sealed.alone():
            with self._kept.alone():
                await self._sealer.start()
                self.stopped = False
                await self._sealer.run(self._grown)

    def _stop(self, fault: DatabaseDisagrees | HeadFileBroken) -> None:
        if not self.stopped:
            self.disagreements += 1
            tell(_log, logging.ERROR, Line.SEALING_STOPPED, fault=fault)
        self.stopped = True
