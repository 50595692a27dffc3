"""Slows down whoever tries to sign in as somebody else: failures counted by person and by where they come
from, in this process, for a while.

It stands before the PIN's own count of tries, which is in the register and locks. Behind a proxy everybody
comes from one place, so that count is generous.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic

WINDOW_SECONDS = 300
MOST_BY_PERSON, MOST_BY_PLACE = 10, 100
MOST_REMEMBERED = 10_000


class TooManyFailures(Exception):
    """Nobody may try now. `seconds`: until when."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Failures:
    """Counts of the present window, by person and by place."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._ends = 0.0
        self._counts: dict[Hashable, int] = {}

    def require_few(self, person: Hashable, place: Hashable) -> None:
        """Before a try. Errors: `TooManyFailures`."""
        self._turn()
        by_person = self._counts.get(("who", person), 0) if person is not None else 0
        by_place = self._counts.get(("where", place), 0)
        if by_person >= MOST_BY_PERSON or by_place >= MOST_BY_PLACE:
            raise TooManyFailures(max(int(self._ends - self._clock()) + 1, 1))

    def count(self, person: Hashable, place: Hashable) -> None:
        """One failed."""
        self._turn()
        for key in (("who", person), ("where", place)):
            if key == ("who", None):
                continue
            if key in self._counts or len(self._counts) < MOST_REMEMBERED:
                self._counts[key] = self._counts.get(key, 0) + 1

    def _turn(self) -> None:
        if self._clock() >= self._ends:
            self._ends = self._clock() + WINDOW_SECONDS
            self._counts.clear()
