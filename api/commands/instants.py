"""Instants as people type them on the command line, and as it shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


class WrongInstant(Exception):
    """An instant that cannot be read, or that could be two. The message says how to write it."""


def instant(text: str, zone: ZoneInfo) -> datetime:
    """An ISO 8601 date and time as UTC; without an offset it is local time in `zone`.

    Refuses (`WrongInstant`) what lies outside the years 2001-2099, then a local time that the clock change
    skips or repeats.
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise WrongInstant(f"{text!r} is not an instant: write it like 2026-11-21T02:13:00+01:00.") from None
    if not 2000 < read.year < 2100:
        raise WrongInstant(f"{text} is outside the years 2001-2099.")
    if read.tzinfo is None:
        local = read.replace(tzinfo=zone)
        if local.utcoffset() != local.replace(fold=1).utcoffset():
            raise WrongInstant(f"{text} is skipped or comes twice when the clock changes: add its offset.")
        read = local
    return read.astimezone(UTC)


def clock(at: datetime, zone: ZoneInfo) -> str:
    """An instant as the clock in `zone` shows it, with its offset."""
    return at.astimezone(zone).isoformat(" ", "seconds")
