"""How many requests somebody may make: one fixed window of a minute per actor, generous, in this process.

It guards against a runaway client, not against an attacker. A request for a place is counted, never stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import monotonic

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where somebody stands in the present window."""

    limit: int
    remaining: int
    reset_seconds: int
    exceeded: bool


class Allowances:
    """Counts by key; forgets everything when the window ends."""

    def __init__(self, limit: int, clock: Callable[[], float] = monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._ends = 0.0
        self._counts: dict[Hashable, int] = {}

    def count(self, key: Hashable) -> Allowance:
        """One more request by `key`."""
        now = self._clock()
        if now >= self._ends:
            self._ends = now + WINDOW_SECONDS
            self._counts.clear()
        used = self._counts[key] = self._counts.get(key, 0) + 1
        return Allowance(
            limit=self._limit,
            remaining=max(self._limit - used, 0),
            reset_seconds=max(int(self._ends - now), 1),
            exceeded=used > self._limit,
        )
