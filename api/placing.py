"""The loop that finds a place: rank at one position, append, and on conflict catch up and rank anew.

Inside one process commands for the same shelter follow one another, and each ranks at its turn, so that
neighbours on a busy night wait for each other instead of losing to each other. Between processes the ledger's
versions and claims decide.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime
from weakref import WeakValueDictionary

from domain.matching.places import Places
from domain.placement.events import HoldPlaced
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.vocabulary import ShelterId
from domain.world import Context, Decided, World
from ledger.store.loaded import Loaded
from ledger.store.port import Conflict
from ledger.store.transact import Attempt, Command, Done, Result, Transactor
from projections.places_index import PlacesIndex

Decide = Callable[[World, Context], Decided]
DecideOnPlaces = Callable[[World, Context, Places], Decided]


class Engine:
    """Runs decisions over the index of places: those that take turns at a house (`place`), and the others."""

    def __init__(self, transactor: Transactor, index: PlacesIndex) -> None:
        self.transactor = transactor
        self.index = index
        self._turns: WeakValueDictionary[ShelterId, asyncio.Lock] = WeakValueDictionary()

    async def run(self, command: Command, decide: Decide) -> Result:
        """A command that ranks nothing: no turns are taken. Errors: as `place`."""
        patience = self.transactor.patience()
        await self.index.catch_up()
        while True:
            attempt = await self._attempt(lambda world, context, _: decide(world, context))
            result = await self.transactor.record(command, attempt)
            if not isinstance(result, Conflict):
                return self._absorbed(result)
            await self.index.at_least(result.head)
            patience.check()

    async def place(self, command: Command, decide: DecideOnPlaces) -> Result:
        """A command that ranks, or that needs whole houses. Errors: `TooManyConflicts`, and the store's."""
        patience = self.transactor.patience()
        await self.index.catch_up()
        attempt = await self._attempt(decide)
        while True:
            conflict: Conflict | None = None
            async with AsyncExitStack() as turns:
                for house in _houses(attempt):
                    await turns.enter_async_context(self._turn(house))
                before, attempt = attempt, await self._at_our_turn(decide, attempt)
                if _houses(attempt) in ((), _houses(before)):
                    result = await self.transactor.record(command, attempt)
                    if not isinstance(result, Conflict):
                        return self._absorbed(result)
                    conflict = result
            patience.check()
            if conflict is not None:
                await self.index.at_least(conflict.head)
                attempt = await self._attempt(decide)

    async def context(self) -> Context:
        """What a decision taken now, where the index stands, would be given."""
        return self._context(await self.transactor.store.now())

    async def _attempt(self, decide: DecideOnPlaces) -> Attempt:
        """Decide once, now, where the index stands."""
        now = await self.transactor.store.now()

        def on_places(world: Loaded) -> Decided:
            return decide(world, self._context(now), self.index.places)

        return await self.transactor.attempt(on_places, view=self.index)

    def _stands(self, attempt: Attempt) -> bool:
        """Whether nothing that the decision rests on has moved while it waited for its turn."""
        versions = self.index.places.versions
        return all(versions.get(stream, seen) == seen for stream, seen in attempt.world.read())

    async def _at_our_turn(self, decide: DecideOnPlaces, before: Attempt) -> Attempt:
        """The decision where it still stands. Where others went first, another one: if it wants another
        house, whose turn is not ours, it waits there as it is, and is not taken anew for that.
        """
        return before if self._stands(before) else await self._attempt(decide)

    def _turn(self, house: ShelterId) -> asyncio.Lock:
        lock = self._turns.get(house)
        if lock is None:
            lock = self._turns[house] = asyncio.Lock()
        return lock

    def _context(self, now: datetime) -> Context:
        """What a decision taken at `now` is given, under the rules that stand where the index is."""
        network = self.index.places.network
        return Context(
            network_id=self.transactor.network_id,
            now=now,
            policy=network.policy or START_POLICY,
            zone=network.zone,
            new_id=self.transactor.sources.new_id,
        )

    def _absorbed(self, result: Result) -> Result:
        if isinstance(result, Done) and not result.receipt.repeated:
            self.index.absorb(result.events)
        return result


def _houses(attempt: Attempt) -> tuple[ShelterId, ...]:
    """The shelters whose places the decision would hold, in a fixed order."""
    if isinstance(attempt.decided, Refusal):
        return ()
    held = {event.shelter_id for _, event in attempt.decided.each() if isinstance(event, HoldPlaced)}
    return tuple(sorted(held))
