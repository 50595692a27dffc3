"""Makes the releases of the statistics that are due, and gives back those that were told, byte for byte.

A month is due some days after it has ended, and is counted from the log as it stood then, so that it does not
matter who asks first, nor when. Two processes that make the same release count the same; the first to keep it
has told it. The doors of statistics call it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from api.http.doors import Doors
from api.http.viewing import caught_up
from domain.disclosure import Disclosure
from domain.vocabulary import ShelterId
from ledger.published import KeptRelease
from ledger.store.codec import plain
from projections.house_statistics import HouseRelease, house_release
from projections.statistics import Period, late_cases, release
from projections.told import Release

Counted = Callable[[Period, ZoneInfo, Sequence[KeptRelease]], Awaitable[Release | HouseRelease]]


async def network_releases(doors: Doors) -> tuple[KeptRelease, ...]:
    """Every release so far, oldest first. Errors: the store's."""
    rules = doors.disclosure

    async def counted(period: Period, zone: ZoneInfo, kept: Sequence[KeptRelease]) -> Release:
        rows = await doors.views.milestones(period.since, period.before, period.told_at)
        told = [_period(each) for each in kept if each.told]
        before = period.since
        earlier = await doors.views.milestones(None, before, period.told_at) if before and told else ()
        late = late_cases(earlier, told) - sum(each.late_told for each in kept)
        return release(rows, period, rules, zone, late)

    return await _releases(doors, doors.network_id, counted)


async def house_releases(doors: Doors, house: ShelterId) -> tuple[KeptRelease, ...]:
    """The same of one house's own answers. Errors: the store's."""

    async def counted(period: Period, zone: ZoneInfo, _: Sequence[KeptRelease]) -> HouseRelease:
        rows = await doors.views.milestones(period.since, period.before, period.told_at)
        return house_release(rows, house, period, doors.disclosure, zone)

    return await _releases(doors, house, counted)


async def _releases(doors: Doors, scope: UUID, counted: Counted) -> tuple[KeptRelease, ...]:
    published = doors.published
    kept = list(await published.releases(scope))
    engine = doors.engine
    zone = (await engine.index.catch_up()).places.network.zone
    now = await engine.transactor.store.now()
    first = await doors.views.first_asked() if await caught_up(doors) else None
    if first is None:
        return tuple(kept)
    for month in _due(kept, first, now, doors.disclosure, zone):
        period = _next(kept, month, doors.disclosure, zone)
        await published.release(_kept(scope, period, await counted(period, zone, kept)))
        kept = list(await published.releases(scope))
    return tuple(kept)


def _due(
    kept: Sequence[KeptRelease], first: datetime, now: datetime, rules: Disclosure, zone: ZoneInfo
) -> Iterator[date]:
    """The months after the last release whose day has come."""
    month = following(kept[-1].last_month) if kept else first.astimezone(zone).date().replace(day=1)
    while told_at(month, rules, zone) <= now:
        yield month
        month = following(month)


def _next(kept: Sequence[KeptRelease], month: date, rules: Disclosure, zone: ZoneInfo) -> Period:
    """The release of a month and of those before it that were too few to be told."""
    told = [each for each in kept if each.told]
    carried = [each for each in kept if not told or each.last_month > told[-1].last_month]
    return Period(
        first_month=carried[0].first_month if carried else month,
        last_month=month,
        since=told[-1].before if told else None,
        before=begins(following(month), zone),
        told_at=told_at(month, rules, zone),
    )


def told_at(month: date, rules: Disclosure, zone: ZoneInfo) -> datetime:
    """When the figures of a month are told: so many days after it has ended, where the network is."""
    return begins(following(month) + timedelta(days=rules.release_days), zone)


def begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def following(month: date) -> date:
    """The first day of the next month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def _period(kept: KeptRelease) -> Period:
    return Period(
        first_month=kept.first_month,
        last_month=kept.last_month,
        since=None,
        before=kept.before,
        told_at=kept.told_at,
    )


def _kept(scope: UUID, period: Period, told: Release | HouseRelease) -> KeptRelease:
    return KeptRelease(
        scope=scope,
        first_month=period.first_month,
        last_month=period.last_month,
        before=period.before,
        told_at=period.told_at,
        told=told.told,
        late_told=(told.late_cases or 0) if isinstance(told, Release) else 0,
        document=orjson.dumps(told, plain, orjson.OPT_UTC_Z),
    )
