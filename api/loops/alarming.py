"""Calls a person when something is due: the hour until which she is safe, a look at a bridge, a late arrival,
houses that stay silent, no place after so long, a house's yes that was lost, came late or led nowhere yet.
What is due `domain.placement.alarms` alone says.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from api.loops.automatic import Automatic
from api.placing import Engine
from domain.coordination.alarming import alarm
from domain.placement.alarms import RaiseAlarm, due_alarms
from domain.placement.standing import Alarm
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World
from ledger.store.transact import TooManyConflicts

TICK_SECONDS = 1.0


class Alarming:
    """Looks once a second at every request under way; harmless when several processes do."""

    def __init__(self, engine: Engine, automatic: Automatic) -> None:
        self._engine = engine
        self._automatic = automatic

    async def run(self) -> None:
        while True:
            await self.step()
            await asyncio.sleep(TICK_SECONDS)

    async def step(self) -> None:
        """Raise every alarm that is due now and was not raised yet."""
        index = await self._engine.index.catch_up()
        context, places = await self._engine.context(), index.places
        due = [
            (each, found)
            for each in places.under_way
            for found in due_alarms(places.placements[each], context.now, context.policy)
        ]
        for placement_id, found in due:
            with suppress(TooManyConflicts):  # it stays due, and those after it have their turn
                await self._raise(placement_id, found)

    async def _raise(self, placement_id: PlacementId, due: Alarm) -> None:
        def decide(world: World, context: Context) -> Decided:
            command = RaiseAlarm(placement_id=placement_id, kind=due.kind, due_at=due.due_at)
            return alarm(command, world, context)

        name = f"raise-alarm {due.kind} {due.due_at.isoformat()}"
        await self._engine.run(self._automatic.command(name, placement_id, placement_id), decide)
