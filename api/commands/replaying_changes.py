"""`approdo replay --since`: what changed between two instants of the log. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from api.commands.instants import clock, instant
from api.settings import Settings
from api.wiring import open_ledger
from domain.matching.places import Places
from ledger.faults import LedgerFault
from ledger.store.happened import Entry, note_corrections
from ledger.store.port import Store
from ledger.store.replay import Replay, position_of, rows_upto
from projections.changes import (
    Changes,
    LateEntries,
    NetworkChanges,
    RequestChange,
    RequestChanges,
    UnitChange,
    unit_changes,
)
from projections.place_counts import PlaceCounts


class SinceWhatHadNotCome(LedgerFault):
    """What changed is told between two instants: the first is not after the second."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What changed, and of which units."""

    network: NetworkChanges
    units: tuple[UnitChange, ...]


async def changes(
    settings: Settings, *, since: str, as_of: str | None, position: int | None, in_json: bool
) -> None:
    """Tell what changed. Errors: `WrongInstant`, `SinceWhatHadNotCome`, and all of `open_ledger`."""
    async with open_ledger(settings, join=True) as ledger:
        zone = ledger.engine.index.places.network.zone
        first = instant(since, zone)
        at = instant(as_of, zone) if as_of is not None else None
        upto = await position_of(ledger.store, position=position, as_of=at)
        if at is None and position is None:
            at = await ledger.store.now()
        found = await changed(ledger.store, first, upto, as_of=at)
    print(as_json(found) if in_json else as_text(found, zone))


async def changed(store: Store, since: datetime, upto: int, *, as_of: datetime | None = None) -> Changed:
    """Between what stood at an instant and a position; `as_of` is the instant asked for (None: when that
    position was recorded). Errors: the store's, and `SinceWhatHadNotCome`.
    """
    if as_of is not None and since > as_of:
        raise SinceWhatHadNotCome
    first, corrected = await store.position_at(since), dict[tuple[UUID, int], datetime]()
    async for rows in rows_upto(store, upto):
        note_corrections(corrected, rows)
    folded, before, between = Replay(), Places(), Changes(since, corrected)
    async for rows in rows_upto(store, upto):
        known = [row for row in rows if row.position <= first]
        folded.take(known)
        if known and known[-1].position == first:
            before = folded.places.forked()
        later = rows[len(known) :]
        folded.take(later)
        between.take(later)
    at = as_of or folded.recorded_at or since
    if at < since or upto < first:
        raise SinceWhatHadNotCome
    network = between.result(before, folded.places, at)
    return Changed(network=network, units=tuple(unit_changes(before, folded.places)))


def as_json(found: Changed) -> str:
    """One JSON object; instants in UTC."""
    option = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z
    return orjson.dumps({"changes": found.network, "units": found.units}, default=str, option=option).decode()


def as_text(found: Changed, zone: ZoneInfo) -> str:
    """Lines for a terminal; instants as the clock in `zone` shows them."""
    return "\n".join(_lines(found, zone))


def _lines(found: Changed, zone: ZoneInfo) -> Iterator[str]:
    told = found.network
    yield (
        f"from {clock(told.since, zone)} (position {told.since_position}) to {clock(told.as_of, zone)} "
        f"(position {told.position})"
    )
    yield from ("", f"{'level':<22}{'units':>12}{'open':>12}{'free':>12}{'held':>12}{'occupied':>12}")
    for level in told.places:
        yield f"{level.level:<22}" + "".join(f"{each:>12}" for each in _steps(level.before, level.after))
    yield from ("", f"units that are not as they were: {len(found.units)}")
    for unit in found.units:
        names = ("open", "free", "held", "occupied")
        steps = _steps(unit.before, unit.after)[1:]
        said = "  ".join(f"{name} {step}" for name, step in zip(names, steps, strict=True))
        yield f"  unit {unit.unit_id} of shelter {unit.shelter_id}: {said}"
    for name, requests in (("opened", told.opened), ("ended", told.ended), ("moved", told.moved)):
        yield from ("", f"requests {name}: {requests.count}")
        yield from (_request(each) for each in requests.items)
        yield from _untold(requests)
    yield from ("", f"policies adopted: {len(told.policies)}")
    for policy in told.policies:
        at = clock(policy.recorded_at, zone)
        yield f"  #{policy.position:<6} {at}  {policy.policy}, ranker {policy.ranker}"
    yield from ("", f"words on availability: {sum(each.said for each in told.availability)}")
    for words in told.availability:
        yield (
            f"  {words.level}: {words.said}, corrected by the coordination {words.corrected}, units with "
            f"other places open {words.units}"
        )
    yield from ("", f"late entries, of before the first instant: {told.late_entries.count}")
    yield from (_late(each, zone) for each in told.late_entries.items)
    yield from _untold(told.late_entries)


def _steps(before: PlaceCounts, after: PlaceCounts) -> tuple[str, ...]:
    pairs = (
        (before.units, after.units),
        (before.open, after.open),
        (before.free, after.free),
        (before.held, after.held),
        (before.occupied, after.occupied),
    )
    return tuple(str(now) if was == now else f"{was} -> {now}" for was, now in pairs)


def _request(each: RequestChange) -> str:
    outcome = f" ({each.outcome})" if each.outcome is not None else ""
    return f"  {each.placement_id}  {each.urgency}  {each.was or '-'} -> {each.now}{outcome}"


def _late(each: Entry, zone: ZoneInfo) -> str:
    happened, recorded = clock(each.happened_at, zone), clock(each.recorded_at, zone)
    return f"  #{each.position:<6} {each.topic} happened {happened}, recorded {recorded}"


def _untold(named: RequestChanges | LateEntries) -> Iterator[str]:
    if named.count > len(named.items):
        yield f"  and {named.count - len(named.items)} more"
