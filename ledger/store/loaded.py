"""The world a decision reads, made of two parts: streams folded from the store, and the places index where
one is given.

Whatever the decision asks for and got is remembered with its version; `read()` gives it back as guards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar
from uuid import UUID

from domain import case, desk, inquiry, network, shelter, unit
from domain.case import CaseState
from domain.desk import DeskState
from domain.event import Event, folded
from domain.inquiry import InquiryState
from domain.matching.places import Places
from domain.network import NetworkState
from domain.placement import state as placement
from domain.placement.state import PlacementState
from domain.shelter import ShelterState
from domain.unit import UnitState
from domain.vocabulary import CaseId, DeskId, InquiryId, NetworkId, PlacementId, ShelterId, UnitId
from domain.world import NotRead
from ledger.store import codec
from ledger.store.port import StoredRow

_State = TypeVar("_State")


class PlacesView(Protocol):
    """Every place at one position, as `projections.places_index` keeps it."""

    @property
    def places(self) -> Places: ...


class Loaded:
    """Keeps `domain.world.World`. Units, shelters, desks and open placements come from the view where there
    is one, so that all of them are as of one position; anything else is folded from its stream."""

    def __init__(self, network_id: NetworkId, view: PlacesView | None = None) -> None:
        self._view = view
        self._network_id = network_id
        self._streams: dict[UUID, tuple[tuple[Event, ...], int]] = {}
        self._read: dict[UUID, int] = {}

    def begin(self) -> None:
        """A decision starts (again): what it will have read is not known yet."""
        self._read.clear()

    def sees(self, stream: UUID) -> bool:
        """Whether the view has this stream, so that it need not be read."""
        return self._view is not None and stream in self._view.places.versions

    def add(self, streams: Mapping[UUID, tuple[StoredRow, ...]]) -> None:
        """Take in streams as they were read; an absent stream is at version 0."""
        for stream, rows in streams.items():
            events = tuple(codec.decode(row.topic, row.state) for row in rows)
            self._streams[stream] = events, rows[-1].version if rows else 0

    def version(self, stream: UUID) -> int:
        """The version the decision saw, 0 for a stream it creates."""
        return self._read.get(stream, 0)

    def read(self) -> tuple[tuple[UUID, int], ...]:
        """Every stream the decision saw, with its version."""
        return tuple(self._read.items())

    def network(self) -> NetworkState:
        places = self._places()
        if places is not None:
            return self._seen(self._network_id, places.network, places)
        return self._fold(self._network_id, "network", network.initial, network.evolve)

    def shelter(self, shelter_id: ShelterId) -> ShelterState:
        places = self._places()
        if places is not None and shelter_id in places.shelters:
            return self._seen(shelter_id, places.shelters[shelter_id], places)
        return self._fold(shelter_id, "shelter", shelter.initial, shelter.evolve)

    def unit(self, unit_id: UnitId) -> UnitState:
        places = self._places()
        if places is not None and unit_id in places.units:
            return self._seen(unit_id, places.units[unit_id], places)
        return self._fold(unit_id, "unit", unit.initial, unit.evolve)

    def units_of(self, shelter_id: ShelterId) -> tuple[UnitId, ...]:
        assert self._view is not None, "which units a shelter has is known to the places index"
        return tuple(self._view.places.by_shelter.get(shelter_id, ()))

    def case(self, case_id: CaseId) -> CaseState:
        return self._fold(case_id, "case", case.initial, case.evolve)

    def placement(self, placement_id: PlacementId) -> PlacementState:
        places = self._places()
        if places is not None and placement_id in places.placements:
            return self._seen(placement_id, places.placements[placement_id], places)
        return self._fold(placement_id, "placement", placement.initial, placement.evolve)

    def desk(self, desk_id: DeskId) -> DeskState:
        places = self._places()
        if places is not None and desk_id in places.desks:
            return self._seen(desk_id, places.desks[desk_id], places)
        return self._fold(desk_id, "desk", desk.initial, desk.evolve)

    def inquiry(self, inquiry_id: InquiryId) -> InquiryState:
        return self._fold(inquiry_id, "inquiry", inquiry.initial, inquiry.evolve)

    def _places(self) -> Places | None:
        return self._view.places if self._view is not None else None

    def _seen(self, stream: UUID, state: _State, places: Places) -> _State:
        self._read[stream] = places.versions.get(stream, 0)
        return state

    def _fold(
        self, stream: UUID, kind: str, initial: _State, evolve: Callable[[_State, Any], _State]
    ) -> _State:
        if stream not in self._streams:
            raise NotRead(stream)
        events, version = self._streams[stream]
        self._read[stream] = version
        return folded(kind, events, initial, evolve)
