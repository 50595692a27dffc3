"""Destroys values of the vault that the log does not name: their command was never recorded, or they were
replaced or withdrawn by one whose process died before it could destroy them.

It looks at what has been in doubt for an hour by the vault's own clock: no command is under way that long. It
asks the log alone, so two of these at once do the same and neither undoes anything.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import monotonic
from uuid import UUID

from api.keeping import told_of
from ledger.store.port import Store
from ledger.vault.port import Vault, VaultUnreachable

LOOK_SECONDS = 60.0
IN_DOUBT_FOR = timedelta(hours=1)
TIDY_SECONDS = 24 * 3600.0
"""Between two rewritings of the table's file, which leave nothing of what was discarded."""


class Sweeping:
    """One per process that has the vault; harmless when several processes have one."""

    def __init__(self, store: Store, vault: Vault, *, in_doubt_for: timedelta = IN_DOUBT_FOR) -> None:
        self._store = store
        self._vault = vault
        self._in_doubt_for = in_doubt_for
        self._tidy_at = monotonic() + TIDY_SECONDS

    async def run(self) -> None:
        """Without end. A vault that does not answer now is asked again."""
        while True:
            try:
                await self.step()
                await self._tidy()
            except VaultUnreachable:
                pass
            await asyncio.sleep(LOOK_SECONDS)

    async def step(self) -> None:
        """Look once at every subject that has something long in doubt."""
        for subject, commitments in (await self._vault.doubtful(self._in_doubt_for)).items():
            await self._look(subject, commitments)

    async def _look(self, subject: UUID, commitments: tuple[str, ...]) -> None:
        standing = (await told_of(self._store, subject)).standing
        await self._vault.discard(subject, [each for each in commitments if each not in standing])
        await self._vault.settle(subject, [each for each in commitments if each in standing])

    async def _tidy(self) -> None:
        if monotonic() >= self._tidy_at:
            await self._vault.tidy()
            self._tidy_at = monotonic() + TIDY_SECONDS
