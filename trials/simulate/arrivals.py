"""Who asks for a place, and when: the same arrivals for a seed, whatever becomes of them.

Not commands: `asking` makes them. Everything that is hers alone (how long she can wait, how long she stays)
is drawn here, so that the engine and the allocator it is compared with meet the same woman.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.vocabulary import (
    AgeBand,
    Channel,
    Feature,
    Household,
    IntakeMode,
    LevelFunction,
    OldestBoy,
    RiskBand,
    Setting,
    Urgency,
)
from trials.simulate.drawing import Draws, Luck
from trials.simulate.parameters import Parameters

ASKS_FOR = {
    Urgency.U1: (IntakeMode.EMERGENCY, LevelFunction.EMERGENCY_RECEPTION),
    Urgency.U2: (IntakeMode.EMERGENCY, LevelFunction.EMERGENCY_RECEPTION),
    Urgency.U3: (IntakeMode.PLANNED_URGENT, LevelFunction.FIRST_LEVEL),
    Urgency.U4: (IntakeMode.MEDIUM_LONG, LevelFunction.SECOND_LEVEL),
}
NEXT_LEVEL = {
    LevelFunction.EMERGENCY_RECEPTION: Urgency.U3,
    LevelFunction.FIRST_LEVEL: Urgency.U4,
}
"""Where a stay goes on, as the urgency of the request that asks for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """One household that asks. `key` names its luck; `zone` is the label of a zone to avoid."""

    key: str
    at: datetime
    urgency: Urgency
    mode: IntakeMode
    level: LevelFunction
    household: Household
    features: tuple[Feature, ...]
    zone: str | None
    channel: Channel
    risk: RiskBand
    setting: Setting | None
    safe_hours: float | None
    send_on: bool
    consent_minutes: float
    """0: she consented before the request was made."""
    patience: timedelta
    stay: timedelta
    moves_on: bool
    oldest_boy: OldestBoy
    neighbour_takes: bool
    neighbour_minutes: float
    direct: float | None
    """Taken by agreement outside the engine; the number picks the house. None: asked for as usual."""
    worsens: bool
    no_show: bool
    goes_on: bool
    """Whether she searches on after a stop."""

    def safe_until(self, now: datetime) -> datetime | None:
        """None too where the perpetrator is: nobody is safe there until an hour."""
        if self.safe_hours is None or self.setting is Setting.WITH_PERPETRATOR:
            return None
        return now + timedelta(hours=self.safe_hours)


def arrivals(
    draws: Draws,
    parameters: Parameters,
    a_day: float,
    first: date,
    days: int,
    zone: ZoneInfo,
    zones: tuple[str, ...],
) -> Iterator[Arrival]:
    """In the order of time, from midnight of `first` on."""
    weights = parameters.weekdays.value
    for number in range(days):
        day = first + timedelta(days=number)
        luck = draws(f"day {number}")
        mean = a_day * weights[day.weekday()] * len(weights) / sum(weights)
        times = sorted(_time(luck, parameters, day, zone) for _ in range(luck.count(mean)))
        for index, at in enumerate(times):
            yield _arrival(draws, parameters, f"{number}.{index}", at, zones)


def onward(draws: Draws, parameters: Parameters, arrival: Arrival, at: datetime) -> Arrival | None:
    """The request for the next level with which a stay goes on, if it does."""
    urgency = NEXT_LEVEL.get(arrival.level)
    if urgency is None or not arrival.moves_on:
        return None
    key = f"{arrival.key}+"
    luck = draws(f"onward {key}")
    mode, level = ASKS_FOR[urgency]
    return replace(
        arrival,
        key=key,
        at=at,
        urgency=urgency,
        mode=mode,
        level=level,
        channel=Channel.CAV,
        risk=RiskBand.MEDIUM,
        setting=None,
        safe_hours=None,
        consent_minutes=0,
        patience=timedelta(hours=luck.even(parameters.patience_hours.value[urgency])),
        stay=timedelta(days=luck.even(parameters.stay_days.value[level])),
        moves_on=luck.happens(parameters.moves_on.value),
        direct=None,
    )


def _time(luck: Luck, parameters: Parameters, day: date, zone: ZoneInfo) -> datetime:
    quarter = luck.index(parameters.hours.value)
    minutes = quarter * 360 + luck.whole(0, 359)
    return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone)


def _arrival(draws: Draws, parameters: Parameters, key: str, at: datetime, zones: tuple[str, ...]) -> Arrival:
    luck = draws(f"arrival {key}")
    urgency = luck.pick(parameters.urgencies.value)
    mode, level = ASKS_FOR[urgency]
    pressing = urgency in (Urgency.U1, Urgency.U2)
    whole = household(luck, parameters)
    return Arrival(
        key=key,
        at=at,
        urgency=urgency,
        mode=mode,
        level=level,
        household=whole,
        features=(luck.pick(parameters.features.value),)
        if luck.happens(parameters.feature_required.value)
        else (),
        zone=zones[luck.whole(0, len(zones) - 1)] if luck.happens(parameters.zone_to_avoid.value) else None,
        channel=luck.pick(parameters.channels.value),
        risk=luck.pick(parameters.risks.value[urgency]),
        setting=tuple(Setting)[luck.whole(0, len(Setting) - 1)] if pressing else None,
        safe_hours=luck.even((1, 10)) if pressing and luck.happens(parameters.safe_until.value) else None,
        send_on=luck.happens(parameters.send_on.value),
        consent_minutes=0 if luck.happens(parameters.consent_at_once.value) else luck.even((10, 60)),
        patience=timedelta(hours=luck.even(parameters.patience_hours.value[urgency])),
        stay=timedelta(days=luck.even(parameters.stay_days.value[level])),
        moves_on=luck.happens(parameters.moves_on.value),
        oldest_boy=_oldest_boy(luck, parameters, whole),
        neighbour_takes=pressing and luck.happens(parameters.neighbour_takes.value),
        neighbour_minutes=luck.even(parameters.neighbour_minutes.value),
        direct=luck.even((0, 1)) if luck.happens(parameters.direct.value) else None,
        no_show=luck.happens(parameters.no_show.value),
        goes_on=luck.happens(parameters.goes_on.value),
        worsens=urgency is not Urgency.U1 and luck.happens(parameters.worsens.value),
    )


def _oldest_boy(luck: Luck, parameters: Parameters, whole: Household) -> OldestBoy:
    if not whole.children or luck.happens(parameters.boy_not_said.value):
        return OldestBoy.NOT_SAID
    boys = [band for band in whole.children if luck.happens(0.5)]
    return OldestBoy(boys[-1]) if boys else OldestBoy.NO_BOY


def household(luck: Luck, parameters: Parameters) -> Household:
    """One woman and her children, youngest first."""
    number = luck.index(parameters.children.value)
    order = list(AgeBand)
    bands = sorted((luck.pick(parameters.ages.value) for _ in range(number)), key=order.index)
    return Household(adults=1, children=tuple(bands))
