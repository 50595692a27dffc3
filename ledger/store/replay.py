"""Reading the log again from its beginning: what was known at a position or at an instant.

It folds the same events with the same functions as the live path and keeps nothing between two calls. Called
by `approdo replay`, by the history doors and by trials; who checks the log is `ledger.evidence.invariants`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import cast
from uuid import UUID

from domain import case
from domain.case import CaseEvent, CaseState
from domain.event import Event
from domain.matching.places import Places
from domain.placement import state as placement
from domain.placement.events import PlacementEvent
from domain.placement.state import PlacementState
from domain.vocabulary import CaseId, PlacementId
from ledger.store import codec
from ledger.store.port import Store, StoredRow

PAGE = 2000


class Replay:
    """The fold of the log up to `position`: every place, and every placement and case that ever was."""

    def __init__(self) -> None:
        self.places = Places()
        self.placements: dict[PlacementId, PlacementState] = {}
        self.cases: dict[CaseId, CaseState] = {}
        self.recorded_at: datetime | None = None

    @property
    def position(self) -> int:
        return self.places.position

    def take(self, rows: Iterable[StoredRow]) -> None:
        """The next events, in order. Errors: `UnknownTopic`, `BrokenEvent`."""
        for row in rows:
            self.apply(row.stream, row.version, row.position, codec.decode(row.topic, row.state))
            self.recorded_at = row.recorded_at

    def apply(self, stream: UUID, version: int, position: int, event: Event) -> None:
        """The next event."""
        match event.KIND:
            case "placement":
                placement_id = PlacementId(stream)
                state = self.placements.get(placement_id, placement.initial)
                self.placements[placement_id] = placement.evolve(state, cast("PlacementEvent", event))
            case "case":
                known = self.cases.get(CaseId(stream), case.initial)
                self.cases[CaseId(stream)] = case.evolve(known, cast("CaseEvent", event))
            case _:
                pass
        self.places.apply(stream, version, position, event)


async def rows_upto(store: Store, position: int | None = None) -> AsyncIterator[tuple[StoredRow, ...]]:
    """The log in order, by pages, up to a position (None: to its head)."""
    after = 0
    while page := await store.read_all(after=after, limit=PAGE, upto=position):
        yield page
        after = page[-1].position


async def position_of(store: Store, *, position: int | None = None, as_of: datetime | None = None) -> int:
    """Where to read up to: the position, what stood at the instant (UTC), or the head; never beyond it."""
    head = await store.head()
    if as_of is not None:
        head = min(head, await store.position_at(as_of))
    return head if position is None else min(head, position)


async def replay(store: Store, *, position: int | None = None, as_of: datetime | None = None) -> Replay:
    """Fold the log up to a position, or as it stood at an instant (UTC). Errors: the store's and `take`'s."""
    folded = Replay()
    async for page in rows_upto(store, await position_of(store, position=position, as_of=as_of)):
        folded.take(page)
    return folded
