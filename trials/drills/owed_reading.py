"""What the rows of a log say of rooms and of requests, read a second time for the drill `owed`.

It shares no code with the engine: it knows topics by name and reads their JSON, so that a mistake in a fold
or in a ranker cannot hide itself. It reads what the drill's network has and no more: one level, one way in,
beds alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from struct import unpack_from
from types import MappingProxyType
from typing import Any
from uuid import UUID

from ledger.store.port import StoredRow

_SALT = 16
_ANSWERED = ("REFUSED", "DECLINED")
_BY_HAND = ("RELEASED_BY_COORDINATOR", "NOT_ARRIVED")
Told = dict[str, Any]
Order = tuple[str, datetime, UUID]


def told(row: StoredRow) -> Told:
    """Both parts of an event as one JSON object."""
    (size,) = unpack_from(">I", row.state)
    shown, hidden = row.state[4 : 4 + size], row.state[8 + size + _SALT :]
    return {**json.loads(shown), **json.loads(hidden)}


def name_of(row: StoredRow) -> str:
    """A topic without its version."""
    return row.topic.rpartition(".")[0]


@dataclass(slots=True)
class Room:
    """A unit: its beds in order, what of it is open, who is in what."""

    unit: str
    house: str
    beds: tuple[str, ...]
    exclusive: bool
    features: frozenset[str]
    open: frozenset[str] = frozenset()
    seen_at: datetime | None = None
    taken: dict[str, str] = field(default_factory=dict)
    beside: dict[str, frozenset[str]] = field(default_factory=dict)
    """Guests, and the beds in which they only stand beside somebody who lives there."""

    @property
    def barred(self) -> frozenset[str]:
        return frozenset(bed for beds in self.beside.values() for bed in beds)


@dataclass(slots=True)
class Offer:
    """A hold and the offer on it."""

    house: str
    units: dict[str, list[str]]
    deadline: datetime
    state: str
    sent: bool
    talking_until: datetime | None = None
    unanswered: bool = False

    @property
    def beds(self) -> frozenset[str]:
        return frozenset(bed for beds in self.units.values() for bed in beds)


@dataclass(slots=True)
class Asked:
    """A request and where it stands."""

    id: str
    case: str
    urgency: str
    at: datetime
    people: int
    features: frozenset[str]
    offers: dict[str, Offer] = field(default_factory=dict)
    hold: str | None = None
    waiting: bool = False
    stopped: bool = False
    admitted: bool = False
    ended: bool = False
    not_to_ask: set[str] = field(default_factory=set)
    apart: frozenset[str] = frozenset()
    """The cases she must not share a house with."""

    @property
    def order(self) -> Order:
        """Urgency, then age; the id breaks what is left."""
        return self.urgency, self.at, UUID(self.id)

    @property
    def seeks(self) -> bool:
        """Without a place, and nobody has stopped the search."""
        return self.hold is None and not (self.stopped or self.admitted or self.ended)

    @property
    def asked_in_vain(self) -> set[str]:
        return {
            unit
            for offer in self.offers.values()
            if offer.unanswered or offer.state in ("RELEASED", "EXPIRED")
            for unit in offer.units
        }

    def is_apart(self, other: Asked) -> bool:
        return other.case in self.apart or self.case in other.apart

    def silent(self, at: datetime) -> bool:
        """Whether its hold has been without an answer for too long."""
        if self.hold is None or self.admitted or self.ended:
            return False
        offer = self.offers[self.hold]
        due = max(offer.deadline, offer.talking_until or offer.deadline)
        return offer.state != "ACCEPTED" and at > due


class Reading:
    """The log up to the last row that was given to it. `doubled` counts what may never stand twice."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.asked: dict[str, Asked] = {}
        self.policy: Mapping[str, Any] = {}
        self.shut: set[str] = set()
        self.doubled: list[str] = []

    def waiting(self, at: datetime) -> list[Asked]:
        """Every request that waits, those whose hold is overdue among them, in their order."""
        found = [each for each in self.asked.values() if not each.stopped and (each.seeks or each.silent(at))]
        return sorted(found, key=lambda each: each.order)

    def awaited_by(self, house: str) -> int:
        """How many households hold places in a house and have not arrived."""
        return sum(
            each.hold is not None and not each.admitted and each.offers[each.hold].house == house
            for each in self.asked.values()
            if not each.ended
        )

    def unsafe_for(self, who: Asked) -> set[str]:
        """Houses where somebody is, or will be, with whom she must not share one."""
        return {
            each.offers[each.hold].house
            for each in self.asked.values()
            if each.hold is not None and not each.ended and each.id != who.id and each.is_apart(who)
        }

    def take(self, row: StoredRow) -> None:
        read = _READ.get(name_of(row))
        if read is not None:
            read(self, str(row.stream), told(row))

    def of(self, placement: str) -> Asked:
        return self.asked[placement]


# --- rooms ------------------------------------------------------------------------------------------------


def _registered(reading: Reading, unit: str, event: Told) -> None:
    assert all(place["kind"] == "BED" for place in event["places"]), "the drill's rooms have beds alone"
    reading.rooms[unit] = Room(
        unit=unit,
        house=event["shelter_id"],
        beds=tuple(place["place_id"] for place in event["places"]),
        exclusive=event["exclusive"],
        features=frozenset(event["features"]),
    )


def _published(reading: Reading, unit: str, event: Told) -> None:
    room = reading.rooms[unit]
    room.open, room.seen_at = frozenset(event["open_places"]), instant(event["observed_at"])


def _taken(by: str) -> Callable[[Reading, str, Told], None]:
    def take(reading: Reading, unit: str, event: Told) -> None:
        room = reading.rooms[unit]
        room.taken.update(dict.fromkeys(event["places"], event[by]))
        if event.get("contested"):
            room.beside[event[by]] = frozenset(event["contested"])

    return take


def _opened(reading: Reading, unit: str, event: Told) -> None:
    for guests in event["occupancies"]:
        reading.rooms[unit].taken.update(dict.fromkeys(guests["places"], guests["occupancy_id"]))


def _freed(by: str) -> Callable[[Reading, str, Told], None]:
    def free(reading: Reading, unit: str, event: Told) -> None:
        taken = reading.rooms[unit].taken
        reading.rooms[unit].beside.pop(event[by], None)
        for bed in event["places"]:
            if taken.get(bed) == event[by]:
                del taken[bed]

    return free


# --- requests ---------------------------------------------------------------------------------------------


def _requested(reading: Reading, placement: str, event: Told) -> None:
    reading.asked[placement] = asked(placement, event)


def _held(reading: Reading, placement: str, event: Told) -> None:
    each, before = reading.of(placement), reading.of(placement).offers.get(event["offer_id"])
    if each.hold is not None:
        reading.doubled.append(f"{placement} holds twice")
    sent = before is not None and before.sent
    each.offers[event["offer_id"]] = Offer(
        house=event["shelter_id"],
        units={held["unit_id"]: held["places"] for held in event["units"]},
        deadline=instant(event["deadline"]),
        state="SENT" if sent else "HELD",
        sent=sent,
    )
    each.hold, each.waiting = event["offer_id"], False


def _sent(reading: Reading, placement: str, event: Told) -> None:
    offer = reading.of(placement).offers[event["offer_id"]]
    offer.state, offer.sent, offer.unanswered = "SENT", True, False
    offer.deadline = instant(event["deadline"])


def _talking(reading: Reading, placement: str, event: Told) -> None:
    offer = reading.of(placement).offers[event["offer_id"]]
    offer.talking_until, offer.unanswered = instant(event["until"]), False


def _unanswered(reading: Reading, placement: str, event: Told) -> None:
    offer = reading.of(placement).offers[event["offer_id"]]
    if offer.unanswered:
        reading.doubled.append(f"{placement} is told twice of one silence")
    offer.unanswered = True


def _accepted(reading: Reading, placement: str, event: Told) -> None:
    reading.of(placement).offers[event["offer_id"]].state = "ACCEPTED"


def _no(state: str) -> Callable[[Reading, str, Told], None]:
    def said(reading: Reading, placement: str, event: Told) -> None:
        each = reading.of(placement)
        each.offers[event["offer_id"]].state = state
        each.not_to_ask.update(event["units"])
        each.stopped |= event["stops"]

    return said


def _ends_hold(state: str) -> Callable[[Reading, str, Told], None]:
    def ended(reading: Reading, placement: str, event: Told) -> None:
        each = reading.of(placement)
        offer = each.offers[event["offer_id"]]
        if each.hold != event["offer_id"]:
            reading.doubled.append(f"{placement} gives back twice")
        if offer.state not in _ANSWERED:
            offer.state = state
        each.hold = None
        each.stopped |= event.get("cause") in _BY_HAND
        each.waiting |= state == "EXPIRED"

    return ended


def _marks(**marks: Any) -> Callable[[Reading, str, Told], None]:
    def mark(reading: Reading, placement: str, event: Told) -> None:
        for name, value in marks.items():
            setattr(reading.of(placement), name, value)

    return mark


def _may_be_asked(reading: Reading, placement: str, event: Told) -> None:
    reading.of(placement).not_to_ask.difference_update(event["units"])


def _urgency(reading: Reading, placement: str, event: Told) -> None:
    reading.of(placement).urgency = event["urgency"]


def _safety(reading: Reading, placement: str, event: Told) -> None:
    assert not event["zones_to_avoid"] and not event["houses_barred"], "not in this drill"
    reading.of(placement).apart = frozenset(event["apart_from"])


def _adopted(reading: Reading, _: str, event: Told) -> None:
    reading.policy = event["policy"]


_READ: Mapping[str, Callable[[Reading, str, Told], None]] = MappingProxyType(
    {
        "network.policy-adopted": _adopted,
        "shelter.intake-paused": lambda reading, house, _: reading.shut.add(house),
        "shelter.intake-resumed": lambda reading, house, _: reading.shut.discard(house),
        "unit.registered": _registered,
        "unit.availability-published": _published,
        "unit.inventory-opened": _opened,
        "unit.held": _taken("placement_id"),
        "unit.occupied": _taken("placement_id"),
        "unit.occupied-outside": _taken("occupancy_id"),
        "unit.released": _freed("placement_id"),
        "unit.vacated": _freed("placement_id"),
        "unit.vacated-outside": _freed("occupancy_id"),
        "placement.requested": _requested,
        "placement.hold-placed": _held,
        "placement.left-waiting": _marks(waiting=True),
        "placement.offer-sent": _sent,
        "placement.conversation-opened": _talking,
        "placement.offer-unanswered": _unanswered,
        "placement.offer-accepted": _accepted,
        "placement.offer-refused": _no("REFUSED"),
        "placement.woman-declined": _no("DECLINED"),
        "placement.search-resumed": _marks(stopped=False),
        "placement.hold-released": _ends_hold("RELEASED"),
        "placement.hold-expired": _ends_hold("EXPIRED"),
        "placement.hold-displaced": _ends_hold("DISPLACED"),
        "placement.household-admitted": _marks(admitted=True),
        "placement.household-discharged": _marks(hold=None),
        "placement.may-be-asked-again": _may_be_asked,
        "placement.urgency-changed": _urgency,
        "placement.safety-revised": _safety,
        "placement.ended": _marks(ended=True),
    }
)


def asked(placement: str, event: Told) -> Asked:
    """A request as its own event tells it."""
    household = event["household"]
    return Asked(
        id=placement,
        case=event["case_id"],
        urgency=event["urgency"],
        at=instant(event["occurred_at"]),
        people=household["adults"] + len(household["children"]),
        features=frozenset(event["features_required"]),
    )


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
