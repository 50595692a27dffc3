"""What happened in a house outside the engine: never refused, it displaces holds and stands beside stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import ReleaseCause
from domain.coordination.holding import free_units, standing_hold
from domain.placement.events import HoldDisplaced
from domain.refusals import Refusal
from domain.unit import OccupiedOutsideEngine
from domain.vocabulary import OccupancyId, PlaceId, PlacementId, UnitId
from domain.world import NOTHING, Context, Decided, Draft, World


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordOutsideOccupancy:
    """Guests the engine did not send are in these places."""

    unit_id: UnitId
    occupancy_id: OccupancyId
    places: tuple[PlaceId, ...]
    occurred_at: datetime


def record_outside_occupancy(command: RecordOutsideOccupancy, world: World, context: Context) -> Decided:
    """Take the places, all of them in an exclusive unit. A hold on any of them is displaced, whole; where a
    stay stands, the place is only noted as contested, for a person to resolve.

    Refuses: UNIT_UNKNOWN, PLACE_UNKNOWN, OCCURRED_IN_THE_FUTURE.
    """
    unit = world.unit(command.unit_id)
    if unit.registered is None:
        return Refusal.UNIT_UNKNOWN
    if not command.places or not set(command.places) <= set(unit.place_ids):
        return Refusal.PLACE_UNKNOWN
    if command.occurred_at > context.now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if command.occupancy_id in unit.guests or command.occupancy_id in unit.departed:
        return NOTHING
    wanted = unit.whole(command.places)
    lived_in = {place for place, holder in unit.taken.items() if holder in unit.staying}
    draft = Draft()
    for holder in unit.holders_of(wanted):
        if holder not in unit.staying:
            displace(PlacementId(holder), command.occupancy_id, world, draft)
    draft.add(
        command.unit_id,
        OccupiedOutsideEngine(
            occupancy_id=command.occupancy_id,
            places=tuple(place for place in wanted if place not in lived_in),
            contested=tuple(place for place in wanted if place in lived_in and place in command.places),
            occurred_at=command.occurred_at,
        ),
    )
    return draft.decision()


def displace(placement_id: PlacementId, occupancy_id: OccupancyId, world: World, draft: Draft) -> None:
    """End a hold, whole: somebody is really in its places."""
    offer = standing_hold(world.placement(placement_id))
    draft.add(placement_id, HoldDisplaced(offer_id=offer.offer_id, occupancy_id=occupancy_id))
    free_units(placement_id, offer, ReleaseCause.DISPLACED_BY_REALITY, world, draft)
