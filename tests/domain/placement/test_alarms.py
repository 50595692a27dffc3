"""What calls a person, when, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from domain.codes import AlarmKind, Escort, PlacementOutcome, RefusalGroup
from domain.coordination.answering import RefuseOffer
from domain.coordination.arriving import AgreeHandover
from domain.coordination.ending import CloseRequest
from domain.coordination.requesting import SearchAgain
from domain.placement.alarms import RaiseAlarm, TakeAlarm, due_alarms
from domain.placement.commands import MarkUnanswered, OpenConversation
from domain.placement.events import AlarmRaised, AlarmTaken, SafeUntilRevised
from domain.placement.state import Alarm
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.vocabulary import AnswerChannel, Setting, Side
from tests.support.night import (
    ASKED,
    HOUR,
    OFFER,
    OTHER_ROOM,
    SECOND_OFFER,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    bridged,
    given_back,
    held,
    holding,
    requested,
    said_yes,
    sent,
)
from tests.support.spec import NOW, History, Scene, given, minutes

SAFE_UNTIL_SIX = [
    (ASKED, SafeUntilRevised(setting=Setting.FRIEND, safe_until=NOW + 5 * HOUR, occurred_at=NOW))
]
ASKED_AT = NOW - minutes(10)
NO_PLACE = Alarm(AlarmKind.NO_PLACE_YET, ASKED_AT + minutes(20))


def waits(*more: History) -> Scene:
    return given(a_house_with_a_room(), requested(occurred_at=ASKED_AT), *more)


def due(scene: Scene, at: datetime) -> set[Alarm]:
    return set(due_alarms(scene.placement(ASKED), at, START_POLICY))


def kinds(scene: Scene, at: datetime) -> set[AlarmKind]:
    return {alarm.kind for alarm in due(scene, at)}


def test_a_request_without_a_place_for_too_long_calls_a_person() -> None:
    assert due(waits(), NOW + minutes(9)) == set()
    assert due(waits(), NOW + minutes(10)) == {NO_PLACE}
    assert due(waits(holding(), sent()), NOW + minutes(10)) == {NO_PLACE}


def test_a_house_that_has_said_yes_ends_that() -> None:
    assert due(waits(holding(), sent(), said_yes()), NOW + 9 * HOUR) == set()


def test_the_hour_until_which_she_is_safe_calls_a_person_before_it_comes() -> None:
    alarm = Alarm(AlarmKind.SAFE_UNTIL, NOW + 4 * HOUR)
    assert alarm not in due(waits(SAFE_UNTIL_SIX), NOW + 4 * HOUR - minutes(1))
    assert alarm in due(waits(SAFE_UNTIL_SIX), NOW + 4 * HOUR)


def test_a_bridge_moves_that_hour_and_calls_for_its_own_looks() -> None:
    scene = waits(SAFE_UNTIL_SIX, bridged())
    assert kinds(scene, NOW + 5 * HOUR) == {AlarmKind.NO_PLACE_YET}
    assert Alarm(AlarmKind.BRIDGE_CHECK, NOW + 6 * HOUR) in due(scene, NOW + 6 * HOUR)
    assert Alarm(AlarmKind.SAFE_UNTIL, NOW + 9 * HOUR) in due(scene, NOW + 9 * HOUR)
    assert Alarm(AlarmKind.BRIDGE_ENDS, NOW + 10 * HOUR) in due(scene, NOW + 10 * HOUR)


def test_a_household_that_is_late_calls_a_person() -> None:
    handover = AgreeHandover(
        placement_id=ASKED, offer_id=OFFER, expected_at=NOW + HOUR, escort=Escort.CAV, occurred_at=NOW
    )
    scene = waits(holding(), sent(), said_yes()).when(handover).done()
    assert due(scene, NOW + 2 * HOUR - minutes(1)) == set()
    assert due(scene, NOW + 2 * HOUR) == {Alarm(AlarmKind.LATE_ARRIVAL, NOW + 2 * HOUR)}


def silent_twice() -> Scene:
    """Two houses, one after the other, have let their deadline pass."""
    other = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    scene = waits(a_room(OTHER_ROOM), holding(deadline=NOW), sent(deadline=NOW))
    scene = scene.when(MarkUnanswered(offer_id=OFFER), on=ASKED, at=NOW + minutes(1)).done()
    second = NOW + minutes(20)
    scene = given(
        scene.history,
        given_back(),
        holding(other, offer_id=SECOND_OFFER, deadline=second),
        sent(offer_id=SECOND_OFFER, deadline=second),
    )
    return scene.when(MarkUnanswered(offer_id=SECOND_OFFER), on=ASKED, at=NOW + minutes(21)).done()


def test_houses_that_do_not_answer_call_a_person() -> None:
    alarm = Alarm(AlarmKind.HOUSES_SILENT, NOW + minutes(20))
    once = waits(holding(deadline=NOW), sent(deadline=NOW))
    once = once.when(MarkUnanswered(offer_id=OFFER), on=ASKED, at=NOW + minutes(1)).done()
    assert AlarmKind.HOUSES_SILENT not in kinds(once, NOW + HOUR)
    assert alarm in due(silent_twice(), NOW + minutes(21))


def test_one_that_talks_after_all_is_not_silent() -> None:
    talks = OpenConversation(offer_id=SECOND_OFFER, side=Side.HOUSE)
    scene = silent_twice().when(talks, on=ASKED, at=NOW + minutes(22)).done()
    assert AlarmKind.HOUSES_SILENT not in kinds(scene, NOW + minutes(22))


def refused_by_all() -> Scene:
    no = RefuseOffer(
        placement_id=ASKED,
        offer_id=OFFER,
        channel=AnswerChannel.SCREEN,
        shown=RefusalGroup.NO_CAPACITY,
        commitment=None,
        occurred_at=NOW,
    )
    scene = waits(holding(), sent()).when(no).done()
    return scene.when(SearchAgain(placement_id=ASKED)).done()


def test_when_all_have_refused_a_person_is_called_once() -> None:
    alarm = Alarm(AlarmKind.ALL_REFUSED, NOW)
    scene = refused_by_all()
    assert due(scene, NOW) == {alarm}
    raised = scene.when(RaiseAlarm(placement_id=ASKED, kind=alarm.kind, due_at=NOW)).done()
    more = given(raised.history, a_room(OTHER_ROOM, level="l1"))
    searched = more.when(SearchAgain(placement_id=ASKED)).done()
    assert len(searched.told(ASKED)) == len(raised.told(ASKED)) + 1
    assert due(searched, NOW) == set()


def test_where_nobody_refused_nothing_is_said_of_refusals() -> None:
    scene = given(a_house_with_a_room(beds=1, closed=(bed(),)), requested(occurred_at=ASKED_AT))
    waiting = scene.when(SearchAgain(placement_id=ASKED)).done()
    assert kinds(waiting, NOW + HOUR) == {AlarmKind.NO_PLACE_YET}


def test_who_is_in_a_house_or_has_left_the_search_calls_nobody() -> None:
    assert due(given(a_house_with_a_room(), a_stay(), bridged()), NOW + 99 * HOUR) == set()
    closing = CloseRequest(placement_id=ASKED, outcome=PlacementOutcome.UNREACHABLE, occurred_at=NOW)
    assert due(waits(bridged()).when(closing).done(), NOW + 99 * HOUR) == set()
    assert due_alarms(given().placement(ASKED), NOW, START_POLICY) == ()


def test_alarms_stand_in_the_order_of_when_they_became_due() -> None:
    scene = waits(SAFE_UNTIL_SIX, bridged())
    alarms = due_alarms(scene.placement(ASKED), NOW + 99 * HOUR, START_POLICY)
    assert [alarm.kind for alarm in alarms] == [
        AlarmKind.NO_PLACE_YET,
        AlarmKind.BRIDGE_CHECK,
        AlarmKind.SAFE_UNTIL,
        AlarmKind.BRIDGE_ENDS,
    ]


def raising(alarm: Alarm) -> RaiseAlarm:
    return RaiseAlarm(placement_id=ASKED, kind=alarm.kind, due_at=alarm.due_at)


TAKING = TakeAlarm(placement_id=ASKED, kind=NO_PLACE.kind, due_at=NO_PLACE.due_at)


def test_an_alarm_is_raised_once_and_only_when_it_is_due() -> None:
    waits().when(raising(NO_PLACE), at=NOW).then(Refusal.ALARM_UNKNOWN)
    after = (
        waits()
        .when(raising(NO_PLACE), at=NO_PLACE.due_at)
        .then_on(ASKED, AlarmRaised(kind=NO_PLACE.kind, due_at=NO_PLACE.due_at))
    )
    assert due(after, NOW + HOUR) == set()


@pytest.mark.parametrize("kind", AlarmKind)
def test_an_alarm_that_is_not_due_is_never_raised(kind: AlarmKind) -> None:
    elsewhen = RaiseAlarm(placement_id=ASKED, kind=kind, due_at=NOW - minutes(1))
    waits().when(elsewhen).then(Refusal.ALARM_UNKNOWN)


def test_a_person_takes_an_alarm_in_hand_once() -> None:
    waits().when(TAKING).then(Refusal.ALARM_UNKNOWN)
    raised = waits().when(raising(NO_PLACE), at=NOW + HOUR).done()
    taken = raised.when(TAKING).then_on(ASKED, AlarmTaken(kind=NO_PLACE.kind, due_at=NO_PLACE.due_at))
    assert taken.placement(ASKED).alarms == {NO_PLACE: True}


def test_an_alarm_of_what_has_ended_needs_nobody() -> None:
    raised = waits().when(raising(NO_PLACE), at=NOW + HOUR).done()
    closing = CloseRequest(placement_id=ASKED, outcome=PlacementOutcome.UNREACHABLE, occurred_at=NOW)
    raised.when(closing).done().when(TAKING).then(Refusal.PLACEMENT_ENDED)


@pytest.mark.parametrize("command", [raising(NO_PLACE), TAKING])
def test_of_an_unknown_placement_nobody_is_called(command: RaiseAlarm | TakeAlarm) -> None:
    given(a_house_with_a_room()).when(command).then(Refusal.PLACEMENT_UNKNOWN)


def test_a_raised_alarm_is_another_when_its_hour_is() -> None:
    raised = waits(SAFE_UNTIL_SIX).when(
        raising(Alarm(AlarmKind.SAFE_UNTIL, NOW + 4 * HOUR)), at=NOW + 5 * HOUR
    )
    later = replace(SAFE_UNTIL_SIX[0][1], safe_until=NOW + 9 * HOUR)
    moved = given(raised.done().history, [(ASKED, later)])
    assert Alarm(AlarmKind.SAFE_UNTIL, NOW + 8 * HOUR) in due(moved, NOW + 8 * HOUR)
