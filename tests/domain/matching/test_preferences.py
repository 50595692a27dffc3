"""What a candidate costs beyond its rules: fairness between houses, a house's own word, continuity, units."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from domain.policy import START_POLICY
from domain.shelter import AgreementEnded, AgreementSigned
from domain.unit import AvailabilityCorrected, AvailabilityPublished
from domain.vocabulary import AgeBand, DistrictId, Household, PlacementId, Urgency
from tests.domain.matching.asking import asking, ranked, told, units_of
from tests.support.night import (
    DISTRICT,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    RIVAL_OFFER,
    ROOM,
    THIRD_ROOM,
    a_house,
    a_house_with_a_room,
    a_room,
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
from tests.support.spec import NOW, History, Scene, given

WEIGHTS = START_POLICY.weights
OTHER_DISTRICT = DistrictId(UUID(int=0x13))


def two_houses(*history: History) -> Scene:
    return given(
        a_house_with_a_room(),
        a_room(THIRD_ROOM),
        a_house(OTHER_HOUSE),
        a_room(OTHER_ROOM, house=OTHER_HOUSE),
        *history,
    )


def a_hold(*more: History) -> list[History]:
    """Of a rival, in the third room."""
    taken = held(bed(1, THIRD_ROOM), unit=THIRD_ROOM)
    hold = holding(taken, placement_id=RIVAL, offer_id=RIVAL_OFFER)
    return [requested(RIVAL, OTHER_CASE, urgency=Urgency.U4), hold, *more]


def penalty_of_the_room(scene: Scene) -> int:
    (penalty,) = [one.penalty for one in ranked(scene).best if one.units[0].unit_id == ROOM]
    return penalty


def test_a_house_that_owes_another_household_an_answer_or_awaits_it_comes_later() -> None:
    yes = (sent(RIVAL, RIVAL_OFFER), said_yes(RIVAL, RIVAL_OFFER))
    assert penalty_of_the_room(two_houses()) == 0
    assert penalty_of_the_room(two_houses(*a_hold())) == WEIGHTS.pending_offer
    assert penalty_of_the_room(two_houses(*a_hold(*yes))) == WEIGHTS.pending_offer
    assert units_of(ranked(two_houses(*a_hold())))[0] == [OTHER_ROOM]


def test_it_no_longer_counts_once_they_have_arrived_or_the_hold_is_given_back() -> None:
    taken = held(bed(1, THIRD_ROOM), unit=THIRD_ROOM)
    there = (
        sent(RIVAL, RIVAL_OFFER),
        said_yes(RIVAL, RIVAL_OFFER),
        she_said_yes(RIVAL, RIVAL_OFFER),
        arrived(taken, placement_id=RIVAL, offer_id=RIVAL_OFFER),
    )
    assert penalty_of_the_room(two_houses(*a_hold(*there))) == 0
    back = given_back(taken, placement_id=RIVAL, offer_id=RIVAL_OFFER)
    assert penalty_of_the_room(two_houses(*a_hold(back))) == 0


def test_a_house_whose_own_word_was_last_found_wrong_comes_later_until_it_speaks_again() -> None:
    wrong = told(ROOM, AvailabilityCorrected(open_places=(bed(1), bed(2)), observed_at=NOW))
    again = told(ROOM, AvailabilityPublished(open_places=(bed(1), bed(2)), observed_at=NOW))
    assert penalty_of_the_room(two_houses(wrong)) == WEIGHTS.wrong_availability
    assert penalty_of_the_room(two_houses(wrong, again)) == 0


@pytest.mark.parametrize("urgency", Urgency)
def test_continuity_of_school_and_work_counts_for_planned_moves_alone(urgency: Urgency) -> None:
    ranking = ranked(
        two_houses(
            told(OTHER_HOUSE, AgreementSigned(district_id=OTHER_DISTRICT, valid_from=date(2026, 1, 1)))
        ),
        asking(urgency=urgency, continuity_with=OTHER_DISTRICT),
    )
    elsewhere = WEIGHTS.other_district if urgency is Urgency.U4 else 0
    penalties = {one.units[0].unit_id: one.penalty for one in ranking.best}
    assert penalties == {ROOM: elsewhere, THIRD_ROOM: elsewhere, OTHER_ROOM: 0}


def test_continuity_reads_the_agreements_that_are_in_force_on_the_day() -> None:
    ended = told(
        OTHER_HOUSE,
        AgreementSigned(district_id=OTHER_DISTRICT, valid_from=date(2026, 1, 1)),
        AgreementEnded(district_id=DISTRICT, valid_to=date(2026, 11, 19)),
    )
    ranking = ranked(two_houses(ended), asking(urgency=Urgency.U4, continuity_with=DISTRICT))
    penalties = {one.units[0].unit_id: one.penalty for one in ranking.best}
    assert penalties == {ROOM: 0, THIRD_ROOM: 0, OTHER_ROOM: WEIGHTS.other_district}


def test_every_unit_beyond_the_first_weighs_something() -> None:
    scene = given(
        a_house_with_a_room(beds=1),
        a_room(THIRD_ROOM, beds=1),
        a_house(OTHER_HOUSE),
        a_room(OTHER_ROOM, house=OTHER_HOUSE, beds=2),
    )
    two = Household(adults=1, children=(AgeBand.AGE_3_5,))
    ranking = ranked(scene, asking(household=two))
    assert units_of(ranking) == [[OTHER_ROOM], [ROOM, THIRD_ROOM]]
    assert [one.penalty for one in ranking.best] == [0, WEIGHTS.extra_unit]


def test_no_earlier_placement_of_hers_weighs_anything() -> None:
    """Two who ask for the same are ranked the same, whoever they are."""
    one = ranked(two_houses()).best
    other = ranked(two_houses(), asking(case_id=OTHER_CASE), placement_id=PlacementId(UUID(int=0x59))).best
    assert {(each.units, each.penalty) for each in one} == {(each.units, each.penalty) for each in other}
