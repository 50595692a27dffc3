"""The stay: the hold becomes one when the household has arrived, and a discharge ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import BridgeEnd, DischargeOutcome, PlacementOutcome
from domain.coordination.bridging import end_bridge
from domain.coordination.ending import end_placement, told_wrongly
from domain.coordination.holding import standing_hold
from domain.placement.events import HouseholdAdmitted, HouseholdDischarged
from domain.placement.state import OfferState
from domain.refusals import Refusal
from domain.unit import UnitOccupied, UnitVacated
from domain.vocabulary import PlacementId
from domain.world import NOTHING, Context, Decided, Draft, World


@dataclass(frozen=True, kw_only=True, slots=True)
class AdmitHousehold:
    placement_id: PlacementId
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DischargeHousehold:
    placement_id: PlacementId
    outcome: DischargeOutcome
    occurred_at: datetime


def admit(command: AdmitHousehold, world: World, context: Context) -> Decided:
    """The household has arrived: the hold becomes a stay. Both yeses come first.

    Refuses: PLACEMENT_UNKNOWN, OCCURRED_IN_THE_FUTURE, PLACEMENT_ENDED, NO_HOLD, HOUSE_HAS_NOT_ACCEPTED,
    WOMAN_HAS_NOT_ACCEPTED.
    """
    state = world.placement(command.placement_id)
    if (refusal := told_wrongly(state, command.occurred_at, context)) is not None:
        return refusal
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    if state.admitted:
        return NOTHING
    if state.hold is None:
        return Refusal.NO_HOLD
    held = standing_hold(state)
    if held.state is not OfferState.ACCEPTED:
        return Refusal.HOUSE_HAS_NOT_ACCEPTED
    if not state.woman_accepted:
        return Refusal.WOMAN_HAS_NOT_ACCEPTED
    draft = Draft()
    draft.add(
        command.placement_id, HouseholdAdmitted(offer_id=held.offer_id, occurred_at=command.occurred_at)
    )
    end_bridge(command.placement_id, state, BridgeEnd.PLACE_FOUND, command.occurred_at, draft)
    for unit in held.units:
        world.unit(unit.unit_id)
        draft.add(unit.unit_id, UnitOccupied(placement_id=command.placement_id, places=unit.places))
    return draft.decision()


def discharge(command: DischargeHousehold, world: World, context: Context) -> Decided:
    """Refuses: PLACEMENT_UNKNOWN, OCCURRED_IN_THE_FUTURE, PLACEMENT_ENDED, NOT_ADMITTED."""
    state = world.placement(command.placement_id)
    if (refusal := told_wrongly(state, command.occurred_at, context)) is not None:
        return refusal
    if state.outcome is PlacementOutcome.DISCHARGED:
        return NOTHING
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    if not state.admitted:
        return Refusal.NOT_ADMITTED
    held, draft = standing_hold(state), Draft()
    draft.add(
        command.placement_id,
        HouseholdDischarged(outcome=command.outcome, occurred_at=command.occurred_at),
    )
    end_placement(command.placement_id, state, PlacementOutcome.DISCHARGED, world, draft)
    for unit in held.units:
        world.unit(unit.unit_id)
        draft.add(unit.unit_id, UnitVacated(placement_id=command.placement_id, places=unit.places))
    return draft.decision()
