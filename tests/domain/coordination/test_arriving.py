"""The way to the house: when they come, and that they have not come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.codes import Escort, ReleaseCause
from domain.coordination.arriving import AgreeHandover, RecordNotArrived
from domain.coordination.ending import ReleaseHold
from domain.placement.events import HandoverAgreed, HoldReleased, HouseholdNotArrived
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.unit import UnitReleased
from domain.vocabulary import AnswerChannel, Urgency
from tests.support.night import (
    ASKED,
    HOUR,
    OFFER,
    ROOM,
    a_house_with_a_room,
    a_stay,
    bed,
    given_back,
    holding,
    requested,
    said_yes,
    sent,
)
from tests.support.spec import NOW, Scene, given, minutes

AT_THREE = AgreeHandover(
    placement_id=ASKED,
    offer_id=OFFER,
    expected_at=NOW + HOUR,
    escort=Escort.LAW_ENFORCEMENT,
    occurred_at=NOW,
)
NOBODY_CAME = RecordNotArrived(placement_id=ASKED, offer_id=OFFER, welfare_check_asked=False, occurred_at=NOW)
AGREED = HandoverAgreed(
    offer_id=OFFER, expected_at=NOW + HOUR, escort=Escort.LAW_ENFORCEMENT, occurred_at=NOW
)


def offered() -> Scene:
    return given(a_house_with_a_room(), requested(), holding(), sent())


def accepted() -> Scene:
    return given(offered().history, said_yes(channel=AnswerChannel.TELEPHONE))


def test_how_and_when_they_come_is_agreed_once_the_house_has_said_yes() -> None:
    offered().when(AT_THREE).then(Refusal.HOUSE_HAS_NOT_ACCEPTED)
    after = accepted().when(AT_THREE).then_on(ASKED, AGREED)
    assert after.placement(ASKED).handover == AGREED


@pytest.mark.parametrize("changes", [{"expected_at": NOW + 2 * HOUR}, {"escort": Escort.AMBULANCE}])
def test_what_was_agreed_may_be_agreed_otherwise(changes: dict[str, object]) -> None:
    after = accepted().when(AT_THREE).done()
    again = after.when(replace(AT_THREE, **changes)).done()  # type: ignore[arg-type]
    assert len(again.told(ASKED)) == len(after.told(ASKED)) + 1


@pytest.mark.parametrize("escort", Escort)
def test_anybody_of_the_list_may_bring_them(escort: Escort) -> None:
    accepted().when(replace(AT_THREE, escort=escort)).done()


def test_a_late_entry_names_an_hour_that_is_past_by_now_but_followed_the_agreement() -> None:
    late = replace(AT_THREE, occurred_at=NOW - 2 * HOUR, expected_at=NOW - HOUR)
    accepted().when(late).done()
    accepted().when(replace(late, expected_at=NOW - 2 * HOUR)).then(Refusal.NOT_IN_THE_FUTURE)


@pytest.mark.parametrize(
    ("urgency", "days"), [(Urgency.U1, 3), (Urgency.U2, 3), (Urgency.U3, 31), (Urgency.U4, 31)]
)
def test_nobody_is_awaited_so_late_that_no_alarm_would_speak(urgency: Urgency, days: int) -> None:
    house = given(a_house_with_a_room(), requested(urgency=urgency), holding(), sent())
    scene = given(house.history, said_yes(channel=AnswerChannel.TELEPHONE))
    scene.when(replace(AT_THREE, expected_at=NOW + timedelta(days=days))).done()
    slip = replace(AT_THREE, expected_at=NOW + timedelta(days=days, seconds=1))
    scene.when(slip).then(Refusal.TOO_FAR_AHEAD)


def test_that_they_have_not_come_is_recorded_and_the_places_are_kept() -> None:
    after = (
        accepted()
        .when(NOBODY_CAME)
        .then_on(ASKED, HouseholdNotArrived(offer_id=OFFER, welfare_check_asked=False, occurred_at=NOW))
    )
    assert after.placement(ASKED).not_arrived
    assert after.unit(ROOM).taken == {bed(): ASKED}


def test_a_welfare_check_asked_later_is_recorded_too() -> None:
    missed = accepted().when(NOBODY_CAME).done()
    checked = missed.when(replace(NOBODY_CAME, welfare_check_asked=True)).done()
    assert checked.placement(ASKED).welfare_check_asked
    checked.when(NOBODY_CAME).then({})


def test_a_new_hour_begins_the_wait_anew() -> None:
    missed = accepted().when(AT_THREE).done().when(NOBODY_CAME).done()
    after = missed.when(replace(AT_THREE, expected_at=NOW + 3 * HOUR)).done()
    assert not after.placement(ASKED).not_arrived
    after.when(NOBODY_CAME).done()


def test_a_hold_of_a_household_that_has_not_come_is_given_back_by_a_person_and_the_search_stops() -> None:
    cause = ReleaseCause.NOT_ARRIVED
    missed = accepted().when(AT_THREE).done().when(NOBODY_CAME).done()
    after = missed.when(ReleaseHold(placement_id=ASKED, offer_id=OFFER, cause=cause)).then(
        {
            ASKED: [HoldReleased(offer_id=OFFER, cause=cause)],
            ROOM: [UnitReleased(placement_id=ASKED, places=(bed(),), cause=cause)],
        }
    )
    state = after.placement(ASKED)
    assert state.phase is Phase.STOPPED
    assert (state.handover, state.not_arrived) == (None, False)


@pytest.mark.parametrize("command", [AT_THREE, NOBODY_CAME])
def test_nobody_comes_to_a_house_whose_places_are_kept_no_more(command: object) -> None:
    given(accepted().history, given_back()).when(command).then(Refusal.OFFER_NO_LONGER_HELD)
    given(a_house_with_a_room(), a_stay()).when(command).then(Refusal.ALREADY_ADMITTED)


@pytest.mark.parametrize("command", [AT_THREE, NOBODY_CAME])
def test_nothing_is_told_before_it_happened(command: AgreeHandover | RecordNotArrived) -> None:
    ahead = replace(command, occurred_at=NOW + minutes(1))
    accepted().when(ahead).then(Refusal.OCCURRED_IN_THE_FUTURE)
