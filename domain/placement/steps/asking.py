"""What is asked for, how it is entered anew, and her consent to the search."""

from __future__ import annotations

from domain.evolution import Steps, changed
from domain.placement.events import (
    HouseholdRevised,
    HouseholdSplitAgreed,
    PlacementRequested,
    RiskAssessed,
    SafetyRevised,
    SafeUntilRevised,
    SearchConsented,
    SearchConsentWithdrawn,
    UrgencyChanged,
)
from domain.placement.journey import PlacementState

STEPS = Steps[PlacementState]()


@STEPS.on(PlacementRequested)
def _requested(state: PlacementState, event: PlacementRequested) -> PlacementState:
    return changed(state, request=event)


@STEPS.on(UrgencyChanged)
def _urgency_changed(state: PlacementState, event: UrgencyChanged) -> PlacementState:
    return changed(state, request=changed(_asked(state), urgency=event.urgency, urgency_set_by=event.set_by))


@STEPS.on(RiskAssessed)
def _risk_assessed(state: PlacementState, event: RiskAssessed) -> PlacementState:
    return changed(state, request=changed(_asked(state), risk=event.risk, assessed=event.assessed))


@STEPS.on(HouseholdRevised)
def _household_revised(state: PlacementState, event: HouseholdRevised) -> PlacementState:
    asked = changed(
        _asked(state),
        household=event.household,
        oldest_boy=event.oldest_boy,
        features_required=event.features_required,
        criteria_met=event.criteria_met,
    )
    return changed(state, request=asked)


@STEPS.on(HouseholdSplitAgreed)
def _household_split(state: PlacementState, event: HouseholdSplitAgreed) -> PlacementState:
    asked = changed(_asked(state), household=event.household, oldest_boy=event.oldest_boy)
    return changed(state, request=asked)


@STEPS.on(SafetyRevised)
def _safety_revised(state: PlacementState, event: SafetyRevised) -> PlacementState:
    asked = changed(
        _asked(state),
        zones_to_avoid=event.zones_to_avoid,
        apart_from=event.apart_from,
        houses_barred=event.houses_barred,
    )
    return changed(state, request=asked)


@STEPS.on(SafeUntilRevised)
def _safe_until_revised(state: PlacementState, event: SafeUntilRevised) -> PlacementState:
    return changed(state, request=changed(_asked(state), setting=event.setting, safe_until=event.safe_until))


def _asked(state: PlacementState) -> PlacementRequested:
    assert state.request is not None, "only what was asked for is entered anew"
    return state.request


@STEPS.on(SearchConsented)
def _consented(state: PlacementState, event: SearchConsented) -> PlacementState:
    return changed(state, consent=True)


@STEPS.on(SearchConsentWithdrawn)
def _consent_withdrawn(state: PlacementState, event: SearchConsentWithdrawn) -> PlacementState:
    return changed(state, consent=False)
