"""What was asked, entered anew: urgency, risk, household, safety, and until when she is safe where she is.

A hold that no longer does under the request as revised is given back in the same append, unless what it
breaks is what a person went against when it was taken; the search for the next is another command. Raising an
urgency changes the order by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import ReleaseCause, RevisionReason, SplitDestination, UrgencyReason
from domain.coordination.holding import guard_house, release_hold, standing_hold
from domain.coordination.naming import (
    assessed_in_the_future,
    malformed_assessment,
    safe_with_perpetrator,
    undrawn_zone,
    unknown_house_or_case,
)
from domain.coordination.overriding import still_does
from domain.horizon import is_too_far
from domain.matching.places import Places
from domain.matching.ranking import request_of
from domain.placement.events import (
    HouseholdRevised,
    HouseholdSplitAgreed,
    RiskAssessed,
    SafetyRevised,
    SafeUntilRevised,
    UrgencyChanged,
)
from domain.placement.state import PlacementState, evolve
from domain.refusals import Refusal
from domain.vocabulary import (
    AssessorRole,
    CaseId,
    Criterion,
    Feature,
    Household,
    OldestBoy,
    PlacementId,
    RiskAssessment,
    RiskBand,
    Setting,
    ShelterId,
    Urgency,
    ZoneId,
)
from domain.world import NOTHING, Context, Decided, Draft, World

_Revised = (
    UrgencyChanged | RiskAssessed | HouseholdRevised | HouseholdSplitAgreed | SafetyRevised | SafeUntilRevised
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeUrgency:
    placement_id: PlacementId
    urgency: Urgency
    set_by: AssessorRole
    reason: UrgencyReason
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AssessRisk:
    placement_id: PlacementId
    risk: RiskBand
    assessed: RiskAssessment
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviseHousehold:
    """Who needs the place, and what they need: it replaces what was entered."""

    placement_id: PlacementId
    household: Household
    oldest_boy: OldestBoy
    features_required: tuple[Feature, ...]
    criteria_met: tuple[Criterion, ...]
    reason: RevisionReason
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreeHouseholdSplit:
    """By the mother's own choice `apart` goes elsewhere; `household` is who stays together."""

    placement_id: PlacementId
    household: Household
    oldest_boy: OldestBoy
    apart: Household
    destination: SplitDestination
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviseSafety:
    """Where she must not be placed: it replaces the earlier lists."""

    placement_id: PlacementId
    zones_to_avoid: tuple[ZoneId, ...]
    apart_from: tuple[CaseId, ...]
    houses_barred: tuple[ShelterId, ...]
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviseSafeUntil:
    placement_id: PlacementId
    setting: Setting | None
    safe_until: datetime | None
    occurred_at: datetime


Revision = ChangeUrgency | AssessRisk | ReviseHousehold | AgreeHouseholdSplit | ReviseSafety | ReviseSafeUntil


def revise(command: Revision, world: World, context: Context, places: Places) -> Decided:
    """Enter anew, and give a hold back that no longer does. A household that has arrived stays where it is.

    Refuses: SHELTER_UNKNOWN, CASE_UNKNOWN, PLACEMENT_UNKNOWN, ZONE_UNKNOWN, CODE_MALFORMED (a risk not
    assessed, an instrument's version that is no label, a case kept apart from itself), HOUSEHOLD_WITHOUT_HER,
    SPLIT_DOES_NOT_ADD_UP, NOT_SAFE_WITH_PERPETRATOR, OCCURRED_IN_THE_FUTURE, TOO_FAR_AHEAD, PLACEMENT_ENDED.
    """
    state = world.placement(command.placement_id)
    if (refusal := _named_wrongly(command, state, world) or _cannot_be(command, state, context)) is not None:
        return refusal
    event = _event(command)
    revised = evolve(state, event)
    if revised.request == state.request:
        return NOTHING
    if state.outcome is not None:
        return Refusal.PLACEMENT_ENDED
    draft = Draft()
    draft.add(command.placement_id, event)
    if _no_longer_does(command, state, revised, world, context, places):
        release_hold(command.placement_id, state, ReleaseCause.NO_LONGER_FITS, world, draft)
    if isinstance(command, ReviseSafety) and state.admitted:
        _keep_away(command, standing_hold(state).shelter_id, world, places, draft)
    return draft.decision()


def _named_wrongly(command: Revision, state: PlacementState, world: World) -> Refusal | None:
    if not isinstance(command, ReviseSafety):
        return Refusal.PLACEMENT_UNKNOWN if state.request is None else None
    refusal = unknown_house_or_case(command.houses_barred, command.apart_from, world)
    if refusal is not None:
        return refusal
    if state.request is None:
        return Refusal.PLACEMENT_UNKNOWN
    if (refusal := undrawn_zone(command.zones_to_avoid, world.network())) is not None:
        return refusal
    return Refusal.CODE_MALFORMED if state.request.case_id in command.apart_from else None


def _cannot_be(command: Revision, state: PlacementState, context: Context) -> Refusal | None:
    assessed = command.assessed if isinstance(command, AssessRisk) else None
    match command:
        case AssessRisk(risk=risk) if (refusal := malformed_assessment(risk, assessed)) is not None:
            return refusal
        case ReviseHousehold(household=household) | AgreeHouseholdSplit(household=household) if (
            household.adults < 1
        ):
            return Refusal.HOUSEHOLD_WITHOUT_HER
        case AgreeHouseholdSplit() if not _adds_up(command, state):
            return Refusal.SPLIT_DOES_NOT_ADD_UP
        case ReviseSafeUntil() if safe_with_perpetrator(command.setting, command.safe_until) is not None:
            return Refusal.NOT_SAFE_WITH_PERPETRATOR
        case _:
            pass
    ahead = assessed_in_the_future(assessed, context.now, context.zone)
    if ahead or command.occurred_at > context.now:
        return Refusal.OCCURRED_IN_THE_FUTURE
    safe_until = command.safe_until if isinstance(command, ReviseSafeUntil) else None
    return Refusal.TOO_FAR_AHEAD if is_too_far(safe_until, command.occurred_at) else None


def _adds_up(split: AgreeHouseholdSplit, state: PlacementState) -> bool:
    """Who stays and who goes are together who was asked for; once it is agreed, who stays is who is asked
    for.
    """
    assert state.request is not None
    whole, stay, apart = state.request.household, split.household, split.apart
    if stay == whole:
        return split.oldest_boy is state.request.oldest_boy and apart.people > 0
    return (
        apart.adults >= 0
        and stay.adults + apart.adults == whole.adults
        and sorted((*stay.children, *apart.children)) == sorted(whole.children)
    )


def _event(command: Revision) -> _Revised:
    match command:
        case ChangeUrgency():
            return UrgencyChanged(
                urgency=command.urgency,
                set_by=command.set_by,
                reason=command.reason,
                occurred_at=command.occurred_at,
            )
        case AssessRisk():
            return RiskAssessed(risk=command.risk, assessed=command.assessed, occurred_at=command.occurred_at)
        case ReviseHousehold():
            return HouseholdRevised(
                household=command.household,
                oldest_boy=command.oldest_boy,
                features_required=command.features_required,
                criteria_met=command.criteria_met,
                reason=command.reason,
                occurred_at=command.occurred_at,
            )
        case AgreeHouseholdSplit():
            return HouseholdSplitAgreed(
                household=command.household,
                oldest_boy=command.oldest_boy,
                apart=command.apart,
                destination=command.destination,
                occurred_at=command.occurred_at,
            )
        case ReviseSafety():
            return SafetyRevised(
                zones_to_avoid=command.zones_to_avoid,
                apart_from=command.apart_from,
                houses_barred=command.houses_barred,
                occurred_at=command.occurred_at,
            )
        case ReviseSafeUntil():
            return SafeUntilRevised(
                setting=command.setting, safe_until=command.safe_until, occurred_at=command.occurred_at
            )


def _keep_away(command: ReviseSafety, house: ShelterId, world: World, places: Places, draft: Draft) -> None:
    """Who must be kept apart from a household in its house does not come there: what is held for them in that
    house is given back.
    """
    guard_house(house, world)
    for case_id in dict.fromkeys(command.apart_from):
        coming = places.by_case.get(case_id)
        if coming is None:
            continue
        state = world.placement(coming)
        if state.held is not None and state.held.shelter_id == house and not state.admitted:
            release_hold(coming, state, ReleaseCause.NO_LONGER_FITS, world, draft)


def _no_longer_does(
    command: Revision,
    state: PlacementState,
    revised: PlacementState,
    world: World,
    context: Context,
    places: Places,
) -> bool:
    """Whether the places held no longer do as she asks now. Urgency and the hour until which she is safe
    decide who goes first, never what does.
    """
    held = state.held
    if held is None or state.admitted or isinstance(command, ChangeUrgency | ReviseSafeUntil):
        return False
    guard_house(held.shelter_id, world)
    request = request_of(command.placement_id, revised)
    return not still_does(request, held, world, context, places)
