"""From hold to stay and out again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import CaseUnbound
from domain.codes import DischargeOutcome, PlacementOutcome
from domain.coordination.ending import ReleaseHold, WithdrawConsent
from domain.coordination.staying import AdmitHousehold, DischargeHousehold
from domain.placement.events import (
    HouseholdAdmitted,
    HouseholdDischarged,
    PlacementEnded,
)
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.shelter import SecurityStateSet
from domain.unit import UnitOccupied, UnitVacated
from domain.vocabulary import AnswerChannel, SecurityState
from tests.support.night import (
    ASKED,
    CASE,
    HOUSE,
    OFFER,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    held,
    holding,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NOW, History, given

ARRIVAL = AdmitHousehold(placement_id=ASKED, occurred_at=NOW)
WITHDRAWAL = WithdrawConsent(placement_id=ASKED, occurred_at=NOW)
RELEASE = ReleaseHold(placement_id=ASKED, offer_id=OFFER)
LEAVING = DischargeHousehold(
    placement_id=ASKED, outcome=DischargeOutcome.INDEPENDENT_HOUSING, occurred_at=NOW
)
LATER = NOW + timedelta(seconds=1)
BOTH = (held(bed()), held(bed(1, OTHER_ROOM), unit=OTHER_ROOM))


def two_rooms() -> History:
    return [*a_house_with_a_room(), *a_room(OTHER_ROOM)]


def test_the_arrival_turns_the_hold_into_a_stay_on_the_same_places() -> None:
    scene = given(two_rooms(), requested(), holding(*BOTH), sent(), said_yes(), she_said_yes())
    scene = scene.when(ARRIVAL).then(
        {
            ASKED: [HouseholdAdmitted(offer_id=OFFER, occurred_at=NOW)],
            ROOM: [UnitOccupied(placement_id=ASKED, places=(bed(),))],
            OTHER_ROOM: [UnitOccupied(placement_id=ASKED, places=(bed(1, OTHER_ROOM),))],
        }
    )
    assert scene.placement(ASKED).phase is Phase.ADMITTED
    assert scene.unit(ROOM).staying == scene.unit(OTHER_ROOM).staying == {ASKED}


def test_an_arrival_follows_both_yeses() -> None:
    asked = given(a_house_with_a_room(), requested())
    asked.when(ARRIVAL).then(Refusal.NO_HOLD)
    offered = given(asked.history, holding(), sent())
    offered.when(ARRIVAL).then(Refusal.HOUSE_HAS_NOT_ACCEPTED)
    accepted = given(offered.history, said_yes(channel=AnswerChannel.TELEPHONE))
    accepted.when(ARRIVAL).then(Refusal.WOMAN_HAS_NOT_ACCEPTED)
    given(accepted.history, she_said_yes()).when(ARRIVAL).done()


def test_a_house_frozen_meanwhile_does_not_turn_an_arrival_away() -> None:
    frozen = [(HOUSE, SecurityStateSet(state=SecurityState.COMPROMISED))]
    given(a_house_with_a_room(), requested(), holding(), sent(), said_yes(), she_said_yes(), frozen).when(
        ARRIVAL
    ).done()


def test_a_discharge_frees_every_place_and_ends_the_placement_once() -> None:
    scene = (
        given(two_rooms(), a_stay(*BOTH))
        .when(LEAVING)
        .then(
            {
                ASKED: [
                    HouseholdDischarged(outcome=DischargeOutcome.INDEPENDENT_HOUSING, occurred_at=NOW),
                    PlacementEnded(outcome=PlacementOutcome.DISCHARGED),
                ],
                CASE: [CaseUnbound(placement_id=ASKED, outcome=PlacementOutcome.DISCHARGED)],
                ROOM: [UnitVacated(placement_id=ASKED, places=(bed(),))],
                OTHER_ROOM: [UnitVacated(placement_id=ASKED, places=(bed(1, OTHER_ROOM),))],
            }
        )
    )
    assert scene.unit(ROOM).staying == frozenset()


def test_only_who_is_there_is_discharged() -> None:
    given(a_house_with_a_room(), requested(), holding()).when(LEAVING).then(Refusal.NOT_ADMITTED)


@pytest.mark.parametrize("command", [WITHDRAWAL, RELEASE])
def test_a_stay_ends_by_discharge_alone(command: object) -> None:
    given(a_house_with_a_room(), a_stay()).when(command).then(Refusal.ALREADY_ADMITTED)


@pytest.mark.parametrize("command", [ARRIVAL, RELEASE, WITHDRAWAL])
def test_after_a_discharge_nothing_more_happens(command: object) -> None:
    scene = given(a_house_with_a_room(), a_stay()).when(LEAVING).done()
    scene.when(command).then(Refusal.PLACEMENT_ENDED)


def test_after_a_withdrawal_nobody_is_discharged() -> None:
    scene = given(a_house_with_a_room(), requested()).when(WITHDRAWAL).done()
    scene.when(LEAVING).then(Refusal.PLACEMENT_ENDED)


@pytest.mark.parametrize(
    "command",
    [
        AdmitHousehold(placement_id=RIVAL, occurred_at=LATER),
        ReleaseHold(placement_id=RIVAL, offer_id=OFFER),
        WithdrawConsent(placement_id=RIVAL, occurred_at=LATER),
        DischargeHousehold(placement_id=RIVAL, outcome=DischargeOutcome.OTHER, occurred_at=LATER),
    ],
)
def test_a_placement_that_nobody_asked_for_is_unknown(command: object) -> None:
    given(a_house_with_a_room(), requested()).when(command).then(Refusal.PLACEMENT_UNKNOWN)


@pytest.mark.parametrize(
    "command",
    [
        AdmitHousehold(placement_id=ASKED, occurred_at=LATER),
        WithdrawConsent(placement_id=ASKED, occurred_at=LATER),
        DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.OTHER, occurred_at=LATER),
    ],
)
def test_nothing_is_said_to_have_happened_in_the_future(command: object) -> None:
    given(a_house_with_a_room(), requested()).when(command).then(Refusal.OCCURRED_IN_THE_FUTURE)
