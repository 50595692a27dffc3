"""What could take whom at instants that have passed, folded from the log once and kept while it is asked for.

The doors of boards outside the coordination call it. Nothing of it is the present, and the same instant gives
everybody the same answer, so that asking often tells no more than asking once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from api.placing import Engine
from domain.matching.places import Places
from ledger.store import codec
from ledger.store.port import StoredRow
from projections.board_bands import Free, TrendBoard, free_units, trend_board

MOST_KEPT = 64
LOOK_AT = time(12)
DAYS = 7


class PastBoards:
    """One process's; instants are kept until there are many."""

    def __init__(self) -> None:
        self._kept: dict[datetime, tuple[Free, ...]] = {}
        self._turn = asyncio.Lock()

    async def at(self, engine: Engine, instant: datetime) -> tuple[Free, ...]:
        """Errors: the store's."""
        return (await self._looks(engine, [instant]))[0]

    async def trend(self, engine: Engine, now: datetime) -> TrendBoard:
        """Of the last whole week where the network is. Errors: the store's."""
        zone = (await engine.index.catch_up()).places.network.zone
        today = now.astimezone(zone).date()
        monday = today - timedelta(days=today.weekday() + DAYS)
        days = [monday + timedelta(days=number) for number in range(-DAYS, DAYS)]
        looks = [datetime.combine(day, LOOK_AT, zone).astimezone(UTC) for day in days]
        begun = bool(await engine.transactor.store.position_at(looks[0]))
        seen = await self._looks(engine, looks if begun else looks[DAYS:])
        week_from = datetime.combine(monday, time(0), zone).astimezone(UTC)
        return trend_board(week_from, seen[:DAYS] if begun else None, seen[-DAYS:])

    async def _looks(self, engine: Engine, instants: Sequence[datetime]) -> list[tuple[Free, ...]]:
        async with self._turn:
            missing = [each for each in instants if each not in self._kept]
            if missing:
                found = await _folded(engine, missing)
                if len(self._kept) + len(found) > MOST_KEPT:
                    self._kept.clear()
                self._kept |= found
                # Those that were there may just have been thrown away.
                if any(each not in self._kept for each in instants):
                    self._kept |= await _folded(engine, instants)
            return [self._kept[each] for each in instants]


async def _folded(engine: Engine, instants: Sequence[datetime]) -> dict[datetime, tuple[Free, ...]]:
    """One fold of what houses and units say, stopped at each instant in turn."""
    store = engine.transactor.store
    known = (await engine.index.catch_up()).places
    streams = [engine.transactor.network_id, *known.shelters, *known.units]
    upto = await store.position_at(max(instants))
    read = await store.read_streams(streams, upto=upto) if upto else {}
    rows = sorted((row for each in read.values() for row in each), key=lambda row: row.position)
    places, at, found = Places(), 0, {}
    for instant in sorted(instants):
        while at < len(rows) and rows[at].recorded_at <= instant:
            _apply(places, rows[at])
            at += 1
        found[instant] = free_units(places, instant)
    return found


def _apply(places: Places, row: StoredRow) -> None:
    places.apply(row.stream, row.version, row.position, codec.decode(row.topic, row.state))
