"""What is really open, learned by voice: the house's word is corrected, and holds on places that turn out not
to be open are given back in the same append.
"""

from __future__ import annotations

from domain import unit
from domain.codes import ReleaseCause
from domain.coordination.holding import release_hold, standing_hold
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.unit import CorrectAvailability, UnitState
from domain.vocabulary import HeldUnit, PlaceId, PlaceKind, PlacementId, UnitId
from domain.world import NOTHING, Context, Decided, Draft, World


def correct_availability(
    unit_id: UnitId, command: CorrectAvailability, world: World, context: Context
) -> Decided:
    """A hold goes when too few of its places are open for the household to sleep in; a stay never does.

    Refuses: UNIT_UNKNOWN, PLACE_UNKNOWN, PLACE_REPEATED, OCCURRED_IN_THE_FUTURE, OLDER_THAN_KNOWN.
    """
    room = world.unit(unit_id)
    corrected = unit.decide(command, room, context.now)
    if isinstance(corrected, Refusal):
        return corrected
    draft = Draft()
    draft.add(unit_id, *corrected)
    for holder in room.holders_of(room.place_ids):
        if holder not in room.staying:
            _give_back_unless_enough(PlacementId(holder), unit_id, command, world, draft)
    decision = draft.decision()
    return decision if decision.each() else NOTHING


def _give_back_unless_enough(
    placement_id: PlacementId, unit_id: UnitId, command: CorrectAvailability, world: World, draft: Draft
) -> None:
    state = world.placement(placement_id)
    if not _is_enough(state, unit_id, command, world):
        release_hold(placement_id, state, ReleaseCause.NOT_REALLY_FREE, world, draft)


def _is_enough(state: PlacementState, unit_id: UnitId, command: CorrectAvailability, world: World) -> bool:
    """Cots for infants as far as they go, beds for the rest, over all units of the hold."""
    assert state.request is not None
    beds = cots = 0
    for one in standing_hold(state).units:
        room = world.unit(one.unit_id)
        is_open = frozenset(command.open_places) if one.unit_id == unit_id else room.open_places
        beds += _open_of(room, PlaceKind.BED, one, is_open)
        cots += _open_of(room, PlaceKind.COT, one, is_open)
    household = state.request.household
    return household.people - min(household.infants, cots) <= beds


def _open_of(room: UnitState, kind: PlaceKind, held: HeldUnit, is_open: frozenset[PlaceId]) -> int:
    assert room.registered is not None
    return sum(
        place.kind is kind and place.place_id in held.places and place.place_id in is_open
        for place in room.registered.places
    )
