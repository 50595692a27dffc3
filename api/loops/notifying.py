"""Tells desks that something waits for them: the coordination of each alarm, a house of each offer, the lead
body of each thing to review.

What was told is kept in memory alone: each thing once for each process and start, so that a desk may hear of
it twice and always hears of it. The text is the same whatever it is about, so twice tells nothing more. It
decides nothing and writes nothing.
"""

from __future__ import annotations

import asyncio
from uuid import UUID

from api.adapters.notifier import Notifier
from api.placing import Engine
from domain.calling import Cause, desks_for, desks_of_the_lead_body, waiting
from domain.matching.places import Places

TICK_SECONDS = 1.0


class Notifying:
    """Looks once a second at what has happened since it last did."""

    def __init__(self, engine: Engine, notifier: Notifier) -> None:
        self._engine = engine
        self._notifier = notifier
        self._told: frozenset[Cause] = frozenset()
        self._told_of_review: frozenset[UUID] = frozenset()
        self._seen = -1

    async def run(self) -> None:
        while True:
            await self.step()
            await asyncio.sleep(TICK_SECONDS)

    async def step(self) -> None:
        """Tell of everything that waits and was not told yet; what cannot be told now, at a later step."""
        places = (await self._engine.index.catch_up()).places
        await self._tell_of_reviews(places)
        if places.moved == self._seen:
            return
        moved, now = places.moved, await self._engine.transactor.store.now()
        standing = tuple(waiting(places))
        self._told &= {each.cause for each in standing}
        for each in standing:
            if each.cause not in self._told:
                for desk_id in desks_for(each.house, places, now):
                    await self._notifier.new_task(desk_id)
                self._told |= {each.cause}
        self._seen = moved

    async def _tell_of_reviews(self, places: Places) -> None:
        """A second person, at once; also of what was to be reviewed before this process started."""
        open_ones = frozenset(self._engine.index.reviews.open)
        new = open_ones - self._told_of_review
        self._told_of_review &= open_ones
        if not new:
            return
        now = await self._engine.transactor.store.now()
        for desk_id in desks_of_the_lead_body(places, now):
            await self._notifier.new_task(desk_id)
        self._told_of_review = open_ones
