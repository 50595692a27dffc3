"""The promise itself, said a second time and slowly: who is owed which beds, over `owed_reading`.

It shares no code with `domain.matching`. Each request that waits, in its order, is owed the first candidate
of its own that is not owed to an earlier one; one that holds in silence, the first in other units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations
from uuid import UUID

from trials.drills.owed_reading import Asked, Reading, Room

MOST_ROOMS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Rooms of one house, the beds that would be taken and those slept in, and the holds that would end."""

    rooms: tuple[Room, ...]
    taken: frozenset[str]
    slept_in: frozenset[str]
    ends: tuple[str, ...] = ()


Before = list[tuple[Asked, Found | None]]
"""Requests that wait, in their order, each with what it is owed."""


def owed_before(reading: Reading, who: Asked, at: datetime) -> Before:
    """What every request is owed that waits and comes before her."""
    return owed(reading, [each for each in reading.waiting(at) if each.order < who.order], at)


def owed(reading: Reading, waiting: Iterable[Asked], at: datetime) -> Before:
    found: Before = []
    for rival in waiting:
        silent = rival.offers[rival.hold].units if rival.hold is not None else ()
        asks = replace(rival, not_to_ask={*rival.not_to_ask, *silent})
        found.append((rival, first_for(reading, asks, kept_from(reading, rival, found), at)))
    return found


def kept_from(reading: Reading, who: Asked, before: Before) -> set[str]:
    """The beds that she is not given: what others are owed, the whole house where they must not meet."""
    return {bed for rival, found in before if found is not None for bed in _kept(reading, who, rival, found)}


def deprived(reading: Reading, who: Asked, before: Before, beds: AbstractSet[str]) -> list[str]:
    """Who would lose what they are owed if she had these beds."""
    return [
        rival.id
        for rival, found in before
        if found is not None and not beds.isdisjoint(_kept(reading, who, rival, found))
    ]


def _kept(reading: Reading, who: Asked, rival: Asked, found: Found) -> set[str]:
    if not who.is_apart(rival):
        return set(found.taken)
    house = found.rooms[0].house
    return {bed for room in reading.rooms.values() if room.house == house for bed in room.beds}


def first_for(
    reading: Reading,
    who: Asked,
    kept: AbstractSet[str],
    at: datetime,
    in_vain: AbstractSet[str] | None = None,
) -> Found | None:
    """The first candidate of a request, where these beds are kept for others; units asked in vain last."""
    silent = who.asked_in_vain if in_vain is None else in_vain
    candidates = list(_candidates(reading, who, kept, at))
    return min(candidates, key=lambda each: _rank(reading, who, each, silent, at), default=None)


def _candidates(reading: Reading, who: Asked, kept: AbstractSet[str], at: datetime) -> Iterator[Found]:
    houses: dict[str, list[Room]] = {}
    closed = reading.shut | reading.unsafe_for(who)
    for room in reading.rooms.values():
        may = room.house not in closed and room.seen_at is not None and room.unit not in who.not_to_ask
        if may and who.features <= room.features:
            houses.setdefault(room.house, []).append(room)
    for rooms in houses.values():
        alone = [found for room in rooms if (found := _alone(reading, who, room, kept, at)) is not None]
        if alone:
            yield from alone
        elif (together := _together(reading, who, rooms, kept, at)) is not None:
            yield together


def _alone(reading: Reading, who: Asked, room: Room, kept: AbstractSet[str], at: datetime) -> Found | None:
    """One room as it stands, else once silent holds of later requests have ended, as few as will do."""
    if who.people > len(room.beds):
        return None
    free = _free(room, kept, ())
    if len(free) >= who.people:
        return _found((room,), free[: who.people])
    holders = (reading.asked.get(holder) for holder in dict.fromkeys(room.taken.values()))
    silent = [each for each in holders if each is not None and each.silent(at) and each.order > who.order]
    ended: list[str] = []
    for each in sorted(silent, key=lambda each: each.order, reverse=True):
        ended.append(each.id)
        if len(_free(room, kept, ended)) >= who.people:
            break
    else:
        return None
    for holder in list(reversed(ended)):
        without = [other for other in ended if other != holder]
        if len(_free(room, kept, without)) >= who.people:
            ended = without
    return _found((room,), _free(room, kept, ended)[: who.people], tuple(ended))


def _together(
    reading: Reading, who: Asked, rooms: list[Room], kept: AbstractSet[str], at: datetime
) -> Found | None:
    some = [room for room in rooms if _free(room, kept, ())]
    for size in range(2, MOST_ROOMS + 1):
        found = []
        for chosen in combinations(some, size):
            free = [bed for room in chosen for bed in _free(room, kept, ())]
            if len(free) >= who.people:
                found.append(_found(chosen, free[: who.people]))
        if found:
            return min(found, key=lambda each: (is_unknown(reading, each, at), _spare(each)))
    return None


def _free(room: Room, kept: AbstractSet[str], ended: Iterable[str]) -> list[str]:
    taken = {bed for bed, holder in room.taken.items() if holder not in set(ended)} | room.barred
    if room.exclusive and (taken or not kept.isdisjoint(room.beds)):
        return []
    return [bed for bed in room.beds if bed in room.open and bed not in taken and bed not in kept]


def _found(rooms: tuple[Room, ...], slept_in: list[str], ends: tuple[str, ...] = ()) -> Found:
    taken = {bed for room in rooms if room.exclusive for bed in room.beds}
    return Found(rooms, frozenset(taken.union(slept_in)), frozenset(slept_in), ends)


def _rank(
    reading: Reading, who: Asked, found: Found, in_vain: AbstractSet[str], at: datetime
) -> tuple[bool, bool, bool, int, bytes]:
    tie = hashlib.sha256(UUID(who.id).bytes + b"".join(UUID(room.unit).bytes for room in found.rooms))
    again = any(room.unit in in_vain for room in found.rooms)
    cost = _cost(reading, who, found, at)
    return bool(found.ends), is_unknown(reading, found, at), again, cost, tie.digest()


def _cost(reading: Reading, who: Asked, found: Found, at: datetime) -> int:
    weights = reading.policy["weights"]
    cost: int = weights["spare_place"] * _spare(found) + weights["extra_unit"] * (len(found.rooms) - 1)
    cost += weights["spare_feature"] * sum(len(room.features - who.features) for room in found.rooms)
    cost += weights["pending_offer"] * reading.awaited_by(found.rooms[0].house)
    if is_unknown(reading, found, at):
        return cost + int(weights["stale_availability"])
    ageing = _seen_at(found) < at - timedelta(hours=reading.policy["fresh_hours"])
    return cost + (int(weights["ageing_availability"]) if ageing else 0)


def _spare(found: Found) -> int:
    return sum(bed not in found.slept_in for room in found.rooms if room.exclusive for bed in room.beds)


def is_unknown(reading: Reading, found: Found, at: datetime) -> bool:
    """Whether the house's own word is too old to be relied on."""
    return _seen_at(found) < at - timedelta(hours=reading.policy["stale_hours"])


def _seen_at(found: Found) -> datetime:
    return min(room.seen_at for room in found.rooms if room.seen_at is not None)
