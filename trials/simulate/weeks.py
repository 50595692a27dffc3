"""What a house goes through by itself, day by day: when it says what is free, whom others send to it, when it
pauses. Drawn for the house and the day alone, so that it is the same whatever the network does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.vocabulary import LevelFunction
from trials.simulate.drawing import Draws
from trials.simulate.parameters import Parameters
from trials.simulate.world import TIME_ZONE

ZONE = ZoneInfo(TIME_ZONE)
SHIFTS = (time(8, 30), time(14, 30), time(20, 0))
FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
WEEKEND_FROM, WEEKEND_TO = time(18), time(8)
SLOT_MINUTES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Guests whom others send to a house. `luck` (0 to 1) places their stay in the span of their level;
    `pushes`: they are given a room that is only held.
    """

    at: datetime
    level: LevelFunction
    beds: int
    luck: float
    told_late: bool
    pushes: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """One house's day."""

    publications: tuple[datetime, ...]
    groups: tuple[Group, ...]
    pause_from: datetime | None
    pause_for: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """What a house is like: until which share of its units it takes guests from outside, and its weekends."""

    target: float
    silent_at_weekends: bool


def habits(draws: Draws, parameters: Parameters, house: str) -> Habits:
    luck = draws(f"habits {house}")
    return Habits(
        target=luck.even(parameters.occupancy.value),
        silent_at_weekends=luck.happens(parameters.silent_at_weekends.value),
    )


def day(
    draws: Draws, parameters: Parameters, house: str, date_: date, zone: ZoneInfo, *, silent_at_weekends: bool
) -> Day:
    luck = draws(f"{house} {date_}")
    spoken = [
        datetime.combine(date_, shift, zone) + timedelta(minutes=SLOT_MINUTES * luck.whole(0, 11))
        for shift in SHIFTS[: round(parameters.publications.value)]
    ]
    groups = tuple(
        Group(
            at=datetime.combine(date_, time(luck.whole(8, 23), luck.whole(0, 59)), zone),
            level=luck.pick(parameters.outside_levels.value),
            beds=luck.whole(1, 3),
            luck=luck.even((0, 1)),
            told_late=luck.happens(parameters.outside_unrecorded.value),
            pushes=luck.happens(parameters.outside_pushes.value),
        )
        for _ in range(luck.count(parameters.outside_a_day.value))
    )
    pauses = luck.happens(parameters.pauses_a_year.value / 365)
    return Day(
        publications=tuple(at for at in spoken if not (silent_at_weekends and is_weekend(at))),
        groups=groups,
        pause_from=datetime.combine(date_, time(9), zone) if pauses else None,
        pause_for=timedelta(days=luck.even(parameters.pause_days.value)),
    )


def is_weekend(local: datetime) -> bool:
    """From Friday evening to Monday morning, where the house is."""
    weekday, clock = local.weekday(), local.time()
    return (
        weekday in (SATURDAY, SUNDAY)
        or (weekday == FRIDAY and clock >= WEEKEND_FROM)
        or (weekday == 0 and clock < WEEKEND_TO)
    )


def told_at(group: Group, *, silent_at_weekends: bool) -> datetime:
    """When the house records guests from outside: at once, at its next shift, or on Monday."""
    if silent_at_weekends and is_weekend(group.at):
        monday = group.at.date() + timedelta(days=(7 - group.at.weekday()) % 7)
        return datetime.combine(monday, SHIFTS[0], group.at.tzinfo)
    if not group.told_late:
        return group.at
    later = (datetime.combine(group.at.date(), shift, group.at.tzinfo) for shift in SHIFTS)
    tomorrow = datetime.combine(group.at.date() + timedelta(days=1), SHIFTS[0], group.at.tzinfo)
    return next((at for at in later if at > group.at), tomorrow)


def next_eight_o_clock(now: datetime) -> datetime:
    """Eight in the morning, the next time it is that."""
    local = now.astimezone(ZONE)
    today = datetime.combine(local.date(), time(8), ZONE)
    chosen = today if today > local else datetime.combine(local.date() + timedelta(days=1), time(8), ZONE)
    return chosen.astimezone(UTC)
