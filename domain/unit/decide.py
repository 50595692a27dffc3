"""What follows from a command on one unit alone, and what a hold and its end are on it."""

from __future__ import annotations

from datetime import datetime

from domain.codes import ReleaseCause
from domain.refusals import Refusal
from domain.unit.commands import (
    CorrectAvailability,
    DeclareTerms,
    EndOutsideOccupancy,
    OpenInventory,
    PublishAvailability,
    RegisterUnit,
    UnitCommand,
)
from domain.unit.events import (
    AvailabilityCorrected,
    AvailabilityPublished,
    InventoryOpened,
    OpeningOccupancy,
    TermsDeclared,
    UnitEvent,
    UnitHeld,
    UnitRegistered,
    UnitReleased,
    VacatedOutsideEngine,
)
from domain.unit.state import UnitState
from domain.vocabulary import HeldUnit, PlaceKind, PlacementId, RiskBand, is_code

UNSUITABLE_ZONES_MINIMUM = 2
"""A unit names at least this many zones it is unsuitable for: one alone would say where it stands."""


def decide(command: UnitCommand, state: UnitState, now: datetime) -> tuple[UnitEvent, ...] | Refusal:
    """What follows from a command on this unit alone; already done is no events."""
    if isinstance(command, RegisterUnit):
        return _register(command, state)
    if state.registered is None:
        return Refusal.UNIT_UNKNOWN
    match command:
        case OpenInventory():
            return _open_inventory(command, state, now)
        case DeclareTerms():
            return _declare_terms(command, state)
        case PublishAvailability() | CorrectAvailability():
            return _publish(command, state, now)
        case EndOutsideOccupancy():
            return _end_outside(command, state, now)


def hold(holder: PlacementId, held: HeldUnit) -> UnitHeld:
    return UnitHeld(placement_id=holder, places=held.places)


def release(holder: PlacementId, held: HeldUnit, cause: ReleaseCause) -> UnitReleased:
    return UnitReleased(placement_id=holder, places=held.places, cause=cause)


def _register(command: RegisterUnit, state: UnitState) -> tuple[UnitEvent, ...] | Refusal:
    place_ids = [place.place_id for place in command.places]
    if not is_code(command.code):
        return Refusal.CODE_MALFORMED
    if state.registered is not None:
        return Refusal.CODE_ALREADY_USED
    if not any(place.kind is PlaceKind.BED for place in command.places):
        return Refusal.UNIT_WITHOUT_BEDS
    if len(set(place_ids)) != len(place_ids):
        return Refusal.PLACE_REPEATED
    if len(set(command.unsuitable_zones)) < UNSUITABLE_ZONES_MINIMUM:
        return Refusal.TOO_FEW_UNSUITABLE_ZONES
    return (
        UnitRegistered(
            shelter_id=command.shelter_id,
            code=command.code,
            level=command.level,
            intake_modes=command.intake_modes,
            places=command.places,
            exclusive=command.exclusive,
            features=command.features,
            unsuitable_zones=command.unsuitable_zones,
        ),
    )


def _open_inventory(
    command: OpenInventory, state: UnitState, now: datetime
) -> tuple[UnitEvent, ...] | Refusal:
    named = [place for occupancy in command.occupancies for place in occupancy.places]
    if not set(named) <= set(state.place_ids) or not all(found.places for found in command.occupancies):
        return Refusal.PLACE_UNKNOWN
    ids = {occupancy.occupancy_id for occupancy in command.occupancies}
    if len(set(named)) != len(named) or len(ids) != len(command.occupancies):
        return Refusal.PLACE_REPEATED
    if command.observed_at > now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if state.inventoried:
        return Refusal.INVENTORY_ALREADY_TAKEN
    if any(place in state.taken for place in state.whole(tuple(named))):
        return Refusal.PLACE_CLAIMED
    occupancies = _with_the_rest(command.occupancies, state)
    return (InventoryOpened(occupancies=occupancies, observed_at=command.observed_at),)


def _with_the_rest(
    occupancies: tuple[OpeningOccupancy, ...], state: UnitState
) -> tuple[OpeningOccupancy, ...]:
    """Every guest in the places named; in an exclusive unit the first have what nobody was named in, so that
    the unit is taken whole."""
    named = {place for occupancy in occupancies for place in occupancy.places}
    rest = tuple(place for place in state.whole(tuple(named)) if place not in named)
    return tuple(
        OpeningOccupancy(
            occupancy_id=occupancy.occupancy_id,
            places=tuple(
                place
                for place in state.place_ids
                if place in occupancy.places or (index == 0 and place in rest)
            ),
        )
        for index, occupancy in enumerate(occupancies)
    )


def _declare_terms(command: DeclareTerms, state: UnitState) -> tuple[UnitEvent, ...] | Refusal:
    if command.children_most is not None and command.children_most < 0:
        return Refusal.TERMS_MALFORMED
    if command.risk_up_to is RiskBand.NOT_ASSESSED or len(set(command.criteria)) != len(command.criteria):
        return Refusal.TERMS_MALFORMED
    declared = TermsDeclared(
        children_most=command.children_most,
        boys_up_to=command.boys_up_to,
        risk_up_to=command.risk_up_to,
        criteria=command.criteria,
    )
    return () if declared == state.terms else (declared,)


def _publish(
    command: PublishAvailability | CorrectAvailability, state: UnitState, now: datetime
) -> tuple[UnitEvent, ...] | Refusal:
    if not set(command.open_places) <= set(state.place_ids):
        return Refusal.PLACE_UNKNOWN
    if len(set(command.open_places)) != len(command.open_places):
        return Refusal.PLACE_REPEATED
    if command.observed_at > now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if state.observed_at is not None and command.observed_at < state.observed_at:
        return Refusal.OLDER_THAN_KNOWN
    open_places = tuple(place for place in state.place_ids if place in command.open_places)
    same = frozenset(open_places) == state.open_places and command.observed_at == state.observed_at
    if isinstance(command, CorrectAvailability):
        known = same and state.wrongly_published
        corrected = AvailabilityCorrected(open_places=open_places, observed_at=command.observed_at)
        return () if known else (corrected,)
    if same and not state.wrongly_published:
        return ()
    return (AvailabilityPublished(open_places=open_places, observed_at=command.observed_at),)


def _end_outside(
    command: EndOutsideOccupancy, state: UnitState, now: datetime
) -> tuple[UnitEvent, ...] | Refusal:
    known = command.occupancy_id in state.guests or command.occupancy_id in state.departed
    if not known or command.occupancy_id in state.directly:
        return Refusal.OCCUPANCY_UNKNOWN
    if command.occurred_at > now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if command.occupancy_id in state.departed:
        return ()
    return (
        VacatedOutsideEngine(
            occupancy_id=command.occupancy_id,
            places=state.places_of(command.occupancy_id),
            occurred_at=command.occurred_at,
        ),
    )
