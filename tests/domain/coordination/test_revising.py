"""What was asked, entered anew, and what becomes of a hold that no longer does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from domain.case import CaseOpened
from domain.codes import (
    LateReason,
    PauseReason,
    ReleaseCause,
    RevisionReason,
    SplitDestination,
    UrgencyReason,
)
from domain.coordination.answering import AcceptOffer
from domain.coordination.revising import (
    AgreeHouseholdSplit,
    AssessRisk,
    ChangeUrgency,
    ReviseHousehold,
    ReviseSafety,
    ReviseSafeUntil,
    Revision,
)
from domain.placement.events import (
    HoldReleased,
    HouseholdRevised,
    HouseholdSplitAgreed,
    LateAcceptanceRecorded,
    RiskAssessed,
    SafetyRevised,
    SafeUntilRevised,
    UrgencyChanged,
)
from domain.placement.state import Phase
from domain.refusals import Refusal
from domain.shelter import IntakePaused
from domain.unit import TermsDeclared, UnitReleased
from domain.vocabulary import (
    AgeBand,
    AnswerChannel,
    AssessorRole,
    Criterion,
    Feature,
    Household,
    OldestBoy,
    RiskAssessment,
    RiskBand,
    RiskTool,
    Setting,
    Urgency,
)
from tests.support.night import (
    ASKED,
    CASE,
    HOUR,
    HOUSE,
    OFFER,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    RIVAL_OFFER,
    ROOM,
    WOMAN,
    ZONES,
    a_house,
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
from tests.support.spec import NOW, Scene, given, minutes

MOTHER_OF_TWO = Household(adults=1, children=(AgeBand.AGE_3_5, AgeBand.AGE_14_17))
SARA = RiskAssessment(
    tool=RiskTool.SARA,
    tool_version="v3",
    assessor=AssessorRole.POLICE_OFFICER,
    assessed_on=date(2026, 11, 19),
)
MORE_URGENT = ChangeUrgency(
    placement_id=ASKED,
    urgency=Urgency.U1,
    set_by=AssessorRole.CAV_WORKER,
    reason=UrgencyReason.RISK_HIGHER,
    occurred_at=NOW,
)
ASSESSMENT = AssessRisk(placement_id=ASKED, risk=RiskBand.IMMEDIATE, assessed=SARA, occurred_at=NOW)
A_CHILD_MORE = ReviseHousehold(
    placement_id=ASKED,
    household=MOTHER_OF_TWO,
    oldest_boy=OldestBoy.AGE_14_17,
    features_required=(),
    criteria_met=(),
    reason=RevisionReason.CHILD_JOINED,
    occurred_at=NOW,
)
THE_SON_ELSEWHERE = AgreeHouseholdSplit(
    placement_id=ASKED,
    household=Household(adults=1, children=(AgeBand.AGE_3_5,)),
    oldest_boy=OldestBoy.NO_BOY,
    apart=Household(adults=0, children=(AgeBand.AGE_14_17,)),
    destination=SplitDestination.RELATIVES,
    occurred_at=NOW,
)
NOT_THERE = ReviseSafety(
    placement_id=ASKED, zones_to_avoid=(ZONES[0],), apart_from=(), houses_barred=(), occurred_at=NOW
)
AT_A_FRIENDS = ReviseSafeUntil(
    placement_id=ASKED, setting=Setting.FRIEND, safe_until=NOW + 6 * HOUR, occurred_at=NOW
)
ALL: tuple[Revision, ...] = (
    MORE_URGENT,
    ASSESSMENT,
    A_CHILD_MORE,
    THE_SON_ELSEWHERE,
    NOT_THERE,
    AT_A_FRIENDS,
)


def waits(household: Household = MOTHER_OF_TWO, urgency: Urgency = Urgency.U3) -> Scene:
    return given(a_house_with_a_room(beds=2), requested(household=household, urgency=urgency))


def accepted() -> Scene:
    """A bed for one, both yeses said."""
    return given(a_house_with_a_room(beds=2), requested(), holding(), sent(), said_yes(), she_said_yes())


def gone() -> dict[UUID, list[object]]:
    cause = ReleaseCause.NO_LONGER_FITS
    return {
        ASKED: [HoldReleased(offer_id=OFFER, cause=cause)],
        ROOM: [UnitReleased(placement_id=ASKED, places=(bed(),), cause=cause)],
    }


def test_a_person_raises_an_urgency_and_the_order_changes_with_it() -> None:
    scene = waits().when(MORE_URGENT)
    after = scene.then_on(
        ASKED,
        UrgencyChanged(
            urgency=Urgency.U1,
            set_by=AssessorRole.CAV_WORKER,
            reason=UrgencyReason.RISK_HIGHER,
            occurred_at=NOW,
        ),
    )
    asked = after.placement(ASKED).request
    assert asked is not None
    assert (asked.urgency, asked.urgency_set_by) == (Urgency.U1, AssessorRole.CAV_WORKER)


def test_a_risk_assessed_later_replaces_what_was_not_known() -> None:
    after = (
        waits()
        .when(ASSESSMENT)
        .then_on(ASKED, RiskAssessed(risk=RiskBand.IMMEDIATE, assessed=SARA, occurred_at=NOW))
    )
    asked = after.placement(ASKED).request
    assert asked is not None
    assert (asked.risk, asked.assessed) == (RiskBand.IMMEDIATE, SARA)


def test_a_household_is_entered_anew_whole() -> None:
    command = replace(
        A_CHILD_MORE, features_required=(Feature.PRIVATE_BATHROOM,), criteria_met=(Criterion.CAV_IN_CHARGE,)
    )
    waits(WOMAN).when(command).then_on(
        ASKED,
        HouseholdRevised(
            household=MOTHER_OF_TWO,
            oldest_boy=OldestBoy.AGE_14_17,
            features_required=(Feature.PRIVATE_BATHROOM,),
            criteria_met=(Criterion.CAV_IN_CHARGE,),
            reason=RevisionReason.CHILD_JOINED,
            occurred_at=NOW,
        ),
    )


def test_by_the_mothers_own_choice_part_of_the_household_goes_elsewhere() -> None:
    after = (
        waits()
        .when(THE_SON_ELSEWHERE)
        .then_on(
            ASKED,
            HouseholdSplitAgreed(
                household=THE_SON_ELSEWHERE.household,
                oldest_boy=OldestBoy.NO_BOY,
                apart=THE_SON_ELSEWHERE.apart,
                destination=SplitDestination.RELATIVES,
                occurred_at=NOW,
            ),
        )
    )
    asked = after.placement(ASKED).request
    assert asked is not None
    assert asked.household.people == 2


@pytest.mark.parametrize(
    ("household", "apart"),
    [
        (Household(adults=1), Household(adults=0, children=(AgeBand.AGE_14_17,))),
        (Household(adults=2), Household(adults=-1, children=MOTHER_OF_TWO.children)),
        (Household(adults=1, children=(AgeBand.AGE_3_5,)), Household(adults=1)),
        (MOTHER_OF_TWO, Household(adults=0)),
    ],
)
def test_who_stays_and_who_goes_are_together_who_was_asked_for(
    household: Household, apart: Household
) -> None:
    command = replace(THE_SON_ELSEWHERE, household=household, apart=apart)
    waits().when(command).then(Refusal.SPLIT_DOES_NOT_ADD_UP)


def test_safety_is_entered_anew_and_replaces_the_earlier_lists() -> None:
    scene = given(waits().history, [(OTHER_CASE, CaseOpened())])
    command = replace(NOT_THERE, apart_from=(OTHER_CASE,), houses_barred=(HOUSE,))
    after = scene.when(command).then_on(
        ASKED,
        SafetyRevised(
            zones_to_avoid=(ZONES[0],), apart_from=(OTHER_CASE,), houses_barred=(HOUSE,), occurred_at=NOW
        ),
    )
    after.when(NOT_THERE).then_on(
        ASKED, SafetyRevised(zones_to_avoid=(ZONES[0],), apart_from=(), houses_barred=(), occurred_at=NOW)
    )


def test_nobody_is_kept_apart_from_herself() -> None:
    waits().when(replace(NOT_THERE, apart_from=(CASE,))).then(Refusal.CODE_MALFORMED)


def test_where_she_waits_and_until_when_she_is_safe_there_may_be_unknown_again() -> None:
    after = (
        waits()
        .when(AT_A_FRIENDS)
        .then_on(ASKED, SafeUntilRevised(setting=Setting.FRIEND, safe_until=NOW + 6 * HOUR, occurred_at=NOW))
    )
    after.when(replace(AT_A_FRIENDS, setting=None, safe_until=None)).done()


@pytest.mark.parametrize("setting", Setting)
def test_she_may_be_wherever_she_is(setting: Setting) -> None:
    until = None if setting is Setting.WITH_PERPETRATOR else AT_A_FRIENDS.safe_until
    waits().when(replace(AT_A_FRIENDS, setting=setting, safe_until=until)).done()


def test_with_the_perpetrator_there_is_no_hour_until_which_she_is_safe() -> None:
    with_him = replace(AT_A_FRIENDS, setting=Setting.WITH_PERPETRATOR)
    waits().when(with_him).then(Refusal.NOT_SAFE_WITH_PERPETRATOR)


@pytest.mark.parametrize("occurred_at", [NOW, NOW - HOUR])
def test_she_is_safe_for_a_month_at_most_from_when_it_was_said(occurred_at: datetime) -> None:
    a_month = replace(AT_A_FRIENDS, safe_until=occurred_at + timedelta(days=31), occurred_at=occurred_at)
    waits().when(a_month).done()
    slip = replace(a_month, safe_until=occurred_at + timedelta(days=31, seconds=1))
    waits().when(slip).then(Refusal.TOO_FAR_AHEAD)


@pytest.mark.parametrize("command", ALL)
def test_what_stands_there_already_is_not_entered_again(command: Revision) -> None:
    after = waits().when(command).done()
    later = replace(command, occurred_at=NOW + minutes(1))
    after.when(later, at=NOW + minutes(2)).then({})


@pytest.mark.parametrize(
    ("command", "holds"),
    [
        (MORE_URGENT, True),
        (AT_A_FRIENDS, True),
        (ASSESSMENT, True),
        (replace(NOT_THERE, zones_to_avoid=(ZONES[3],)), True),
        (replace(A_CHILD_MORE, household=WOMAN, criteria_met=(Criterion.CAV_IN_CHARGE,)), True),
        (A_CHILD_MORE, False),
        (replace(A_CHILD_MORE, household=WOMAN, features_required=(Feature.PETS_ADMITTED,)), False),
        (NOT_THERE, False),
        (replace(NOT_THERE, zones_to_avoid=(), houses_barred=(HOUSE,)), False),
    ],
)
def test_a_hold_that_no_longer_does_is_given_back_in_the_same_append(command: Revision, holds: bool) -> None:
    after = accepted().when(command).done()
    assert (after.placement(ASKED).hold is not None) is holds
    assert bool(after.unit(ROOM).taken) is holds
    if not holds:
        assert after.told(ASKED)[-1:] == tuple(gone()[ASKED])
        assert after.told(ROOM)[-1:] == tuple(gone()[ROOM])
        assert after.placement(ASKED).phase is Phase.SEARCHING


def test_a_risk_above_what_the_house_takes_gives_the_hold_back() -> None:
    terms = TermsDeclared(children_most=None, boys_up_to=None, risk_up_to=RiskBand.HIGH, criteria=())
    scene = given(accepted().history, [(ROOM, terms)])
    assert scene.when(ASSESSMENT).done().placement(ASKED).hold is None
    lower = replace(ASSESSMENT, risk=RiskBand.LOW)
    assert scene.when(lower).done().placement(ASKED).hold == OFFER


def test_somebody_to_be_kept_apart_from_in_the_same_house_gives_the_hold_back() -> None:
    scene = given(
        accepted().history,
        a_room(OTHER_ROOM),
        a_stay(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM), placement_id=RIVAL, case_id=OTHER_CASE),
    )
    command = replace(NOT_THERE, zones_to_avoid=(), apart_from=(OTHER_CASE,))
    assert scene.when(command).done().placement(ASKED).hold is None


def test_a_hold_in_a_house_that_paused_meanwhile_outlives_a_change_of_urgency_alone() -> None:
    paused = given(accepted().history, [(HOUSE, IntakePaused(reason=PauseReason.STAFF))])
    assert paused.when(replace(MORE_URGENT, urgency=Urgency.U2)).done().placement(ASKED).hold == OFFER
    assert paused.when(AT_A_FRIENDS).done().placement(ASKED).hold == OFFER
    assert paused.when(NOT_THERE).done().placement(ASKED).hold is None


@pytest.mark.parametrize("command", [A_CHILD_MORE, NOT_THERE, ASSESSMENT])
def test_a_household_that_has_arrived_stays_where_it_is(command: Revision) -> None:
    after = given(a_house_with_a_room(), a_stay()).when(command).done()
    assert after.placement(ASKED).admitted
    assert after.unit(ROOM).taken


def test_a_late_yes_never_brings_her_where_she_must_not_be() -> None:
    """The hold is over; what would put her in danger there was learned since."""
    after = accepted().when(NOT_THERE).done()
    yes = AcceptOffer(placement_id=ASKED, offer_id=OFFER, channel=AnswerChannel.TELEPHONE, occurred_at=NOW)
    late = LateAcceptanceRecorded(
        offer_id=OFFER, channel=AnswerChannel.TELEPHONE, reason=LateReason.NO_LONGER_FITS, occurred_at=NOW
    )
    assert after.when(yes).done().told(ASKED)[-1] == late


def test_who_must_be_kept_apart_from_a_household_in_its_house_does_not_come_there() -> None:
    in_the_other_room = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    scene = given(
        a_house_with_a_room(),
        a_room(OTHER_ROOM),
        a_stay(),
        requested(RIVAL, OTHER_CASE),
        holding(in_the_other_room, placement_id=RIVAL, offer_id=RIVAL_OFFER),
    )
    command = replace(NOT_THERE, zones_to_avoid=(), apart_from=(OTHER_CASE, OTHER_CASE))
    after = scene.when(command).done()
    assert after.placement(ASKED).admitted
    assert after.placement(RIVAL).phase is Phase.SEARCHING
    assert after.unit(OTHER_ROOM).taken == {}


def test_two_households_that_are_both_there_are_for_a_person_to_part() -> None:
    in_the_other_room = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    scene = given(
        a_house_with_a_room(),
        a_room(OTHER_ROOM),
        a_stay(),
        a_stay(in_the_other_room, placement_id=RIVAL, case_id=OTHER_CASE),
    )
    command = replace(NOT_THERE, zones_to_avoid=(), apart_from=(OTHER_CASE,))
    after = scene.when(command).done()
    assert after.placement(ASKED).admitted
    assert after.placement(RIVAL).admitted


def test_a_barred_house_must_be_known() -> None:
    scene = given(waits().history, a_house(OTHER_HOUSE))
    scene.when(replace(NOT_THERE, houses_barred=(OTHER_HOUSE,))).done()


def test_a_risk_is_not_assessed_tomorrow() -> None:
    today = replace(SARA, assessed_on=date(2026, 11, 20))
    waits().when(replace(ASSESSMENT, assessed=today)).done()
    tomorrow = replace(SARA, assessed_on=date(2026, 11, 21))
    waits().when(replace(ASSESSMENT, assessed=tomorrow)).then(Refusal.OCCURRED_IN_THE_FUTURE)


@pytest.mark.parametrize("version", ["", "SARA 3", "the one with the blue cover", "x" * 41])
def test_the_version_of_an_instrument_is_a_label(version: str) -> None:
    command = replace(ASSESSMENT, assessed=replace(SARA, tool_version=version))
    waits().when(command).then(Refusal.CODE_MALFORMED)


@pytest.mark.parametrize("command", ALL)
def test_nothing_is_entered_before_it_happened(command: Revision) -> None:
    ahead = replace(command, occurred_at=NOW + timedelta(seconds=1))
    waits().when(ahead).then(Refusal.OCCURRED_IN_THE_FUTURE)
