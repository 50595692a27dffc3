"""A household that is in a house without the engine: by agreement over the telephone, or beyond its places.

It happened, so it is recorded: holds on these places are displaced, a place where another stay stands is
noted as contested for a person to resolve. Ledger verification lists it as a declared exception.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.case import CaseBound, CaseOpened
from domain.codes import BridgeEnd, ReleaseCause
from domain.coordination.bridging import end_bridge
from domain.coordination.holding import release_hold, standing_hold
from domain.coordination.naming import safe_with_perpetrator
from domain.coordination.reality import displace
from domain.coordination.requesting import RequestPlacement, requested_by, unknown_name
from domain.horizon import is_too_far
from domain.placement.events import AdmissionByDirectAgreement, ExtraordinaryAdmission
from domain.placement.state import PlacementState
from domain.refusals import Refusal
from domain.unit import OccupiedDirectly
from domain.vocabulary import CaseId, HeldUnit, OccupancyId, OfferId, PlaceId, PlacementId, ShelterId
from domain.world import NOTHING, Context, Decided, Draft, World


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordDirectAdmission:
    """`placement_id` names the placement it belongs to; None with `asked`, which begins one (or goes into the
    open placement of its case). `without_place` of the household have no bed of these units.
    """

    placement_id: PlacementId | None
    asked: RequestPlacement | None
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    without_place: int
    occurred_at: datetime


def record_direct_admission(command: RecordDirectAdmission, world: World, context: Context) -> Decided:
    """The household is in the house from now on. A hold of its own ends with it.

    Refuses: SHELTER_UNKNOWN, UNIT_UNKNOWN, PLACE_UNKNOWN, PLACE_REPEATED, OCCURRED_IN_THE_FUTURE, then
    PLACEMENT_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED (otherwise than is said now), or for a new one
    CASE_UNKNOWN, HOUSEHOLD_EMPTY, HOUSEHOLD_WITHOUT_HER, NOT_SAFE_WITH_PERPETRATOR, TOO_FAR_AHEAD, and the
    names that a request refuses.
    """
    if (refusal := _named_wrongly(command, world, context)) is not None:
        return refusal
    draft = Draft()
    begun = _begin(command, world, context, draft)
    if isinstance(begun, Refusal):
        return begun
    placement_id, state = begun
    if (refusal := _cannot(state)) is not None:
        return refusal
    if state.admitted:
        return NOTHING if _is_known(command, placement_id, state, world) else Refusal.ALREADY_ADMITTED
    if state.hold is not None:
        release_hold(placement_id, state, ReleaseCause.ADMITTED_ELSEWHERE, world, draft)
    taken = _take(command, placement_id, world, draft)
    draft.add(placement_id, _admitted(command, taken, OfferId(context.new_id())))
    end_bridge(placement_id, state, BridgeEnd.PLACE_FOUND, command.occurred_at, draft)
    return draft.decision()


def _named_wrongly(command: RecordDirectAdmission, world: World, context: Context) -> Refusal | None:
    if world.shelter(command.shelter_id).registered is None:
        return Refusal.SHELTER_UNKNOWN
    for named in command.units:
        unit = world.unit(named.unit_id)
        if unit.registered is None or unit.registered.shelter_id != command.shelter_id:
            return Refusal.UNIT_UNKNOWN
        if not set(named.places) <= set(unit.place_ids):
            return Refusal.PLACE_UNKNOWN
    nowhere = command.without_place == 0 and not any(named.places for named in command.units)
    if not command.units or nowhere or command.without_place < 0:
        return Refusal.PLACE_UNKNOWN
    places = [place for named in command.units for place in named.places]
    units = {named.unit_id for named in command.units}
    if len(set(places)) != len(places) or len(units) != len(command.units):
        return Refusal.PLACE_REPEATED
    return Refusal.OCCURRED_IN_THE_FUTURE if command.occurred_at > context.now else None


def _begin(
    command: RecordDirectAdmission, world: World, context: Context, draft: Draft
) -> tuple[PlacementId, PlacementState] | Refusal:
    """The placement the fact goes into, begun where there is none."""
    if command.placement_id is not None:
        return command.placement_id, world.placement(command.placement_id)
    asked = command.asked
    if asked is None:
        return Refusal.PLACEMENT_UNKNOWN
    if asked.household.people == 0 or asked.household.adults < 0:
        return Refusal.HOUSEHOLD_EMPTY
    if asked.household.adults == 0:
        return Refusal.HOUSEHOLD_WITHOUT_HER
    if (refusal := safe_with_perpetrator(asked.setting, asked.safe_until)) is not None:
        return refusal
    if asked.occurred_at > context.now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    if is_too_far(asked.safe_until, asked.occurred_at):
        return Refusal.TOO_FAR_AHEAD
    if (refusal := unknown_name(asked, world.network(), world)) is not None:
        return refusal
    if asked.case_id is not None:
        case = world.case(asked.case_id)
        if not case.opened:
            return Refusal.CASE_UNKNOWN
        if case.open_placement is not None:
            return case.open_placement, world.placement(case.open_placement)
    return _new(asked, context, draft)


def _new(asked: RequestPlacement, context: Context, draft: Draft) -> tuple[PlacementId, PlacementState]:
    placement_id = PlacementId(context.new_id())
    case_id = asked.case_id or CaseId(context.new_id())
    requested = requested_by(asked, case_id)
    draft.add(placement_id, requested)
    draft.add(case_id, *(() if asked.case_id else (CaseOpened(),)), CaseBound(placement_id=placement_id))
    return placement_id, replace(PlacementState(), request=requested)


def _cannot(state: PlacementState) -> Refusal | None:
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    return Refusal.PLACEMENT_ENDED if state.outcome is not None else None


def _is_known(
    command: RecordDirectAdmission, placement_id: PlacementId, state: PlacementState, world: World
) -> bool:
    """Whether this very admission is recorded: the places it took, those it contested, who has none."""
    here = standing_hold(state)
    took = {held.unit_id: held.places for held in here.units}
    if here.without_place != command.without_place or took.keys() != {
        named.unit_id for named in command.units
    }:
        return False
    for named in command.units:
        unit, places = world.unit(named.unit_id), set(took[named.unit_id])
        contested = set(named.places) - places
        if contested != set(unit.guests.get(placement_id, ())) or not places <= set(unit.whole(named.places)):
            return False
    return True


def _take(
    command: RecordDirectAdmission, placement_id: PlacementId, world: World, draft: Draft
) -> tuple[HeldUnit, ...]:
    """Every place that nobody lives in is taken, whoever holds it; the others are contested."""
    displaced = {placement_id}
    taken = []
    for named in command.units:
        unit = world.unit(named.unit_id)
        wanted = unit.whole(named.places)
        lived_in = {place for place, holder in unit.taken.items() if holder in unit.staying}
        for holder in unit.holders_of(wanted):
            if holder not in unit.staying and holder not in displaced:
                displaced.add(PlacementId(holder))
                displace(PlacementId(holder), OccupancyId(placement_id), world, draft)
        taken.append(HeldUnit(unit_id=named.unit_id, places=_without(wanted, lived_in)))
    for named, held in zip(command.units, taken, strict=True):
        contested = tuple(place for place in named.places if place not in held.places)
        draft.add(
            held.unit_id,
            OccupiedDirectly(placement_id=placement_id, places=held.places, contested=contested),
        )
    return tuple(taken)


def _without(places: tuple[PlaceId, ...], lived_in: set[PlaceId]) -> tuple[PlaceId, ...]:
    return tuple(place for place in places if place not in lived_in)


def _admitted(
    command: RecordDirectAdmission, taken: tuple[HeldUnit, ...], offer_id: OfferId
) -> AdmissionByDirectAgreement | ExtraordinaryAdmission:
    if command.without_place == 0:
        return AdmissionByDirectAgreement(
            offer_id=offer_id,
            shelter_id=command.shelter_id,
            units=taken,
            occurred_at=command.occurred_at,
        )
    return ExtraordinaryAdmission(
        offer_id=offer_id,
        shelter_id=command.shelter_id,
        units=taken,
        without_place=command.without_place,
        occurred_at=command.occurred_at,
    )
