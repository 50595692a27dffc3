"""Searches anew for a request that has just lost its hold and may go on: after a plain no, displaced by
reality, or because the hold no longer did.

A hold is placed; an offer leaves without a coordinator's tap only where the request chose so. A search
stopped for a person stays stopped; one that found nothing waits, and is `proposing`'s.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from api.loops.automatic import Automatic
from api.placing import Engine
from domain.coordination.requesting import SearchAgain, search_again
from domain.matching.places import Places
from domain.placement.events import HoldDisplaced, HoldReleased
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World
from ledger.store import metadata
from ledger.store.port import StoredRow
from ledger.store.transact import TooManyConflicts

GATHER_SECONDS = 0.02
CAUSES = frozenset({HoldReleased.TOPIC, HoldDisplaced.TOPIC})


class Searching:
    """Looks whenever the log has grown; one per process, harmless when several run."""

    def __init__(self, engine: Engine, automatic: Automatic) -> None:
        self._engine = engine
        self._automatic = automatic

    async def run(self) -> None:
        """Without end, from what an earlier process left on."""
        while True:
            await self.step()
            await asyncio.sleep(GATHER_SECONDS)
            position = self._engine.index.places.position
            await self._engine.transactor.store.grown(beyond=position)

    async def step(self) -> None:
        """Search for every request that stands searching now."""
        index = await self._engine.index.catch_up()
        left = tuple(index.places.searching)
        streams = await self._engine.transactor.store.read_streams(left) if left else {}
        for placement_id in left:
            causes = [row for row in streams[placement_id] if row.topic in CAUSES]
            if causes:
                with suppress(TooManyConflicts):  # it still searches, and those after it have their turn
                    await self._search(placement_id, causes[-1])

    async def _search(self, placement_id: PlacementId, cause: StoredRow) -> None:
        def decide(world: World, context: Context, places: Places) -> Decided:
            return search_again(SearchAgain(placement_id=placement_id), world, context, places)

        correlation_id = metadata.decode(cause.metadata).correlation_id
        await self._engine.place(
            self._automatic.command("search-again", cause.event_id, correlation_id), decide
        )
