"""Slows down whoever tries to sign in as somebody else: failures at one door, of one person or from one
place, counted in this process for a while.

It stands before the PIN's own count of tries, which is in the register and locks. Whose count it is, and how
many are too many, say the doors (`api.http.signing_in`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic

WINDOW_SECONDS = 300
MOST_REMEMBERED = 10_000


class TooManyFailures(Exception):
    """Nobody may try now. `seconds`: until when."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Failures:
    """Counts of the present window."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._ends = 0.0
        self._counts: dict[Hashable, int] = {}

    def require_few(self, whose: Hashable, most: int) -> None:
        """Before a try. Errors: `TooManyFailures`."""
        self._turn()
        if self._counts.get(whose, 0) >= most:
            raise TooManyFailures(max(int(self._ends - self._clock()) + 1, 1))

    def count(self, whose: Hashable) -> None:
        """One failed."""
        self._turn()
        if whose in self._counts or len(self._counts) < MOST_REMEMBERED:
            self._counts[whose] = self._counts.get(whose, 0) + 1

    def _turn(self) -> None:
        if self._clock() >= self._ends:
            self._ends = self._clock() + WINDOW_SECONDS
            self._counts.clear()
