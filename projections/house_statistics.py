"""What a house is told of its own answers, by time band: never another house's, never who answered.

Counts of cases, through the same function as every other figure; a house that was asked by few in a period is
told so with the next. Pure; `api.http.statistics` keeps each release as it was first told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.disclosure import Disclosure
from domain.vocabulary import CaseId, ShelterId
from projections.milestones import Milestone, MilestoneRow
from projections.statistics import DAY, NIGHT, Period
from projections.suppression import rounded, told_table
from projections.told import Step, ToldTable, ToldTime, as_told, time_told

YES, NO, SILENCE = "YES", "NO", "SILENCE"


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseRelease:
    """The house's own answers to cases offered to it in these months, by what it first answered and when it
    was asked. Not `told`: too few, and carried into the next release.
    """

    first_month: date
    last_month: date
    told_at: datetime
    smallest_told: int
    rounded_to: int
    told: bool
    cases: int | None
    answers: ToldTable | None
    times: tuple[ToldTime, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One case as it was first offered to the house, and its first answer."""

    band: str
    answer: str
    minutes: float | None


def house_release(
    rows: Iterable[MilestoneRow], house: ShelterId, period: Period, rules: Disclosure, zone: ZoneInfo
) -> HouseRelease:
    """What may be told of one house. `rows` as for the network's release."""
    cases: dict[CaseId, list[MilestoneRow]] = {}
    for row in rows:
        if row.shelter_id == house and row.recorded_at < period.told_at:
            cases.setdefault(row.case_id, []).append(row)
    asked = [found for each in cases.values() if (found := _asked(each, rules, zone)) is not None]
    withheld = _withheld(period, rules)
    counts = Counter((each.answer, each.band) for each in asked)
    table = told_table(counts, (YES, NO, SILENCE), (NIGHT, DAY), rules.smallest)
    if table is None:
        return withheld
    times = [
        time_told(Step.FIRST_ANSWER, None, bands, _minutes(asked, bands), rules)
        for bands in (None, *table.columns)
    ]
    return replace(
        withheld,
        told=True,
        cases=rounded(table.total, rules.rounded_to),
        answers=as_told(table, rules),
        times=tuple(each for each in times if each is not None),
    )


def _asked(rows: Sequence[MilestoneRow], rules: Disclosure, zone: ZoneInfo) -> Asked | None:
    """Admissions by direct agreement were never asked."""
    ordered = sorted(rows, key=lambda row: row.position)
    sent = next((row for row in ordered if row.milestone is Milestone.SENT), None)
    if sent is None:
        return None
    answered = next((row for row in ordered if row.milestone in _ANSWERS), None)
    return Asked(
        band=NIGHT if rules.is_night(sent.at, zone) else DAY,
        answer=_ANSWERS[answered.milestone] if answered is not None else SILENCE,
        minutes=max((answered.at - sent.at).total_seconds() / 60, 0) if answered is not None else None,
    )


_ANSWERS = {Milestone.AGREED: YES, Milestone.REFUSED: NO}


def _minutes(asked: Iterable[Asked], bands: tuple[str, ...] | None) -> list[float]:
    of = [each.minutes for each in asked if bands is None or each.band in bands]
    return [each for each in of if each is not None]


def _withheld(period: Period, rules: Disclosure) -> HouseRelease:
    return HouseRelease(
        first_month=period.first_month,
        last_month=period.last_month,
        told_at=period.told_at,
        smallest_told=rules.smallest,
        rounded_to=rules.rounded_to,
        told=False,
        cases=None,
        answers=None,
        times=(),
    )
