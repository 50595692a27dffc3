"""Holds to append: the write-set of a hold decided by the real engine, copied under fresh ids.

Every copy has the same bytes; streams that the model finds in the log (its unit, the streams it guards) are
put there first as `groundwork`, so that a judge has something to look up. Used by the append figures.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from domain.coordination.requesting import request_placement
from domain.vocabulary import AgeBand, Household
from ledger.store.ids import seeded_sources
from ledger.store.memory import MemoryStore
from ledger.store.port import Append, NewEvent, Outcome
from trials.stage.in_process import command, emergency, found_engine
from trials.stage.plain_network import plain_network

_AT = datetime(2026, 11, 21, 1, 40, tzinfo=UTC)
_GUARDED_HOUSES = 64


class _Remembering(MemoryStore):
    """Keeps the last append it was given."""

    last: Append | None = None

    async def append(self, append: Append) -> Outcome:
        self.last = append
        return await super().append(append)


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldSet:
    """`groundwork` is appended before the clock runs; then `holds`, each apart from all others."""

    groundwork: Sequence[NewEvent]
    holds: Sequence[Append]


def real_hold() -> Append:
    """What the engine appends for one household of three in a house of five rooms."""
    return asyncio.run(_real_hold())


async def _real_hold() -> Append:
    store = _Remembering(clock=lambda: _AT)
    sources = seeded_sources("hold", lambda: int(_AT.timestamp() * 1000))
    founded = await found_engine(plain_network(shelters=8, units=5, beds=3), store, sources)
    asked = emergency(Household(adults=1, children=(AgeBand.AGE_3_5, AgeBand.AGE_6_10)), _AT)
    by = command(founded.network_id, UUID(int=1), sources)
    await founded.engine.place(
        by, lambda world, context, places: request_placement(asked, world, context, places)
    )
    assert store.last is not None
    assert len(store.last.events) >= 5
    assert store.last.guards
    assert store.last.takes
    return store.last


def hold_set(model: Append, number: int, seed: int) -> HoldSet:
    """`number` copies; ids rise with time as real ones do, houses guarded are shared as in a real night."""
    ids = _ids(seed)
    houses = [[(next(ids), version) for _, version in model.guards] for _ in range(_GUARDED_HOUSES)]
    groundwork = [event for house in houses for guard in house for event in _before(*guard, model, ids)]
    holds = []
    for count in range(number):
        hold = _copy(model, houses[count % _GUARDED_HOUSES], ids)
        holds.append(hold)
        first = {event.stream: event.version for event in reversed(hold.events)}
        groundwork += [
            e for stream, version in first.items() for e in _before(stream, version - 1, model, ids)
        ]
    return HoldSet(groundwork=groundwork, holds=holds)


def founding(groundwork: Sequence[NewEvent], size: int = 1000) -> Iterator[Append]:
    """The groundwork as appends, of which no stream is in two."""
    by_stream = [list(events) for _, events in itertools.groupby(groundwork, key=lambda event: event.stream)]
    pages: list[list[NewEvent]] = [[]]
    for events in by_stream:
        if len(pages[-1]) + len(events) > size:
            pages.append([])
        pages[-1] += events
    for page in pages:
        yield Append(command_id=page[0].event_id, digest=bytes(32), events=tuple(page))


def _copy(model: Append, guards: list[tuple[UUID, int]], ids: Iterator[UUID]) -> Append:
    fresh: dict[UUID, UUID] = {}

    def renamed(old: UUID) -> UUID:
        return fresh.setdefault(old, next(ids))

    return replace(
        model,
        command_id=next(ids),
        events=tuple(replace(e, stream=renamed(e.stream), event_id=next(ids)) for e in model.events),
        guards=tuple(guards),
        takes=tuple(replace(c, key=renamed(c.key), holder=renamed(c.holder)) for c in model.takes),
    )


def _before(stream: UUID, version: int, model: Append, ids: Iterator[UUID]) -> list[NewEvent]:
    sample = model.events[-1]
    return [
        replace(sample, stream=stream, version=count, event_id=next(ids)) for count in range(1, version + 1)
    ]


def _ids(seed: int) -> Iterator[UUID]:
    """UUIDv7 from a seed, one every 10 microseconds of its own clock."""
    chance = random.Random(seed)
    for tick in itertools.count(int(_AT.timestamp() * 100_000)):
        milliseconds, part = divmod(tick, 100)
        yield UUID(int=milliseconds << 80 | 7 << 76 | part << 66 | 2 << 62 | chance.getrandbits(62))
