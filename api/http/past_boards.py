"""What could take whom at instants that have passed, folded from the log once and kept while it is asked for.

The doors of boards outside the coordination call it. Nothing of it is the present, and the same instant gives
everybody the same answer, so that asking often tells no more than asking once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from api.placing import Engine
from domain.event import kind_of
from domain.matching.places import Places
from ledger.store import codec
from ledger.store.port import StoredRow
from projections.board_bands import Free, TrendBoard, free_units, trend_board

MOST_KEPT = 64
LOOK_AT = time(12)
DAYS = 7
PAGE = 2000
_ABOUT_PLACES = ("network", "shelter", "unit")


class PastBoards:
    """One process's; instants are kept until there are many."""

    def __init__(self) -> None:
        self._kept: dict[datetime, tuple[Free, ...]] = {}
        self._turn = asyncio.Lock()
        self._places = Places()
        self._position = 0

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
            found = {each: self._kept[each] for each in instants if each in self._kept}
            for instant in sorted(set(instants) - found.keys()):
                found[instant] = await self._folded(engine, instant)
            while len(self._kept) > MOST_KEPT:
                del self._kept[min(self._kept)]
            return [found[each] for each in instants]

    async def _folded(self, engine: Engine, instant: datetime) -> tuple[Free, ...]:
        """Read on from the last instant, or from the beginning for an earlier one."""
        store = engine.transactor.store
        upto = await store.position_at(instant)
        if upto < self._position:
            self._places, self._position = Places(), 0
        if self._position == 0:
            known = (await engine.index.catch_up()).places
            streams = [engine.transactor.network_id, *known.shelters, *known.units]
            read = await store.read_streams(streams, upto=upto) if upto else {}
            self._take(sorted((row for each in read.values() for row in each), key=lambda row: row.position))
            self._position = upto
        while self._position < upto:
            rows = await store.read_all(after=self._position, limit=PAGE, upto=upto)
            if not rows:
                break
            self._take(rows)
            self._position = rows[-1].position
        self._kept[instant] = free_units(self._places, instant)
        return self._kept[instant]

    def _take(self, rows: Iterable[StoredRow]) -> None:
        """What houses, units and the network say; placements are left out."""
        for row in rows:
            if kind_of(row.topic) in _ABOUT_PLACES:
                event = codec.decode(row.topic, row.state)
                self._places.apply(row.stream, row.version, row.position, event)
