"""Every place as it was at any position of the log: folded again, and kept here and there on the way.

The log is read once from the nearest position that is kept, page by page, so that other requests go on
meanwhile. Where it is long, whoever asks waits so long and no longer; what was read by then is kept, and
asking again goes on from there. What is kept is what was open at some position, never the log. The doors of
the past call it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from time import monotonic

from api.http.problems import Problem
from api.http.trouble_texts import Trouble
from domain.matching.places import Places
from ledger.store import codec
from ledger.store.port import Store

PAGE = 200
EVERY = 10_000
MOST_KEPT = 24
PATIENCE_SECONDS = 4.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """The places at their position, for reading alone, and when that position was recorded."""

    places: Places
    recorded_at: datetime | None


class PastPlaces:
    """One process's. `every` so many rows a stand is kept, `most` in all; whoever asks waits `patience`
    seconds, and at least until one page is read.
    """

    def __init__(
        self,
        *,
        every: int = EVERY,
        most: int = MOST_KEPT,
        patience: float = PATIENCE_SECONDS,
        page: int = PAGE,
    ) -> None:
        self._every, self._most, self._patience, self._page = every, most, patience, page
        self._kept: dict[int, Stand] = {0: Stand(places=Places(), recorded_at=None)}
        self._turn = asyncio.Lock()

    async def at(self, store: Store, position: int) -> Stand:
        """Errors: problem 503 where the log could not be read so far in time; the store's, and what reading
        an event raises.
        """
        until = monotonic() + self._patience
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            raise Problem(Trouble.STILL_READING) from None
        try:
            return await self._folded(store, position, until)
        finally:
            self._turn.release()

    async def _folded(self, store: Store, position: int, until: float) -> Stand:
        start = self._kept[max(each for each in self._kept if each <= position)]
        if start.places.position == position:
            return start
        places, recorded_at, kept = start.places.forked(), start.recorded_at, start.places.position
        while places.position < position:
            rows = await store.read_all(after=places.position, limit=self._page, upto=position)
            assert rows, "every position up to the head is in the log"
            for row in rows:
                places.apply(row.stream, row.version, row.position, codec.decode(row.topic, row.state))
                recorded_at = row.recorded_at
            late = places.position < position and monotonic() >= until
            if late or places.position - kept >= self._every:
                self._keep(Stand(places=places.forked(), recorded_at=recorded_at))
                kept = places.position
            if late:
                raise Problem(Trouble.STILL_READING)
        stand = Stand(places=places, recorded_at=recorded_at)
        self._keep(stand)
        return stand

    def _keep(self, stand: Stand) -> None:
        """The newest stays; where there are too many, the one that lies nearest behind another goes."""
        self._kept[stand.places.position] = stand
        if len(self._kept) > self._most:
            known = sorted(self._kept)
            spared = {0, stand.places.position}
            gaps = [(at - before, at) for before, at in pairwise(known)]
            del self._kept[min(gap for gap in gaps if gap[1] not in spared)[1]]
