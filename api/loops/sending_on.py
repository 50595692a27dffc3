"""Goes on to the next house after silence, for requests that chose so; all others wait for a person."""

from __future__ import annotations

import asyncio

from api.loops.automatic import Automatic
from api.loops.loosening import Loosening
from api.placing import Engine
from domain.coordination.moving_on import SendOn, has_next, send_on
from domain.coordination.offering import sends_on
from domain.matching.places import Places
from domain.placement.standing import Offer
from domain.vocabulary import PlacementId
from domain.world import Context, Decided, World
from ledger.store.transact import TooManyConflicts

TICK_SECONDS = 1.0


class SendingOn:
    """Looks once a second; harmless when several processes do: the second finds another hold."""

    def __init__(self, engine: Engine, automatic: Automatic) -> None:
        self._engine = engine
        self._automatic = automatic
        self._looked: dict[PlacementId, int] = {}
        self._loosening = Loosening()

    async def run(self) -> None:
        while True:
            await self.step()
            await asyncio.sleep(TICK_SECONDS)

    async def step(self) -> None:
        """Send on every offer that nobody has answered in time."""
        index = await self._engine.index.catch_up()
        now, places = await self._engine.transactor.store.now(), index.places
        silent = places.overdue(now)
        if self._loosening.happened(places, now):
            self._looked.clear()
        self._looked = {each: seen for each, seen in self._looked.items() if each in silent}
        for placement_id in sorted(silent, key=places.due.__getitem__):
            await self._look(placement_id)

    async def _look(self, placement_id: PlacementId) -> None:
        """Once for whatever may bring another house; what a fault interrupts is looked at again."""
        places = self._engine.index.places
        state = places.placements.get(placement_id)
        held = state.held if state is not None else None
        if state is None or held is None or not (held.sent and sends_on(state)):
            return
        if self._looked.get(placement_id, -1) >= places.loosened:
            return
        context, position = await self._engine.context(), places.position
        state = places.placements.get(placement_id)
        if state is not None and has_next(placement_id, state, context, places):
            try:
                await self._send(placement_id, held, position)
            except TooManyConflicts:
                return
        self._looked[placement_id] = position

    async def _send(self, placement_id: PlacementId, held: Offer, position: int) -> None:
        def decide(world: World, context: Context, places: Places) -> Decided:
            command = SendOn(placement_id=placement_id, offer_id=held.offer_id)
            return send_on(command, world, context, places)

        command = self._automatic.command(f"send-on {position}", held.offer_id, placement_id)
        await self._engine.place(command, decide)
