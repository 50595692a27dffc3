"""The contact book and the rota of a network file: their tables, the shifts that they stand for, and what in
them does not agree.

The file writes a night as people say it, from 20:00 to 08:00; the log knows shifts within one day. `schema`
and `reading` call it; `founding` makes the events.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from api.contact_values import NOBODY, fits_log, is_meaning, is_telephone
from api.network_file.tables import Code, Once, Table
from domain.codes import DeskKind
from domain.network.rota import DAY_MINUTES, Gap, first_gap
from domain.vocabulary import DeskId, LogKind, RotaShift, Weekday

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_WEEK = tuple(Weekday)
MOST_SHIFTS = 200
_DAY_NAMES: Mapping[Weekday, str] = dict(
    zip(_WEEK, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
_REACHES = {DeskKind.HOUSE: "house", DeskKind.ZONE: "zone"}


def _telephone(text: str) -> str:
    if not is_telephone(text) or not fits_log(text, LogKind.EXERCISE):
        raise PydanticCustomError("number", f"must be digits and spaces that ring nowhere: {NOBODY} 0000 001")
    return text


def _meaning(text: str) -> str:
    if not is_meaning(text):
        raise PydanticCustomError("meaning", "must be one line of at most 400 characters")
    return text


def _clock(text: str) -> str:
    if _CLOCK.fullmatch(text) is None:
        raise PydanticCustomError("clock", "must be a time of the day like 20:00 (24:00 is a day's end)")
    return text


Clock = Annotated[str, AfterValidator(_clock)]


class DeskTable(Table):
    """Where somebody is reached: `house` for a HOUSE, `zone` for what a ZONE means, else `member`.

    `on_call_number` and `meaning` are an exercise's alone: they go to the vault, never into the log.
    """

    code: Code
    kind: DeskKind
    house: Code | None = None
    member: Code | None = None
    zone: Code | None = None
    on_call_number: Annotated[str, AfterValidator(_telephone)] | None = None
    meaning: Annotated[str, AfterValidator(_meaning)] | None = None

    @property
    def value(self) -> str | None:
        """What goes to the vault."""
        return self.on_call_number or self.meaning


class RotaTable(Table):
    """A desk answers on these days from a time to a time of the local clock. One that ends at or before its
    beginning goes on into the next day.
    """

    desk: Code
    days: Annotated[tuple[Weekday, ...], Once, Field(min_length=1)] = _WEEK
    begins: Annotated[Clock, Field(alias="from")] = "00:00"
    ends: Annotated[Clock, Field(alias="to")] = "24:00"


def shifts_of(table: RotaTable, desk_id: DeskId) -> Iterator[RotaShift]:
    """The shifts within one day that a line of the file stands for."""
    begins, ends = _minute(table.begins), _minute(table.ends)
    if begins < ends:
        yield RotaShift(desk_id=desk_id, weekdays=table.days, begins=begins, ends=ends)
        return
    if begins < DAY_MINUTES:
        yield RotaShift(desk_id=desk_id, weekdays=table.days, begins=begins, ends=DAY_MINUTES)
    if ends > 0:
        following = tuple(_WEEK[(_WEEK.index(day) + 1) % len(_WEEK)] for day in table.days)
        yield RotaShift(desk_id=desk_id, weekdays=following, begins=0, ends=ends)


def uncovered(desks: Sequence[DeskTable], rota: Sequence[RotaTable]) -> Gap | None:
    """The first stretch of the week in which no desk of the coordination answers."""
    ids = {table.code: DeskId(UUID(int=index)) for index, table in enumerate(desks)}
    shifts = [each for line in rota if line.desk in ids for each in shifts_of(line, ids[line.desk])]
    coordination = {ids[table.code] for table in desks if table.kind is DeskKind.COORDINATION}
    return first_gap(shifts, coordination)


def gap_told(gap: Gap) -> str:
    """A gap as a person says it, and what to do."""
    return (
        f"rota: {_DAY_NAMES[gap.weekday]} {_time(gap.begins)}-{_time(gap.ends)}: nobody of the coordination "
        "answers: add a shift of a desk whose kind is COORDINATION."
    )


def desk_problems(table: DeskTable, houses: Iterable[str]) -> Iterator[str]:
    """What of one desk does not agree with itself, or names a house that is not there."""
    where, wanted = f"desks[{table.code}]", _REACHES.get(table.kind, "member")
    for name in ("house", "member", "zone"):
        given = getattr(table, name)
        if name == wanted and given is None:
            yield f"{where}.{name}: is missing: a {table.kind} desk names its {name}."
        if name != wanted and given is not None:
            yield f"{where}.{name}: a {table.kind} desk names its {wanted} alone: remove it."
    if table.house is not None and table.house not in (known := list(houses)):
        yield f"{where}.house: {table.house!r} is not in this file: there are {', '.join(known)}."
    if table.kind is DeskKind.ZONE and table.on_call_number is not None:
        yield f"{where}.on_call_number: a zone has no telephone: give its meaning."
    if table.kind is not DeskKind.ZONE and table.meaning is not None:
        yield f"{where}.meaning: only a zone has one: give the desk's on_call_number."


def without_desk(desks: Iterable[DeskTable], houses: Iterable[tuple[str, bool]]) -> tuple[str, ...]:
    """What is said at set-up and stops nothing: houses (code, takes emergencies) that nobody can ring."""
    reached = {table.house for table in desks}
    return tuple(
        f"shelters[{code}]: takes emergencies and has no desk: nobody can ring it at night."
        for code, emergencies in houses
        if emergencies and code not in reached
    )


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
