"""The rota of a week: who answers at an instant, and where nobody does. Pure, by the wall clock where the
network is.

A shift stands in one day, from minute to minute of its local clock; a night that crosses midnight is two
shifts. So the hour that a spring night leaves out needs nobody, and the one that an autumn night has twice is
answered twice by the same desk. Called by `domain.coordination.contacts`, the doors and the reading of files.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.vocabulary import DeskId, RotaShift, Weekday

DAY_MINUTES = 24 * 60
_WEEK = tuple(Weekday)


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Minutes of one day of the week, from `begins` to before `ends`, in which nobody answers."""

    weekday: Weekday
    begins: int
    ends: int


def is_well_formed(shift: RotaShift) -> bool:
    """Whether a shift lies in the day, is longer than nothing and names at least one day, each once."""
    days = shift.weekdays
    return 0 <= shift.begins < shift.ends <= DAY_MINUTES and bool(days) and len(set(days)) == len(days)


def answering(shifts: Iterable[RotaShift], at: datetime, zone: ZoneInfo) -> tuple[DeskId, ...]:
    """The desks that answer at an instant, in the order of the rota, each once."""
    local = at.astimezone(zone)
    today, minute = _WEEK[local.weekday()], local.hour * 60 + local.minute
    found = (
        shift.desk_id for shift in shifts if today in shift.weekdays and shift.begins <= minute < shift.ends
    )
    return tuple(dict.fromkeys(found))


def first_gap(shifts: Sequence[RotaShift], desks: Container[DeskId]) -> Gap | None:
    """The first stretch of the week, from Monday on and within one day, in which none of `desks` answers."""
    ours = [shift for shift in shifts if shift.desk_id in desks]
    return next((gap for day in _WEEK for gap in _gaps(day, ours)), None)


def _gaps(day: Weekday, shifts: Iterable[RotaShift]) -> Iterator[Gap]:
    reached = 0
    for begins, ends in sorted((each.begins, each.ends) for each in shifts if day in each.weekdays):
        if begins > reached:
            yield Gap(weekday=day, begins=reached, ends=begins)
        reached = max(reached, ends)
    if reached < DAY_MINUTES:
        yield Gap(weekday=day, begins=reached, ends=DAY_MINUTES)
