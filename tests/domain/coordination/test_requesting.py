"""Asking for a place: ranked and held in one append, or waiting; and searching again in the old order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.case import CaseBound, CaseOpened
from domain.codes import ReleaseCause
from domain.coordination.ending import ReleaseHold
from domain.coordination.requesting import SearchAgain
from domain.coordination.resuming import resume_and_search
from domain.network import MinorAloneSignposted, NetworkBorn
from domain.placement.commands import MarkUnanswered, SendOffer
from domain.placement.events import (
    CandidatesRanked,
    HoldExpired,
    HoldPlaced,
    LeftWaiting,
    PlacementRequested,
    SearchConsented,
    SearchResumed,
)
from domain.placement.state import OfferState, Phase
from domain.refusals import Refusal
from domain.unit import UnitHeld, UnitReleased
from domain.vocabulary import (
    AgeBand,
    AssessorRole,
    Channel,
    Criterion,
    Household,
    LogKind,
    OldestBoy,
    RiskAssessment,
    RiskBand,
    RiskTool,
    Urgency,
)
from domain.world import Decision
from tests.support.night import (
    ASKED,
    CASE,
    DISTRICT,
    HOUSE,
    OFFER,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    RIVAL_OFFER,
    ROOM,
    WOMAN_AND_BABY,
    ZONES,
    a_house,
    a_house_with_a_room,
    a_network,
    a_room,
    a_stay,
    bed,
    cot,
    given_back,
    held,
    holding,
    request,
    requested,
    said_yes,
    sent,
)
from tests.support.spec import NETWORK, NOW, Scene, fresh, given, minutes

LATER = NOW + timedelta(seconds=1)


def rival_holding(*, overdue: bool = True, urgency: Urgency = Urgency.U2, accepted: bool = False) -> Scene:
    """The only bed is held for another, who was offered it and got no answer yet."""
    deadline = NOW - minutes(1) if overdue else NOW + minutes(1)
    return given(
        a_house_with_a_room(beds=1),
        requested(RIVAL, OTHER_CASE, urgency=urgency),
        holding(placement_id=RIVAL, offer_id=RIVAL_OFFER, deadline=deadline),
        sent(RIVAL, RIVAL_OFFER, deadline=deadline),
        said_yes(RIVAL, RIVAL_OFFER) if accepted else [],
    )


def test_a_request_is_ranked_and_held_in_one_decision() -> None:
    decided = given(a_house_with_a_room()).when(request()).decided
    assert isinstance(decided, Decision)
    kinds = [(stream, type(event)) for stream, event in decided.each()]
    asked, case_id = fresh(1), fresh(2)
    assert kinds == [
        (asked, PlacementRequested),
        (asked, SearchConsented),
        (asked, CandidatesRanked),
        (asked, HoldPlaced),
        (case_id, CaseOpened),
        (case_id, CaseBound),
        (ROOM, UnitHeld),
    ]


def test_the_hold_is_of_the_best_candidate_and_due_as_its_urgency_says() -> None:
    scene = given(a_house_with_a_room(beds=1, cots=1)).when(request(household=WOMAN_AND_BABY)).creates()
    offer = scene.placement(fresh(1)).held
    assert offer is not None
    assert offer.units == (held(bed(), cot()),)
    assert offer.deadline == NOW + minutes(10)
    assert scene.unit(ROOM).taken == {bed(): fresh(1), cot(): fresh(1)}


def test_no_place_leaves_the_request_waiting_with_its_reasons() -> None:
    scene = given(a_house_with_a_room(beds=1, closed=(bed(),))).when(request()).creates()
    ranked, waits = scene.told(fresh(1))[-2:]
    assert isinstance(ranked, CandidatesRanked)
    assert [(count.code, count.units) for count in ranked.excluded] == [("OCCUPIED", 1)]
    assert isinstance(waits, LeftWaiting)
    assert scene.placement(fresh(1)).phase is Phase.WAITING


def test_two_requests_for_the_last_bed_never_get_it_both() -> None:
    scene = given(a_house_with_a_room(beds=1)).when(request()).creates()
    scene = scene.when(request(), ids=10).creates()
    assert scene.placement(fresh(1)).phase is Phase.HELD
    assert scene.placement(fresh(11)).phase is Phase.WAITING


def test_a_request_without_consent_is_held_but_not_offered() -> None:
    scene = given(a_house_with_a_room()).when(request(consented_at=None)).creates()
    assert scene.placement(fresh(1)).phase is Phase.HELD
    scene.when(SendOffer(units=(ROOM,)), on=fresh(1)).then(Refusal.CONSENT_NOT_RECORDED)


@pytest.mark.parametrize("channel", [Channel.CAV, Channel.LAW_ENFORCEMENT])
def test_minors_alone_are_not_searched_for_but_counted_whoever_asks(channel: Channel) -> None:
    alone = Household(adults=0, children=(AgeBand.AGE_14_17,))
    answer = given(a_house_with_a_room()).when(request(household=alone, channel=channel))
    assert answer.decided == Decision(events={NETWORK: (MinorAloneSignposted(channel=channel),)})
    assert answer.creates().network().minors_signposted == 1


def test_nothing_is_asked_of_a_network_that_is_not_born_or_has_no_policy() -> None:
    given().when(request()).then(Refusal.NETWORK_NOT_BORN)
    born = NetworkBorn(kind=LogKind.EXERCISE, code="n", time_zone="Europe/Rome")
    given([(NETWORK, born)]).when(request()).then(Refusal.POLICY_NOT_ADOPTED)


@pytest.mark.parametrize(
    "household",
    [
        Household(adults=0),
        Household(adults=-1),
        Household(adults=-1, children=(AgeBand.AGE_3_5, AgeBand.AGE_6_10)),
    ],
)
def test_a_household_has_people_in_it(household: Household) -> None:
    given(a_house_with_a_room()).when(request(household=household)).then(Refusal.HOUSEHOLD_EMPTY)


def test_all_that_was_said_of_her_stands_in_the_request() -> None:
    assessed = RiskAssessment(
        tool=RiskTool.ISA,
        tool_version="2",
        assessor=AssessorRole.CAV_WORKER,
        assessed_on=NOW.date(),
    )
    said = {
        "urgency": Urgency.U4,
        "urgency_set_by": AssessorRole.SOCIAL_WORKER,
        "risk": RiskBand.MEDIUM,
        "assessed": assessed,
        "oldest_boy": OldestBoy.AGE_6_10,
        "criteria_met": (Criterion.DOCUMENTS_SEEN,),
        "zones_to_avoid": ZONES[2:],
        "apart_from": (OTHER_CASE,),
        "houses_barred": (HOUSE,),
        "continuity_with": DISTRICT,
    }
    scene = given(a_house_with_a_room(), [(OTHER_CASE, CaseOpened())]).when(request(**said)).creates()
    asked = scene.placement(fresh(1)).request
    assert asked is not None
    assert {name: getattr(asked, name) for name in said} == said


@pytest.mark.parametrize("urgency", Urgency)
def test_continuity_is_for_planned_moves_alone(urgency: Urgency) -> None:
    answer = given(a_house_with_a_room()).when(request(urgency=urgency, continuity_with=DISTRICT))
    if urgency is Urgency.U4:
        answer.creates()
    else:
        answer.then(Refusal.CONTINUITY_ONLY_PLANNED)


@pytest.mark.parametrize("assessed_on", [NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=400)])
def test_no_risk_was_assessed_in_the_future(assessed_on: date) -> None:
    assessed = RiskAssessment(
        tool=RiskTool.OTHER, tool_version="1", assessor=AssessorRole.OTHER, assessed_on=assessed_on
    )
    command = request(risk=RiskBand.HIGH, assessed=assessed)
    given(a_house_with_a_room()).when(command).then(Refusal.OCCURRED_IN_THE_FUTURE)


def test_a_case_that_asks_is_not_kept_apart_from_itself() -> None:
    scene = given(a_house_with_a_room(), [(CASE, CaseOpened())])
    scene.when(request(case_id=CASE, apart_from=(CASE,))).then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize("changes", [{"occurred_at": LATER}, {"consented_at": LATER}])
def test_nobody_asks_or_consents_in_the_future(changes: dict[str, object]) -> None:
    given(a_house_with_a_room()).when(request(**changes)).then(Refusal.OCCURRED_IN_THE_FUTURE)


def test_only_the_channels_the_network_named_may_request() -> None:
    command = request(channel=Channel.LAW_ENFORCEMENT)
    given(a_house_with_a_room()).when(command).then(Refusal.CHANNEL_MAY_NOT_REQUEST)


def test_a_higher_urgency_takes_an_overdue_hold_and_its_request_waits_in_its_old_place() -> None:
    scene = rival_holding().when(request()).creates()
    asked = fresh(1)
    assert scene.told(RIVAL)[-1] == HoldExpired(offer_id=RIVAL_OFFER, needed_by=asked)  # type: ignore[arg-type]
    assert scene.told(ROOM)[-2:] == (
        UnitReleased(placement_id=RIVAL, places=(bed(),), cause=ReleaseCause.EXPIRED_FOR_ANOTHER),
        UnitHeld(placement_id=asked, places=(bed(),)),  # type: ignore[arg-type]
    )
    assert scene.placement(RIVAL).phase is Phase.WAITING
    assert scene.placement(RIVAL).offers[RIVAL_OFFER].state is OfferState.EXPIRED


@pytest.mark.parametrize(
    ("urgency", "asked_before", "takes"),
    [
        (Urgency.U2, minutes(61), True),
        (Urgency.U2, minutes(59), False),
        (Urgency.U3, minutes(600), False),
        (Urgency.U1, minutes(0), True),
    ],
)
def test_of_equal_urgency_only_the_earlier_request_takes_an_overdue_hold(
    urgency: Urgency, asked_before: timedelta, takes: bool
) -> None:
    command = request(urgency=urgency, occurred_at=NOW - asked_before)
    scene = rival_holding().when(command).creates()
    assert (scene.placement(fresh(1)).hold is not None) is takes
    assert (scene.placement(RIVAL).hold is None) is takes


def test_a_hold_that_is_not_overdue_is_never_taken_by_anybody() -> None:
    scene = rival_holding(overdue=False).when(request()).creates()
    assert scene.placement(fresh(1)).phase is Phase.WAITING


def test_an_accepted_hold_is_never_taken_however_late_it_is() -> None:
    scene = rival_holding(accepted=True).when(request(), at=NOW + timedelta(days=1)).creates()
    assert scene.placement(fresh(1)).phase is Phase.WAITING
    assert scene.placement(RIVAL).hold == RIVAL_OFFER


def test_a_stay_is_never_taken() -> None:
    scene = given(a_house_with_a_room(beds=1), a_stay(placement_id=RIVAL, case_id=OTHER_CASE))
    scene = scene.when(request(), at=NOW + timedelta(days=1)).creates()
    assert scene.placement(fresh(1)).phase is Phase.WAITING


def test_a_free_place_goes_before_one_that_another_would_lose() -> None:
    scene = given(rival_holding().history, a_room(OTHER_ROOM, beds=6, exclusive=True))
    scene = scene.when(request()).creates()
    assert scene.placement(RIVAL).hold == RIVAL_OFFER
    assert scene.unit(OTHER_ROOM).taken


def test_an_overdue_hold_over_two_units_is_ended_whole() -> None:
    both = (held(bed()), held(bed(1, OTHER_ROOM), unit=OTHER_ROOM))
    scene = given(
        a_house_with_a_room(beds=1),
        a_room(OTHER_ROOM, beds=1, level="l1"),
        requested(RIVAL, OTHER_CASE, urgency=Urgency.U3),
        holding(*both, placement_id=RIVAL, deadline=NOW - minutes(1)),
    )
    scene = scene.when(request()).creates()
    assert set(scene.unit(ROOM).taken.values()) == {fresh(1)}
    assert scene.unit(OTHER_ROOM).taken == {}


def test_only_the_overdue_holds_that_are_needed_end() -> None:
    """One bed of A is not enough, the two of B are: A keeps its hold although it comes later in the order."""
    third = replace(request(), household=Household(adults=2))
    scene = given(
        a_house_with_a_room(beds=3),
        requested(ASKED, CASE, urgency=Urgency.U4),
        holding(held(bed(1)), deadline=NOW - minutes(1)),
        requested(RIVAL, OTHER_CASE, urgency=Urgency.U3),
        holding(held(bed(2), bed(3)), placement_id=RIVAL, offer_id=RIVAL_OFFER, deadline=NOW - minutes(1)),
    )
    scene = scene.when(third).creates()
    assert scene.placement(ASKED).hold == OFFER
    assert scene.placement(RIVAL).hold is None


def test_searching_again_holds_what_has_become_free() -> None:
    scene = given(a_house_with_a_room(), requested(), [(ASKED, LeftWaiting())])
    scene = scene.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    assert scene.placement(ASKED).phase is Phase.HELD


def test_searching_again_in_vain_is_recorded_once_while_nothing_changes() -> None:
    scene = given(a_house_with_a_room(beds=1, closed=(bed(),)), requested())
    scene = scene.when(SearchAgain(placement_id=ASKED)).done()
    assert scene.placement(ASKED).phase is Phase.WAITING
    more = given(scene.history, a_house(OTHER_HOUSE), a_room(OTHER_ROOM, house=OTHER_HOUSE, level="l1"))
    more = more.when(SearchAgain(placement_id=ASKED)).done()
    assert isinstance(more.told(ASKED)[-1], CandidatesRanked)


def test_a_waiting_request_takes_an_overdue_hold_of_one_that_came_later() -> None:
    scene = given(rival_holding(urgency=Urgency.U1).history, requested(occurred_at=NOW - minutes(90)))
    scene = scene.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    assert scene.placement(RIVAL).phase is Phase.WAITING


def test_after_a_silent_house_another_is_asked_first_and_the_silent_one_again_if_there_is_no_other() -> None:
    silent = (
        given(a_house_with_a_room(beds=1), requested(), holding(), sent(deadline=NOW - minutes(1)))
        .when(MarkUnanswered(offer_id=OFFER), on=ASKED)
        .done()
    )
    released = silent.when(ReleaseHold(placement_id=ASKED, offer_id=OFFER)).done()
    resumed = given(released.history, [(ASKED, SearchResumed())])
    with_another = given(resumed.history, a_room(OTHER_ROOM, beds=9, exclusive=True))
    after = with_another.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    assert after.unit(OTHER_ROOM).taken
    after = resumed.when(SearchAgain(placement_id=ASKED)).done(again=Refusal.HOLD_STANDS)
    assert after.unit(ROOM).taken


@pytest.mark.parametrize(
    ("scene", "refusal"),
    [
        (given(a_house_with_a_room()), Refusal.PLACEMENT_UNKNOWN),
        (given(a_house_with_a_room(), a_stay()), Refusal.ALREADY_ADMITTED),
        (given(a_house_with_a_room(), requested(), holding(), given_back()), None),
        (given(a_house_with_a_room(), requested(), holding()), Refusal.HOLD_STANDS),
    ],
)
def test_only_an_open_request_without_a_hold_is_searched_again(scene: Scene, refusal: Refusal | None) -> None:
    scene.when(SearchAgain(placement_id=ASKED)).then(refusal or Refusal.SEARCH_STOPPED_FOR_A_PERSON)


def test_a_network_without_houses_leaves_everybody_waiting() -> None:
    scene = given(a_network()).when(request()).creates()
    assert scene.placement(fresh(1)).phase is Phase.WAITING


def test_resuming_searches_in_the_same_decision() -> None:
    stopped = given(a_house_with_a_room(), requested(), holding(), sent(), given_back())
    scene = stopped.when(SearchAgain(placement_id=ASKED), by=resume_and_search).creates()
    assert scene.placement(ASKED).phase is Phase.HELD
    assert not scene.placement(ASKED).stopped
