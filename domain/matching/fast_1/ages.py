"""Units in the order in which they were last seen, and which of them were last seen before an instant."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from datetime import datetime

from domain.matching.fast_1.bits import flipped


class Ages:
    """One moves a mark for each name under which it is asked: an instant near the last one costs little."""

    def __init__(self, seen: Iterable[tuple[datetime, int]] = ()) -> None:
        self._seen = sorted(seen)
        self._marks: dict[str, tuple[datetime, int]] = {}

    def move(self, position: int, before: datetime | None, after: datetime | None) -> None:
        """A unit is now seen at another instant; None: never."""
        if before is not None:
            del self._seen[bisect_left(self._seen, (before, position))]
        if after is not None:
            insort(self._seen, (after, position))
        for name, (instant, bits) in self._marks.items():
            was, now = _earlier(before, instant), _earlier(after, instant)
            if was != now:
                self._marks[name] = instant, bits ^ 1 << position

    def before(self, instant: datetime, name: str) -> int:
        """The units last seen before the instant."""
        last, bits = self._marks.get(name, (None, 0))
        if last != instant:
            passed, at = self._index(last), self._index(instant)
            between = self._seen[min(passed, at) : max(passed, at)]
            bits = flipped(bits, [position for _, position in between])
            self._marks[name] = instant, bits
        return bits

    def _index(self, instant: datetime | None) -> int:
        return 0 if instant is None else bisect_left(self._seen, (instant, -1))


def _earlier(seen: datetime | None, instant: datetime) -> bool:
    return seen is not None and seen < instant
