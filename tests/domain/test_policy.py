"""Deadlines as a network's rules and its calendar give them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.policy import START_POLICY, is_applicable, is_public_holiday, next_working_day, offer_deadline
from domain.vocabulary import Urgency
from tests.support.spec import NOW, ROME


def planned(start: datetime) -> datetime:
    """The deadline of a U4 offer, where the network is."""
    return offer_deadline(START_POLICY, Urgency.U4, start, ROME).astimezone(ROME)


def in_rome(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ROME)


@pytest.mark.parametrize(("urgency", "minutes"), [(Urgency.U1, 10), (Urgency.U2, 30), (Urgency.U3, 240)])
def test_urgent_offers_are_due_after_minutes(urgency: Urgency, minutes: int) -> None:
    assert offer_deadline(START_POLICY, urgency, NOW, ROME) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 29, 0, 55, tzinfo=UTC),  # clocks go from 02:00 to 03:00
        datetime(2026, 10, 25, 0, 55, tzinfo=UTC),  # clocks go from 03:00 to 02:00
    ],
)
@pytest.mark.parametrize("urgency", [Urgency.U1, Urgency.U2, Urgency.U3])
def test_minutes_are_minutes_also_in_the_nights_when_clocks_change(start: datetime, urgency: Urgency) -> None:
    due = offer_deadline(START_POLICY, urgency, start, ROME)
    assert due - start == offer_deadline(START_POLICY, urgency, NOW, ROME) - NOW


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (in_rome(2026, 11, 18, 9), in_rome(2026, 11, 19, 12)),  # a Wednesday
        (in_rome(2026, 11, 20, 2), in_rome(2026, 11, 23, 12)),  # a Friday
        (in_rome(2026, 11, 21, 10), in_rome(2026, 11, 23, 12)),  # a Saturday
        (in_rome(2026, 11, 22, 23, 59), in_rome(2026, 11, 23, 12)),  # a Sunday
        (in_rome(2026, 11, 23, 0, 1), in_rome(2026, 11, 24, 12)),  # a Monday just begun
        (in_rome(2026, 12, 24, 9), in_rome(2026, 12, 28, 12)),  # Christmas on a Friday
        (in_rome(2026, 12, 31, 18), in_rome(2027, 1, 4, 12)),  # over the new year
        (in_rome(2027, 1, 5, 18), in_rome(2027, 1, 7, 12)),  # Epiphany on a Wednesday
        (in_rome(2026, 4, 3, 9), in_rome(2026, 4, 7, 12)),  # Easter Monday after the weekend
        (in_rome(2026, 3, 27, 9), in_rome(2026, 3, 30, 12)),  # over the night that loses an hour
        (in_rome(2026, 10, 23, 9), in_rome(2026, 10, 26, 12)),  # over the night that gains one
        (in_rome(2026, 3, 29, 1, 59), in_rome(2026, 3, 30, 12)),  # in the night that loses it
        (in_rome(2026, 10, 25, 2, 30), in_rome(2026, 10, 26, 12)),  # in the night that gains it
    ],
)
def test_a_planned_offer_is_due_at_noon_of_the_next_working_day(start: datetime, due: datetime) -> None:
    assert planned(start.astimezone(UTC)) == due


def test_the_day_is_the_networks_and_not_greenwichs() -> None:
    late_on_sunday_in_greenwich = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert planned(late_on_sunday_in_greenwich) == in_rome(2026, 11, 24, 12)


def test_a_deadline_is_in_the_zone_of_its_start() -> None:
    assert offer_deadline(START_POLICY, Urgency.U4, NOW, ROME).tzinfo is UTC


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [
        (1954, 4, 19),
        (1981, 4, 20),
        (2000, 4, 24),
        (2008, 3, 24),
        (2011, 4, 25),
        (2019, 4, 22),
        (2024, 4, 1),
        (2025, 4, 21),
        (2026, 4, 6),
        (2027, 3, 29),
        (2038, 4, 26),
        (2049, 4, 19),
        (2100, 3, 29),
    ],
)
def test_easter_monday_is_a_holiday_in_years_known(year: int, month: int, day: int) -> None:
    assert is_public_holiday(date(year, month, day))
    assert date(year, month, day).weekday() == 0


def test_the_civil_holidays_of_italy_and_no_other_day() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert [(day.month, day.day) for day in days if is_public_holiday(day)] == [
        (1, 1),
        (1, 6),
        (4, 6),
        (4, 25),
        (5, 1),
        (6, 2),
        (8, 15),
        (10, 4),
        (11, 1),
        (12, 8),
        (12, 25),
        (12, 26),
    ]


def test_the_fourth_of_october_is_a_holiday_from_2026_on() -> None:
    assert not is_public_holiday(date(2025, 10, 4))
    assert is_public_holiday(date(2027, 10, 4))


def test_a_working_day_always_comes_within_a_week() -> None:
    for number in range(3000):
        day = date(2024, 1, 1) + timedelta(days=number)
        assert timedelta(0) < next_working_day(day) - day < timedelta(days=7)


def test_the_start_policy_can_be_decided_under() -> None:
    assert is_applicable(START_POLICY)
    assert not is_applicable(replace(START_POLICY, stale_hours=32 * 24))
