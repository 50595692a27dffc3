"""The world in which a network is founded: what has been decided so far, and nothing else.

`Founding` applies each event it decides and asks the domain's next decision on what has become of it.
"""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from domain import case, desk, inquiry, network, shelter, unit
from domain.case import CaseState
from domain.desk import DeskState
from domain.inquiry import InquiryState
from domain.network import NetworkState
from domain.placement import state as placement
from domain.placement.state import PlacementState
from domain.shelter import ShelterState
from domain.unit import UnitState
from domain.vocabulary import CaseId, DeskId, InquiryId, PlacementId, ShelterId, UnitId


class FoundedSoFar:
    """Keeps `domain.world.World` over what has been decided so far; nothing else exists."""

    def __init__(self) -> None:
        self.network_state = network.initial
        self._shelters: dict[UUID, ShelterState] = {}
        self._units: dict[UUID, UnitState] = {}
        self._desks: dict[UUID, DeskState] = {}
        self._versions: Counter[UUID] = Counter()

    def apply(self, stream: UUID, event: object) -> None:
        self._versions[stream] += 1
        if isinstance(event, network.NetworkEvent):
            self.network_state = network.evolve(self.network_state, event)
        elif isinstance(event, shelter.ShelterEvent):
            self._shelters[stream] = shelter.evolve(self.shelter(ShelterId(stream)), event)
        elif isinstance(event, unit.UnitEvent):
            self._units[stream] = unit.evolve(self.unit(UnitId(stream)), event)
        elif isinstance(event, desk.DeskEvent):
            self._desks[stream] = desk.evolve(self.desk(DeskId(stream)), event)

    def network(self) -> NetworkState:
        return self.network_state

    def shelter(self, shelter_id: ShelterId) -> ShelterState:
        return self._shelters.get(shelter_id, shelter.initial)

    def unit(self, unit_id: UnitId) -> UnitState:
        return self._units.get(unit_id, unit.initial)

    def units_of(self, shelter_id: ShelterId) -> tuple[UnitId, ...]:
        return tuple(
            UnitId(each)
            for each, state in self._units.items()
            if state.registered is not None and state.registered.shelter_id == shelter_id
        )

    def case(self, case_id: CaseId) -> CaseState:  # noqa: ARG002 - there are no cases yet
        return case.initial

    def placement(self, placement_id: PlacementId) -> PlacementState:  # noqa: ARG002 - nor placements
        return placement.initial

    def desk(self, desk_id: DeskId) -> DeskState:
        return self._desks.get(desk_id, desk.initial)

    def inquiry(self, inquiry_id: InquiryId) -> InquiryState:  # noqa: ARG002 - nor inquiries
        return inquiry.initial

    def version(self, stream: UUID) -> int:
        return self._versions[stream]
