"""The real engine with an ear on it: whatever it records, by whomever it was asked, is heard at once.

Nothing is decided differently. The loops are given this engine too, so that what they do is heard and judged
like a person's command, one command at a time.
"""

from __future__ import annotations

from collections.abc import Callable

from api.placing import Decide, DecideOnPlaces, Engine
from ledger.store.transact import Command, Done, Result, Transactor
from projections.places_index import PlacesIndex

Hear = Callable[[Done], None]


class Heard(Engine):
    """Calls each of `ears` after a command stands in the log and in the index."""

    def __init__(self, transactor: Transactor, index: PlacesIndex) -> None:
        super().__init__(transactor, index)
        self.ears: list[Hear] = []

    async def run(self, command: Command, decide: Decide) -> Result:
        return self._told(await super().run(command, decide))

    async def place(self, command: Command, decide: DecideOnPlaces) -> Result:
        return self._told(await super().place(command, decide))

    def _told(self, result: Result) -> Result:
        if isinstance(result, Done) and not result.receipt.repeated and result.events:
            for hear in self.ears:
                hear(result)
        return result
