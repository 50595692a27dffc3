"""From hold to stay and out: admission, release by the coordination, withdrawal of her consent, discharge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.case import CaseUnbound
from domain.codes import DischargeOutcome, PlacementOutcome, ReleaseCause
from domain.coordination.holding import free_units, standing_hold
from domain.placement.events import (
    HoldReleased,
    HouseholdAdmitted,
    HouseholdDischarged,
    PlacementEnded,
    SearchConsentWithdrawn,
)
from domain.placement.state import OfferState, PlacementState
from domain.refusals import Refusal
from domain.unit import UnitOccupied, UnitVacated
from domain.vocabulary import OfferId, PlacementId
from domain.world import NOTHING, Context, Decided, Draft, World


@dataclass(frozen=True, kw_only=True, slots=True)
class AdmitHousehold:
    placement_id: PlacementId
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseHold:
    """The coordination gives a hold back without an answer."""

    placement_id: PlacementId
    offer_id: OfferId


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawConsent:
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
    if (refusal := _told_wrongly(state, command.occurred_at, context) or _ended(state)) is not None:
        return refusal
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
    for unit in held.units:
        world.unit(unit.unit_id)
        draft.add(unit.unit_id, UnitOccupied(placement_id=command.placement_id, places=unit.places))
    return draft.decision()


def release(command: ReleaseHold, world: World, context: Context) -> Decided:
    """Refuses: PLACEMENT_UNKNOWN, OFFER_UNKNOWN, PLACEMENT_ENDED, ALREADY_ADMITTED."""
    state = world.placement(command.placement_id)
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if command.offer_id not in state.offers:
        return Refusal.OFFER_UNKNOWN
    if (refusal := _ended(state)) is not None:
        return refusal
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    if state.hold != command.offer_id:
        return NOTHING
    draft = Draft()
    _release(command.placement_id, state, ReleaseCause.RELEASED_BY_COORDINATOR, world, draft)
    return draft.decision()


def withdraw(command: WithdrawConsent, world: World, context: Context) -> Decided:
    """She no longer wants a place sought: what is held is given back and the placement ends. No pressure, no
    trace against her.

    Refuses: PLACEMENT_UNKNOWN, OCCURRED_IN_THE_FUTURE, PLACEMENT_ENDED, ALREADY_ADMITTED.
    """
    state = world.placement(command.placement_id)
    if (refusal := _told_wrongly(state, command.occurred_at, context)) is not None:
        return refusal
    if state.outcome is PlacementOutcome.CONSENT_WITHDRAWN:
        return NOTHING
    if (refusal := _ended(state)) is not None:
        return refusal
    if state.admitted:
        return Refusal.ALREADY_ADMITTED
    draft = Draft()
    draft.add(command.placement_id, SearchConsentWithdrawn(occurred_at=command.occurred_at))
    if state.hold is not None:
        _release(command.placement_id, state, ReleaseCause.CONSENT_WITHDRAWN, world, draft)
    _end(command.placement_id, state, PlacementOutcome.CONSENT_WITHDRAWN, world, draft)
    return draft.decision()


def discharge(command: DischargeHousehold, world: World, context: Context) -> Decided:
    """Refuses: PLACEMENT_UNKNOWN, OCCURRED_IN_THE_FUTURE, PLACEMENT_ENDED, NOT_ADMITTED."""
    state = world.placement(command.placement_id)
    if (refusal := _told_wrongly(state, command.occurred_at, context)) is not None:
        return refusal
    if state.outcome is PlacementOutcome.DISCHARGED:
        return NOTHING
    if (refusal := _ended(state)) is not None:
        return refusal
    if not state.admitted:
        return Refusal.NOT_ADMITTED
    held, draft = standing_hold(state), Draft()
    draft.add(
        command.placement_id,
        HouseholdDischarged(outcome=command.outcome, occurred_at=command.occurred_at),
    )
    _end(command.placement_id, state, PlacementOutcome.DISCHARGED, world, draft)
    for unit in held.units:
        world.unit(unit.unit_id)
        draft.add(unit.unit_id, UnitVacated(placement_id=command.placement_id, places=unit.places))
    return draft.decision()


def _told_wrongly(state: PlacementState, occurred_at: datetime, context: Context) -> Refusal | None:
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    return Refusal.OCCURRED_IN_THE_FUTURE if occurred_at > context.now else None


def _ended(state: PlacementState) -> Refusal | None:
    return Refusal.PLACEMENT_ENDED if state.outcome is not None else None


def _release(
    placement_id: PlacementId, state: PlacementState, cause: ReleaseCause, world: World, draft: Draft
) -> None:
    held = standing_hold(state)
    draft.add(placement_id, HoldReleased(offer_id=held.offer_id, cause=cause))
    free_units(placement_id, held, cause, world, draft)


def _end(
    placement_id: PlacementId, state: PlacementState, outcome: PlacementOutcome, world: World, draft: Draft
) -> None:
    assert state.request is not None
    world.case(state.request.case_id)
    draft.add(placement_id, PlacementEnded(outcome=outcome))
    draft.add(state.request.case_id, CaseUnbound(placement_id=placement_id, outcome=outcome))
