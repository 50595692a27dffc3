"""Who answers now, by the wall clock: across midnight, in the two nights of the year that are not 24 hours
long; and where a week is uncovered.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from domain.network.rota import Gap, answering, first_gap, is_well_formed
from domain.vocabulary import RotaShift, Weekday
from tests.support.desks import COORDINATION, HOUSE_DESK, SERVICE_DESK, every_hour, shift
from tests.support.spec import ROME

MON, TUE, SUN = Weekday.MON, Weekday.TUE, Weekday.SUN
NIGHTS = (shift(COORDINATION, begins=1200), shift(COORDINATION, ends=480))
DAYS = shift(SERVICE_DESK, begins=480, ends=1200)


def at(text: str) -> datetime:
    """A local time, written with its offset."""
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("clock", "answers"),
    [
        ("2026-11-23T19:59:59+01:00", SERVICE_DESK),
        ("2026-11-23T20:00:00+01:00", COORDINATION),
        ("2026-11-23T23:59:59+01:00", COORDINATION),
        ("2026-11-24T00:00:00+01:00", COORDINATION),
        ("2026-11-24T07:59:59+01:00", COORDINATION),
        ("2026-11-24T08:00:00+01:00", SERVICE_DESK),
    ],
)
def test_a_night_is_answered_across_midnight_and_ends_on_its_minute(clock: str, answers: object) -> None:
    assert answering((*NIGHTS, DAYS), at(clock), ROME) == (answers,)


SPRING = (shift(HOUSE_DESK, SUN, ends=120), shift(COORDINATION, SUN, begins=180, ends=480))
AUTUMN = (shift(HOUSE_DESK, SUN, begins=120, ends=180), shift(COORDINATION, SUN, begins=180, ends=480))


@pytest.mark.parametrize(
    ("instant", "answers"),
    [("2026-03-29T01:59:59+01:00", HOUSE_DESK), ("2026-03-29T03:00:00+02:00", COORDINATION)],
)
def test_the_hour_that_spring_leaves_out_needs_nobody(instant: str, answers: object) -> None:
    assert answering(SPRING, at(instant), ROME) == (answers,)
    assert at("2026-03-29T03:00:00+02:00") - at("2026-03-29T01:59:59+01:00") == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("instant", "answers"),
    [
        ("2026-10-25T02:30:00+02:00", HOUSE_DESK),
        ("2026-10-25T02:30:00+01:00", HOUSE_DESK),
        ("2026-10-25T03:00:00+01:00", COORDINATION),
    ],
)
def test_the_hour_that_autumn_has_twice_is_answered_twice_by_the_same_desk(
    instant: str, answers: object
) -> None:
    assert answering(AUTUMN, at(instant), ROME) == (answers,)


def test_the_weekday_is_the_one_where_the_network_is() -> None:
    rota = (shift(COORDINATION, TUE),)
    assert answering(rota, datetime(2026, 11, 23, 23, 30, tzinfo=UTC), ROME) == (COORDINATION,)
    assert answering(rota, datetime(2026, 11, 24, 23, 30, tzinfo=UTC), ROME) == ()


def test_a_desk_that_two_shifts_name_answers_once_in_the_order_of_the_rota() -> None:
    rota = (shift(HOUSE_DESK), shift(COORDINATION), shift(HOUSE_DESK, begins=60))
    assert answering(rota, at("2026-11-24T03:00:00+01:00"), ROME) == (HOUSE_DESK, COORDINATION)


def test_a_full_week_has_no_gap_and_the_first_gap_is_named() -> None:
    assert first_gap(every_hour(COORDINATION), {COORDINATION}) is None
    assert first_gap((*NIGHTS, DAYS), {COORDINATION, SERVICE_DESK}) is None
    assert first_gap((*NIGHTS, DAYS), {COORDINATION}) == Gap(weekday=MON, begins=480, ends=1200)
    but_tuesday = tuple(day for day in Weekday if day is not TUE)
    holed = (shift(COORDINATION, *but_tuesday), shift(COORDINATION, TUE, ends=180))
    rest = shift(COORDINATION, TUE, begins=240)
    assert first_gap((*holed, rest), {COORDINATION}) == Gap(weekday=TUE, begins=180, ends=240)
    assert first_gap(holed, {COORDINATION}) == Gap(weekday=TUE, begins=180, ends=1440)
    assert first_gap((), {COORDINATION}) == Gap(weekday=MON, begins=0, ends=1440)


@pytest.mark.parametrize(
    "wrong",
    [
        shift(COORDINATION, begins=-1),
        shift(COORDINATION, ends=1441),
        shift(COORDINATION, begins=600, ends=600),
        shift(COORDINATION, begins=1200, ends=480),
        shift(COORDINATION, MON, MON),
        RotaShift(desk_id=COORDINATION, weekdays=(), begins=0, ends=60),
    ],
)
def test_a_shift_lies_within_a_day_and_names_each_day_once(wrong: RotaShift) -> None:
    assert not is_well_formed(wrong)


SHIFTS = st.builds(
    lambda days, cut: shift(COORDINATION, *sorted(days), begins=min(cut), ends=max(cut)),
    st.sets(st.sampled_from(Weekday), min_size=1),
    st.lists(st.integers(0, 24), min_size=2, max_size=2, unique=True).map(lambda h: [x * 60 for x in h]),
)


@drawn(st.lists(SHIFTS, max_size=12))
def test_the_gap_agrees_with_asking_every_hour_of_a_week(rota: list[RotaShift]) -> None:
    """An ordinary week, hour by hour from its Monday: the two functions are written apart."""
    monday = datetime(2026, 11, 23, tzinfo=ROME).astimezone(UTC)
    silent = [hour for hour in range(168) if not answering(rota, monday + timedelta(hours=hour), ROME)]
    gap = first_gap(rota, {COORDINATION})
    if gap is None:
        assert silent == []
        return
    first = list(Weekday).index(gap.weekday) * 24 + gap.begins // 60
    assert silent[0] == first
    hours = (gap.ends - gap.begins) // 60
    assert silent[:hours] == list(range(first, first + hours))


def test_every_minute_of_a_year_is_answered_by_a_week_without_a_gap() -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    quarters = [begin + timedelta(minutes=15 * number) for number in range(365 * 96)]
    assert all(answering((*NIGHTS, DAYS), each, ROME) for each in quarters)
    assert all(later - earlier == timedelta(minutes=15) for earlier, later in pairwise(quarters))
