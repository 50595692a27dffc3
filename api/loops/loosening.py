"""Notices what may bring a request a place although none became free: somebody before it no longer counts as
waiting or asks for less, somebody's silence has lasted too long, or time alone has passed.

What becomes free is `Places.loosened`; this is for the loops that wait for either.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.matching.places import Places
from domain.vocabulary import PlacementId, UnitId

LOOK_ANYWAY = timedelta(hours=1)
"""By the ledger's time: a civil day begins, a house's word grows old."""
_Counted = frozenset[tuple[PlacementId, frozenset[UnitId]]]


class Loosening:
    """One per loop: it remembers how things stood when it was last asked."""

    def __init__(self) -> None:
        self._counted: _Counted = frozenset()
        self._silent: frozenset[PlacementId] = frozenset()
        self._turned = -1
        self._anyway_at: datetime | None = None

    def happened(self, places: Places, now: datetime) -> bool:
        """Whether everybody is to be looked at anew; always so the first time."""
        silent = places.overdue(now)
        loosened = (places.turned, silent) != (self._turned, self._silent) and self._turn(places, silent)
        if self._anyway_at is not None and not loosened and now < self._anyway_at:
            return False
        self._anyway_at = now + LOOK_ANYWAY
        return True

    def _turn(self, places: Places, silent: frozenset[PlacementId]) -> bool:
        """Take note of how they stand now, and say whether it may bring a place to somebody."""
        counted = _counted(places, silent)
        loosened = bool(self._counted - counted or silent - self._silent)
        self._counted, self._silent, self._turned = counted, silent, places.turned
        return loosened


def _counted(places: Places, silent: frozenset[PlacementId]) -> _Counted:
    """Who is owed something while it lasts, each with the units it is not asked for."""
    standing = ((each, places.placements[each]) for each in {*places.waiting, *silent})
    return frozenset((each, state.not_to_ask) for each, state in standing if not state.stopped)
