"""What the doors of the past read page by page: a belief about an earlier instant; what changed between two.

A belief reads on from the places as they stood at the earlier instant: what was recorded by then had happened
by then, but for what was declared since to have happened later; only then the log is read from its beginning.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from api.http.past_places import PAGE, Stand
from domain.matching.places import Places
from ledger.store.belief import Belief, Believed
from ledger.store.happened import Corrections, note_corrections
from ledger.store.port import Store, StoredRow
from projections.changes import Changes


async def pages(store: Store, after: int, upto: int) -> AsyncIterator[tuple[StoredRow, ...]]:
    """The rows after a position, up to another."""
    while after < upto and (rows := await store.read_all(after=after, limit=PAGE, upto=upto)):
        yield rows
        after = rows[-1].position


async def reading_belief(
    store: Store, stand: Stand, about: datetime, upto: int
) -> AsyncIterator[Believed | None]:
    """What was believed at `upto` about an instant; `stand` is of the last position recorded by then."""
    known = stand.places.position
    corrected: dict[tuple[UUID, int], datetime] = {}
    async for rows in pages(store, known, upto):
        note_corrections(corrected, rows)
        yield None
    moved = await _moved_beyond(store, about, known, corrected)
    belief = Belief(about, corrected, Places() if moved else stand.places.forked())
    async for rows in pages(store, belief.position, upto):
        belief.take(rows)
        yield None
    yield belief.result()


async def _moved_beyond(store: Store, about: datetime, known: int, corrected: Corrections) -> bool:
    """Whether anything recorded by the instant was declared to have happened after it."""
    beyond = [entry for entry, at in corrected.items() if at > about]
    streams = await store.read_streams(tuple({stream for stream, _ in beyond}), upto=known) if beyond else {}
    return any((row.stream, row.version) in beyond for rows in streams.values() for row in rows)


async def reading_changes(
    store: Store, since: datetime, first: int, upto: int
) -> AsyncIterator[Changes | None]:
    """What was recorded after position `first`, which stood at an instant."""
    corrected: dict[tuple[UUID, int], datetime] = {}
    async for rows in pages(store, first, upto):
        note_corrections(corrected, rows)
        yield None
    changes = Changes(since, corrected)
    async for rows in pages(store, first, upto):
        changes.take(rows)
        yield None
    yield changes
