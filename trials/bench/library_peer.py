"""The peer of the replay figure: the same events as the `eventsourcing` library keeps them, and their fold in
its way.

Its events are typed like ours: codes are enumerations, by a transcoding each. Where there is a choice it is
to its advantage: tuples come back as lists, aggregates change in place, and their first event makes them by
hand.
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from eventsourcing.domain import Aggregate
from eventsourcing.persistence import (
    DatetimeAsISO,
    JSONTranscoder,
    Mapper,
    StoredEvent,
    Transcoding,
    UUIDAsHex,
)
from eventsourcing.utils import register_topic

from domain import codes, kept, vocabulary
from domain.case import CaseBound, CaseOpened, CaseUnbound
from domain.desk import DeskOpened, DeskValueKept
from domain.event import Event
from domain.network import (
    DistrictAdded,
    LevelDefined,
    MemberJoined,
    NetworkBorn,
    PolicyAdopted,
    RequestAuthoritySet,
    RotaAdopted,
    ZoneDrawn,
)
from domain.placement.events import (
    CandidatesRanked,
    ConversationOpened,
    DecisionTaken,
    ExclusionCount,
    HoldPlaced,
    HouseholdAdmitted,
    HouseholdDischarged,
    OfferAccepted,
    OfferSent,
    PlacementEnded,
    PlacementRequested,
    RankedCandidate,
    SearchConsented,
    WomanAccepted,
)
from domain.policy import Policy, Weights
from domain.shelter import AgreementSigned, IntakePolicySet, ShelterRegistered
from domain.unit import (
    AvailabilityPublished,
    InventoryOpened,
    OpeningOccupancy,
    UnitHeld,
    UnitOccupied,
    UnitRegistered,
    UnitVacated,
)
from domain.vocabulary import HeldUnit, Household, Place, RotaShift, StayLimit
from ledger.store import codec
from ledger.store.port import StoredRow

_VALUES = (
    RankedCandidate,
    ExclusionCount,
    HeldUnit,
    Household,
    Place,
    StayLimit,
    Policy,
    Weights,
    OpeningOccupancy,
    RotaShift,
)


_CODES = tuple(
    kind
    for module in (codes, kept, vocabulary)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum) and kind is not enum.StrEnum
)


class _Value(Transcoding):
    """One of our values as its fields, built again by its constructor."""

    def __init__(self, kind: type[Any]) -> None:
        self.type = kind
        self.name = kind.__name__

    def encode(self, obj: Any) -> dict[str, Any]:
        return {field.name: _coded(getattr(obj, field.name)) for field in dataclasses.fields(obj)}

    def decode(self, data: dict[str, Any]) -> Any:
        return self.type(**data)


@cache
def _twin(kind: type[enum.StrEnum]) -> Any:
    """The same codes as an enumeration that is not text: the library would take ours for plain text."""
    return enum.Enum(kind.__name__, {member.name: member.value for member in kind})


def _coded(value: Any) -> Any:
    """A value with the library's enumerations for ours."""
    if isinstance(value, enum.StrEnum):
        return _twin(type(value))(value.value)
    return [_coded(each) for each in value] if isinstance(value, tuple) else value


class _Code(Transcoding):
    """One enumeration by its value."""

    def __init__(self, kind: type[enum.StrEnum]) -> None:
        twin = _twin(kind)
        self.type = twin
        self.name = kind.__name__
        self._members = {member.value: member for member in twin}

    def encode(self, obj: Any) -> str:
        return str(obj.value)

    def decode(self, data: str) -> Any:
        return self._members[data]


class _Date(Transcoding):
    type = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        return obj.isoformat()

    def decode(self, data: str) -> date:
        return date.fromisoformat(data)


class Room:
    """What the library's events are applied to: one object for every kind of stream, changed in place."""

    def __init__(self, id_: UUID) -> None:
        self.id = id_
        self.version = 0
        self.modified_on: datetime | None = None
        self.request: Any = None
        self.consent = self.waiting = self.stopped = self.woman_accepted = self.admitted = False
        self.hold: UUID | None = None
        self.offers: dict[UUID, dict[str, Any]] = {}
        self.outcome: str | None = None
        self.taken: dict[UUID, UUID] = {}
        self.staying: set[UUID] = set()
        self.open_placement: UUID | None = None
        self.founded: dict[str, Any] = {}


def _hold(room: Room, event: Any) -> None:
    room.offers[event.offer_id] = {
        "state": "HELD",
        "units": event.units,
        "deadline": event.deadline,
        "sent": False,
    }
    room.hold, room.waiting = event.offer_id, False


def _offer(**changes: Callable[[Any], Any]) -> Callable[[Room, Any], None]:
    def change(room: Room, event: Any) -> None:
        room.offers[event.offer_id].update({name: value(event) for name, value in changes.items()})

    return change


def _set(**changes: Callable[[Any], Any]) -> Callable[[Room, Any], None]:
    def change(room: Room, event: Any) -> None:
        for name, value in changes.items():
            setattr(room, name, value(event))

    return change


def _take(room: Room, event: Any) -> None:
    for place in event.places:
        room.taken[place] = event.placement_id


def _occupy(room: Room, event: Any) -> None:
    _take(room, event)
    room.staying.add(event.placement_id)


def _vacate(room: Room, event: Any) -> None:
    for place in event.places:
        if room.taken.get(place) == event.placement_id:
            del room.taken[place]
    room.staying.discard(event.placement_id)


def _keep(room: Room, event: Any) -> None:
    room.founded[type(event).__name__] = event


_APPLY: dict[type[Event], Callable[[Room, Any], None]] = {
    PlacementRequested: _set(request=lambda event: event),
    SearchConsented: _set(consent=lambda _: True),
    CandidatesRanked: lambda _room, _event: None,
    HoldPlaced: _hold,
    DecisionTaken: _offer(decided=lambda _: True),
    OfferSent: _offer(state=lambda _: "SENT", sent=lambda _: True, deadline=lambda event: event.deadline),
    ConversationOpened: _offer(until=lambda event: event.until),
    OfferAccepted: _offer(state=lambda _: "ACCEPTED", channel=lambda event: event.channel),
    WomanAccepted: _set(woman_accepted=lambda _: True),
    HouseholdAdmitted: _set(admitted=lambda _: True),
    HouseholdDischarged: _set(hold=lambda _: None),
    PlacementEnded: _set(outcome=lambda event: event.outcome),
    UnitHeld: _take,
    UnitOccupied: _occupy,
    UnitVacated: _vacate,
    CaseOpened: lambda _room, _event: None,
    CaseBound: _set(open_placement=lambda event: event.placement_id),
    CaseUnbound: _set(open_placement=lambda _: None),
}


def _event_class(kind: type[Event]) -> type[Any]:
    names = {field.name: field.type for field in dataclasses.fields(kind)}
    apply = _APPLY[kind]
    members = {
        "__annotations__": names,
        "__module__": __name__,
        "apply": lambda event, room: apply(room, event),
    }
    metaclass: Any = type(Aggregate.Event)
    made: type[Any] = metaclass(f"Library{kind.__name__}", (Aggregate.Event,), members)
    register_topic(kind.TOPIC, made)
    return made


_FOUNDING = (
    NetworkBorn,
    DistrictAdded,
    MemberJoined,
    LevelDefined,
    RequestAuthoritySet,
    PolicyAdopted,
    ZoneDrawn,
    RotaAdopted,
    DeskOpened,
    DeskValueKept,
    ShelterRegistered,
    AgreementSigned,
    IntakePolicySet,
    UnitRegistered,
    AvailabilityPublished,
    InventoryOpened,
)
_APPLY.update(dict.fromkeys(_FOUNDING, _keep))
_CLASSES = {kind: _event_class(kind) for kind in _APPLY}


def mapper() -> Mapper[UUID]:
    """The library's mapper over its JSON transcoder."""
    transcoder = JSONTranscoder()
    for transcoding in (UUIDAsHex(), DatetimeAsISO(), _Date(), *map(_Value, _VALUES), *map(_Code, _CODES)):
        transcoder.register(transcoding)
    return Mapper(transcoder)


def as_library_events(rows: Sequence[StoredRow], through: Mapper[UUID]) -> list[StoredEvent]:
    """The same facts as the library stores them."""
    return [through.to_stored_event(_as_library(row)) for row in rows]


def _as_library(row: StoredRow) -> Any:
    event = codec.decode(row.topic, row.state)
    values = {field.name: _coded(getattr(event, field.name)) for field in dataclasses.fields(event)}
    return _CLASSES[type(event)](
        originator_id=row.stream, originator_version=row.version, timestamp=row.recorded_at, **values
    )
