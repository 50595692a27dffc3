"""What is still to happen, in the order of virtual time; whoever runs it moves the log's clock along."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

Deed = Callable[[], Awaitable[object]]
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """`deed` None: only the engine's own loops are to be stepped. `apart`: it touches nothing that another
    deed of the same minute touches, so they may run side by side."""

    deed: Deed | None
    apart: bool


class Agenda:
    """A queue by minute; within a minute, in the order in which things were noted."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._heap: list[tuple[datetime, int, Entry]] = []
        self._noted = 0

    def note(self, at: datetime, deed: Deed | None, *, apart: bool = False) -> None:
        """`at` is rounded up to a whole minute."""
        minute = _whole_minute(at)
        assert minute >= self.now, "nothing happens in the past"
        self._noted += 1
        heappush(self._heap, (minute, self._noted, Entry(deed, apart)))

    def next_minute(self, until: datetime) -> tuple[datetime, list[Entry]] | None:
        """Everything of the next minute in which something happens, None when that is after `until`."""
        if not self._heap or self._heap[0][0] > until:
            return None
        minute = self.now = self._heap[0][0]
        due: list[Entry] = []
        while self._heap and self._heap[0][0] == minute:
            due.append(heappop(self._heap)[2])
        return minute, due

    def __len__(self) -> int:
        return len(self._heap)


def _whole_minute(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    floor = at.replace(second=0, microsecond=0)
    return floor if floor == at else floor + MINUTE
