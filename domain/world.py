"""What a decision over several aggregates sees, and what it returns.

`World` gives the states that were read, each with the version it was read at. A decision that needs a stream
not yet read raises `NotRead`; the caller reads it and decides again: deciding is pure, so running it twice
changes nothing. Every stream that was read and is not written guards the append.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.case import CaseState
from domain.desk import DeskState
from domain.event import Event
from domain.inquiry import InquiryState
from domain.network import NetworkState
from domain.placement.state import PlacementState
from domain.policy import Policy
from domain.refusals import Refusal
from domain.shelter import ShelterState
from domain.unit import UnitState
from domain.vocabulary import CaseId, DeskId, InquiryId, NetworkId, NewId, PlacementId, ShelterId, UnitId


class NotRead(Exception):
    """A decision needs streams that have not been read yet."""

    def __init__(self, *streams: UUID) -> None:
        super().__init__(*streams)
        self.streams = streams


class World(Protocol):
    """The states a decision may ask for. An unknown stream gives the aggregate's initial state. Raises
    `NotRead`.
    """

    def network(self) -> NetworkState: ...
    def shelter(self, shelter_id: ShelterId) -> ShelterState: ...
    def unit(self, unit_id: UnitId) -> UnitState: ...
    def units_of(self, shelter_id: ShelterId) -> tuple[UnitId, ...]: ...
    def case(self, case_id: CaseId) -> CaseState: ...
    def placement(self, placement_id: PlacementId) -> PlacementState: ...
    def desk(self, desk_id: DeskId) -> DeskState: ...
    def inquiry(self, inquiry_id: InquiryId) -> InquiryState: ...
    def version(self, stream: UUID) -> int:
        """How many events of a stream the decision has seen; 0 for one it has not read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What every decision is given besides the world: the instant, the network's rules and its id source."""

    network_id: NetworkId
    now: datetime
    policy: Policy
    zone: ZoneInfo
    new_id: NewId


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Events per stream, in the order they become true; streams in the order they are written. None at all:
    already done.
    """

    events: Mapping[UUID, tuple[Event, ...]] = field(default_factory=dict)

    def each(self) -> list[tuple[UUID, Event]]:
        return [(stream, event) for stream, events in self.events.items() for event in events]


NOTHING = Decision()
Decided = Decision | Refusal


class Draft:
    """A decision being written: events are added per stream, in the order they become true."""

    def __init__(self) -> None:
        self._events: dict[UUID, list[Event]] = {}

    def add(self, stream: UUID, *events: Event) -> None:
        self._events.setdefault(stream, []).extend(events)

    def on(self, stream: UUID) -> tuple[Event, ...]:
        """What is written on a stream so far."""
        return tuple(self._events.get(stream, ()))

    def decision(self) -> Decision:
        return Decision(events={stream: tuple(events) for stream, events in self._events.items()})


def on_stream(stream: UUID, decided: tuple[Event, ...] | Refusal) -> Decided:
    """One aggregate's own answer as a decision."""
    if isinstance(decided, Refusal):
        return decided
    return Decision(events={stream: decided}) if decided else NOTHING
