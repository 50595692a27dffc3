"""Marks offers that nobody answered in time, so that a person is told. Nothing is taken away: the hold
stands."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from api.loops.automatic import Automatic
from api.placing import Engine
from domain.coordination.alone import decide_alone
from domain.placement.commands import MarkUnanswered
from domain.placement.state import Offer
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World
from ledger.store.transact import TooManyConflicts

TICK_SECONDS = 1.0


class Deadlines:
    """Looks once a second at the holds this process knows of; harmless when several processes do."""

    def __init__(self, engine: Engine, automatic: Automatic) -> None:
        self._engine = engine
        self._automatic = automatic

    async def run(self) -> None:
        while True:
            await self.step()
            await asyncio.sleep(TICK_SECONDS)

    async def step(self) -> None:
        """Mark every hold that is overdue now and not yet marked."""
        index = await self._engine.index.catch_up()
        now = await self._engine.transactor.store.now()
        places = index.places
        overdue = [holder for holder, due in places.due.items() if now > due]
        for placement_id in overdue:
            state = places.placements.get(placement_id)
            held = state.held if state is not None else None
            if held is not None and not held.unanswered:
                with suppress(TooManyConflicts):  # it stays overdue, and those after it have their turn
                    await self._mark(placement_id, held)

    async def _mark(self, placement_id: PlacementId, held: Offer) -> None:
        def decide(world: World, context: Context) -> Decided:
            return decide_alone(placement_id, MarkUnanswered(offer_id=held.offer_id), world, context)

        name = f"mark-unanswered {held.due_at.isoformat()}"
        command = self._automatic.command(name, held.offer_id, placement_id)
        await self._engine.run(command, decide)
