"""What was believed at one instant about an earlier one: recorded by then, and said to have happened by then.

The log up to a position is folded by the functions that fold it always, in the order of recording, without
what had not happened yet at the instant it is told about. Told about the instant of the position itself, it
is the plain state as of there. A step that rests on one which had not happened yet (an answer said to be
older than the hold it answers) counts from when that one did. Pure; called by `approdo replay --about` and by
the door of the past.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.matching.places import Places
from ledger.store.happened import Corrections, Entry, Happened, Happenings, entry_of
from ledger.store.port import StoredRow

MOST_NAMED = 100
"""Entries that are named; all of them are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Believed:
    """`learned_later`: recorded after the instant and said to have happened by then, so counted;
    `left_out`: recorded by the instant and declared since to have happened after it; `resting`: they follow
    from what had not happened yet, and did not count.
    """

    places: Places
    learned_later: tuple[Entry, ...]
    learned_later_count: int
    left_out: int
    resting: int


class Belief:
    """Takes a log in order, in any number of pieces, and folds what had happened by `about`. `corrected`:
    what all of that log says of wrong times. It may go on from places that already reflect a part of it, none
    of which was declared to have happened after `about`.
    """

    def __init__(self, about: datetime, corrected: Corrections, places: Places | None = None) -> None:
        self._about = about
        self._happenings = Happenings(corrected)
        self._places = places if places is not None else Places()
        self._later: list[Entry] = []
        self._counted = self._left_out = self._resting = 0
        self.position = self._places.position

    def take(self, rows: Iterable[StoredRow]) -> None:
        for row in rows:
            self.position = row.position
            for told in self._happenings.take((row,)):
                self._weigh(told)

    def result(self) -> Believed:
        """What was believed; the log is taken to end."""
        for told in self._happenings.end():
            self._weigh(told)
        self._places.position = self.position
        return Believed(
            places=self._places,
            learned_later=tuple(self._later),
            learned_later_count=self._counted,
            left_out=self._left_out,
            resting=self._resting,
        )

    def _weigh(self, told: Happened) -> None:
        row = told.row
        if told.at > self._about:
            self._left_out += row.recorded_at <= self._about
            return
        try:
            self._places.apply(row.stream, row.version, row.position, told.event)
        except LookupError:
            self._resting += 1
            return
        if row.recorded_at > self._about:
            self._counted += 1
            if len(self._later) < MOST_NAMED:
                self._later.append(entry_of(told))
