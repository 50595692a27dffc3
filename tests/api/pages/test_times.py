"""Instants as people say them: tonight, across midnight, on the two nights of the year, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.pages.i18n import gettext_in
from api.pages.times import Clock

ROME = ZoneInfo("Europe/Rome")


def rome(text: str, *, fold: int = 0) -> datetime:
    """An instant by the wall clock of Rome, in UTC as the ledger says it."""
    return datetime.fromisoformat(text).replace(tzinfo=ROME, fold=fold).astimezone(UTC)


def clock(now: datetime, language: str = "it") -> Clock:
    return Clock(now=now, zone=ROME, language=language, text=gettext_in(language))


NIGHT = rome("2026-11-22T03:12")


@pytest.mark.parametrize(
    ("instant", "italian", "english"),
    [
        ("2026-11-22T03:12", "stanotte 03:12", "tonight 03:12"),
        ("2026-11-22T00:00", "stanotte 00:00", "tonight 00:00"),
        ("2026-11-22T05:59", "stanotte 05:59", "tonight 05:59"),
        ("2026-11-22T06:00", "oggi 06:00", "today 06:00"),
        ("2026-11-21T23:59", "ieri sera 23:59", "yesterday evening 23:59"),
        ("2026-11-21T20:59", "ieri 20:59", "yesterday 20:59"),
        ("2026-11-22T14:05", "oggi 14:05", "today 14:05"),
        ("2026-11-22T22:30", "oggi 22:30", "today 22:30"),
        ("2026-11-23T09:00", "lun 23 nov, 09:00", "Mon 23 Nov, 09:00"),
        ("2026-11-24T14:05", "mar 24 nov, 14:05", "Tue 24 Nov, 14:05"),
        ("2026-11-20T03:12", "ven 20 nov, 03:12", "Fri 20 Nov, 03:12"),
    ],
)
def test_the_day_is_said_as_somebody_awake_says_it(instant: str, italian: str, english: str) -> None:
    assert clock(NIGHT).at(rome(instant)) == italian
    assert clock(NIGHT, "en").at(rome(instant)) == english


@pytest.mark.parametrize(
    ("now", "instant", "said"),
    [
        ("2026-11-21T22:00", "2026-11-22T02:00", "stanotte 02:00"),
        ("2026-11-21T22:00", "2026-11-21T23:30", "stasera 23:30"),
        ("2026-11-21T22:00", "2026-11-22T08:00", "domani 08:00"),
        ("2026-11-22T08:00", "2026-11-22T03:12", "stanotte 03:12"),
        ("2026-11-22T08:00", "2026-11-23T09:00", "domani 09:00"),
        ("2026-11-22T16:00", "2026-11-22T03:12", "oggi 03:12"),
        ("2026-11-22T16:00", "2026-11-23T03:12", "stanotte 03:12"),
        ("2026-12-31T23:50", "2027-01-01T00:10", "stanotte 00:10"),
        ("2026-11-22T11:59", "2026-11-22T00:30", "stanotte 00:30"),
        ("2026-11-22T12:10", "2026-11-22T00:30", "oggi 00:30"),
        ("2026-11-22T12:10", "2026-11-23T00:05", "stanotte 00:05"),
        ("2026-11-22T23:10", "2026-11-22T21:05", "stasera 21:05"),
    ],
)
def test_across_midnight_nobody_mistakes_the_day(now: str, instant: str, said: str) -> None:
    assert clock(rome(now)).at(rome(instant)) == said


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first, second = rome("2026-10-25T02:30", fold=0), rome("2026-10-25T02:30", fold=1)
    assert second - first == timedelta(hours=1)
    here = clock(rome("2026-10-25T01:00"))
    assert here.at(first) == "stanotte 02:30 (ora legale)"
    assert here.at(second) == "stanotte 02:30 (ora solare)"
    assert here.time(second) == "02:30 (ora solare)"
    assert here.at(rome("2026-10-25T01:59")) == "stanotte 01:59"
    assert here.at(rome("2026-10-25T03:00")) == "stanotte 03:00"
    assert clock(first, "en").at(second) == "tonight 02:30 (winter time)"


def test_on_the_night_of_25_hours_lengths_are_what_passed() -> None:
    here = clock(rome("2026-10-25T02:30", fold=0))
    assert here.until(rome("2026-10-25T02:30", fold=1)) == "fra 1 h"
    assert here.until(rome("2026-10-25T03:00")) == "fra 1 h 30 min"
    assert clock(rome("2026-10-25T04:00")).ago(rome("2026-10-25T01:00")) == "4 h fa"


def test_on_the_night_of_23_hours_lengths_are_what_passed() -> None:
    here = clock(rome("2027-03-28T01:59"))
    after = datetime(2027, 3, 28, 1, 1, tzinfo=UTC)
    assert here.at(after) == "stanotte 03:01"
    assert here.until(after) == "fra 2 min"
    assert clock(rome("2027-03-28T04:00")).ago(rome("2027-03-28T01:00")) == "2 h fa"
    assert "(ora" not in here.at(datetime(2027, 3, 28, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("length", "italian", "english"),
    [
        (timedelta(seconds=59), "meno di 1 min", "less than 1 min"),
        (timedelta(minutes=1), "1 min", "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min", "59 min"),
        (timedelta(hours=1), "1 h", "1 h"),
        (timedelta(hours=1, minutes=5), "1 h 5 min", "1 h 5 min"),
        (timedelta(hours=47, minutes=59), "47 h 59 min", "47 h 59 min"),
        (timedelta(hours=48), "2 giorni", "2 days"),
        (timedelta(days=8, hours=3), "8 giorni", "8 days"),
    ],
)
def test_a_length_is_said_short(length: timedelta, italian: str, english: str) -> None:
    assert clock(NIGHT).length(length) == italian
    assert clock(NIGHT, "en").length(length) == english


def test_what_is_due_and_what_ran_out() -> None:
    here, english = clock(NIGHT), clock(NIGHT, "en")
    later, gone = NIGHT + timedelta(minutes=12), NIGHT - timedelta(minutes=3)
    assert (here.until(later), english.until(later)) == ("fra 12 min", "in 12 min")
    assert here.until(NIGHT) == "scaduto da meno di 1 min"
    assert (here.until(gone), english.until(gone)) == ("scaduto da 3 min", "ran out 3 min ago")
    assert (here.ago(gone), english.ago(gone)) == ("3 min fa", "3 min ago")
    assert here.ago(NIGHT) == "adesso"
    assert (here.ago(None), here.until(None), here.at(None)) == ("mai", "—", "—")


def test_an_instant_is_read_as_the_doors_write_it() -> None:
    assert clock(NIGHT).at("2026-11-22T02:12:00Z") == "stanotte 03:12"
    assert clock(NIGHT).at("2026-11-22T03:12:00+01:00") == "stanotte 03:12"
