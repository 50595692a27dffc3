"""From one house to the next: after silence, by a person's choice, or by itself where that was chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.codes import ChoiceReason, LateReason, RefusalGroup, ReleaseCause
from domain.coordination.answering import AcceptOffer, RefuseOffer
from domain.coordination.moving_on import ChooseAnother, MoveOn, SendOn, choose_another, move_on, send_on
from domain.coordination.requesting import SearchAgain
from domain.event import Event
from domain.placement.commands import SendOffer
from domain.placement.events import (
    CandidatesRanked,
    DecisionTaken,
    HoldPlaced,
    HoldReleased,
    LateAcceptanceRecorded,
    OfferSent,
    OfferUnanswered,
    PlacementRequested,
)
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.vocabulary import AnswerChannel, OfferId, ShelterId, UnitId
from domain.world import NOTHING
from tests.support.night import (
    ASKED,
    CASE,
    HOUSE,
    OFFER,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    SECOND_OFFER,
    THIRD_ROOM,
    a_house,
    a_house_with_a_room,
    a_room,
    bed,
    given_back,
    held,
    holding,
    requested,
    said_yes,
    sent,
)
from tests.support.spec import NOW, History, Scene, fresh, given, minutes

LATE = NOW - minutes(1)
GO_ON = MoveOn(placement_id=ASKED, offer_id=OFFER)
SEND_ON = SendOn(placement_id=ASKED, offer_id=OFFER)


def chose_to_send_on(history: History) -> History:
    """The same history of a request that lets the engine send on."""
    return [
        (stream, replace(event, send_on=True) if isinstance(event, PlacementRequested) else event)
        for stream, event in history
    ]


def two_houses(*, overdue: bool = True, offered: bool = True, by_itself: bool = False) -> Scene:
    """A place is held in the first house; another house has one free."""
    deadline = LATE if overdue else NOW + minutes(5)
    asked = requested()
    return given(
        a_house_with_a_room(beds=1),
        a_house(OTHER_HOUSE),
        a_room(OTHER_ROOM, house=OTHER_HOUSE, beds=1),
        chose_to_send_on(asked) if by_itself else asked,
        holding(deadline=deadline),
        sent(deadline=deadline) if offered else [],
    )


OLD = NOW - timedelta(days=3)


def a_room_with_a_bed_left(*, by_itself: bool = False) -> Scene:
    """The house that was asked in vain has a bed left; another's room is to be confirmed."""
    asked = requested()
    return given(
        a_house_with_a_room(beds=2),
        a_house(OTHER_HOUSE),
        a_room(THIRD_ROOM, house=OTHER_HOUSE, beds=1, seen_at=OLD),
        chose_to_send_on(asked) if by_itself else asked,
        holding(deadline=LATE),
        sent(deadline=LATE),
    )


def asked_in_vain(unit_id: UnitId, house: ShelterId, offer_id: OfferId = SECOND_OFFER) -> History:
    """An offer that nobody answered and that the search has left behind."""
    unit = held(bed(1, unit_id), unit=unit_id)
    return [
        *holding(unit, offer_id=offer_id, house=house),
        *sent(offer_id=offer_id),
        *given_back(unit, offer_id=offer_id, cause=ReleaseCause.UNANSWERED),
    ]


def both_asked_in_vain(*, third_house: bool = False) -> Scene:
    """The other house was asked before, and this one is silent too; perhaps a third is to be confirmed."""
    last = a_room(THIRD_ROOM, house=OTHER_HOUSE, beds=1, seen_at=OLD) if third_house else []
    return given(
        a_house_with_a_room(beds=2),
        a_house(OTHER_HOUSE),
        a_room(OTHER_ROOM, house=OTHER_HOUSE, beds=1),
        last,
        chose_to_send_on(requested()),
        asked_in_vain(OTHER_ROOM, OTHER_HOUSE),
        holding(deadline=LATE),
        sent(deadline=LATE),
    )


def kinds(scene: Scene, history: int) -> list[type[Event]]:
    return [type(event) for stream, event in scene.history[history:] if stream == ASKED]


def test_after_silence_the_next_house_is_held_and_the_first_given_back_in_one_append() -> None:
    before = two_houses()
    after = before.when(GO_ON, by=move_on).done(again=Refusal.OFFER_NO_LONGER_HELD)
    assert kinds(after, len(before.history)) == [
        OfferUnanswered,
        CandidatesRanked,
        HoldReleased,
        HoldPlaced,
    ]
    state = after.placement(ASKED)
    assert state.held is not None and state.held.units == (held(bed(1, OTHER_ROOM), unit=OTHER_ROOM),)
    assert state.silences == 1 and state.asked_before == {ROOM}
    assert after.unit(ROOM).taken == {}


def test_going_on_sends_nothing_by_itself() -> None:
    after = two_houses(by_itself=True).when(GO_ON, by=move_on).done(again=Refusal.OFFER_NO_LONGER_HELD)
    assert after.placement(ASKED).phase is Phase.HELD


def test_where_no_other_house_is_found_the_hold_stands() -> None:
    scene = given(a_house_with_a_room(beds=2), requested(), holding(deadline=LATE), sent(deadline=LATE))
    scene.when(GO_ON, by=move_on).then(NOTHING)


def test_a_silent_house_with_a_bed_left_is_passed_over_for_one_to_be_confirmed() -> None:
    after = a_room_with_a_bed_left().when(GO_ON, by=move_on).done(again=Refusal.OFFER_NO_LONGER_HELD)
    state = after.placement(ASKED)
    assert state.ranking is not None and state.held is not None
    assert [each.units[0].unit_id for each in state.ranking.best] == [ROOM, THIRD_ROOM]
    assert [each.unit_id for each in state.held.units] == [THIRD_ROOM]
    decision, sending = after.when(SendOffer(units=(THIRD_ROOM,)), on=ASKED).done().told(ASKED)[-2:]
    assert isinstance(decision, DecisionTaken) and isinstance(sending, OfferSent)
    assert (decision.choice, decision.reason, decision.automatic) == (2, None, False)


def test_a_house_passed_over_that_now_says_no_leaves_nothing_to_explain() -> None:
    after = a_room_with_a_bed_left().when(GO_ON, by=move_on).done(again=Refusal.OFFER_NO_LONGER_HELD)
    no = RefuseOffer(
        placement_id=ASKED,
        offer_id=OFFER,
        channel=AnswerChannel.TELEPHONE,
        shown=RefusalGroup.NO_CAPACITY,
        commitment=None,
        occurred_at=NOW,
    )
    offered = after.when(no).done().when(SendOffer(units=(THIRD_ROOM,)), on=ASKED).done()
    assert offered.placement(ASKED).phase is Phase.OFFERED


def test_a_better_candidate_that_was_not_asked_is_not_passed_over_without_a_reason() -> None:
    """What no command holds: the second candidate, and of the first nobody has asked."""
    scene = given(
        a_house_with_a_room(beds=2),
        a_house(OTHER_HOUSE),
        a_room(OTHER_ROOM, house=OTHER_HOUSE, beds=1),
        requested(),
    )
    found = scene.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    ranked = found.placement(ASKED).ranking
    assert ranked is not None
    _, second = ranked.best
    other = given(
        scene.history,
        [(ASKED, ranked)],
        holding(*second.units, house=second.shelter_id),
    )
    units = tuple(each.unit_id for each in second.units)
    other.when(SendOffer(units=units), on=ASKED).then(Refusal.REASON_NEEDED)
    told = other.when(SendOffer(units=units, reason=ChoiceReason.HER_WISH), on=ASKED).done().told(ASKED)
    assert isinstance(told[-2], DecisionTaken) and told[-2].choice == 2


def test_a_person_may_go_back_to_a_house_that_was_asked_before() -> None:
    after = both_asked_in_vain().when(GO_ON, by=move_on).done(again=Refusal.OFFER_NO_LONGER_HELD)
    state = after.placement(ASKED)
    assert state.held is not None and [each.unit_id for each in state.held.units] == [OTHER_ROOM]


@pytest.mark.parametrize(
    ("scene", "refusal"),
    [
        (given(a_house_with_a_room()), Refusal.PLACEMENT_UNKNOWN),
        (given(a_house_with_a_room(), requested()), Refusal.OFFER_UNKNOWN),
        (two_houses(overdue=False), Refusal.HOLD_NOT_OVERDUE),
        (
            given(a_house_with_a_room(), requested(), holding(), sent(), said_yes()),
            Refusal.OFFER_ALREADY_ACCEPTED,
        ),
        (
            given(
                a_house_with_a_room(),
                requested(),
                holding(),
                given_back(cause=ReleaseCause.UNANSWERED),
            ),
            Refusal.OFFER_NO_LONGER_HELD,
        ),
        (
            given(a_house_with_a_room(), requested(), holding(), given_back()),
            Refusal.SEARCH_STOPPED_FOR_A_PERSON,
        ),
    ],
)
def test_going_on_is_refused(scene: Scene, refusal: Refusal) -> None:
    scene.when(GO_ON, by=move_on).then(refusal)


def test_the_engine_sends_on_where_the_request_chose_it() -> None:
    before = two_houses(by_itself=True)
    after = before.when(SEND_ON, by=send_on).done(again=Refusal.OFFER_NO_LONGER_HELD)
    assert kinds(after, len(before.history))[-2:] == [DecisionTaken, OfferSent]
    decision = next(e for _, e in reversed(after.history) if isinstance(e, DecisionTaken))
    assert decision.automatic and decision.choice == 1 and decision.reason is None
    assert after.placement(ASKED).phase is Phase.OFFERED


@pytest.mark.parametrize("scene", [two_houses(by_itself=False), two_houses(by_itself=True, offered=False)])
def test_nothing_is_sent_on_that_was_not_chosen_or_that_no_person_had_offered(scene: Scene) -> None:
    scene.when(SEND_ON, by=send_on).then(Refusal.OFFER_NOT_SENT)


def test_the_engine_passes_over_a_silent_house_with_a_bed_left_too() -> None:
    after = (
        a_room_with_a_bed_left(by_itself=True)
        .when(SEND_ON, by=send_on)
        .done(again=Refusal.OFFER_NO_LONGER_HELD)
    )
    decision = next(e for _, e in reversed(after.history) if isinstance(e, DecisionTaken))
    assert (decision.automatic, decision.choice, decision.reason) == (True, 2, None)
    assert after.placement(ASKED).phase is Phase.OFFERED


def test_the_engine_asks_no_house_twice_by_itself() -> None:
    both_asked_in_vain().when(SEND_ON, by=send_on).then(NOTHING)


def test_the_engine_sends_on_past_every_house_asked_before() -> None:
    scene = both_asked_in_vain(third_house=True)
    after = scene.when(SEND_ON, by=send_on).done(again=Refusal.OFFER_NO_LONGER_HELD)
    state = after.placement(ASKED)
    assert state.held is not None and [each.unit_id for each in state.held.units] == [THIRD_ROOM]
    decision = next(e for _, e in reversed(after.history) if isinstance(e, DecisionTaken))
    assert (decision.automatic, decision.choice, decision.reason) == (True, 3, None)


def test_nothing_is_sent_on_without_her_consent() -> None:
    scene = given(
        a_house_with_a_room(),
        chose_to_send_on(requested(consented=False)),
        holding(deadline=LATE),
        sent(deadline=LATE),
    )
    scene.when(SEND_ON, by=send_on).then(Refusal.CONSENT_NOT_RECORDED)


def test_after_a_plain_no_the_next_house_is_asked_by_itself_where_chosen() -> None:
    scene = two_houses(by_itself=True, overdue=False)
    refused = RefuseOffer(
        placement_id=ASKED,
        offer_id=OFFER,
        channel=AnswerChannel.SCREEN,
        shown=RefusalGroup.NO_CAPACITY,
        commitment=None,
        occurred_at=NOW,
    )
    after = scene.when(refused).done()
    found = after.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    assert found.placement(ASKED).phase is Phase.OFFERED


def lost_after_one_was_asked(*more: History) -> Scene:
    """Sent on by itself, asked in vain in one house, and without a hold now."""
    return given(
        a_house_with_a_room(beds=2),
        a_house(OTHER_HOUSE),
        *more,
        chose_to_send_on(requested()),
        asked_in_vain(ROOM, HOUSE, OFFER),
    )


def test_searching_again_holds_a_house_asked_before_and_leaves_the_offer_to_a_person() -> None:
    scene = lost_after_one_was_asked()
    found = scene.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    state = found.placement(ASKED)
    assert state.held is not None and [each.unit_id for each in state.held.units] == [ROOM]
    assert state.phase is Phase.HELD


def test_searching_again_offers_to_the_first_house_that_was_not_asked() -> None:
    scene = lost_after_one_was_asked(a_room(THIRD_ROOM, house=OTHER_HOUSE, beds=1, seen_at=OLD))
    found = scene.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    state = found.placement(ASKED)
    assert state.held is not None and [each.unit_id for each in state.held.units] == [THIRD_ROOM]
    assert state.phase is Phase.OFFERED


def test_a_request_that_nobody_ever_offered_is_only_held() -> None:
    scene = given(a_house_with_a_room(), chose_to_send_on(requested()))
    found = scene.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    assert found.placement(ASKED).phase is Phase.HELD


def choosing(*units: UnitId, reason: ChoiceReason | None = ChoiceReason.HER_WISH) -> ChooseAnother:
    return ChooseAnother(placement_id=ASKED, units=units, reason=reason, shown_position=12, page="queue-1")


@pytest.mark.parametrize("reason", list(ChoiceReason))
def test_another_candidate_is_held_instead_and_the_decision_says_why(reason: ChoiceReason) -> None:
    scene = two_houses(overdue=False, offered=False)
    after = scene.when(choosing(OTHER_ROOM, reason=reason), by=choose_another).done()
    decision = after.told(ASKED)[-1]
    assert decision == DecisionTaken(
        offer_id=after.placement(ASKED).hold or OFFER,
        digest=(after.placement(ASKED).ranking or pytest.fail("not ranked")).digest,
        choice=1,
        reason=reason,
        automatic=False,
        shown_position=12,
        page="queue-1",
        availability_age_minutes=60,
    )
    assert after.unit(ROOM).taken == {} and after.placement(ASKED).phase is Phase.HELD
    sent_after = after.when(SendOffer(units=(OTHER_ROOM,)), on=ASKED).done()
    assert [type(each) for each in sent_after.told(ASKED)].count(DecisionTaken) == 1


def test_another_candidate_needs_a_reason_and_must_be_a_candidate() -> None:
    scene = two_houses(overdue=False, offered=False)
    scene.when(choosing(OTHER_ROOM, reason=None), by=choose_another).then(Refusal.REASON_NEEDED)
    scene.when(choosing(THIRD_ROOM), by=choose_another).then(Refusal.CANDIDATE_NOT_ELIGIBLE)
    scene.when(choosing(ROOM), by=choose_another).then(NOTHING)
    given(a_house_with_a_room(), requested()).when(choosing(ROOM), by=choose_another).then(Refusal.NO_HOLD)
    given(a_house_with_a_room()).when(choosing(ROOM), by=choose_another).then(Refusal.PLACEMENT_UNKNOWN)
    accepted = given(a_house_with_a_room(), requested(), holding(), sent(), said_yes())
    accepted.when(choosing(OTHER_ROOM), by=choose_another).then(Refusal.OFFER_ALREADY_ACCEPTED)
    named = replace(choosing(OTHER_ROOM), page="Not a code")
    scene.when(named, by=choose_another).then(Refusal.CODE_MALFORMED)


def test_an_offer_records_what_was_chosen_out_of_what_was_shown() -> None:
    asked = given(a_house_with_a_room(), requested()).when(SearchAgain(placement_id=ASKED))
    found = asked.done(again=Refusal.HOLD_STANDS)
    command = SendOffer(units=(ROOM,), shown_position=7, page="placement-1")
    decision, sending = found.when(command, on=ASKED).done().told(ASKED)[-2:]
    assert isinstance(decision, DecisionTaken) and isinstance(sending, OfferSent)
    assert (decision.choice, decision.shown_position, decision.page) == (1, 7, "placement-1")
    assert decision.offer_id == fresh(1) == sending.offer_id


def test_a_late_yes_takes_nothing_that_is_owed_to_an_earlier_request() -> None:
    """The rival waits, came first, and this is the only place it could have."""
    scene = given(
        a_house_with_a_room(beds=1),
        requested(RIVAL, OTHER_CASE, occurred_at=NOW - timedelta(hours=3)),
        requested(ASKED, CASE),
        holding(),
        sent(),
        given_back(cause=ReleaseCause.UNANSWERED),
    )
    yes = AcceptOffer(placement_id=ASKED, offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW)
    late = LateAcceptanceRecorded(
        offer_id=OFFER, channel=AnswerChannel.SCREEN, reason=LateReason.OWED_TO_ANOTHER, occurred_at=NOW
    )
    ranked, said = scene.when(yes).done().told(ASKED)[-2:]
    assert isinstance(ranked, CandidatesRanked) and said == late
    assert scene.placement(ASKED).offers[OFFER].shelter_id == HOUSE
