"""A person decides to go on after a search had stopped: the decision and the new search, in one append."""

from __future__ import annotations

from domain.case import CaseState
from domain.coordination.requesting import SearchAgain, search_again
from domain.matching.places import Places
from domain.network import NetworkState
from domain.placement.events import SearchResumed
from domain.placement.state import PlacementState, evolve
from domain.refusals import Refusal
from domain.shelter import ShelterState
from domain.unit import UnitState
from domain.vocabulary import CaseId, PlacementId, ShelterId, UnitId
from domain.world import Context, Decided, Decision, World


def resume_and_search(command: SearchAgain, world: World, context: Context, places: Places) -> Decided:
    """As `search_again`, once the stop is lifted; where nothing had stopped, the same. A hold that stands
    (the no was to an earlier offer) stays, and its offer can be sent again.

    Refuses: PLACEMENT_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED.
    """
    if not world.placement(command.placement_id).stopped:
        return search_again(command, world, context, places)
    decided = search_again(command, _Resumed(world, command.placement_id), context, places)
    if decided is Refusal.HOLD_STANDS:
        return Decision(events={command.placement_id: (SearchResumed(),)})
    if isinstance(decided, Refusal):
        return decided
    found = decided.events.get(command.placement_id, ())
    return Decision(events={**decided.events, command.placement_id: (SearchResumed(), *found)})


class _Resumed:
    """Keeps `domain.world.World`: as it will be once this placement's search is resumed."""

    def __init__(self, world: World, placement_id: PlacementId) -> None:
        self._world = world
        self._placement_id = placement_id

    def network(self) -> NetworkState:
        return self._world.network()

    def shelter(self, shelter_id: ShelterId) -> ShelterState:
        return self._world.shelter(shelter_id)

    def unit(self, unit_id: UnitId) -> UnitState:
        return self._world.unit(unit_id)

    def units_of(self, shelter_id: ShelterId) -> tuple[UnitId, ...]:
        return self._world.units_of(shelter_id)

    def case(self, case_id: CaseId) -> CaseState:
        return self._world.case(case_id)

    def placement(self, placement_id: PlacementId) -> PlacementState:
        state = self._world.placement(placement_id)
        resumed = placement_id == self._placement_id and state.request is not None
        return evolve(state, SearchResumed()) if resumed else state
