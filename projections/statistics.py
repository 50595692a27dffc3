"""What is told of a period: requests, answers, places, times and unmet need, in counts that give nobody away.

It counts cases, each once in a release, however often she asked. Everything that is a number of people passes
through `projections.suppression`; times are told in bands, and only where enough cases lie on both sides.
Nothing is told per house, per municipality or per person who works. Pure: the same rows give the same
release, and `api.http.statistics` keeps each as it was first told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.codes import PlacementOutcome, RefusalGroup
from domain.disclosure import Disclosure
from domain.vocabulary import CaseId, LevelFunction, Urgency
from projections.milestones import UNMET, Milestone, MilestoneRow
from projections.suppression import Categories, Table, rounded, told_lines, told_table
from projections.told import (
    NOTHING_UNMET,
    TIME_BANDS,
    Release,
    Step,
    ToldLine,
    ToldTime,
    Unmet,
    as_told,
    lines,
    time_told,
)

NIGHT, DAY = "NIGHT", "DAY"
ADMITTED, NEIGHBOUR, WITHOUT, OPEN = "ADMITTED", "BY_NEIGHBOUR", "WITHOUT_PLACE", "OPEN"
OUTCOMES = (ADMITTED, NEIGHBOUR, WITHOUT, OPEN)
URGENCIES = tuple(each.value for each in Urgency)
LEVELS = tuple(each.value for each in LevelFunction)
SIZES = ("1", "2", "3", "4", "5_OR_MORE")


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The months a release is of, by their first days, and the instant up to which the log is read for it.
    `since` None: the first release, with all that was asked before.
    """

    first_month: date
    last_month: date
    since: datetime | None
    before: datetime
    told_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One case in a release: how it first asked, and what came of all it asked in the period."""

    urgency: str
    band: str
    outcome: str
    level: str
    size: str
    refusals: frozenset[str]
    waited_for: frozenset[str]
    ended_for: frozenset[str]
    minutes: Mapping[Step, float]

    @property
    def unmet(self) -> bool:
        return bool(self.waited_for or self.ended_for)


def release(
    rows: Iterable[MilestoneRow], period: Period, rules: Disclosure, zone: ZoneInfo, late: int
) -> Release:
    """What may be told of the requests of a period. `rows` are those of all placements asked for in it;
    `late`: cases of earlier releases that the log learned of after they were told.
    """
    told = stories(rows, period, rules, zone)
    withheld = _withheld(period, rules, late)
    by_band = _table(told, rules, lambda each: each.band, (NIGHT, DAY))
    by_outcome = _table(told, rules, lambda each: each.outcome, OUTCOMES)
    if by_band is None or by_outcome is None:
        return withheld
    return replace(
        withheld,
        told=True,
        cases=rounded(by_band.total, rules.rounded_to),
        by_time_band=as_told(by_band, rules),
        by_outcome=as_told(by_outcome, rules),
        refusals=_refusals(told, rules),
        times=tuple(_times(told, by_band, by_outcome, rules)),
        unmet=unmet(told, rules),
    )


def stories(
    rows: Iterable[MilestoneRow], period: Period, rules: Disclosure, zone: ZoneInfo
) -> tuple[Story, ...]:
    """Each case once. What was entered in error is left out, and what was recorded later than the release."""
    cases: dict[CaseId, list[MilestoneRow]] = {}
    for row in rows:
        if row.recorded_at < period.told_at:
            cases.setdefault(row.case_id, []).append(row)
    found = []
    for of_case in cases.values():
        wrong = {row.placement_id for row in of_case if row.word == PlacementOutcome.ENTERED_IN_ERROR}
        kept = [row for row in of_case if row.placement_id not in wrong]
        kept.sort(key=lambda row: (row.at, row.position))
        if any(row.milestone is Milestone.ASKED for row in kept):
            found.append(_story(kept, rules, zone))
    return tuple(found)


def late_cases(rows: Iterable[MilestoneRow], told: Sequence[Period]) -> int:
    """Cases asked for in a period that was told before the log learned of them, and not otherwise in it."""
    known: set[tuple[int, CaseId]] = set()
    late: set[tuple[int, CaseId]] = set()
    for row in rows:
        place = next((at for at, each in enumerate(told) if row.at < each.before), None)
        if row.milestone is Milestone.ASKED and place is not None:
            (late if row.recorded_at >= told[place].told_at else known).add((place, row.case_id))
    return len(late - known)


def unmet(told: Iterable[Story], rules: Disclosure) -> Unmet:
    """Of cases left waiting or ended without a place: how many, for what, of which level and size."""
    every = tuple(told)
    those = [each for each in every if each.unmet]
    known = told_lines(len(every), {"unmet": len(those)}, rules.smallest)
    if not known:
        return NOTHING_UNMET
    table = told_table(Counter((each.level, each.size) for each in those), LEVELS, SIZES, rules.smallest)
    return Unmet(
        cases=rounded(len(those), rules.rounded_to),
        left_waiting_for=_barriers([each.waited_for for each in those], rules),
        ended_for=_barriers([each.ended_for for each in those], rules),
        by_level_and_size=as_told(table, rules) if table is not None else None,
    )


def _barriers(met: Sequence[frozenset[str]], rules: Disclosure) -> tuple[ToldLine, ...]:
    counts = Counter(code for codes in met for code in codes)
    return lines(told_lines(len(met), counts, rules.smallest), rules)


def _refusals(told: Sequence[Story], rules: Disclosure) -> tuple[ToldLine, ...]:
    """Cases to which a house said no, by the group it is shown as."""
    counts = Counter(group for each in told for group in each.refusals)
    known = told_lines(len(told), counts, rules.smallest)
    return tuple(
        ToldLine(name=group.value, cases=rounded(known[group], rules.rounded_to) if group in known else None)
        for group in RefusalGroup
    )


def _table(
    told: Iterable[Story], rules: Disclosure, column: Callable[[Story], str], columns: tuple[str, ...]
) -> Table | None:
    counts = Counter((each.urgency, column(each)) for each in told)
    return told_table(counts, URGENCIES, columns, rules.smallest)


def _times(told: Sequence[Story], by_band: Table, by_outcome: Table, rules: Disclosure) -> Iterator[ToldTime]:
    """By urgency, by time band, and by both, where the counts they would give away are told themselves."""
    for step in Step:
        for urgencies in (None, *by_band.rows):
            if step is Step.ADMITTED and not _is_told(by_outcome, urgencies):
                continue
            for bands in (None, *by_band.columns):
                if urgencies is not None and bands is not None and not _crossed(by_band, urgencies, bands):
                    continue
                of = [each for each in told if _is_of(each, urgencies, bands)]
                minutes = [each.minutes[step] for each in of if step in each.minutes]
                found = time_told(step, urgencies, bands, minutes, rules)
                if found is not None:
                    yield found


def _is_told(by_outcome: Table, urgencies: Categories | None) -> bool:
    """Whether the number admitted (of these urgencies) is told: a time tells that it is not small."""
    if (ADMITTED,) not in by_outcome.columns:
        return False
    column = by_outcome.columns.index((ADMITTED,))
    return urgencies is None or (by_outcome.rows.index(urgencies), column) in by_outcome.cells


def _crossed(by_band: Table, urgencies: Categories, bands: Categories) -> bool:
    return (by_band.rows.index(urgencies), by_band.columns.index(bands)) in by_band.cells


def _is_of(story: Story, urgencies: Categories | None, bands: Categories | None) -> bool:
    return (urgencies is None or story.urgency in urgencies) and (bands is None or story.band in bands)


def _story(rows: Sequence[MilestoneRow], rules: Disclosure, zone: ZoneInfo) -> Story:
    asked = next(row for row in rows if row.milestone is Milestone.ASKED)
    kinds = {row.milestone for row in rows}
    ended = [row.word for row in rows if row.milestone is Milestone.ENDED]
    last_asked = max(row.position for row in rows if row.milestone is Milestone.ASKED)
    is_open = not any(row.milestone is Milestone.ENDED and row.position > last_asked for row in rows)
    if Milestone.ADMITTED in kinds:
        outcome = ADMITTED
    elif PlacementOutcome.PLACED_BY_NEIGHBOUR in ended:
        outcome = NEIGHBOUR
    else:
        outcome = OPEN if is_open else WITHOUT
    return Story(
        urgency=asked.urgency.value,
        band=NIGHT if rules.is_night(asked.at, zone) else DAY,
        outcome=outcome,
        level=asked.level.value,
        size=SIZES[min(asked.household_size, len(SIZES)) - 1],
        refusals=_words(rows, Milestone.REFUSED),
        waited_for=_words(rows, UNMET[0]),
        ended_for=_words(rows, UNMET[1]),
        minutes=_minutes(rows, asked.at),
    )


def _words(rows: Iterable[MilestoneRow], milestone: Milestone) -> frozenset[str]:
    return frozenset(row.word for row in rows if row.milestone is milestone)


_REACHED = {
    Step.FIRST_ANSWER: (Milestone.AGREED, Milestone.REFUSED),
    Step.CONFIRMED: (Milestone.CONFIRMED,),
    Step.ADMITTED: (Milestone.ADMITTED,),
}


def _minutes(rows: Sequence[MilestoneRow], asked_at: datetime) -> Mapping[Step, float]:
    found: dict[Step, float] = {}
    for step, milestones in _REACHED.items():
        at = min((row.at for row in rows if row.milestone in milestones), default=None)
        if at is not None:
            found[step] = max(at - asked_at, timedelta()).total_seconds() / 60
    age = next((row.minutes for row in rows if row.minutes is not None), None)
    if age is not None:
        found[Step.AGE_OF_THE_WORD] = age
    return found


def _withheld(period: Period, rules: Disclosure, late: int) -> Release:
    return Release(
        first_month=period.first_month,
        last_month=period.last_month,
        told_at=period.told_at,
        smallest_told=rules.smallest,
        rounded_to=rules.rounded_to,
        told=False,
        cases=None,
        late_cases=rounded(late, rules.rounded_to) if late >= rules.smallest else None,
        time_bands=TIME_BANDS,
        by_time_band=None,
        by_outcome=None,
        refusals=(),
        times=(),
        unmet=NOTHING_UNMET,
    )
