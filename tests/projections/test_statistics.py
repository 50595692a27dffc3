"""What a release counts: cases, each once, by the request as it first read; and what it keeps back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.disclosure import START_DISCLOSURE
from domain.vocabulary import CaseId, LevelFunction, PlacementId, ShelterId, Urgency
from projections.house_statistics import house_release
from projections.milestones import Milestone, MilestoneRow
from projections.statistics import Period, late_cases, release, stories

ROME = ZoneInfo("Europe/Rome")
RULES = START_DISCLOSURE
MONTH = Period(
    first_month=date(2026, 11, 1),
    last_month=date(2026, 11, 1),
    since=datetime(2026, 10, 31, 23, tzinfo=UTC),
    before=datetime(2026, 11, 30, 23, tzinfo=UTC),
    told_at=datetime(2026, 12, 7, 23, tzinfo=UTC),
)
NIGHT = datetime(2026, 11, 12, 2, tzinfo=UTC)
NOON = datetime(2026, 11, 12, 11, tzinfo=UTC)
HOUSE = ShelterId(UUID(int=7))


class Rows:
    """The rows of a month, made by hand."""

    def __init__(self) -> None:
        self.rows: list[MilestoneRow] = []
        self._positions: Iterator[int] = count(1)

    def add(self, case: int, milestone: Milestone, at: datetime, word: str = "", **other: Any) -> None:
        self.rows.append(
            MilestoneRow(
                position=next(self._positions),
                milestone=milestone,
                word=word,
                placement_id=PlacementId(UUID(int=other.pop("placement", case))),
                case_id=CaseId(UUID(int=case)),
                at=at,
                recorded_at=other.pop("recorded_at", at),
                urgency=other.pop("urgency", Urgency.U1),
                level=LevelFunction.EMERGENCY_RECEPTION,
                household_size=3,
                shelter_id=other.pop("house", None),
                minutes=None,
            )
        )

    def night(self, case: int, at: datetime = NIGHT, *, admitted: bool = True) -> None:
        """Asked, offered to the house, answered a quarter of an hour later, and admitted or left waiting."""
        self.add(case, Milestone.ASKED, at)
        self.add(case, Milestone.SENT, at, house=HOUSE)
        answer = Milestone.AGREED if admitted else Milestone.REFUSED
        self.add(case, answer, at + timedelta(minutes=14), "" if admitted else "SAFETY", house=HOUSE)
        if admitted:
            self.add(case, Milestone.ADMITTED, at + timedelta(hours=2), house=HOUSE)
        else:
            self.add(case, Milestone.LEFT_WAITING_FOR, at + timedelta(hours=1), "CAPACITY")


def test_a_woman_who_asks_five_times_counts_once() -> None:
    rows = Rows()
    for placement in range(5):
        rows.add(1, Milestone.ASKED, NIGHT + timedelta(hours=placement), placement=100 + placement)
    (story,) = stories(rows.rows, MONTH, RULES, ROME)
    assert (story.urgency, story.band, story.outcome) == ("U1", "NIGHT", "OPEN")


def test_what_was_entered_in_error_is_not_counted() -> None:
    rows = Rows()
    rows.add(1, Milestone.ASKED, NIGHT)
    rows.add(1, Milestone.ENDED, NIGHT, "ENTERED_IN_ERROR")
    assert stories(rows.rows, MONTH, RULES, ROME) == ()


def test_of_nine_nothing_is_told_and_of_sixty_what_gives_nobody_away() -> None:
    rows = Rows()
    for case in range(9):
        rows.night(case)
    few = release(rows.rows, MONTH, RULES, ROME, 0)
    assert (few.told, few.cases, few.by_outcome, few.times, few.unmet.cases) == (False, None, None, (), None)
    for case in range(9, 60):
        rows.night(case, NOON if case % 2 else NIGHT, admitted=case < 45)
    told = release(rows.rows, MONTH, RULES, ROME, 12)
    assert (told.told, told.cases, told.late_cases) == (True, 60, 10)
    assert told.by_outcome is not None
    assert [(each.categories, each.cases) for each in told.by_outcome.columns] == [
        (("ADMITTED",), 45),
        (("BY_NEIGHBOUR", "WITHOUT_PLACE", "OPEN"), 15),
    ]
    assert {line.name: line.cases for line in told.refusals}["SAFETY"] == 15
    assert {line.name: line.cases for line in told.unmet.left_waiting_for} == {}
    assert told.unmet.cases == 15
    assert {time.median for time in told.times if time.step.value == "FIRST_ANSWER"} == {15}


def test_what_is_recorded_after_the_release_is_told_later_as_a_total_alone() -> None:
    rows = Rows()
    rows.add(1, Milestone.ASKED, NIGHT, recorded_at=MONTH.told_at)
    rows.add(2, Milestone.ASKED, NIGHT)
    assert len(stories(rows.rows, MONTH, RULES, ROME)) == 1
    assert late_cases(rows.rows, [MONTH]) == 1
    rows.add(1, Milestone.ASKED, NIGHT, placement=9)
    assert late_cases(rows.rows, [MONTH]) == 0, "the case was counted in its month already"


def test_a_house_is_told_its_own_answers_by_time_band() -> None:
    rows = Rows()
    for case in range(40):
        rows.night(case, NOON if case % 2 else NIGHT, admitted=case % 4 < 2)
    told = house_release(rows.rows, HOUSE, MONTH, RULES, ROME)
    assert (told.told, told.cases) == (True, 40)
    assert [each.median for each in told.times] == [15, 15, 15]
    other = house_release(rows.rows, ShelterId(UUID(int=8)), MONTH, RULES, ROME)
    assert (other.told, other.answers, other.times) == (False, None, ())
