"""Instants as people type them: with an offset, or as the clock on the wall shows."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from api.commands.instants import WrongInstant, instant

ROME = ZoneInfo("Europe/Rome")


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("2026-11-21T02:13", 1, 13),
        ("2026-11-21 02:13:00", 1, 13),
        ("2026-11-21T02:13:00+01:00", 1, 13),
        ("2026-11-21T01:13:00Z", 1, 13),
    ],
)
def test_an_instant_is_read_as_utc(text: str, hour: int, minute: int) -> None:
    assert instant(text, ROME) == datetime(2026, 11, 21, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "02:13",
        "yesterday",
        "",
        "2026-13-01T00:00",
        "2026-10-25T02:30",
        "2027-03-28T02:30",
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+14:00",
        "2100-01-01T00:00:00Z",
    ],
)
def test_what_is_no_instant_or_two_is_refused(text: str) -> None:
    with pytest.raises(WrongInstant):
        instant(text, ROME)


def test_an_offset_tells_the_two_hours_of_the_clock_change_apart() -> None:
    first, second = (instant(f"2026-10-25T02:30+0{hours}:00", ROME) for hours in (2, 1))
    assert (second - first).total_seconds() == 3600
