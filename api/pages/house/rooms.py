"""A house's rooms as its pages show them: what is free, how old the word on it is, what one tap makes of it.

Which places a tap opens or closes is settled when the page is drawn, and goes along with the form: a second
tap asks for the same and not for one more. Pure: from what the door of houses told.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.pages.naming import named
from projections.bed_board import FRESH, STALE, age_of

_BED, _COT = "BED", "COT"
_FREE, _HELD, _OCCUPIED, _CLOSED = "FREE", "HELD", "OCCUPIED", "NOT_OFFERED"


class WordAge(enum.StrEnum):
    """How far the house's last word on a room can be relied on."""

    FRESH = "FRESH"
    AGEING = "AGEING"
    STALE = "STALE"
    NEVER = "NEVER"
    WRONG = "WRONG"


class RoomState(enum.StrEnum):
    """A room that goes to one household, whole. PART: some of its places are not given just now."""

    FREE = "FREE"
    PART = "PART"
    HELD = "HELD"
    TAKEN = "TAKEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """The beds, or the cots, of a room. `less` and `more`: the places that would be open after one tap, in
    one line; None where there is nothing to tap.
    """

    kind: str
    total: int
    free: int
    held: int
    taken: int
    closed: int
    less: str | None
    more: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Guests:
    """People from outside, as the places they are in."""

    occupancy_id: str
    places: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """`open`: the places that the house gives now, in one line. `whole`: as one tap sees a room that goes to
    one household.
    """

    unit_id: str
    version: int
    name: str
    level: Mapping[str, Any]
    exclusive: bool
    observed_at: str | None
    age: WordAge
    open: str
    counts: tuple[Count, ...]
    state: RoomState
    whole: Count
    guests: tuple[Guests, ...]
    places: tuple[Mapping[str, Any], ...]

    @property
    def to_confirm(self) -> bool:
        return self.age is not WordAge.FRESH


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """One house of an operator. `standing` is what stands with it: offers, arrivals, stays."""

    shelter_id: str
    name: str
    admits: bool
    paused: str | None
    rooms: tuple[Room, ...]
    standing: tuple[Mapping[str, Any], ...]

    @property
    def to_confirm(self) -> bool:
        return any(room.to_confirm for room in self.rooms)

    @property
    def unreliable(self) -> bool:
        """Whether a word is worse than merely ageing."""
        bad = (WordAge.STALE, WordAge.NEVER, WordAge.WRONG)
        return any(room.age in bad for room in self.rooms)

    def room(self, unit_id: str) -> Room | None:
        return next((room for room in self.rooms if room.unit_id == unit_id), None)


def house_of(
    told: Mapping[str, Any], item: Mapping[str, Any], standing: Iterable[Mapping[str, Any]]
) -> House:
    """One of the houses that the door told, with what stands with it."""
    standing = tuple(standing)
    known = frozenset(each["placement_id"] for each in standing)
    levels = {level["code"]: level for level in told["levels"]}
    hours, now = (told["fresh_hours"], told["stale_hours"]), datetime.fromisoformat(told["as_of"])
    shelter = item["shelter"]
    return House(
        shelter_id=shelter["shelter_id"],
        name=named(shelter["code"]),
        admits=shelter["admits"],
        paused=shelter["paused"],
        rooms=tuple(
            room_of(unit, shelter["code"], levels.get(unit["level"], {}), _age(unit, hours, now), known)
            for unit in item["units"]
        ),
        standing=standing,
    )


def room_of(
    unit: Mapping[str, Any], house: str, level: Mapping[str, Any], age: WordAge, known: frozenset[str]
) -> Room:
    """`known` are the placements that stand with the house: whoever else is in a place is from outside."""
    places = tuple(unit["places"])
    counts = tuple(_count(kind, places) for kind in (_BED, _COT) if any(p["kind"] == kind for p in places))
    return Room(
        unit_id=unit["unit_id"],
        version=unit["version"],
        name=named(unit["code"], house),
        level=level,
        exclusive=unit["exclusive"],
        observed_at=unit["observed_at"],
        age=age,
        open=_line(_open(places)),
        counts=counts,
        state=_state(places),
        whole=_whole(places),
        guests=_guests(places, known),
        places=places,
    )


def _age(unit: Mapping[str, Any], hours: tuple[int, int], now: datetime) -> WordAge:
    if unit["observed_at"] is None:
        return WordAge.NEVER
    if unit["wrongly_published"]:
        return WordAge.WRONG
    age = age_of(datetime.fromisoformat(unit["observed_at"]), hours, now)
    return WordAge.FRESH if age == FRESH else WordAge.STALE if age == STALE else WordAge.AGEING


def _count(kind: str, places: tuple[Mapping[str, Any], ...]) -> Count:
    """One less is the last one that is free, one more the first that is not given."""
    own = [place for place in places if place["kind"] == kind]
    free = [place["place_id"] for place in own if place["state"] == _FREE]
    closed = [place["place_id"] for place in own if place["state"] == _CLOSED]
    now = _open(places)
    return Count(
        kind=kind,
        total=len(own),
        free=len(free),
        held=_in(own, _HELD),
        taken=_in(own, _OCCUPIED),
        closed=len(closed),
        less=_line(each for each in now if each != free[-1]) if free else None,
        more=_line((*now, closed[0])) if closed else None,
    )


def _whole(places: tuple[Mapping[str, Any], ...]) -> Count:
    """All places together: less closes every one, more opens every one. Nothing while somebody has it."""
    free, closed = _in(places, _FREE), _in(places, _CLOSED)
    held, taken = _in(places, _HELD), _in(places, _OCCUPIED)
    alone = held == taken == 0
    return Count(
        kind=_BED,
        total=len(places),
        free=free,
        held=held,
        taken=taken,
        closed=closed,
        less="" if free and alone else None,
        more=_line(place["place_id"] for place in places) if closed and alone else None,
    )


def _state(places: tuple[Mapping[str, Any], ...]) -> RoomState:
    if _in(places, _OCCUPIED):
        return RoomState.TAKEN
    if _in(places, _HELD):
        return RoomState.HELD
    if not _in(places, _FREE):
        return RoomState.CLOSED
    return RoomState.PART if _in(places, _CLOSED) else RoomState.FREE


def _guests(places: tuple[Mapping[str, Any], ...], known: frozenset[str]) -> tuple[Guests, ...]:
    found: dict[str, tuple[str, ...]] = {}
    for place in places:
        holder = place["holder"]
        if holder is not None and holder not in known:
            found[holder] = (*found.get(holder, ()), place["place_id"])
    return tuple(Guests(occupancy_id=holder, places=taken) for holder, taken in found.items())


def _open(places: tuple[Mapping[str, Any], ...]) -> tuple[str, ...]:
    return tuple(place["place_id"] for place in places if place["open"])


def _in(places: Iterable[Mapping[str, Any]], state: str) -> int:
    return sum(place["state"] == state for place in places)


def _line(ids: Iterable[str]) -> str:
    return " ".join(ids)
