"""Every place as of one position of the log: the fold that rankers read.

`Places` reflects exactly one position and carries the version of every unit, shelter and holding placement
there; a hold's expected versions come from it and from no later read. It is fed by whoever follows the log
(`projections.places_index`, replay), in order and without gaps.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from domain import network, shelter, unit
from domain.event import Event
from domain.matching.vacancy import Vacancy, vacancy_of
from domain.network import NetworkEvent, NetworkState
from domain.placement import state as placement
from domain.placement.events import PlacementEvent, PlacementRequested
from domain.placement.state import OfferState, Phase, PlacementState
from domain.shelter import ShelterEvent, ShelterState
from domain.unit import UnitEvent, UnitRegistered, UnitState
from domain.vocabulary import PlacementId, ShelterId, UnitId


class Places:
    """The network, its shelters and units, and the placements that are under way, at `position`."""

    def __init__(self) -> None:
        self.position = 0
        self.network: NetworkState = network.initial
        self.shelters: dict[ShelterId, ShelterState] = {}
        self.units: dict[UnitId, UnitState] = {}
        """In the order of registration in the log: bit i of a certificate's bitmaps is the i-th of these."""
        self.vacancies: dict[UnitId, Vacancy] = {}
        """The same units in the same order, as rankers read them."""
        self.placements: dict[PlacementId, PlacementState] = {}
        """Open placements only: an ended one leaves."""
        self.searching: dict[PlacementId, None] = {}
        """Those that have lost their hold and may go on: somebody is to search for them again."""
        self.due: dict[PlacementId, datetime] = {}
        """When each hold that nobody has accepted yet becomes overdue."""
        self.versions: dict[UUID, int] = {}
        self.by_shelter: dict[ShelterId, list[UnitId]] = {}

    def apply(self, stream: UUID, version: int, position: int, event: Event) -> None:
        """Take in the next event of the log."""
        assert position > self.position, "the log is read in order"
        match event.KIND:
            case "unit":
                self._apply_unit(UnitId(stream), cast(UnitEvent, event))
            case "shelter":
                state = self.shelters.get(ShelterId(stream), shelter.initial)
                self.shelters[ShelterId(stream)] = shelter.evolve(state, cast(ShelterEvent, event))
            case "placement":
                self._apply_placement(PlacementId(stream), cast(PlacementEvent, event))
            case "network":
                self.network = network.evolve(self.network, cast(NetworkEvent, event))
            case _:
                pass
        self.position = position
        if stream in self.placements or event.KIND in ("unit", "shelter", "network"):
            self.versions[stream] = version

    def _apply_unit(self, unit_id: UnitId, event: UnitEvent) -> None:
        if isinstance(event, UnitRegistered):
            self.by_shelter.setdefault(event.shelter_id, []).append(unit_id)
        state = self.units[unit_id] = unit.evolve(self.units.get(unit_id, unit.initial), event)
        if state.registered is not None:
            self.vacancies[unit_id] = vacancy_of(unit_id, state)

    def _apply_placement(self, placement_id: PlacementId, event: PlacementEvent) -> None:
        if placement_id not in self.placements and not isinstance(event, PlacementRequested):
            return  # it has ended: what is still recorded of it concerns no place
        state = placement.evolve(self.placements.get(placement_id, placement.initial), event)
        self._note(placement_id, state)
        if state.outcome is None:
            self.placements[placement_id] = state
        else:
            self.placements.pop(placement_id, None)
            self.versions.pop(placement_id, None)

    def _note(self, placement_id: PlacementId, state: PlacementState) -> None:
        """What has to be found among all placements without looking at each."""
        held = state.held
        if state.phase is Phase.SEARCHING:
            self.searching[placement_id] = None
        else:
            self.searching.pop(placement_id, None)
        if held is not None and not state.admitted and held.state is not OfferState.ACCEPTED:
            self.due[placement_id] = held.due_at
        else:
            self.due.pop(placement_id, None)
