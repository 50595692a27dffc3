"""The live index of places: `domain.matching.places` kept at the head of the log, in memory, one per process;
beside it, at the same position, who may not see which case (`case_access`), what a second person has still to
look at (`reviews`), what of which case must be preserved or is being destroyed (`preservation`), and which
cases wait for what was written on paper under their code (`issued`).

It reflects exactly one position. Rankings are taken from it and from no later read; whoever ranks first lets
it catch up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

from domain.event import Event
from domain.matching.places import Places
from ledger.store import codec
from ledger.store.port import Store, StoredRow
from ledger.store.transact import Recorded
from projections.case_access import CaseAccess
from projections.case_codes import IssuedCases
from projections.preservation import Preservation
from projections.reviews import Reviews

PAGE = 2000


class PlacesIndex:
    """Follows one store. Keeps `ledger.store.loaded.PlacesView`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reading = asyncio.Lock()
        self._begun = 0
        self._finished = 0
        self.places = Places()
        self.access = CaseAccess()
        self.issued = IssuedCases()
        self.preservation = Preservation()
        self.reviews = Reviews()

    async def catch_up(self) -> PlacesIndex:
        """Reflect every event that stood in the log when this was called.

        Callers who wait share the next read; one that fails or is cancelled counts for nobody.
        """
        needed = self._begun + 1
        async with self._reading:
            if self._finished < needed:
                self._begun += 1
                await self._read_on()
                self._finished = self._begun
        return self

    async def at_least(self, position: int) -> PlacesIndex:
        """Reflect at least this position."""
        return self if self.places.position >= position else await self.catch_up()

    def absorb(self, events: tuple[Recorded, ...]) -> None:
        """Take in what this process has just appended, when it follows directly on what is known."""
        if events and events[0].position == self.places.position + 1:
            for event in events:
                self._apply(event.stream, event.version, event.position, event.event)

    async def _read_on(self) -> None:
        while True:
            rows = await self._store.read_all(after=self.places.position, limit=PAGE)
            self._take(rows)
            if len(rows) < PAGE:
                return

    def _take(self, rows: Sequence[StoredRow]) -> None:
        """What this process appended and absorbed while the read was under way is passed over."""
        for row in rows:
            if row.position > self.places.position:
                event = codec.decode(row.topic, row.state)
                self._apply(row.stream, row.version, row.position, event)

    def _apply(self, stream: UUID, version: int, position: int, event: Event) -> None:
        self.places.apply(stream, version, position, event)
        if event.KIND == "case":
            self.access.apply(stream, event)
            self.issued.apply(stream, event)
            self.reviews.apply(stream, event)
        if event.KIND in ("case", "inquiry"):
            self.preservation.apply(stream, event)
