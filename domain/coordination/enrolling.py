"""Bringing houses and units into the network: a house names a known member and Ambito, a unit a known house
and level.
"""

from __future__ import annotations

from domain import shelter, unit
from domain.coordination.naming import undrawn_zone
from domain.matching.places import Places
from domain.refusals import Refusal
from domain.shelter import RegisterShelter
from domain.unit import RegisterUnit
from domain.vocabulary import ShelterId, UnitId
from domain.world import Context, Decided, World, on_stream


def register_shelter(
    shelter_id: ShelterId, command: RegisterShelter, world: World, context: Context
) -> Decided:
    """Refuses: NETWORK_NOT_BORN, DISTRICT_UNKNOWN, MEMBER_UNKNOWN, then what the shelter itself refuses."""
    network = world.network()
    if network.born is None:
        return Refusal.NETWORK_NOT_BORN
    if not network.has_district(command.district_id):
        return Refusal.DISTRICT_UNKNOWN
    if not network.has_member(command.member_id):
        return Refusal.MEMBER_UNKNOWN
    return on_stream(shelter_id, shelter.decide(command, world.shelter(shelter_id), context.now))


def register_unit(unit_id: UnitId, command: RegisterUnit, world: World, context: Context) -> Decided:
    """Refuses: SHELTER_UNKNOWN, LEVEL_UNKNOWN, ZONE_UNKNOWN, then what the unit itself refuses."""
    if world.shelter(command.shelter_id).registered is None:
        return Refusal.SHELTER_UNKNOWN
    if world.network().level(command.level) is None:
        return Refusal.LEVEL_UNKNOWN
    if (refusal := undrawn_zone(command.unsuitable_zones, world.network())) is not None:
        return refusal
    return on_stream(unit_id, unit.decide(command, world.unit(unit_id), context.now))


def enrol_shelter(
    shelter_id: ShelterId, command: RegisterShelter, world: World, context: Context, places: Places
) -> Decided:
    """As `register_shelter`, in a network under way. Refuses: CODE_ALREADY_USED where another house has the
    code, then what `register_shelter` refuses. Two at the same moment can still both have it.
    """
    houses = places.shelters.values()
    if any(house.registered is not None and house.registered.code == command.code for house in houses):
        return Refusal.CODE_ALREADY_USED
    return register_shelter(shelter_id, command, world, context)


def enrol_unit(
    unit_id: UnitId, command: RegisterUnit, world: World, context: Context, places: Places
) -> Decided:
    """As `register_unit`, in a network under way. Refuses: CODE_ALREADY_USED where another unit of the house
    has the code, then what `register_unit` refuses. Two at the same moment can still both have it.
    """
    rooms = (places.units[known] for known in places.by_shelter.get(command.shelter_id, ()))
    if any(room.registered is not None and room.registered.code == command.code for room in rooms):
        return Refusal.CODE_ALREADY_USED
    return register_unit(unit_id, command, world, context)
