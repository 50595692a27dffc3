"""What calls a person, when, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from domain.codes import (
    AlarmKind,
    DeclineGroup,
    Escort,
    PlacementOutcome,
    RefusalGroup,
    ReleaseCause,
)
from domain.coordination.answering import AcceptOffer, DeclineOffer, RefuseOffer
from domain.coordination.arriving import AgreeHandover
from domain.coordination.ending import CloseRequest, ReleaseHold
from domain.coordination.reality import RecordOutsideOccupancy
from domain.coordination.requesting import SearchAgain
from domain.coordination.revising import ReviseSafety
from domain.placement.alarms import RaiseAlarm, TakeAlarm, due_alarms
from domain.placement.commands import MarkUnanswered, OpenConversation, ResumeSearch
from domain.placement.events import (
    AlarmRaised,
    AlarmTaken,
    OfferAccepted,
    OfferUnanswered,
    SafeUntilRevised,
)
from domain.placement.state import Alarm
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.unit import CorrectAvailability
from domain.vocabulary import AnswerChannel, OfferId, Setting, Side, Urgency
from tests.support.night import (
    ASKED,
    GUESTS,
    HOUR,
    OFFER,
    OTHER_CASE,
    OTHER_ROOM,
    RIVAL,
    RIVAL_OFFER,
    ROOM,
    SECOND_OFFER,
    ZONES,
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
    she_said_yes,
)
from tests.support.spec import NOW, History, Scene, given, minutes

SAFE_UNTIL_SIX = [
    (ASKED, SafeUntilRevised(setting=Setting.FRIEND, safe_until=NOW + 5 * HOUR, occurred_at=NOW))
]
ASKED_AT = NOW - minutes(10)
NO_PLACE = Alarm(AlarmKind.NO_PLACE_YET, ASKED_AT + minutes(20))


GUESTS_STAND_THERE = RecordOutsideOccupancy(
    unit_id=ROOM, occupancy_id=GUESTS, places=(bed(), bed(2)), occurred_at=NOW
)
NOTHING_IS_FREE = CorrectAvailability(open_places=(), observed_at=NOW)
SHE_MUST_NOT_BE_THERE = ReviseSafety(
    placement_id=ASKED, zones_to_avoid=ZONES, apart_from=(), houses_barred=(), occurred_at=NOW
)
THE_HOUSE_SAYS_NO = RefuseOffer(
    placement_id=ASKED,
    offer_id=OFFER,
    channel=AnswerChannel.SCREEN,
    shown=RefusalGroup.NO_CAPACITY,
    commitment=None,
    occurred_at=NOW,
)
SHE_SAYS_NO = DeclineOffer(
    placement_id=ASKED, offer_id=OFFER, shown=DeclineGroup.NOT_SAID, commitment=None, occurred_at=NOW
)
LOST, TOO_LATE = Alarm(AlarmKind.PLACE_LOST, NOW), Alarm(AlarmKind.LATE_YES, NOW)
NOT_SETTLED = Alarm(AlarmKind.NOT_SETTLED, NOW + HOUR)
THE_OTHER = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)


def waits(*more: History) -> Scene:
    return given(a_house_with_a_room(), requested(occurred_at=ASKED_AT), *more)


def accepted(urgency: Urgency = Urgency.U1) -> Scene:
    """The house has said yes at NOW."""
    asked = requested(occurred_at=ASKED_AT, urgency=urgency)
    return given(a_house_with_a_room(), asked, holding(), sent(), said_yes())


ACCEPTED = accepted()


def due(scene: Scene, at: datetime) -> set[Alarm]:
    return set(due_alarms(scene.placement(ASKED), at, START_POLICY))


def kinds(scene: Scene, at: datetime) -> set[AlarmKind]:
    return {alarm.kind for alarm in due(scene, at)}


def test_a_request_without_a_place_for_too_long_calls_a_person() -> None:
    assert due(waits(), NOW + minutes(9)) == set()
    assert due(waits(), NOW + minutes(10)) == {NO_PLACE}
    assert due(waits(holding(), sent()), NOW + minutes(10)) == {NO_PLACE}


def test_a_house_that_has_said_yes_ends_that() -> None:
    assert NO_PLACE not in due(ACCEPTED, NOW + 9 * HOUR)


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


def silent_again(scene: Scene, at: datetime, offer_id: OfferId) -> Scene:
    """One more house, in the place of the last, lets its deadline pass."""
    asked = given(
        scene.history,
        given_back(THE_OTHER, offer_id=SECOND_OFFER),
        holding(THE_OTHER, offer_id=offer_id, deadline=at),
        sent(offer_id=offer_id, deadline=at),
    )
    return asked.when(MarkUnanswered(offer_id=offer_id), on=ASKED, at=at + minutes(1)).done()


def test_a_night_of_silences_calls_a_person_once() -> None:
    alarm = Alarm(AlarmKind.HOUSES_SILENT, NOW + minutes(20))
    raised = silent_twice().when(raising(alarm), at=NOW + minutes(21)).done()
    third = silent_again(raised, NOW + minutes(30), RIVAL_OFFER)
    assert third.placement(ASKED).silences == 3
    assert AlarmKind.HOUSES_SILENT not in kinds(third, NOW + HOUR)
    unraised = silent_again(silent_twice(), NOW + minutes(30), RIVAL_OFFER)
    assert alarm in due(unraised, NOW + HOUR)


@pytest.mark.parametrize("late", [True, False])
def test_after_a_house_has_spoken_new_silences_call_anew(late: bool) -> None:
    alarm = Alarm(AlarmKind.HOUSES_SILENT, NOW + minutes(20))
    raised = silent_twice().when(raising(alarm), at=NOW + minutes(21)).done()
    word = AcceptOffer(
        placement_id=ASKED, offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW + minutes(22)
    )
    no = replace(THE_HOUSE_SAYS_NO, occurred_at=NOW + minutes(22))
    spoken = raised.when(word if late else no, at=NOW + minutes(22)).done()
    assert spoken.placement(ASKED).silences == 0
    again = silent_again(spoken, NOW + minutes(30), RIVAL_OFFER)
    assert AlarmKind.HOUSES_SILENT not in kinds(again, NOW + HOUR)
    silent = [(ASKED, OfferUnanswered(offer_id=RIVAL_OFFER, deadline=NOW + minutes(40)))]
    assert Alarm(AlarmKind.HOUSES_SILENT, NOW + minutes(40)) in due(given(again.history, silent), NOW + HOUR)


# --- after the yes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize(
    ("lost", "on"),
    [
        (GUESTS_STAND_THERE, ASKED),
        (NOTHING_IS_FREE, ROOM),
        (SHE_MUST_NOT_BE_THERE, ASKED),
        (THE_HOUSE_SAYS_NO, ASKED),
    ],
    ids=["displaced", "not-free", "no-longer-fits", "refused"],
)
def test_a_place_lost_after_the_houses_yes_calls_a_person_once(
    lost: object, on: UUID, urgency: Urgency
) -> None:
    assert LOST not in due(accepted(urgency), NOW)
    scene = accepted(urgency).when(lost, on=on).done()
    assert LOST in due(scene, NOW)
    raised = scene.when(raising(LOST)).done()
    assert AlarmKind.PLACE_LOST not in kinds(raised, NOW + 9 * HOUR)
    assert NOT_SETTLED not in due(raised, NOW + 9 * HOUR)


@pytest.mark.parametrize("cause", [ReleaseCause.RELEASED_BY_COORDINATOR, ReleaseCause.NOT_ARRIVED])
def test_a_place_given_back_by_hand_is_not_lost_even_when_the_search_goes_on(cause: ReleaseCause) -> None:
    given_up = ReleaseHold(placement_id=ASKED, offer_id=OFFER, cause=cause)
    scene = ACCEPTED.when(given_up).done().when(ResumeSearch(), on=ASKED).done()
    assert AlarmKind.PLACE_LOST not in kinds(scene, NOW + 9 * HOUR)


def test_a_place_that_she_declines_is_not_lost() -> None:
    scene = ACCEPTED.when(SHE_SAYS_NO).done()
    assert AlarmKind.PLACE_LOST not in kinds(scene, NOW + 9 * HOUR)


def test_a_place_that_the_house_had_not_promised_is_not_lost() -> None:
    scene = waits(holding(), sent()).when(GUESTS_STAND_THERE).done()
    assert AlarmKind.PLACE_LOST not in kinds(scene, NOW + 9 * HOUR)


def test_a_place_lost_needs_nobody_once_another_house_has_said_yes() -> None:
    scene = ACCEPTED.when(GUESTS_STAND_THERE).done()
    another = [*a_room(OTHER_ROOM), *holding(THE_OTHER, offer_id=SECOND_OFFER), *sent(offer_id=SECOND_OFFER)]
    offered = given(scene.history, another)
    assert LOST in due(offered, NOW)
    assert LOST not in due(given(offered.history, said_yes(offer_id=SECOND_OFFER)), NOW)


def test_a_place_found_and_lost_a_second_time_calls_anew() -> None:
    lost = ACCEPTED.when(THE_HOUSE_SAYS_NO).done().when(raising(LOST)).done()
    later = NOW + minutes(7)
    yes = [(ASKED, OfferAccepted(offer_id=SECOND_OFFER, channel=AnswerChannel.SCREEN, occurred_at=later))]
    another = [*a_room(OTHER_ROOM), *holding(THE_OTHER, offer_id=SECOND_OFFER), *sent(offer_id=SECOND_OFFER)]
    found = given(lost.history, another, yes)
    again = found.when(replace(THE_HOUSE_SAYS_NO, offer_id=SECOND_OFFER)).done()
    assert Alarm(AlarmKind.PLACE_LOST, later) in due(again, later)


def a_late_yes() -> Scene:
    """A house says yes to what another has meanwhile."""
    gone = given_back(cause=ReleaseCause.UNANSWERED)
    taken = [*requested(RIVAL, OTHER_CASE), *holding(held(bed(), bed(2)), placement_id=RIVAL)]
    yes = AcceptOffer(placement_id=ASKED, offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW)
    return waits(holding(), sent(), gone, taken).when(yes).done()


def test_a_yes_that_came_too_late_calls_a_person_once() -> None:
    scene = a_late_yes()
    assert due(scene, NOW) == {TOO_LATE}
    assert due(scene.when(raising(TOO_LATE)).done(), NOW) == set()


def test_a_late_yes_that_takes_its_places_after_all_is_not_late() -> None:
    took = [*holding(), *said_yes()]
    freed = given_back(held(bed(), bed(2)), placement_id=RIVAL)
    assert TOO_LATE not in due(given(a_late_yes().history, freed, took), NOW)


def test_a_yes_from_which_nothing_follows_calls_a_person() -> None:
    assert due(ACCEPTED, NOW + HOUR - minutes(1)) == set()
    assert due(ACCEPTED, NOW + HOUR) == {NOT_SETTLED}
    assert due(given(ACCEPTED.history, she_said_yes()), NOW + HOUR) == {NOT_SETTLED}


# --- the houses' noes ---------------------------------------------------------------------------------------


def refused_by_all() -> Scene:
    scene = waits(holding(), sent()).when(THE_HOUSE_SAYS_NO).done()
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
