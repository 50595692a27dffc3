"""The arrival, the stay and the end; and what was declared wrong afterwards."""

from __future__ import annotations

from domain.evolution import Steps, changed, with_entry
from domain.placement.events import (
    AdmissionByDirectAgreement,
    EntryCorrected,
    ExtraordinaryAdmission,
    HandoverAgreed,
    HouseholdAdmitted,
    HouseholdDischarged,
    HouseholdNotArrived,
    PlacementEnded,
)
from domain.placement.journey import PlacementState
from domain.placement.standing import Offer, OfferState

STEPS = Steps[PlacementState]()


@STEPS.on(HandoverAgreed)
def _expected(state: PlacementState, event: HandoverAgreed) -> PlacementState:
    return changed(state, handover=event, not_arrived=False, welfare_check_asked=False)


@STEPS.on(HouseholdNotArrived)
def _not_arrived(state: PlacementState, event: HouseholdNotArrived) -> PlacementState:
    asked = state.welfare_check_asked or event.welfare_check_asked
    return changed(state, not_arrived=True, welfare_check_asked=asked)


@STEPS.on(HouseholdAdmitted)
def _admitted(state: PlacementState, event: HouseholdAdmitted) -> PlacementState:
    return changed(state, admitted=True)


@STEPS.on(AdmissionByDirectAgreement)
def _admitted_directly(state: PlacementState, event: AdmissionByDirectAgreement) -> PlacementState:
    return _in_the_house(state, event, without_place=0)


@STEPS.on(ExtraordinaryAdmission)
def _admitted_beyond(state: PlacementState, event: ExtraordinaryAdmission) -> PlacementState:
    return _in_the_house(state, event, without_place=event.without_place)


def _in_the_house(
    state: PlacementState, event: AdmissionByDirectAgreement | ExtraordinaryAdmission, *, without_place: int
) -> PlacementState:
    offer = Offer(
        offer_id=event.offer_id,
        shelter_id=event.shelter_id,
        units=event.units,
        state=OfferState.ACCEPTED,
        deadline=event.occurred_at,
        without_place=without_place,
    )
    offers = with_entry(state.offers, event.offer_id, offer)
    return changed(state, offers=offers, hold=event.offer_id, admitted=True, waiting=False)


@STEPS.on(HouseholdDischarged)
def _discharged(state: PlacementState, event: HouseholdDischarged) -> PlacementState:
    return changed(state, hold=None)


@STEPS.on(PlacementEnded)
def _ended(state: PlacementState, event: PlacementEnded) -> PlacementState:
    return changed(state, outcome=event.outcome)


@STEPS.on(EntryCorrected)
def _entry_corrected(state: PlacementState, event: EntryCorrected) -> PlacementState:
    return changed(state, corrections=with_entry(state.corrections, event.version, event))
