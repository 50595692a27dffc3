"""What one placement answers by itself: consent, offer, conversation, silence, the house's yes and hers."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from domain.codes import DischargeOutcome, RefusalGroup, Told
from domain.coordination.answering import AcceptOffer, RefuseOffer
from domain.coordination.staying import AdmitHousehold, DischargeHousehold
from domain.placement.commands import (
    AcceptAsWoman,
    AcceptHeldOffer,
    ConfirmAcceptance,
    MarkOfferSeen,
    MarkUnanswered,
    OpenConversation,
    RecordConsent,
    ResumeSearch,
    SendOffer,
)
from domain.placement.events import (
    ConversationOpened,
    OfferAccepted,
    OfferSeen,
    OfferSent,
    OfferUnanswered,
    SearchConsented,
    SearchResumed,
    TelephoneAcceptanceConfirmed,
    WomanAccepted,
)
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.vocabulary import AnswerChannel, OfferId, Side, Urgency
from tests.support.night import (
    ASKED,
    OFFER,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    SECOND_OFFER,
    a_house_with_a_room,
    a_room,
    a_stay,
    arrived,
    bed,
    given_back,
    held,
    holding,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NOW, Scene, given, minutes

LATER = NOW + timedelta(seconds=1)
HER_YES = AcceptAsWoman(proximity_checked_by_voice=False, told=(Told.SHARED_SPACES,), occurred_at=NOW)
SAFETY_NO = RefuseOffer(
    placement_id=ASKED,
    offer_id=OFFER,
    channel=AnswerChannel.SCREEN,
    shown=RefusalGroup.SAFETY,
    commitment=None,
    occurred_at=NOW,
)
DISCHARGE = DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.GOALS_REACHED, occurred_at=NOW)


def held_scene() -> Scene:
    return given(a_house_with_a_room(), requested(), holding())


def offered_scene() -> Scene:
    return given(a_house_with_a_room(), requested(), holding(), sent())


def accepted_scene(channel: AnswerChannel = AnswerChannel.SCREEN) -> Scene:
    return given(a_house_with_a_room(), requested(), holding(), sent(), said_yes(channel=channel))


def test_her_consent_may_come_after_the_request() -> None:
    scene = given(a_house_with_a_room(), requested(consented=False), holding())
    scene.when(SendOffer(units=(ROOM,)), on=ASKED).then(Refusal.CONSENT_NOT_RECORDED)
    scene = scene.when(RecordConsent(occurred_at=NOW), on=ASKED).then_alone(SearchConsented(occurred_at=NOW))
    scene.when(SendOffer(units=(ROOM,)), on=ASKED).done()


def test_an_offer_goes_to_the_units_held_and_its_deadline_counts_from_the_sending() -> None:
    scene = (
        held_scene()
        .when(SendOffer(units=(ROOM,)), on=ASKED)
        .then_alone(OfferSent(offer_id=OFFER, deadline=NOW + minutes(10)))
    )
    assert scene.placement(ASKED).phase is Phase.OFFERED


def test_an_offer_of_a_planned_move_is_due_at_noon_of_the_next_working_day() -> None:
    scene = given(a_house_with_a_room(), requested(urgency=Urgency.U4), holding())
    monday_noon = NOW.replace(day=23, hour=11, minute=0)
    scene.when(SendOffer(units=(ROOM,)), on=ASKED).then_alone(OfferSent(offer_id=OFFER, deadline=monday_noon))


@pytest.mark.parametrize("units", [(), (OTHER_ROOM,), (ROOM, OTHER_ROOM)])
def test_only_the_very_candidate_held_can_be_offered(units: tuple[object, ...]) -> None:
    held_scene().when(SendOffer(units=units), on=ASKED).then(Refusal.CANDIDATE_NOT_HELD)  # type: ignore[arg-type]


def test_without_a_hold_there_is_nothing_to_offer_or_accept() -> None:
    scene = given(a_house_with_a_room(), requested())
    scene.when(SendOffer(units=(ROOM,)), on=ASKED).then(Refusal.NO_HOLD)
    scene.when(HER_YES, on=ASKED).then(Refusal.NO_HOLD)


def test_an_overdue_hold_may_still_be_offered_and_silence_counts_anew() -> None:
    scene = given(a_house_with_a_room(), requested(), holding(deadline=NOW - minutes(1)))
    scene = scene.when(MarkUnanswered(offer_id=OFFER), on=ASKED).then_alone(
        OfferUnanswered(offer_id=OFFER, deadline=NOW - minutes(1))
    )
    scene = scene.when(SendOffer(units=(ROOM,)), on=ASKED).done()
    scene.when(MarkUnanswered(offer_id=OFFER), on=ASKED).then(Refusal.HOLD_NOT_OVERDUE)
    scene.when(MarkUnanswered(offer_id=OFFER), on=ASKED, at=NOW + minutes(11)).then_alone(
        OfferUnanswered(offer_id=OFFER, deadline=NOW + minutes(10))
    )


def test_a_safety_no_to_an_earlier_offer_stops_the_next_one_until_a_person_resumes() -> None:
    second = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    scene = given(
        a_house_with_a_room(),
        a_room(OTHER_ROOM),
        requested(),
        holding(),
        sent(),
        given_back(),
        holding(second, offer_id=SECOND_OFFER),
    )
    scene = scene.when(SAFETY_NO).done()
    assert scene.placement(ASKED).hold == SECOND_OFFER
    scene.when(SendOffer(units=(OTHER_ROOM,)), on=ASKED).then(Refusal.SEARCH_STOPPED_FOR_A_PERSON)
    scene = scene.when(ResumeSearch(), on=ASKED).then_alone(SearchResumed())
    scene.when(SendOffer(units=(OTHER_ROOM,)), on=ASKED).done()


def test_resuming_a_search_that_never_stopped_is_silent() -> None:
    held_scene().when(ResumeSearch(), on=ASKED).then_alone()


def test_seeing_an_offer_opens_the_conversation() -> None:
    scene = (
        offered_scene()
        .when(MarkOfferSeen(offer_id=OFFER), on=ASKED)
        .then_alone(
            OfferSeen(offer_id=OFFER),
            ConversationOpened(offer_id=OFFER, side=Side.HOUSE, until=NOW + minutes(30)),
        )
    )
    assert scene.placement(ASKED).phase is Phase.IN_CONVERSATION


def test_an_offer_whose_hold_is_over_or_accepted_can_be_seen_and_no_more_follows() -> None:
    seen = OfferSeen(offer_id=OFFER)
    accepted_scene().when(MarkOfferSeen(offer_id=OFFER), on=ASKED).then_alone(seen)
    over = given(offered_scene().history, given_back())
    over.when(MarkOfferSeen(offer_id=OFFER), on=ASKED).then_alone(seen)


@pytest.mark.parametrize("side", list(Side))
def test_either_side_moves_the_deadline_by_saying_that_they_talk(side: Side) -> None:
    talk = OpenConversation(offer_id=OFFER, side=side)
    scene = (
        offered_scene()
        .when(talk, on=ASKED)
        .then_alone(ConversationOpened(offer_id=OFFER, side=side, until=NOW + minutes(30)))
    )
    late = NOW + minutes(30)
    scene.when(MarkUnanswered(offer_id=OFFER), on=ASKED, at=late).then(Refusal.HOLD_NOT_OVERDUE)
    scene = scene.when(talk, on=ASKED, at=late).done()
    scene.when(MarkUnanswered(offer_id=OFFER), on=ASKED, at=NOW + minutes(60)).then(Refusal.HOLD_NOT_OVERDUE)
    scene.when(MarkUnanswered(offer_id=OFFER), on=ASKED, at=NOW + minutes(61)).then_alone(
        OfferUnanswered(offer_id=OFFER, deadline=NOW + minutes(60))
    )


def test_a_conversation_never_shortens_a_longer_deadline() -> None:
    scene = given(a_house_with_a_room(), requested(), holding(), sent(deadline=NOW + minutes(240)))
    scene = scene.when(OpenConversation(offer_id=OFFER, side=Side.HOUSE), on=ASKED).done()
    held_offer = scene.placement(ASKED).held
    assert held_offer is not None
    assert held_offer.due_at == NOW + minutes(240)


def test_talking_after_the_deadline_brings_an_unanswered_hold_back_from_overdue() -> None:
    late = NOW + minutes(6)
    scene = offered_scene().when(MarkUnanswered(offer_id=OFFER), on=ASKED, at=late).done()
    scene = scene.when(OpenConversation(offer_id=OFFER, side=Side.COORDINATION), on=ASKED, at=late).done()
    held_offer = scene.placement(ASKED).held
    assert held_offer is not None
    assert not held_offer.unanswered
    assert not held_offer.overdue(late + minutes(30))


def test_silence_is_marked_only_after_the_deadline_and_takes_nothing() -> None:
    scene = offered_scene()
    mark = MarkUnanswered(offer_id=OFFER)
    scene.when(mark, on=ASKED, at=NOW + minutes(5)).then(Refusal.HOLD_NOT_OVERDUE)
    scene = scene.when(mark, on=ASKED, at=NOW + minutes(6)).then_alone(
        OfferUnanswered(offer_id=OFFER, deadline=NOW + minutes(5))
    )
    assert scene.placement(ASKED).hold == OFFER
    assert scene.unit(ROOM).taken == {bed(): ASKED}


def test_an_accepted_hold_is_never_overdue() -> None:
    accepted_scene().when(MarkUnanswered(offer_id=OFFER), on=ASKED, at=NOW + timedelta(days=9)).then_alone()


def test_silence_is_not_marked_on_a_hold_that_is_over() -> None:
    scene = given(offered_scene().history, given_back())
    scene.when(MarkUnanswered(offer_id=OFFER), on=ASKED, at=NOW + timedelta(days=9)).then_alone()


def test_a_house_says_yes_on_its_screen() -> None:
    yes = AcceptHeldOffer(offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW)
    scene = (
        offered_scene()
        .when(yes, on=ASKED)
        .then_alone(OfferAccepted(offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW))
    )
    assert scene.placement(ASKED).phase is Phase.ACCEPTED_BY_HOUSE
    scene.when(ConfirmAcceptance(offer_id=OFFER), on=ASKED).then_alone()


def test_a_yes_by_telephone_is_confirmed_later_by_the_house_even_after_the_arrival() -> None:
    confirmed = TelephoneAcceptanceConfirmed(offer_id=OFFER)
    by_telephone = accepted_scene(AnswerChannel.TELEPHONE)
    by_telephone.when(ConfirmAcceptance(offer_id=OFFER), on=ASKED).then_alone(confirmed)
    there = given(by_telephone.history, she_said_yes(), arrived())
    there.when(ConfirmAcceptance(offer_id=OFFER), on=ASKED).then_alone(confirmed)


def test_a_yes_on_the_screen_after_one_by_telephone_confirms_it() -> None:
    yes = AcceptOffer(placement_id=ASKED, offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW)
    accepted_scene(AnswerChannel.TELEPHONE).when(yes).then(
        {ASKED: [TelephoneAcceptanceConfirmed(offer_id=OFFER)]}
    )


def test_there_is_nothing_to_confirm_before_a_yes_or_after_a_no() -> None:
    scene = offered_scene()
    scene.when(ConfirmAcceptance(offer_id=OFFER), on=ASKED).then(Refusal.HOUSE_HAS_NOT_ACCEPTED)
    refused = accepted_scene(AnswerChannel.TELEPHONE).when(SAFETY_NO).done()
    refused.when(ConfirmAcceptance(offer_id=OFFER), on=ASKED).then(Refusal.OFFER_ALREADY_REFUSED)


def test_her_yes_follows_the_houses_and_says_whether_proximity_was_checked() -> None:
    offered_scene().when(HER_YES, on=ASKED).then(Refusal.HOUSE_HAS_NOT_ACCEPTED)
    scene = (
        accepted_scene()
        .when(HER_YES, on=ASKED)
        .then_alone(
            WomanAccepted(
                offer_id=OFFER,
                proximity_checked_by_voice=False,
                told=(Told.SHARED_SPACES,),
                occurred_at=NOW,
            )
        )
    )
    assert scene.placement(ASKED).phase is Phase.ACCEPTED_BY_BOTH
    assert not scene.placement(ASKED).proximity_checked_by_voice


def test_her_yes_to_one_place_is_not_a_yes_to_another() -> None:
    to_the_first = AcceptAsWoman(proximity_checked_by_voice=True, told=(), occurred_at=NOW, offer_id=OFFER)
    scene = given(
        offered_scene().history,
        given_back(),
        holding(offer_id=SECOND_OFFER),
        sent(offer_id=SECOND_OFFER),
        said_yes(offer_id=SECOND_OFFER),
    )
    scene.when(to_the_first, on=ASKED).then(Refusal.OFFER_NO_LONGER_HELD)


def test_a_yes_of_hers_ends_with_its_hold() -> None:
    scene = given(accepted_scene().history, she_said_yes(), given_back(), holding(offer_id=SECOND_OFFER))
    assert not scene.placement(ASKED).woman_accepted
    assert not scene.placement(ASKED).proximity_checked_by_voice
    scene.when(AdmitHousehold(placement_id=ASKED, occurred_at=NOW)).then(Refusal.HOUSE_HAS_NOT_ACCEPTED)


ALL = (
    RecordConsent(occurred_at=NOW),
    SendOffer(units=(ROOM,)),
    MarkOfferSeen(offer_id=OFFER),
    OpenConversation(offer_id=OFFER, side=Side.HOUSE),
    MarkUnanswered(offer_id=OFFER),
    AcceptHeldOffer(offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW),
    ConfirmAcceptance(offer_id=OFFER),
    HER_YES,
    ResumeSearch(),
)


@pytest.mark.parametrize("command", ALL)
def test_a_placement_that_nobody_asked_for_is_unknown(command: object) -> None:
    given(a_house_with_a_room()).when(command, on=RIVAL).then(Refusal.PLACEMENT_UNKNOWN)


@pytest.mark.parametrize("command", ALL)
def test_an_ended_placement_takes_no_more(command: object) -> None:
    leaving = given(a_house_with_a_room(), a_stay()).when(DISCHARGE).done()
    leaving.when(command, on=ASKED).then(Refusal.PLACEMENT_ENDED)


@pytest.mark.parametrize(
    "command",
    [
        MarkOfferSeen(offer_id=OfferId(UUID(int=9))),
        OpenConversation(offer_id=OfferId(UUID(int=9)), side=Side.HOUSE),
        MarkUnanswered(offer_id=OfferId(UUID(int=9))),
        AcceptHeldOffer(offer_id=OfferId(UUID(int=9)), channel=AnswerChannel.SCREEN, occurred_at=LATER),
        ConfirmAcceptance(offer_id=OfferId(UUID(int=9))),
        AcceptAsWoman(
            proximity_checked_by_voice=True, told=(), occurred_at=LATER, offer_id=OfferId(UUID(int=9))
        ),
    ],
)
def test_an_offer_that_was_never_made_is_unknown(command: object) -> None:
    offered_scene().when(command, on=ASKED).then(Refusal.OFFER_UNKNOWN)


@pytest.mark.parametrize(
    "command",
    [
        RecordConsent(occurred_at=LATER),
        AcceptHeldOffer(offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=LATER),
        AcceptAsWoman(proximity_checked_by_voice=True, told=(), occurred_at=LATER),
    ],
)
def test_nothing_is_said_to_have_happened_in_the_future(command: object) -> None:
    offered_scene().when(command, on=ASKED).then(Refusal.OCCURRED_IN_THE_FUTURE)


@pytest.mark.parametrize(
    "command",
    [
        MarkOfferSeen(offer_id=OFFER),
        OpenConversation(offer_id=OFFER, side=Side.HOUSE),
        AcceptHeldOffer(offer_id=OFFER, channel=AnswerChannel.SCREEN, occurred_at=NOW),
    ],
)
def test_an_offer_that_was_not_sent_has_no_answer(command: object) -> None:
    held_scene().when(command, on=ASKED).then(Refusal.OFFER_NOT_SENT)


def test_nobody_talks_about_an_offer_that_has_its_answer_or_no_hold() -> None:
    talk = OpenConversation(offer_id=OFFER, side=Side.HOUSE)
    accepted_scene().when(talk, on=ASKED).then(Refusal.OFFER_ALREADY_ACCEPTED)
    offered_scene().when(SAFETY_NO).done().when(talk, on=ASKED).then(Refusal.OFFER_ALREADY_REFUSED)
    over = given(offered_scene().history, given_back())
    over.when(talk, on=ASKED).then(Refusal.OFFER_NO_LONGER_HELD)


@pytest.mark.parametrize("command", [ALL[1], ALL[3], ALL[5], HER_YES])
def test_a_household_that_is_there_needs_no_more_offers(command: object) -> None:
    given(a_house_with_a_room(), a_stay()).when(command, on=ASKED).then(Refusal.ALREADY_ADMITTED)
