"""What a house declares, and who may not be there: children, risk, criteria, standing, conflicts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from domain.codes import ToConfirm
from domain.matching.ranking import ExclusionCode
from domain.shelter import AgreementEnded, AgreementSigned, RegisterStatusChanged
from domain.unit import TermsDeclared
from domain.vocabulary import (
    AgeBand,
    CaseId,
    Criterion,
    DistrictId,
    Household,
    OldestBoy,
    RegisterStatus,
    RiskBand,
    Urgency,
)
from tests.domain.matching.asking import asking, excluded, ranked, told, units_of
from tests.support.night import (
    CASE,
    DISTRICT,
    HOUSE,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    a_house,
    a_house_with_a_room,
    a_room,
    a_stay,
    bed,
    held,
    holding,
    request_event,
    requested,
)
from tests.support.spec import NOW, History, Scene, given

TODAY = date(2026, 11, 20)
YESTERDAY, TOMORROW = date(2026, 11, 19), date(2026, 11, 21)
OPEN = TermsDeclared(children_most=None, boys_up_to=None, risk_up_to=None, criteria=())
WITH_CHILDREN = Household(adults=1, children=(AgeBand.AGE_3_5, AgeBand.AGE_11_13))


def a_room_on(terms: TermsDeclared, **changes: object) -> Scene:
    return given(a_house_with_a_room(beds=4), told(ROOM, replace(terms, **changes)))  # type: ignore[arg-type]


# --- children and risk -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("most", "fits"), [(None, True), (2, True), (1, False), (0, False)])
def test_a_house_takes_at_most_so_many_children(most: int | None, fits: bool) -> None:
    ranking = ranked(a_room_on(OPEN, children_most=most), asking(household=WITH_CHILDREN))
    assert excluded(ranking) == ({} if fits else {ExclusionCode.CHILDREN: 1})


@pytest.mark.parametrize(
    ("oldest", "fits"),
    [
        (OldestBoy.NO_BOY, True),
        (OldestBoy.AGE_3_5, True),
        (OldestBoy.AGE_6_10, True),
        (OldestBoy.AGE_11_13, False),
        (OldestBoy.AGE_14_17, False),
    ],
)
def test_a_boy_older_than_the_house_takes_excludes_it(oldest: OldestBoy, fits: bool) -> None:
    scene = a_room_on(OPEN, boys_up_to=AgeBand.AGE_6_10)
    ranking = ranked(scene, asking(household=WITH_CHILDREN, oldest_boy=oldest))
    assert excluded(ranking) == ({} if fits else {ExclusionCode.CHILDREN: 1})
    assert ranking.to_be_confirmed == 0


@pytest.mark.parametrize(("limit", "asked"), [(AgeBand.AGE_6_10, True), (AgeBand.AGE_11_13, False)])
def test_an_age_that_was_not_said_is_asked_by_voice_only_where_a_child_may_be_too_old(
    limit: AgeBand, asked: bool
) -> None:
    ranking = ranked(a_room_on(OPEN, boys_up_to=limit), asking(household=WITH_CHILDREN))
    assert ranking.best[0].to_confirm == ((ToConfirm.BOYS_AGE,) if asked else ())
    assert (ranking.eligible, ranking.to_be_confirmed) == ((0, 1) if asked else (1, 0))


@pytest.mark.parametrize(
    ("risk", "limit", "fits"),
    [
        (RiskBand.HIGH, None, True),
        (RiskBand.HIGH, RiskBand.HIGH, True),
        (RiskBand.HIGH, RiskBand.MEDIUM, False),
        (RiskBand.IMMEDIATE, RiskBand.HIGH, False),
        (RiskBand.NOT_ASSESSED, RiskBand.HIGH, True),
        (RiskBand.NOT_ASSESSED, RiskBand.MEDIUM, False),
        (RiskBand.LOW, RiskBand.LOW, True),
    ],
)
def test_a_risk_above_what_the_house_takes_excludes_it_and_not_assessed_counts_as_high(
    risk: RiskBand, limit: RiskBand | None, fits: bool
) -> None:
    ranking = ranked(a_room_on(OPEN, risk_up_to=limit), asking(risk=risk))
    assert excluded(ranking) == ({} if fits else {ExclusionCode.RISK: 1})


# --- criteria ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("criterion", Criterion)
def test_a_criterion_never_excludes_and_is_confirmed_by_voice_unless_it_is_met(criterion: Criterion) -> None:
    scene = a_room_on(OPEN, criteria=(criterion,))
    planned = asking(urgency=Urgency.U4)
    assert ranked(scene, planned).best[0].to_confirm == (ToConfirm(criterion),)
    assert ranked(scene, planned).to_be_confirmed == 1
    met = ranked(scene, replace(planned, criteria_met=(criterion,)))
    assert (met.eligible, met.best[0].to_confirm) == (1, ())


@pytest.mark.parametrize("urgency", Urgency)
def test_money_and_authorisations_follow_an_emergency(urgency: Urgency) -> None:
    criteria = (Criterion.SOCIAL_SERVICE_AUTHORISATION, Criterion.FEE_COMMITTED)
    ranking = ranked(a_room_on(OPEN, criteria=criteria), asking(urgency=urgency))
    awaited: dict[Urgency, tuple[ToConfirm, ...]] = {
        Urgency.U1: (),
        Urgency.U2: (ToConfirm.SOCIAL_SERVICE_AUTHORISATION,),
    }
    both = (ToConfirm.SOCIAL_SERVICE_AUTHORISATION, ToConfirm.FEE_COMMITTED)
    assert ranking.best[0].to_confirm == awaited.get(urgency, both)


def test_what_is_to_be_confirmed_comes_in_the_order_of_the_list_whatever_the_house_wrote_first() -> None:
    scene = a_room_on(OPEN, criteria=tuple(reversed(Criterion)), boys_up_to=AgeBand.AGE_0_2)
    ranking = ranked(scene, asking(household=WITH_CHILDREN, urgency=Urgency.U3))
    assert ranking.best[0].to_confirm == tuple(each for each in ToConfirm if each != "AVAILABILITY_OLD")


def test_a_place_of_which_everything_is_known_goes_before_one_to_be_confirmed() -> None:
    scene = given(
        a_house_with_a_room(),
        told(ROOM, replace(OPEN, criteria=(Criterion.INTERVIEW_FIRST,))),
        a_room(OTHER_ROOM, beds=9, exclusive=True),
    )
    assert units_of(ranked(scene)) == [[OTHER_ROOM], [ROOM]]


# --- the standing of the house -----------------------------------------------------------------------------


def standing(*events: object) -> History:
    return told(HOUSE, *events)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("events", "admits"),
    [
        (standing(), True),
        (standing(RegisterStatusChanged(register_status=RegisterStatus.TRANSITIONAL)), True),
        (standing(RegisterStatusChanged(register_status=RegisterStatus.NOT_LISTED)), False),
        (standing(AgreementEnded(district_id=DISTRICT, valid_to=TODAY)), True),
        (standing(AgreementEnded(district_id=DISTRICT, valid_to=YESTERDAY)), False),
        (standing(AgreementSigned(district_id=DISTRICT, valid_from=TODAY)), True),
        (standing(AgreementSigned(district_id=DISTRICT, valid_from=TOMORROW)), False),
        (
            standing(
                AgreementEnded(district_id=DISTRICT, valid_to=YESTERDAY),
                AgreementSigned(district_id=DistrictId(UUID(int=0x13)), valid_from=TODAY),
            ),
            True,
        ),
    ],
)
def test_a_house_takes_nobody_unlisted_or_without_an_agreement_in_force(
    events: History, admits: bool
) -> None:
    ranking = ranked(given(a_house_with_a_room(), events))
    assert excluded(ranking) == ({} if admits else {ExclusionCode.NOT_ACCEPTING: 1})


# --- who must not share a house ----------------------------------------------------------------------------


def in_another_room(*history: History) -> Scene:
    return given(a_house_with_a_room(), a_room(OTHER_ROOM), a_house(OTHER_HOUSE), *history)


def rival_holds() -> list[History]:
    taken = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    return [requested(RIVAL, OTHER_CASE), holding(taken, placement_id=RIVAL)]


def test_a_house_where_somebody_is_whom_she_must_not_meet_is_closed_to_her_as_a_whole() -> None:
    scene = in_another_room(*rival_holds())
    ranking = ranked(scene, asking(apart_from=(OTHER_CASE,)))
    assert excluded(ranking) == {ExclusionCode.SAFETY: 0b11}
    assert ranked(scene, asking(apart_from=(CaseId(UUID(int=0x49)),))).eligible == 0b11


def test_it_is_closed_also_where_only_the_other_has_said_so_and_after_arrival() -> None:
    apart = replace(request_event(case_id=OTHER_CASE), apart_from=(CASE,))
    taken = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    held_there = in_another_room(told(RIVAL, apart), holding(taken, placement_id=RIVAL))
    assert excluded(ranked(held_there)) == {ExclusionCode.SAFETY: 0b11}
    stays = in_another_room(a_stay(taken, placement_id=RIVAL, case_id=OTHER_CASE))
    assert excluded(ranked(stays, asking(apart_from=(OTHER_CASE,)))) == {ExclusionCode.SAFETY: 0b11}


def test_one_who_only_waits_closes_no_house() -> None:
    scene = in_another_room(requested(RIVAL, OTHER_CASE, urgency=Urgency.U4))
    assert ranked(scene, asking(apart_from=(OTHER_CASE,))).eligible == 0b11


def test_a_house_where_somebody_has_a_conflict_of_interest_is_told_as_safety_alone() -> None:
    scene = given(a_house_with_a_room(), a_house(OTHER_HOUSE), a_room(OTHER_ROOM, house=OTHER_HOUSE))
    ranking = ranked(scene, asking(houses_barred=(HOUSE,)))
    assert excluded(ranking) == {ExclusionCode.SAFETY: 0b01}
    assert ranking.eligible == 0b10


def test_old_news_excludes_nobody_and_is_confirmed_by_voice() -> None:
    old = ranked(given(a_house_with_a_room(seen_at=NOW.replace(month=10))))
    assert (old.eligible, old.to_be_confirmed, excluded(old)) == (0, 1, {})
    assert old.best[0].to_confirm == (ToConfirm.AVAILABILITY_OLD,)
