"""The shape of what statistics tell: one for every release, whatever was hidden in it.

A null is a count that is hidden, alone or so that another cannot be worked out; which of the two is not said.
Categories joined because one of them was small stand together. `projections.statistics` fills it.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.disclosure import Disclosure
from projections.suppression import Categories, Table, rounded

TIME_BANDS = (15, 30, 60, 120, 240, 480, 1440, 4320)
"""Minutes up to which a band goes; the last one is everything longer."""


class Step(enum.StrEnum):
    """What a time is measured to, from when she asked. AGE_OF_THE_WORD is how old the house's own word on its
    places was when a candidate was chosen.
    """

    FIRST_ANSWER = "FIRST_ANSWER"
    CONFIRMED = "CONFIRMED"
    ADMITTED = "ADMITTED"
    AGE_OF_THE_WORD = "AGE_OF_THE_WORD"


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldTotal:
    """A row or column of a table: its categories and how many cases there were, rounded."""

    categories: Categories
    cases: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldCell:
    row: Categories
    column: Categories
    cases: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldTable:
    """Rounded each by itself, so that totals and cells need not add up."""

    rows: tuple[ToldTotal, ...]
    columns: tuple[ToldTotal, ...]
    cells: tuple[ToldCell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldLine:
    """How many cases something holds for. One case may be in several lines."""

    name: str
    cases: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldTime:
    """Within how many minutes (the end of the band; null: longer than the last) a quarter, half and three
    quarters of these cases reached the step. Quarters are null too where too few cases lie beyond them.
    """

    step: Step
    urgencies: Categories | None
    bands: Categories | None
    first_quartile: int | None
    median: int | None
    third_quartile: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unmet:
    """Cases left waiting or ended without a place; null where few were, or few were not."""

    cases: int | None
    left_waiting_for: tuple[ToldLine, ...]
    ended_for: tuple[ToldLine, ...]
    by_level_and_size: ToldTable | None


NOTHING_UNMET = Unmet(cases=None, left_waiting_for=(), ended_for=(), by_level_and_size=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """What is told of the months from `first_month` to `last_month`, by their first days, read from the log
    as it stood at `told_at`. It never changes.

    Not `told`: there were too few cases, and they are carried into the next release. `late_cases` are those
    of earlier releases of which the log learned too late; they change no table (null: few, carried on).
    """

    first_month: date
    last_month: date
    told_at: datetime
    smallest_told: int
    rounded_to: int
    told: bool
    cases: int | None
    late_cases: int | None
    time_bands: tuple[int, ...]
    by_time_band: ToldTable | None
    by_outcome: ToldTable | None
    refusals: tuple[ToldLine, ...]
    times: tuple[ToldTime, ...]
    unmet: Unmet


def as_told(table: Table, rules: Disclosure) -> ToldTable:
    """A table whose hidden cells are already gone, rounded."""
    crossed = len(table.rows) > 1 and len(table.columns) > 1
    return ToldTable(
        rows=_totals(table.rows, table.row_totals, rules),
        columns=_totals(table.columns, table.column_totals, rules),
        cells=tuple(
            ToldCell(row=row, column=column, cases=_number(table.cells.get((i, j)), rules))
            for i, row in enumerate(table.rows)
            for j, column in enumerate(table.columns)
            if crossed
        ),
    )


def lines(known: Mapping[str, int], rules: Disclosure) -> tuple[ToldLine, ...]:
    """Only those that may be told: that a line is there says nothing."""
    return tuple(
        ToldLine(name=name, cases=rounded(number, rules.rounded_to)) for name, number in sorted(known.items())
    )


def time_told(
    step: Step,
    urgencies: Categories | None,
    bands: Categories | None,
    minutes: Sequence[float],
    rules: Disclosure,
) -> ToldTime | None:
    """Nothing unless the median has enough cases on both sides."""
    ordered = sorted(minutes)
    if len(ordered) < 2 * rules.smallest:
        return None
    quarters = len(ordered) >= 4 * rules.smallest
    return ToldTime(
        step=step,
        urgencies=urgencies,
        bands=bands,
        first_quartile=_within(ordered[(len(ordered) - 1) // 4]) if quarters else None,
        median=_within(ordered[(len(ordered) - 1) // 2]),
        third_quartile=_within(ordered[3 * (len(ordered) - 1) // 4]) if quarters else None,
    )


def _within(minutes: float) -> int | None:
    return next((band for band in TIME_BANDS if minutes <= band), None)


def _totals(groups: Sequence[Categories], totals: Sequence[int], rules: Disclosure) -> tuple[ToldTotal, ...]:
    return tuple(
        ToldTotal(categories=categories, cases=rounded(total, rules.rounded_to))
        for categories, total in zip(groups, totals, strict=True)
    )


def _number(number: int | None, rules: Disclosure) -> int | None:
    return rounded(number, rules.rounded_to) if number is not None else None
