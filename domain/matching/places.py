"""Every place as of one position of the log: the fold that rankers read.

`Places` reflects exactly one position and carries the version of every unit, shelter and holding placement
there; a hold's expected versions come from it and from no later read. It is fed by whoever follows the log
(`projections.places_index`, replay), in order and without gaps.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime
from typing import cast
from uuid import UUID

from domain import desk, network, shelter, unit
from domain.desk import DeskEvent, DeskState
from domain.event import Event
from domain.matching.vacancy import Vacancy, vacancy_of
from domain.network import NetworkEvent, NetworkState
from domain.placement import state as placement
from domain.placement.events import (
    HouseholdRevised,
    HouseholdSplitAgreed,
    MayBeAskedAgain,
    PlacementEvent,
    PlacementRequested,
    RiskAssessed,
    SafetyRevised,
    UrgencyChanged,
)
from domain.placement.state import OfferState, Phase, PlacementState
from domain.shelter import ShelterEvent, ShelterState
from domain.unit import (
    InventoryOpened,
    TermsDeclared,
    UnitEvent,
    UnitRegistered,
    UnitReleased,
    UnitState,
    UnitVacated,
    VacatedOutsideEngine,
)
from domain.vocabulary import CaseId, DeskId, PlacementId, ShelterId, UnitId

_LOOSENING = (
    UnitRegistered,
    InventoryOpened,
    TermsDeclared,
    UnitReleased,
    UnitVacated,
    VacatedOutsideEngine,
    UrgencyChanged,
    RiskAssessed,
    HouseholdRevised,
    HouseholdSplitAgreed,
    SafetyRevised,
    MayBeAskedAgain,
)
_VERSIONED = ("unit", "shelter", "network", "desk")


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
        self.under_way: dict[PlacementId, None] = {}
        """Those whose household has not arrived anywhere yet."""
        self.waiting: dict[PlacementId, None] = {}
        """Those that seek a place and have none; a search stopped for a person is not among them."""
        self.pending: dict[ShelterId, int] = {}
        """How many households hold places in each house and have not arrived."""
        self.by_house: dict[ShelterId, dict[PlacementId, None]] = {}
        """The open placements that have places in each house, held or lived in; no ranker reads it."""
        self.by_case: dict[CaseId, PlacementId] = {}
        """The open placement of each case that has one."""
        self.keeping_apart: dict[PlacementId, None] = {}
        """Those who must not share a house with somebody."""
        self.loosened = 0
        """The last position at which a request that waits may have gained a place."""
        self.moved = 0
        """The last position at which something was recorded of a placement under way."""
        self.turned = 0
        """The last position at which a placement began or ceased to wait, or waits for something else."""
        self.due: dict[PlacementId, datetime] = {}
        """When each hold that nobody has accepted yet becomes overdue."""
        self.changed_units: set[UnitId] = set()
        self.changed_houses: set[ShelterId] = set()
        """What has changed since a faster ranker last looked; it empties both."""
        self.desks: dict[DeskId, DeskState] = {}
        """Where houses, services and neighbours are reached; no ranker reads it."""
        self.versions: dict[UUID, int] = {}
        self.by_shelter: dict[ShelterId, list[UnitId]] = {}

    def apply(self, stream: UUID, version: int, position: int, event: Event) -> None:
        """Take in the next event of the log."""
        assert position > self.position, "the log is read in order"
        match event.KIND:
            case "unit":
                self._apply_unit(UnitId(stream), position, cast(UnitEvent, event))
            case "shelter":
                state = self.shelters.get(ShelterId(stream), shelter.initial)
                self.shelters[ShelterId(stream)] = shelter.evolve(state, cast(ShelterEvent, event))
                self.changed_houses.add(ShelterId(stream))
            case "placement":
                self._apply_placement(PlacementId(stream), position, cast(PlacementEvent, event))
            case "network":
                self.network = network.evolve(self.network, cast(NetworkEvent, event))
            case "desk":
                reached = self.desks.get(DeskId(stream), desk.initial)
                self.desks[DeskId(stream)] = desk.evolve(reached, cast(DeskEvent, event))
            case _:
                pass
        self.position = position
        if event.KIND in ("shelter", "network") or isinstance(event, _LOOSENING):
            self.loosened = position
        if stream in self.placements or event.KIND in _VERSIONED:
            self.versions[stream] = version

    def _apply_unit(self, unit_id: UnitId, position: int, event: UnitEvent) -> None:
        if isinstance(event, UnitRegistered):
            self.by_shelter.setdefault(event.shelter_id, []).append(unit_id)
        before = self.units.get(unit_id, unit.initial)
        state = self.units[unit_id] = unit.evolve(before, event)
        if state.open_places - before.open_places:
            self.loosened = position  # most publications say what was known
        if state.registered is not None:
            self.vacancies[unit_id] = vacancy_of(unit_id, state)
            self.changed_units.add(unit_id)

    def _apply_placement(self, placement_id: PlacementId, position: int, event: PlacementEvent) -> None:
        if placement_id not in self.placements and not isinstance(event, PlacementRequested):
            return  # it has ended: what is still recorded of it concerns no place
        before = self.placements.get(placement_id, placement.initial)
        state = placement.evolve(before, event)
        was_waiting = placement_id in self.waiting
        self._note(placement_id, state)
        if was_waiting and placement_id not in self.waiting:
            self.loosened = position  # what was owed to it is free
        if not (before.admitted and state.admitted):
            self.moved = position
        if _waits_for(before) != _waits_for(state):
            self.turned = position
        self._count_pending(before, -1)
        self._count_pending(state, 1)
        self._note_house(placement_id, before, state)
        if state.outcome is None:
            self.placements[placement_id] = state
        else:
            self.placements.pop(placement_id, None)
            self.versions.pop(placement_id, None)
            self._forget(placement_id, state)

    def forked(self) -> Places:
        """The same places, which from here on go their own way."""
        other = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, dict | set):
                setattr(other, name, value.copy())
        other.by_house = {house: there.copy() for house, there in self.by_house.items()}
        other.by_shelter = {house: list(units) for house, units in self.by_shelter.items()}
        return other

    def houses_to_avoid(self, requested: PlacementRequested) -> frozenset[ShelterId]:
        """Houses where she must not be: a conflict of interest, or somebody there to be kept apart from."""
        near = [self.by_case[case] for case in requested.apart_from if case in self.by_case]
        near += [each for each in self.keeping_apart if requested.case_id in self._apart_from(each)]
        held = (self.placements[each].held for each in near)
        return frozenset(requested.houses_barred).union(
            offer.shelter_id for offer in held if offer is not None
        )

    def overdue(self, now: datetime) -> frozenset[PlacementId]:
        """Placements whose hold is overdue at an instant."""
        return frozenset(holder for holder, due in self.due.items() if now > due)

    def _apart_from(self, placement_id: PlacementId) -> tuple[CaseId, ...]:
        requested = self.placements[placement_id].request
        return requested.apart_from if requested is not None else ()

    def _count_pending(self, state: PlacementState, change: int) -> None:
        held = state.held
        if held is not None and not state.admitted and state.outcome is None:
            count = self.pending.get(held.shelter_id, 0) + change
            self.pending[held.shelter_id] = count
            self.changed_houses.add(held.shelter_id)

    def _note_house(self, placement_id: PlacementId, before: PlacementState, state: PlacementState) -> None:
        was, now = _house_of(before), _house_of(state)
        if was == now:
            return
        if was is not None:
            del self.by_house[was][placement_id]
        if now is not None:
            self.by_house.setdefault(now, {})[placement_id] = None

    def _forget(self, placement_id: PlacementId, state: PlacementState) -> None:
        self.keeping_apart.pop(placement_id, None)
        self.due.pop(placement_id, None)
        if state.request is not None:
            self.by_case.pop(state.request.case_id, None)

    def _note(self, placement_id: PlacementId, state: PlacementState) -> None:
        """What has to be found among all placements without looking at each."""
        held, requested = state.held, state.request
        _keep(self.searching, placement_id, state.phase is Phase.SEARCHING)
        _keep(self.waiting, placement_id, state.seeks)
        _keep(self.under_way, placement_id, not state.admitted and state.outcome is None)
        if requested is not None:
            self.by_case[requested.case_id] = placement_id
            _keep(self.keeping_apart, placement_id, bool(requested.apart_from))
        if held is not None and not state.admitted and held.state is not OfferState.ACCEPTED:
            self.due[placement_id] = held.due_at
        else:
            self.due.pop(placement_id, None)


def _house_of(state: PlacementState) -> ShelterId | None:
    held = state.held
    return held.shelter_id if held is not None and state.outcome is None else None


def _waits_for(state: PlacementState) -> tuple[bool, bool, bool, frozenset[UnitId]]:
    return state.seeks, state.waiting, state.stopped, state.not_to_ask


def _keep(known: dict[PlacementId, None], placement_id: PlacementId, wanted: bool) -> None:
    if wanted:
        known[placement_id] = None
    else:
        known.pop(placement_id, None)
