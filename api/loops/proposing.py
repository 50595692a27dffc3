"""Proposes a place that became free to the request that is owed it.

It is held and the queue tells a coordinator; an offer leaves without her tap only where the request chose
so. Requests are looked at in their order, and only when the log has loosened something since their last
ranking, or when others stand otherwise than at the last look (`loosening`).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime

from api.loops.automatic import Automatic
from api.loops.loosening import Loosening
from api.placing import Engine
from domain.coordination.requesting import SearchAgain, search_again
from domain.matching import rankers
from domain.matching.places import Places
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
        self._quiet: tuple[int, int] | None = None
        """Where the index stood, as far as it concerns who waits, when nobody was left to be looked at."""

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
            self._quiet = None
        if self._quiet == (places.loosened, places.turned):
            return
        self._looked = {each: seen for each, seen in self._looked.items() if each in places.waiting}
        lost: set[PlacementId] = set()
        while gained := [each for each in places.waiting if self._may_have_gained(each, places)]:
            owing = self._owed(places, now)
            self._looked.update((each, places.position) for each in gained if each not in owing)
            following = [each for each in owing if each in gained and each not in lost]
            if not following:
                return
            if not await self._proposed(following[0], places):
                lost.add(following[0])
        self._quiet = places.loosened, places.turned

    def _owed(self, places: Places, now: datetime) -> list[PlacementId]:
        """Who is owed a place now, in their order: one walk for all who wait."""
        policy = places.network.policy or START_POLICY
        return [each.request.placement_id for each in rankers.owed(places, policy, now)]

    def _may_have_gained(self, placement_id: PlacementId, places: Places) -> bool:
        state = places.placements.get(placement_id)
        if placement_id not in places.waiting or state is None or not state.waiting:
            return False  # one that has just lost its hold is searched for by `searching`
        ranked_at = state.ranking.position if state.ranking is not None else 0
        looked_at = self._looked.get(placement_id)
        return looked_at is None or max(ranked_at, looked_at) < places.loosened

    async def _proposed(self, placement_id: PlacementId, places: Places) -> bool:
        """Looked at is only what was looked at to the end: a fault leaves it for the next step, and one that
        keeps losing to others does not keep those after it from their turn.
        """
        position = places.position
        with suppress(TooManyConflicts):
            await self._propose(placement_id, places.loosened, position)
            self._looked[placement_id] = position
            return True
        return False

    async def _propose(self, placement_id: PlacementId, loosened: int, position: int) -> None:
        def decide(world: World, context: Context, places: Places) -> Decided:
            return search_again(SearchAgain(placement_id=placement_id), world, context, places)

        rows = await self._engine.transactor.store.read_all(after=max(loosened, 1) - 1, limit=1)
        name = f"propose {placement_id} {position}"
        await self._engine.place(self._automatic.command(name, rows[0].event_id, placement_id), decide)
