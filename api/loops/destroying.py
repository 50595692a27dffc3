"""Finishes what two persons have approved: a key whose destruction stands in the log and that is there still,
because a process died in between, or because the vault was brought back from a backup.

It looks at approvals alone. Nothing here, and no clock anywhere, ever begins a destruction.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from api.erasing import Erasing
from ledger.vault.port import VaultUnreachable

LOOK_SECONDS = 2.0


class Destroying:
    """One per process; harmless when several processes have one."""

    def __init__(self, erasing: Erasing) -> None:
        self._erasing = erasing
        self._looked_back = False

    async def run(self) -> None:
        """Without end. A vault that does not answer now is asked again."""
        while True:
            with suppress(VaultUnreachable):
                await self.step()
            await asyncio.sleep(LOOK_SECONDS)

    async def step(self) -> None:
        """Finish every destruction that was approved. The first time also look at those that the log calls
        finished: a vault from a backup has their keys again.
        """
        preservation = (await self._erasing.engine.index.catch_up()).preservation
        due = {**preservation.to_destroy(), **({} if self._looked_back else preservation.destroyed())}
        for case_id, proposed in due.items():
            await self._erasing.finish(case_id, proposed.shredding_id)
        self._looked_back = True
