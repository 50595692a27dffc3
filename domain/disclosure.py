"""What may be told outside the coordination, and how late, as data: rules of statistics, boards, alerts.

They are policy, dated with the program's version until a network adopts its own; nothing in matching reads
them. Sources of the start values: `docs/decisions/0017-inference-and-statistics.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True, slots=True)
class Disclosure:
    """One version of these rules.

    Statistics: no count below `smallest` is told or can be worked out; what is told is rounded to
    `rounded_to`. A month is told `release_days` days after its end. `night_from` and `night_to` are hours
    where the network is. Boards: outside the coordination they stand on a grid of `board_minutes`, one step
    behind; up to `few` free units are FEW. Alerts: as `projections.probing` says.
    """

    smallest: int = 10
    rounded_to: int = 5
    release_days: int = 7
    night_from: int = 20
    night_to: int = 8
    board_minutes: int = 15
    few: int = 2
    fruitless_requests: int = 8
    fruitless_after_minutes: int = 60
    placements_read: int = 120
    values_opened: int = 30
    searches: int = 60
    watch_hours: int = 24

    def is_night(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether a request of this instant falls in the night where the network is."""
        hour = at.astimezone(zone).hour
        return hour >= self.night_from or hour < self.night_to


START_DISCLOSURE = Disclosure()
