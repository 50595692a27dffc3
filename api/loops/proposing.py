"""Proposes a place that became free to the request that is owed it.

It is held and the queue tells a coordinator; an offer leaves without her tap only where the request chose
so. Requests are looked at in their order, and only when the log has loosened something since their last
ranking, or when others stand otherwise than at the last look (`loosening`).
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from api.loops.automatic import Automatic
from api.loops.loosening import Loosening
from api.placing import Engine
from domain.coordination.requesting import SearchAgain, search_again
from domain.matching import rankers
from domain.matching.places import Places
from domain.matching.ranking import request_of
from domain.policy import START_POLICY
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World
from ledger.store.transact import TooManyConflicts

GATHER_SECONDS = 0.02


class Proposing:
    """One per process, harmless when several run: the second finds that a hold stands."""

    def __init__(self, engine: Engine, automatic: Automatic) -> None:
        self._engine = engine
        self._automatic = automatic
        self._looked: dict[PlacementId, int] = {}
        self._loosening = Loosening()

    async def run(self) -> None:
        """Without end; time alone may bring a place, so that it looks also where the log has not grown."""
        store = self._engine.transactor.store
        while True:
            await self.step()
            position = self._engine.index.places.position
            await asyncio.sleep(GATHER_SECONDS)
            await store.grown(beyond=position)

    async def step(self) -> None:
        """Propose to every request that may have gained a place."""
        index = await self._engine.index.catch_up()
        now, places = await self._engine.transactor.store.now(), index.places
        if self._loosening.happened(places, now):
            self._looked.clear()
        self._looked = {each: seen for each, seen in self._looked.items() if each in places.waiting}
        waiting = [request_of(each, places.placements[each]) for each in places.waiting]
        for request in sorted(waiting, key=lambda request: request.precedence):
            if self._may_have_gained(request.placement_id, places):
                await self._look(request.placement_id, places, now)

    def _may_have_gained(self, placement_id: PlacementId, places: Places) -> bool:
        state = places.placements.get(placement_id)
        if placement_id not in places.waiting or state is None or not state.waiting:
            return False  # one that has just lost its hold is searched for by `searching`
        ranked_at = state.ranking.position if state.ranking is not None else 0
        looked_at = self._looked.get(placement_id)
        return looked_at is None or max(ranked_at, looked_at) < places.loosened

    async def _look(self, placement_id: PlacementId, places: Places, now: datetime) -> None:
        """Looked at is only what was looked at to the end: a fault leaves it for the next step, and one that
        keeps losing to others does not keep those after it from their turn.
        """
        position = places.position
        request = request_of(placement_id, places.placements[placement_id])
        policy = places.network.policy or START_POLICY
        if rankers.rank(request, places, policy, now).best:
            try:
                await self._propose(placement_id, places.loosened, position)
            except TooManyConflicts:
                return
        self._looked[placement_id] = position

    async def _propose(self, placement_id: PlacementId, loosened: int, position: int) -> None:
        def decide(world: World, context: Context, places: Places) -> Decided:
            return search_again(SearchAgain(placement_id=placement_id), world, context, places)

        rows = await self._engine.transactor.store.read_all(after=max(loosened, 1) - 1, limit=1)
        name = f"propose {placement_id} {position}"
        await self._engine.place(self._automatic.command(name, rows[0].event_id, placement_id), decide)
