"""The answers to an offer: in time, too late, changed, and hers above all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.codes import (
    DeclineGroup,
    DischargeOutcome,
    LateReason,
    PauseReason,
    RefusalGroup,
    ReleaseCause,
)
from domain.coordination.answering import AcceptOffer, DeclineOffer, RefuseOffer
from domain.coordination.ending import ReleaseHold, WithdrawConsent
from domain.coordination.reality import RecordOutsideOccupancy
from domain.coordination.requesting import SearchAgain
from domain.coordination.resuming import resume_and_search
from domain.coordination.staying import DischargeHousehold
from domain.matching import rank_1
from domain.matching.certificate import certify
from domain.matching.ranking import request_of
from domain.placement.commands import AcceptAsWoman, SendOffer
from domain.placement.events import (
    CandidatesRanked,
    HoldPlaced,
    HoldReleased,
    LateAcceptanceRecorded,
    OfferAccepted,
    OfferRefused,
    SafetyRevised,
    SearchConsented,
    SearchResumed,
    WomanDeclined,
)
from domain.placement.state import Phase
from domain.policy import START_POLICY
from domain.refusals import Refusal
from domain.shelter import IntakePaused
from domain.unit import UnitHeld, UnitReleased
from domain.vocabulary import AnswerChannel, OfferId, Urgency
from tests.support.night import (
    ASKED,
    GUESTS,
    HOUSE,
    OFFER,
    OTHER_CASE,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    SECOND_OFFER,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    given_back,
    held,
    holding,
    request,
    requested,
    said_yes,
    sent,
    she_said_yes,
)
from tests.support.spec import NOW, Scene, given, minutes

YES = AcceptOffer(placement_id=ASKED, offer_id=OFFER, channel=AnswerChannel.TELEPHONE, occurred_at=NOW)
NO = RefuseOffer(
    placement_id=ASKED,
    offer_id=OFFER,
    channel=AnswerChannel.SCREEN,
    shown=RefusalGroup.NOT_SUITABLE,
    commitment="0f" * 32,
    occurred_at=NOW,
)
HER_NO = DeclineOffer(
    placement_id=ASKED,
    offer_id=OFFER,
    shown=DeclineGroup.PLACE_NOT_RIGHT,
    commitment=None,
    occurred_at=NOW,
)
ACCEPTED = OfferAccepted(offer_id=OFFER, channel=AnswerChannel.TELEPHONE, occurred_at=NOW)


def offered() -> Scene:
    return given(a_house_with_a_room(beds=1), requested(), holding(), sent())


def late(reason: LateReason) -> LateAcceptanceRecorded:
    return LateAcceptanceRecorded(
        offer_id=OFFER, channel=AnswerChannel.TELEPHONE, reason=reason, occurred_at=NOW
    )


def certified(scene: Scene) -> CandidatesRanked:
    """What she would be given where the scene stands."""
    request = request_of(ASKED, scene.places.placements[ASKED])
    return certify(rank_1.rank(request, scene.places, START_POLICY, NOW))


def freed(cause: ReleaseCause) -> dict[UUID, list[UnitReleased]]:
    return {ROOM: [UnitReleased(placement_id=ASKED, places=(bed(),), cause=cause)]}


def expired() -> Scene:
    """The hold was overdue, a rival took the bed and then ended: the bed is free, the first one waits."""
    scene = given(
        a_house_with_a_room(beds=1),
        requested(urgency=Urgency.U2),
        holding(deadline=NOW - minutes(1)),
        sent(deadline=NOW - minutes(1)),
    )
    return scene.when(request()).creates()


def test_a_yes_in_time_is_recorded_and_keeps_the_places() -> None:
    scene = offered().when(YES).then({ASKED: [ACCEPTED]})
    assert scene.placement(ASKED).phase is Phase.ACCEPTED_BY_HOUSE
    assert scene.unit(ROOM).taken == {bed(): ASKED}


def test_a_yes_to_an_overdue_hold_that_nobody_needed_is_in_time() -> None:
    offered().when(YES, at=NOW + timedelta(hours=9)).then({ASKED: [ACCEPTED]})


@pytest.mark.parametrize("ending", [given_back(), given_back(cause=ReleaseCause.DISPLACED_BY_REALITY)])
def test_a_yes_after_the_hold_has_ended_takes_the_places_again_where_they_are_free(
    ending: list[tuple[UUID, object]],
) -> None:
    scene = given(offered().history, ending)  # type: ignore[arg-type]
    scene = scene.when(YES).then(
        {
            ASKED: [
                certified(scene),
                HoldPlaced(
                    offer_id=OFFER,
                    shelter_id=HOUSE,
                    units=(held(bed()),),
                    deadline=NOW + minutes(5),
                ),
                ACCEPTED,
            ],
            ROOM: [UnitHeld(placement_id=ASKED, places=(bed(),))],
        }
    )
    assert scene.placement(ASKED).phase is Phase.ACCEPTED_BY_HOUSE


def test_a_yes_after_expiry_takes_nothing_from_the_rival_and_tells_a_person() -> None:
    expired().when(YES).then({ASKED: [late(LateReason.PLACES_TAKEN)]})


def test_a_late_yes_said_again_takes_the_places_once_they_are_free() -> None:
    scene = expired().when(YES).done()
    rival = next(one for one in scene.places.placements if one != ASKED)
    scene = scene.when(WithdrawConsent(placement_id=rival, occurred_at=NOW)).done()
    scene = scene.when(YES).done()
    assert scene.placement(ASKED).phase is Phase.ACCEPTED_BY_HOUSE


def a_bed_that_is_owed() -> Scene:
    """Given back while somebody waits who comes before."""
    before = requested(RIVAL, OTHER_CASE, urgency=Urgency.U1, occurred_at=NOW - timedelta(hours=1))
    mine = requested(urgency=Urgency.U2, occurred_at=NOW)
    return given(a_house_with_a_room(beds=1), mine, holding(), sent(), before, given_back())


def test_a_late_yes_takes_nothing_that_is_owed_and_leaves_the_certificate_that_says_so() -> None:
    scene = a_bed_that_is_owed()
    certificate = certified(scene)
    assert [(each.code, each.units) for each in certificate.excluded] == [("OWED", 1)]
    said = late(LateReason.OWED_TO_ANOTHER)
    after = scene.when(YES).then({ASKED: [certificate, said]})
    assert after.placement(ASKED).ranking == certificate
    assert after.placement(ASKED).phase is scene.placement(ASKED).phase


def test_a_late_yes_to_what_no_longer_does_leaves_the_certificate() -> None:
    barred = SafetyRevised(zones_to_avoid=(), apart_from=(), houses_barred=(HOUSE,), occurred_at=NOW)
    scene = given(offered().history, given_back(), [(ASKED, barred)])
    scene.when(YES).then({ASKED: [certified(scene), late(LateReason.NO_LONGER_FITS)]})


def test_what_is_taken_again_was_chosen_by_nobody_out_of_the_ranking_beside_it() -> None:
    scene = given(offered().history, given_back(cause=ReleaseCause.NO_LONGER_FITS)).when(YES).done()
    again = SendOffer(units=(ROOM,))
    given(scene.history, [(ASKED, SearchConsented(occurred_at=NOW))]).when(again, on=ASKED).then({})


def test_a_late_yes_takes_nothing_while_the_house_admits_nobody() -> None:
    scene = given(offered().history, given_back(), [(HOUSE, IntakePaused(reason=PauseReason.HEALTH))])
    scene.when(YES).then({ASKED: [late(LateReason.SHELTER_NOT_ADMITTING)]})


def test_a_late_yes_takes_nothing_where_guests_stand_beside_a_stay_that_has_ended() -> None:
    guests = RecordOutsideOccupancy(unit_id=ROOM, occupancy_id=GUESTS, places=(bed(),), occurred_at=NOW)
    leaving = DischargeHousehold(placement_id=RIVAL, outcome=DischargeOutcome.GOALS_REACHED, occurred_at=NOW)
    scene = given(offered().history, given_back(), a_stay(placement_id=RIVAL, case_id=OTHER_CASE))
    scene = scene.when(guests).done().when(leaving).done()
    scene.when(YES).then({ASKED: [late(LateReason.PLACES_TAKEN)]})


def test_a_late_yes_takes_nothing_when_another_hold_stands() -> None:
    scene = given(
        offered().history,
        a_room(OTHER_ROOM),
        given_back(),
        holding(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM), offer_id=SECOND_OFFER),
    )
    scene.when(YES).then({ASKED: [late(LateReason.ANOTHER_HOLD)]})


def test_a_late_yes_to_a_placement_that_has_ended_is_recorded_alone() -> None:
    scene = offered().when(WithdrawConsent(placement_id=ASKED, occurred_at=NOW)).done()
    scene = scene.when(YES).then({ASKED: [late(LateReason.PLACEMENT_ENDED)]})
    assert ASKED not in scene.places.placements


def test_her_no_stands_against_a_yes_of_the_house_that_comes_after() -> None:
    scene = offered().when(HER_NO).done()
    scene.when(YES).then({ASKED: [late(LateReason.DECLINED_BY_WOMAN)]})


def test_her_no_is_recorded_also_when_the_hold_has_ended_and_stands_against_a_late_yes() -> None:
    scene = (
        expired()
        .when(HER_NO)
        .then(
            {
                ASKED: [
                    WomanDeclined(
                        offer_id=OFFER,
                        shown=DeclineGroup.PLACE_NOT_RIGHT,
                        stops=True,
                        commitment=None,
                        units=(ROOM,),
                        occurred_at=NOW,
                    )
                ]
            }
        )
    )
    scene.when(YES).then({ASKED: [late(LateReason.DECLINED_BY_WOMAN)]})


def test_a_search_stopped_by_her_no_takes_no_late_yes_of_another_house() -> None:
    second = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    scene = given(
        offered().history,
        a_room(OTHER_ROOM),
        given_back(),
        holding(second, offer_id=SECOND_OFFER),
        sent(offer_id=SECOND_OFFER),
    )
    scene = scene.when(replace(HER_NO, offer_id=SECOND_OFFER)).done()
    scene = scene.when(YES).then({ASKED: [late(LateReason.SEARCH_STOPPED)]})
    resumed = given(scene.history, [(ASKED, SearchResumed())])
    assert resumed.when(YES).done().placement(ASKED).phase is Phase.ACCEPTED_BY_HOUSE


def test_a_unit_that_said_no_to_a_later_offer_is_not_taken_by_a_yes_to_an_earlier_one() -> None:
    scene = given(
        offered().history,
        given_back(),
        [(ASKED, SearchResumed())],
        holding(offer_id=SECOND_OFFER),
        sent(offer_id=SECOND_OFFER),
    )
    scene = scene.when(replace(NO, offer_id=SECOND_OFFER)).done()
    scene.when(YES).then({ASKED: [late(LateReason.NOT_TO_ASK)]})


def test_a_no_of_the_house_gives_the_places_back_and_excludes_its_unit() -> None:
    cause = ReleaseCause.REFUSED_BY_HOUSE
    scene = (
        offered()
        .when(NO)
        .then(
            {
                ASKED: [
                    OfferRefused(
                        offer_id=OFFER,
                        channel=AnswerChannel.SCREEN,
                        shown=RefusalGroup.NOT_SUITABLE,
                        stops=False,
                        commitment="0f" * 32,
                        units=(ROOM,),
                        occurred_at=NOW,
                    ),
                    HoldReleased(offer_id=OFFER, cause=cause),
                ],
                **freed(cause),
            }
        )
    )
    scene = scene.when(SearchAgain(placement_id=ASKED)).done()
    assert scene.placement(ASKED).phase is Phase.WAITING


@pytest.mark.parametrize("shown", list(RefusalGroup))
def test_only_a_no_on_safety_grounds_stops_the_search(shown: RefusalGroup) -> None:
    scene = offered().when(replace(NO, shown=shown)).done()
    assert scene.placement(ASKED).stopped is (shown is RefusalGroup.SAFETY)


def test_a_house_may_take_its_yes_back_even_after_hers() -> None:
    scene = given(offered().history, said_yes(), she_said_yes()).when(NO).done()
    assert scene.placement(ASKED).hold is None
    assert not scene.placement(ASKED).woman_accepted
    assert scene.unit(ROOM).taken == {}


def test_a_no_after_the_hold_has_ended_is_recorded_and_excludes_the_unit() -> None:
    scene = expired().when(NO).done()
    assert scene.placement(ASKED).not_to_ask == {ROOM}
    assert ASKED not in scene.unit(ROOM).taken.values()


def test_a_yes_after_a_no_is_asked_for_anew() -> None:
    offered().when(NO).done().when(YES).then(Refusal.OFFER_ALREADY_REFUSED)


def test_a_no_over_two_units_gives_both_back() -> None:
    both = (held(bed()), held(bed(1, OTHER_ROOM), unit=OTHER_ROOM))
    scene = given(a_house_with_a_room(), a_room(OTHER_ROOM), requested(), holding(*both), sent())
    scene = scene.when(NO).done()
    assert scene.unit(ROOM).taken == scene.unit(OTHER_ROOM).taken == {}
    assert scene.placement(ASKED).not_to_ask == {ROOM, OTHER_ROOM}


def test_her_no_gives_the_places_back_and_always_stops_to_ask() -> None:
    cause = ReleaseCause.DECLINED_BY_WOMAN
    scene = (
        given(offered().history, said_yes(), she_said_yes())
        .when(HER_NO)
        .then(
            {
                ASKED: [
                    WomanDeclined(
                        offer_id=OFFER,
                        shown=DeclineGroup.PLACE_NOT_RIGHT,
                        stops=True,
                        commitment=None,
                        units=(ROOM,),
                        occurred_at=NOW,
                    ),
                    HoldReleased(offer_id=OFFER, cause=cause),
                ],
                **freed(cause),
            }
        )
    )
    assert scene.placement(ASKED).phase is Phase.STOPPED
    scene.when(SearchAgain(placement_id=ASKED)).then(Refusal.SEARCH_STOPPED_FOR_A_PERSON)
    scene = scene.when(SearchAgain(placement_id=ASKED), by=resume_and_search).creates()
    assert scene.placement(ASKED).phase is Phase.WAITING


def test_her_no_to_an_earlier_place_leaves_the_present_hold_and_asks() -> None:
    second = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    scene = given(offered().history, a_room(OTHER_ROOM), given_back(), holding(second, offer_id=SECOND_OFFER))
    scene = scene.when(HER_NO).done()
    assert scene.placement(ASKED).hold == SECOND_OFFER
    assert scene.placement(ASKED).stopped
    scene = scene.when(SearchAgain(placement_id=ASKED), by=resume_and_search).then(
        {ASKED: [SearchResumed()]}, again=Refusal.HOLD_STANDS
    )
    assert not scene.placement(ASKED).stopped


def test_she_may_say_no_before_the_offer_is_sent() -> None:
    scene = given(a_house_with_a_room(), requested(), holding()).when(HER_NO).done()
    assert scene.placement(ASKED).hold is None


def test_a_hold_released_by_hand_is_taken_again_by_the_houses_late_yes() -> None:
    scene = offered().when(ReleaseHold(placement_id=ASKED, offer_id=OFFER)).done()
    assert scene.when(YES).done().placement(ASKED).phase is Phase.ACCEPTED_BY_HOUSE


@pytest.mark.parametrize("command", [YES, NO, HER_NO])
def test_an_answer_names_a_placement_and_one_of_its_offers(
    command: AcceptOffer | RefuseOffer | DeclineOffer,
) -> None:
    offered().when(replace(command, placement_id=RIVAL)).then(Refusal.PLACEMENT_UNKNOWN)
    offered().when(replace(command, offer_id=OfferId(UUID(int=9)))).then(Refusal.OFFER_UNKNOWN)


@pytest.mark.parametrize("command", [YES, NO, HER_NO])
def test_an_answer_was_given_already(command: AcceptOffer | RefuseOffer | DeclineOffer) -> None:
    future = replace(command, occurred_at=NOW + timedelta(seconds=1))
    offered().when(future).then(Refusal.OCCURRED_IN_THE_FUTURE)


@pytest.mark.parametrize("commitment", ["", "0f", "0F" * 32, "zz" * 32, "0f" * 32 + "\n", "Anna Rossi"])
@pytest.mark.parametrize("command", [NO, HER_NO])
def test_a_commitment_is_32_bytes_in_hexadecimal_and_no_words(
    command: RefuseOffer | DeclineOffer, commitment: str
) -> None:
    offered().when(replace(command, commitment=commitment)).then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize("command", [YES, NO])
def test_a_house_does_not_answer_what_it_was_not_sent(command: AcceptOffer | RefuseOffer) -> None:
    given(a_house_with_a_room(), requested(), holding()).when(command).then(Refusal.OFFER_NOT_SENT)


@pytest.mark.parametrize("command", [NO, HER_NO])
def test_no_answer_ends_a_stay(command: RefuseOffer | DeclineOffer) -> None:
    scene = given(a_house_with_a_room(), a_stay())
    scene.when(command).then(Refusal.ALREADY_ADMITTED)
    leaving = DischargeHousehold(placement_id=ASKED, outcome=DischargeOutcome.LEFT_PATH, occurred_at=NOW)
    scene.when(leaving).done().when(command).then(Refusal.PLACEMENT_ENDED)


def test_a_yes_repeated_after_the_arrival_is_silent() -> None:
    given(a_house_with_a_room(), a_stay()).when(YES).then({})


def test_her_yes_after_a_late_yes_leads_to_the_same_place() -> None:
    scene = given(offered().history, given_back()).when(YES).done()
    her_yes = AcceptAsWoman(proximity_checked_by_voice=True, told=(), occurred_at=NOW, offer_id=OFFER)
    assert scene.when(her_yes, on=ASKED).done().placement(ASKED).phase is Phase.ACCEPTED_BY_BOTH
