"""Has the log's last head stamped by a provider of time stamps, every hour or as often as it was agreed.

Nothing goes out but the digest of a signed head and a number drawn for it. What comes back is kept only where
its signature holds under the roots that were given. Turned beside the sealer, which never waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ledger.evidence.sealing.port import SealedLog, Stamp
from ledger.evidence.stamping.stamp import StampFault, StampFound, stamp_answered, stamp_request
from ledger.faults import LedgerFault
from ledger.log_lines import Line, tell

PAUSE_SECONDS = 30.0
"""Between two looks whether a stamp is due."""
AGAIN_AFTER = timedelta(minutes=5)
"""Before a provider that gave no stamp is asked again."""

_log = logging.getLogger(__name__)


class ProviderSilent(LedgerFault):
    """The provider of time stamps did not answer, or not in time."""


class ProviderDoor(Protocol):
    """The way to the provider."""

    async def stamped(self, query: bytes) -> bytes:
        """Its answer (DER) to a request. Errors: `ProviderSilent`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """Who stamps: `kept_as` beside each stamp (`provider_kept`), vouched for by `roots` (PEM)."""

    kept_as: str
    roots: bytes
    every: timedelta


class Stamping:
    """One per process."""

    def __init__(
        self,
        sealed: SealedLog,
        provider: Provider,
        door: ProviderDoor,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sealed = sealed
        self._provider = provider
        self._door = door
        self._clock = clock
        self._not_before: datetime | None = None

    async def run(self) -> None:
        """Without end. Errors: `RootsBroken`, the store's."""
        while True:
            await self.step()
            await asyncio.sleep(PAUSE_SECONDS)

    async def step(self) -> StampFound | StampFault | None:
        """Have the last head stamped where that is due; None where it is not, or nobody answered."""
        head, last, now = await self._sealed.head(), await self._sealed.last_stamp(), self._clock()
        if head is None or (self._not_before is not None and now < self._not_before):
            return None
        if last is not None and (last.size == head.size or now - last.at < self._provider.every):
            return None
        self._not_before = now + AGAIN_AFTER
        request = stamp_request(head.note)
        try:
            token = await self._door.stamped(request.raw)
        except ProviderSilent as fault:
            tell(_log, logging.WARNING, Line.STAMP_MISSING, fault=fault)
            return None
        found = stamp_answered(request, head.note, token, self._provider.roots)
        if isinstance(found, StampFault):
            tell(_log, logging.ERROR, Line.STAMP_REFUSED, reason=found.value)
            return found
        kept = Stamp(size=head.size, provider=self._provider.kept_as, at=found.at, token=token)
        await self._sealed.stamp(kept)
        self._not_before = None
        return found
