"""Follows the log and keeps the rows of the read models at its head, batch by batch.

Each batch writes its rows and moves the checkpoint in one transaction that compares the checkpoint with where
the batch began. So a crash anywhere leaves whole batches, and of two projectors with the same generation one
loses each race, has written nothing, and reads on from where the other got to.

An event that cannot be read (its bytes, its fold or its rows) stops the projector before it: all before it is
written, the place and the type of the fault are recorded, and every look tries again, so that a program that
can read it goes on by itself. Turned by `api.loops.projecting`; doors call `catch_up` before they read.
"""

from __future__ import annotations

import asyncio
import enum
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.log_lines import Line, tell
from ledger.store.port import Store, StoredRow
from projections.read_models import Change, Folded, folded_on, follow
from projections.views import Changes, Checkpoint, Kept, Stop

PAGE = 500
MOST_STREAMS = 20_000
"""States remembered between batches; others are read again when an event touches them."""

Follow = Callable[[Folded | None, StoredRow], tuple[Folded, tuple[Change, ...]]]

_log = logging.getLogger(__name__)


class Step(enum.Enum):
    """How one look at the log ended."""

    AT_HEAD = "AT_HEAD"
    MOVED = "MOVED"
    LOST = "LOST"
    STOPPED = "STOPPED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """What a page of the log gives: rows up to position `upto`, states, and the event it ended before."""

    upto: int
    changes: Changes
    states: Mapping[UUID, Folded]
    stop: Stop | None


class Projector:
    """One generation's follower; the live one's unless another is given. Shared by all of a process."""

    def __init__(
        self,
        store: Store,
        views: Kept,
        *,
        page: int = PAGE,
        streams: int = MOST_STREAMS,
        follow: Follow = follow,
    ) -> None:
        self._store = store
        self._views = views
        self._page = page
        self._most = streams
        self._follow = follow
        self._states: OrderedDict[UUID, Folded] = OrderedDict()
        self._at: Checkpoint | None = None
        self._told: Stop | None = None
        self._turn = asyncio.Lock()

    @property
    def position(self) -> int:
        """How far this process knows the rows to reach."""
        return self._at.position if self._at is not None else 0

    @property
    def stopped(self) -> Stop | None:
        """Before which event it stands, if it does."""
        return self._at.stop if self._at is not None else None

    async def catch_up(self, *, upto: int | None = None) -> Checkpoint:
        """Let the rows reach what stood in the log when this was called, or the event that stops them.

        Errors: the store's and the views'.
        """
        head = await self._store.head() if upto is None else upto
        async with self._turn:
            at = self._at
            if at is None or at.position < head:
                at = self._at = await self._views.live()
            while at.position < head:
                if await self._step(upto) in (Step.STOPPED, Step.AT_HEAD):
                    break
                at = self._at or await self._views.live()
            return self._at or at

    async def step(self, *, upto: int | None = None) -> Step:
        """Take at most one page. Errors: the store's and the views'."""
        async with self._turn:
            return await self._step(upto)

    async def _step(self, upto: int | None) -> Step:
        at, self._at = self._at or await self._views.live(), None
        page = await self._store.read_all(after=at.position, limit=self._page, upto=upto)
        if not page:
            self._at = at
            return Step.AT_HEAD
        batch = await self._read(page, at.position)
        if batch.upto > at.position:
            if not await self._views.advance(at, batch.upto, batch.changes):
                return Step.LOST
            at = Checkpoint(generation=at.generation, position=batch.upto)
            self._remember(batch.states)
        if batch.stop is not None:
            await self._stop(at, batch.stop)
            return Step.STOPPED
        self._at = at
        return Step.MOVED

    async def _read(self, page: Sequence[StoredRow], after: int) -> Batch:
        cold = await self._cold(page, after)
        states: dict[UUID, Folded] = {}
        changes: list[Change] = []
        for row in page:
            try:
                before = states.get(row.stream) or self._known(row, cold)
                state, changed = self._follow(before, row)
            except Exception as why:  # noqa: BLE001 - whatever it is, this event cannot be read; only its type is told
                stop = Stop(position=row.position, topic=row.topic, why=type(why).__name__)
                upto = max((each.position for each in page if each.position < row.position), default=after)
                return Batch(upto=upto, changes=Changes.of(changes), states=states, stop=stop)
            states[row.stream] = state
            changes.extend(changed)
        return Batch(upto=page[-1].position, changes=Changes.of(changes), states=states, stop=None)

    async def _cold(self, page: Sequence[StoredRow], after: int) -> Mapping[UUID, tuple[StoredRow, ...]]:
        """The earlier events of streams whose state is not remembered as it was before this page."""
        first: dict[UUID, StoredRow] = {}
        for row in page:
            first.setdefault(row.stream, row)
        missing = [stream for stream, row in first.items() if row.version > 1 and not self._warm(row)]
        return await self._store.read_streams(missing, upto=after) if missing else {}

    def _warm(self, row: StoredRow) -> bool:
        known = self._states.get(row.stream)
        return known is not None and known.version == row.version - 1

    def _known(self, row: StoredRow, cold: Mapping[UUID, Iterable[StoredRow]]) -> Folded | None:
        if self._warm(row):
            return self._states[row.stream]
        state: Folded | None = None
        for earlier in cold.get(row.stream, ()):
            state, _ = folded_on(state, earlier)
        return state

    def _remember(self, states: Mapping[UUID, Folded]) -> None:
        for stream, state in states.items():
            self._states[stream] = state
            self._states.move_to_end(stream)
        while len(self._states) > self._most:
            self._states.popitem(last=False)

    async def _stop(self, at: Checkpoint, stop: Stop) -> None:
        if at.stop != stop:
            await self._views.stop(at, stop)
        if self._told != stop:
            said = {"position": stop.position, "topic": stop.topic, "why": stop.why}
            tell(_log, logging.ERROR, Line.VIEWS_STOPPED, **said)
        self._told = stop
        self._at = Checkpoint(generation=at.generation, position=at.position, stop=stop)
