"""Unmet need: what stood between requests and a place, as each release of the statistics tells it.

It has no counts of its own: whatever could be subtracted from another figure is told once, through the same
function and never again otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from projections.told import Unmet


@dataclass(frozen=True, kw_only=True, slots=True)
class UnmetPeriod:
    """One release's. Not `told`: too few cases in these months, carried into the next."""

    first_month: date
    last_month: date
    told: bool
    unmet: Unmet


@dataclass(frozen=True, kw_only=True, slots=True)
class UnmetNeed:
    """Every release so far, oldest first. It counts cases, not requests; a case may have met several
    barriers.
    """

    items: tuple[UnmetPeriod, ...]
