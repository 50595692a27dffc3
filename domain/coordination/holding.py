"""Taking and giving back the places of a hold: what every family of commands does in the same way.

All units of a hold lie in one shelter and are taken all at once or not at all. The shelter and its other
units are read, so that they guard the append: nothing in the house can change unseen while a household is
being placed in it.
"""

from __future__ import annotations

from typing import Protocol

from domain import unit
from domain.codes import ReleaseCause
from domain.placement.events import HoldExpired, HoldPlaced, HoldReleased
from domain.placement.state import Offer, PlacementState
from domain.policy import offer_deadline
from domain.vocabulary import HeldUnit, OfferId, PlacementId, ShelterId, Urgency
from domain.world import Context, Draft, World


class Holdable(Protocol):
    """What can be held: units of one house, and the overdue holds of others that end for it."""

    @property
    def shelter_id(self) -> ShelterId: ...
    @property
    def units(self) -> tuple[HeldUnit, ...]: ...
    @property
    def expires(self) -> tuple[PlacementId, ...]: ...


def hold_candidate(
    placement_id: PlacementId,
    urgency: Urgency,
    candidate: Holdable,
    world: World,
    context: Context,
    draft: Draft,
) -> OfferId:
    """Hold a candidate, ending the overdue holds it needs in the same append. The id of its offer."""
    guard_house(candidate.shelter_id, world)
    offer_id = OfferId(context.new_id())
    draft.add(
        placement_id,
        HoldPlaced(
            offer_id=offer_id,
            shelter_id=candidate.shelter_id,
            units=candidate.units,
            deadline=offer_deadline(context.policy, urgency, context.now, context.zone),
        ),
    )
    for overdue in candidate.expires:
        _expire(overdue, placement_id, world, draft)
    for held in candidate.units:
        draft.add(held.unit_id, unit.hold(placement_id, held))
    return offer_id


def guard_house(shelter_id: ShelterId, world: World) -> None:
    """Read the shelter and all its units."""
    world.shelter(shelter_id)
    for unit_id in world.units_of(shelter_id):
        world.unit(unit_id)


def free_units(
    placement_id: PlacementId, offer: Offer, cause: ReleaseCause, world: World, draft: Draft
) -> None:
    """Give back every place of a hold."""
    for held in offer.units:
        world.unit(held.unit_id)
        draft.add(held.unit_id, unit.release(placement_id, held, cause))


def release_hold(
    placement_id: PlacementId, state: PlacementState, cause: ReleaseCause, world: World, draft: Draft
) -> None:
    """End the hold that stands and give back its places."""
    held = standing_hold(state)
    draft.add(placement_id, HoldReleased(offer_id=held.offer_id, cause=cause))
    free_units(placement_id, held, cause, world, draft)


def standing_hold(state: PlacementState) -> Offer:
    assert state.held is not None, "the caller has seen that a hold stands"
    return state.held


def _expire(overdue: PlacementId, needed_by: PlacementId, world: World, draft: Draft) -> None:
    offer = standing_hold(world.placement(overdue))
    draft.add(overdue, HoldExpired(offer_id=offer.offer_id, needed_by=needed_by))
    free_units(overdue, offer, ReleaseCause.EXPIRED_FOR_ANOTHER, world, draft)
