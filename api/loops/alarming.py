"""Calls a person when something is due: the hour until which she is safe, a look at a bridge, a late arrival,
houses that stay silent, no place after so long, a house's yes that was lost, came late or led nowhere yet.
What is due `domain.placement.alarms` alone says.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

from api.loops.automatic import Automatic
from api.placing import Engine
from domain.coordination.alarming import alarm
from domain.matching.places import Places
from domain.placement.alarms import RaiseAlarm, due_alarms
from domain.placement.standing import Alarm
from domain.placement.state import PlacementState
from domain.policy import Policy
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World
from ledger.store.transact import TooManyConflicts

TICK_SECONDS = 1.0
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


class Alarming:
    """Looks once a second at every request under way; harmless when several processes do."""

    def __init__(self, engine: Engine, automatic: Automatic) -> None:
        self._engine = engine
        self._automatic = automatic
        self._ahead = Ahead()

    async def run(self) -> None:
        while True:
            await self.step()
            await asyncio.sleep(TICK_SECONDS)

    async def step(self) -> None:
        """Raise every alarm that is due now and was not raised yet."""
        index = await self._engine.index.catch_up()
        context = await self._engine.context()
        for placement_id, found in self._ahead.due(index.places, context.now, context.policy):
            with suppress(TooManyConflicts):  # it stays due, and those after it have their turn
                await self._raise(placement_id, found)

    async def _raise(self, placement_id: PlacementId, due: Alarm) -> None:
        def decide(world: World, context: Context) -> Decided:
            command = RaiseAlarm(placement_id=placement_id, kind=due.kind, due_at=due.due_at)
            return alarm(command, world, context)

        name = f"raise-alarm {due.kind} {due.due_at.isoformat()}"
        await self._engine.run(self._automatic.command(name, placement_id, placement_id), decide)


class Ahead:
    """The alarms there will be if nothing more happens, worked out anew only where something has happened."""

    def __init__(self) -> None:
        self._seen: tuple[int, Policy | None] = -1, None
        self._next = END_OF_TIME
        self._known: dict[PlacementId, tuple[PlacementState, tuple[Alarm, ...]]] = {}

    def due(self, places: Places, now: datetime, policy: Policy) -> list[tuple[PlacementId, Alarm]]:
        """Those that are due now and were not raised yet."""
        if (places.moved, policy) != self._seen:
            known = self._known if policy == self._seen[1] else {}
            self._known = {each: _ahead(known, each, places, policy) for each in places.under_way}
            self._seen = places.moved, policy
            self._next = min(
                (ahead[0].due_at for _, ahead in self._known.values() if ahead), default=END_OF_TIME
            )
        if now < self._next:
            return []
        return [
            (each, found)
            for each, (_, ahead) in self._known.items()
            for found in ahead
            if found.due_at <= now
        ]


def _ahead(
    known: dict[PlacementId, tuple[PlacementState, tuple[Alarm, ...]]],
    placement_id: PlacementId,
    places: Places,
    policy: Policy,
) -> tuple[PlacementState, tuple[Alarm, ...]]:
    state, before = places.placements[placement_id], known.get(placement_id)
    if before is not None and before[0] is state:
        return before
    return state, due_alarms(state, END_OF_TIME, policy)
