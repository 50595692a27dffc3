"""Searches anew for a request that has just lost its hold and may go on: after a plain no, or displaced by
reality.

A hold is placed, never an offer sent: that takes a coordinator's tap. A search stopped for a person stays
stopped.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.loops.automatic import Automatic
from api.placing import Engine
from domain.coordination.requesting import SearchAgain, search_again
from domain.matching.places import Places
from domain.placement.events import HoldDisplaced, HoldReleased
from domain.placement.state import Phase
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World
from ledger.store import metadata
from ledger.store.port import StoredRow

CAUSES = frozenset({HoldReleased.TOPIC, HoldDisplaced.TOPIC})


class Searching:
    """Follows the log; one per process, harmless when several run."""

    def __init__(self, engine: Engine, automatic: Automatic) -> None:
        self._engine = engine
        self._automatic = automatic
        self._position = 0

    async def run(self) -> None:
        """Take up what an earlier process left, then follow the log without end."""
        await self.take_up()
        async for rows in self._engine.transactor.store.follow(after=self._position):
            await self.step(rows)

    async def take_up(self) -> None:
        """Search for every request that stands searching now."""
        index = await self._engine.index.catch_up()
        self._position = index.places.position
        left = [known for known, state in index.places.placements.items() if state.phase is Phase.SEARCHING]
        streams = await self._engine.transactor.store.read_streams(left)
        for rows in streams.values():
            await self.step(rows)

    async def step(self, rows: Sequence[StoredRow]) -> None:
        """Search for each request that one of these events left searching."""
        causes = {row.stream: row for row in rows if row.topic in CAUSES}
        if causes:
            index = await self._engine.index.at_least(rows[-1].position)
            for stream, cause in causes.items():
                state = index.places.placements.get(PlacementId(stream))
                if state is not None and state.phase is Phase.SEARCHING:
                    await self._search(PlacementId(stream), cause)
        self._position = max(self._position, rows[-1].position)

    async def _search(self, placement_id: PlacementId, cause: StoredRow) -> None:
        def decide(world: World, context: Context, places: Places) -> Decided:
            return search_again(SearchAgain(placement_id=placement_id), world, context, places)

        correlation_id = metadata.decode(cause.metadata).correlation_id
        await self._engine.place(
            self._automatic.command("search-again", cause.event_id, correlation_id), decide
        )
