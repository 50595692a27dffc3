"""Unmet need: what stood between a request and a place, each time one was left waiting or ended without.

Counts of requests by barrier, level, household size and month, never by house or district. Only months that
have ended are told, so that a figure once told never changes. A count below five is withheld with its whole
row, as the row itself says that somebody was there, and no total is told that would give it back: neither
one table nor two of them give a single woman away.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from domain.codes import PlacementOutcome
from domain.placement.state import PlacementState
from domain.vocabulary import LevelFunction, PlacementId
from ledger.store.port import StoredRow

SMALLEST_TOLD = 5
LEFT_WAITING = "placement.left-waiting."
ENDED = "placement.ended."
NO_UNIT_KNOWN = "NO_UNIT_KNOWN"
"""Nothing was excluded and nothing fitted: there was no unit at all, or none was looked for."""


class CameTo(enum.StrEnum):
    """How a search came to nothing."""

    LEFT_WAITING = "LEFT_WAITING"
    ENDED_WITHOUT_PLACE = "ENDED_WITHOUT_PLACE"


@dataclass(frozen=True, kw_only=True, slots=True)
class UnmetRow:
    """One barrier on one such occasion. `units` is how many units it excluded. Where places were there and
    the request ended all the same, the barrier is the word it ended with.
    """

    KEY: ClassVar[tuple[str, ...]] = ("position", "barrier")
    position: int
    barrier: str
    placement_id: PlacementId
    recorded_at: datetime
    came_to: CameTo
    level: LevelFunction
    household_size: int
    units: int


@dataclass(frozen=True, kw_only=True, slots=True)
class UnmetCount:
    """How many requests met a barrier, as counted and not yet fit to be told."""

    month: date
    came_to: CameTo
    barrier: str
    level: LevelFunction
    household_size: int
    requests: int


@dataclass(frozen=True, kw_only=True, slots=True)
class UnmetLine:
    """`month` by its first day, where the network is. `requests` is never below five."""

    month: date
    came_to: CameTo
    barrier: str
    level: LevelFunction
    household_size: int
    requests: int


@dataclass(frozen=True, kw_only=True, slots=True)
class UnmetNeed:
    """Every ended month up to `before`, its first day excluded. A request may have met several barriers.
    `withheld`: there were counts below `smallest_told`, of which no row is told; how many is not said.
    """

    before: date
    smallest_told: int
    withheld: bool
    items: tuple[UnmetLine, ...]


def unmet_rows(row: StoredRow, state: PlacementState) -> Iterator[UnmetRow]:
    """The barriers of an event after which `state` stands: those of its latest ranking."""
    came_to = _came_to(row, state)
    if came_to is None or state.request is None:
        return
    for barrier, units in _barriers(state):
        yield UnmetRow(
            position=row.position,
            barrier=barrier,
            placement_id=PlacementId(row.stream),
            recorded_at=row.recorded_at,
            came_to=came_to,
            level=state.request.level,
            household_size=state.request.household.people,
            units=units,
        )


def _came_to(row: StoredRow, state: PlacementState) -> CameTo | None:
    if row.topic.startswith(LEFT_WAITING):
        return CameTo.LEFT_WAITING
    in_error = state.outcome is PlacementOutcome.ENTERED_IN_ERROR
    if row.topic.startswith(ENDED) and not state.admitted and not in_error:
        return CameTo.ENDED_WITHOUT_PLACE
    return None


def _barriers(state: PlacementState) -> Iterator[tuple[str, int]]:
    ranked = state.ranking
    if ranked is not None and ranked.best and state.outcome is not None:
        yield state.outcome.value, 0
        return
    excluded = ranked.excluded if ranked is not None else ()
    yield from ((each.code, each.units) for each in excluded)
    if not excluded:
        yield NO_UNIT_KNOWN, 0


def month_begun(now: datetime, zone: ZoneInfo) -> tuple[date, datetime]:
    """The first day of the month that runs, and its first instant."""
    day = now.astimezone(zone).date().replace(day=1)
    return day, datetime(day.year, day.month, day.day, tzinfo=zone)


def counted(rows: Iterable[UnmetRow], before: datetime, zone: ZoneInfo) -> tuple[UnmetCount, ...]:
    """Each request once in each cell, however often it was left waiting for the same reason in a month."""
    cells: dict[tuple[date, CameTo, str, LevelFunction, int], set[PlacementId]] = {}
    for row in rows:
        if row.recorded_at < before:
            month = row.recorded_at.astimezone(zone).date().replace(day=1)
            cell = (month, row.came_to, row.barrier, row.level, row.household_size)
            cells.setdefault(cell, set()).add(row.placement_id)
    return tuple(
        UnmetCount(
            month=month, came_to=came_to, barrier=barrier, level=level, household_size=size, requests=len(who)
        )
        for (month, came_to, barrier, level, size), who in cells.items()
    )


def unmet_need(before: date, counts: Iterable[UnmetCount]) -> UnmetNeed:
    """What may be told of these counts."""
    every = tuple(counts)
    fit = [each for each in every if each.requests >= SMALLEST_TOLD]
    fit.sort(key=lambda each: (each.month, each.came_to, each.barrier, each.level, each.household_size))
    return UnmetNeed(
        before=before,
        smallest_told=SMALLEST_TOLD,
        withheld=len(fit) < len(every),
        items=tuple(
            UnmetLine(
                month=each.month,
                came_to=each.came_to,
                barrier=each.barrier,
                level=each.level,
                household_size=each.household_size,
                requests=each.requests,
            )
            for each in fit
        ),
    )
