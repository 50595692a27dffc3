"""When something happened or falls due, as it is typed: nearest to now, right across midnight and both nights
on which the clocks change.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.pages.coordinator.moments import Misunderstood, due, happened, written
from api.pages.forms import Form
from api.pages.times import Clock

ROME = ZoneInfo("Europe/Rome")
NIGHT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""03:00 where the network is."""


def _clock(now: datetime = NIGHT) -> Clock:
    return Clock(now=now, zone=ROME, language="it", text=str)


def _form(**fields: str) -> Form:
    return Form({name: (value,) for name, value in fields.items()})


def test_nothing_said_is_now() -> None:
    assert happened(_form(), _clock()) is None
    assert happened(_form(quando="adesso", quando_ora=""), _clock()) is None
    assert due(_form(), _clock(), name="fine") is None


@pytest.mark.parametrize(
    ("hour", "at"),
    [
        ("02:40", "2026-11-22T01:40:00Z"),
        ("2:40", "2026-11-22T01:40:00Z"),
        ("02.40", "2026-11-22T01:40:00Z"),
        ("03:00", "2026-11-22T02:00:00Z"),
        ("03:01", "2026-11-21T02:01:00Z"),
        ("23:50", "2026-11-21T22:50:00Z"),
    ],
)
def test_an_hour_without_a_day_is_the_last_one(hour: str, at: str) -> None:
    found = happened(_form(quando="alle", quando_ora=hour), _clock())
    assert isinstance(found, datetime)
    assert written(found) == at


def test_an_hour_that_was_written_counts_whatever_was_tapped_above_it() -> None:
    assert happened(_form(quando="adesso", quando_ora="02:40"), _clock()) == NIGHT - timedelta(minutes=20)
    assert due(_form(fine="60", fine_ora="08:00"), _clock(), name="fine") == NIGHT + timedelta(hours=5)


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"fine": "60"}, "2026-11-22T03:00:00Z"),
        ({"fine": "08:00"}, "2026-11-22T07:00:00Z"),
        ({"fine": "03:00"}, "2026-11-23T02:00:00Z"),
        ({"fine": "alle", "fine_ora": "02:00"}, "2026-11-23T01:00:00Z"),
        ({"fine_ora": "04:15"}, "2026-11-22T03:15:00Z"),
        ({"fine": "alle", "fine_ora": "08:00", "fine_giorno": "2026-11-24"}, "2026-11-24T07:00:00Z"),
    ],
)
def test_what_falls_due_is_the_next_one(fields: dict[str, str], at: str) -> None:
    found = due(_form(**fields), _clock(), name="fine")
    assert isinstance(found, datetime)
    assert written(found) == at


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"fine": "alle"}, "fine_ora"),
        ({"fine": "alle", "fine_ora": "25:00"}, "fine_ora"),
        ({"fine": "alle", "fine_ora": "12:60"}, "fine_ora"),
        ({"fine": "alle", "fine_ora": "mezzanotte"}, "fine_ora"),
        ({"fine": "alle", "fine_ora": "\N{ARABIC-INDIC DIGIT ONE}2:00x"}, "fine_ora"),
        ({"fine": "alle", "fine_ora": "08:00", "fine_giorno": "domani"}, "fine_giorno"),
        ({"fine": "alle", "fine_ora": "08:00", "fine_giorno": "2026-02-30"}, "fine_giorno"),
        ({"fine": "alle", "fine_ora": "00:30", "fine_giorno": "0001-01-01"}, "fine_giorno"),
        ({"fine": "alle", "fine_ora": "23:30", "fine_giorno": "9999-12-31"}, "fine_giorno"),
        ({"fine": "domani"}, "fine"),
        ({"fine": "999999999999"}, "fine"),
        ({"fine": "-5"}, "fine"),
    ],
)
def test_what_is_no_moment_is_said_back_at_its_field(fields: dict[str, str], where: str) -> None:
    found = due(_form(**fields), _clock(), name="fine")
    assert isinstance(found, Misunderstood)
    assert list(found.faults) == [where]


def test_an_hour_that_the_clocks_skipped_never_was() -> None:
    spring = _clock(datetime(2027, 3, 28, 4, 0, tzinfo=UTC))
    skipped = happened(_form(quando="alle", quando_ora="02:30", quando_giorno="2027-03-28"), spring)
    assert isinstance(skipped, Misunderstood)
    assert happened(_form(quando_ora="02:30"), spring) == datetime(2027, 3, 27, 1, 30, tzinfo=UTC)


def test_of_an_hour_that_comes_twice_the_later_that_has_passed_is_meant() -> None:
    between = _clock(datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
    assert happened(_form(quando_ora="02:30"), between) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    after = _clock(datetime(2026, 10, 25, 6, 0, tzinfo=UTC))
    assert happened(_form(quando_ora="02:30"), after) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
