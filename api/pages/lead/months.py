"""The months of a release in words: one, or several that were too few by themselves. For the figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A release: `last` is how it is asked for. Not `told`: too few cases, carried into the next."""

    last: str
    words: str
    told: bool


def months(releases: Iterable[tuple[date, date, bool]], language: str) -> tuple[Month, ...]:
    return tuple(
        Month(last=f"{last:%Y-%m}", words=_words(first, last, language), told=told)
        for first, last, told in releases
    )


def _words(first: date, last: date, language: str) -> str:
    begun, ended = (str(format_date(each, "MMMM y", locale=language)) for each in (first, last))
    return ended if first == last else f"{begun} – {ended}"
