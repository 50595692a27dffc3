"""The board for whoever is outside the coordination: bands by level, as of an instant that has passed.

Never a count, never a house's alone but to itself, never the present: a place that fills or empties is seen
with others and later. Weekly trends tell still less. Pure: from what each unit could take at an instant.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.disclosure import Disclosure
from domain.matching.places import Places
from domain.vocabulary import LevelFunction, ShelterId
from projections.bed_board import LARGEST_HOUSEHOLD, house_row, unit_row


class Band(enum.StrEnum):
    """How many units could take somebody: none, a few, or more."""

    NONE = "NONE"
    FEW = "FEW"
    SEVERAL = "SEVERAL"


class Trend(enum.StrEnum):
    """How a week's mean number of units that could take somebody compares with the week before."""

    LESS = "LESS"
    SAME = "SAME"
    MORE = "MORE"
    NOT_KNOWN = "NOT_KNOWN"


@dataclass(frozen=True, kw_only=True, slots=True)
class BandLine:
    level: LevelFunction
    band: Band


@dataclass(frozen=True, kw_only=True, slots=True)
class BandBoard:
    """Every level, as of an instant some time ago."""

    as_of: datetime
    items: tuple[BandLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnLine:
    """How many of a house's own units of a level could take a household of this size."""

    level: LevelFunction
    household_size: int
    units: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseBoard:
    """A house's own units now, and the bands of all the others some time ago."""

    now: datetime
    own: tuple[OwnLine, ...]
    as_of: datetime
    others: tuple[BandLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrendLine:
    level: LevelFunction
    trend: Trend


@dataclass(frozen=True, kw_only=True, slots=True)
class TrendBoard:
    """The last whole week, which began at `week_from`, against the one before."""

    week_from: datetime
    items: tuple[TrendLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Availability:
    """Whether a household of so many could have been taken at this level, some time ago. It promises
    nothing.
    """

    as_of: datetime
    people: int
    level: LevelFunction
    available: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Free:
    """A unit that could take a household of up to `fits`, its house admitting."""

    shelter_id: ShelterId
    level: LevelFunction
    fits: int


def free_units(places: Places, at: datetime) -> tuple[Free, ...]:
    """Of the places as they stood at an instant."""
    day = at.astimezone(places.network.zone).date()
    levels = {level.code: level.function for level in places.network.levels}
    admitting = {house for house, state in places.shelters.items() if house_row(house, state).admits_on(day)}
    rows = (unit_row(unit, state) for unit, state in places.units.items() if state.registered is not None)
    return tuple(
        Free(shelter_id=row.shelter_id, level=levels[row.level], fits=row.fits)
        for row in rows
        if row.fits and row.shelter_id in admitting and row.level in levels
    )


def band_board(free: Iterable[Free], as_of: datetime, rules: Disclosure) -> BandBoard:
    return BandBoard(as_of=as_of, items=band_lines(free, rules))


def band_lines(
    free: Iterable[Free], rules: Disclosure, *, but: frozenset[ShelterId] = frozenset()
) -> tuple[BandLine, ...]:
    """Every level, also where nothing is free; without the houses `but`."""
    counts = _by_level(each for each in free if each.shelter_id not in but)
    return tuple(BandLine(level=level, band=_band(counts[level], rules)) for level in LevelFunction)


def own_lines(free: Iterable[Free], houses: frozenset[ShelterId]) -> tuple[OwnLine, ...]:
    """Of these houses, where any unit could take somebody."""
    own = [each for each in free if each.shelter_id in houses]
    counted = (
        OwnLine(
            level=level,
            household_size=size,
            units=sum(each.level is level and each.fits >= size for each in own),
        )
        for level in LevelFunction
        for size in range(1, LARGEST_HOUSEHOLD + 1)
    )
    return tuple(line for line in counted if line.units)


def availability(free: Iterable[Free], as_of: datetime, people: int, level: LevelFunction) -> Availability:
    return Availability(
        as_of=as_of,
        people=people,
        level=level,
        available=any(each.level is level and each.fits >= people for each in free),
    )


def trend_board(
    week_from: datetime, before: Sequence[Sequence[Free]] | None, after: Sequence[Sequence[Free]]
) -> TrendBoard:
    """From looks at the same hours of two weeks; `before` None: the log began later."""
    return TrendBoard(
        week_from=week_from,
        items=tuple(TrendLine(level=level, trend=_trend(level, before, after)) for level in LevelFunction),
    )


def on_grid(now: datetime, rules: Disclosure) -> datetime:
    """The instant that the boards show: one whole step of the grid behind."""
    step = timedelta(minutes=rules.board_minutes)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (now - midnight) // step * step - step


def _by_level(free: Iterable[Free]) -> Mapping[LevelFunction, int]:
    counts = dict.fromkeys(LevelFunction, 0)
    for each in free:
        counts[each.level] += 1
    return counts


def _band(units: int, rules: Disclosure) -> Band:
    if units == 0:
        return Band.NONE
    return Band.FEW if units <= rules.few else Band.SEVERAL


def _trend(
    level: LevelFunction, before: Sequence[Sequence[Free]] | None, after: Sequence[Sequence[Free]]
) -> Trend:
    if not before:
        return Trend.NOT_KNOWN
    earlier, later = (sum(_by_level(look)[level] for look in looks) / len(looks) for looks in (before, after))
    least = max(0.5, earlier / 5)
    if abs(later - earlier) < least:
        return Trend.SAME
    return Trend.MORE if later > earlier else Trend.LESS
