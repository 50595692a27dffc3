"""Candidates of two and three units, only where no unit of that house does alone."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.codes import ToConfirm
from domain.matching.ranking import ExclusionCode
from domain.unit import OccupiedOutsideEngine, TermsDeclared
from domain.vocabulary import AgeBand, Criterion, Feature, Household, OccupancyId, UnitId, Urgency
from tests.domain.matching.asking import asking, excluded, ranked, told, units_of
from tests.support.night import (
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    ROOM,
    THIRD_ROOM,
    ZONES,
    a_house,
    a_house_with_a_room,
    a_network,
    a_room,
    bed,
    cot,
    held,
    holding,
    requested,
)
from tests.support.spec import NOW, History, Scene, given, minutes

FOURTH_ROOM = UnitId(UUID(int=0x3400))
CHILD, BABY = AgeBand.AGE_6_10, AgeBand.AGE_0_2


def household(*children: AgeBand, adults: int = 1) -> Household:
    return Household(adults=adults, children=children)


def rooms(*histories: History) -> Scene:
    return given(a_network(), a_house(), *histories)


def singles(*units: UnitId, **room: object) -> list[History]:
    return [a_room(unit_id, beds=1, **room) for unit_id in units]  # type: ignore[arg-type]


def test_two_rooms_of_a_house_take_a_household_that_neither_takes_alone() -> None:
    ranking = ranked(rooms(*singles(ROOM, OTHER_ROOM)), asking(household=household(CHILD)))
    (candidate,) = ranking.best
    assert candidate.units == (
        held(bed(1)),
        held(bed(1, OTHER_ROOM), unit=OTHER_ROOM),
    )
    assert (candidate.spare_places, candidate.expires) == (0, ())
    assert (ranking.eligible, excluded(ranking)) == (0b11, {})


def test_never_are_there_several_where_one_of_the_house_does_alone() -> None:
    scene = rooms(*singles(ROOM, OTHER_ROOM), a_room(THIRD_ROOM, beds=2))
    ranking = ranked(scene, asking(household=household(CHILD)))
    assert units_of(ranking) == [[THIRD_ROOM]]
    assert excluded(ranking) == {ExclusionCode.CAPACITY: 0b011}


def test_never_do_units_of_different_houses_stand_together() -> None:
    scene = given(
        a_house_with_a_room(beds=1), a_house(OTHER_HOUSE), a_room(OTHER_ROOM, beds=1, house=OTHER_HOUSE)
    )
    assert ranked(scene, asking(household=household(CHILD))).best == ()


def test_three_units_at_most_and_three_only_where_no_two_are_enough() -> None:
    three = rooms(*singles(ROOM, OTHER_ROOM, THIRD_ROOM))
    assert units_of(ranked(three, asking(household=household(CHILD, CHILD)))) == [
        [ROOM, OTHER_ROOM, THIRD_ROOM]
    ]
    four = rooms(*singles(ROOM, OTHER_ROOM, THIRD_ROOM, FOURTH_ROOM))
    assert ranked(four, asking(household=household(CHILD, CHILD, CHILD))).best == ()
    two = rooms(*singles(ROOM, OTHER_ROOM), a_room(THIRD_ROOM, beds=2))
    assert units_of(ranked(two, asking(household=household(CHILD, CHILD)))) == [[ROOM, THIRD_ROOM]]


def test_of_several_sets_the_one_that_wastes_least_then_the_first_registered() -> None:
    scene = rooms(
        a_room(ROOM, beds=2, exclusive=True),
        a_room(OTHER_ROOM, beds=1, exclusive=True),
        a_room(THIRD_ROOM, beds=2, exclusive=True),
    )
    ranking = ranked(scene, asking(household=household(CHILD, CHILD)))
    assert units_of(ranking) == [[ROOM, OTHER_ROOM]]
    assert ranking.best[0].spare_places == 0
    assert excluded(ranking) == {ExclusionCode.CAPACITY: 0b100}


def test_a_set_of_which_everything_is_known_goes_before_one_that_wastes_less() -> None:
    terms = TermsDeclared(
        children_most=None, boys_up_to=None, risk_up_to=None, criteria=(Criterion.INTERVIEW_FIRST,)
    )
    scene = rooms(
        *singles(ROOM, OTHER_ROOM), told(ROOM, terms), a_room(THIRD_ROOM, beds=1, cots=1, exclusive=True)
    )
    ranking = ranked(scene, asking(household=household(CHILD)))
    assert units_of(ranking) == [[OTHER_ROOM, THIRD_ROOM]]
    assert ranking.best[0].spare_places == 1
    only = rooms(*singles(ROOM, OTHER_ROOM), told(ROOM, terms))
    asked = ranked(only, asking(household=household(CHILD)))
    assert asked.best[0].to_confirm == (ToConfirm.INTERVIEW_FIRST,)
    assert (asked.eligible, asked.to_be_confirmed) == (0, 0b11)


@pytest.mark.parametrize(
    ("children", "taken"),
    [
        ((BABY, CHILD), ((bed(1), cot(1)), (bed(1, OTHER_ROOM),))),
        ((BABY, BABY, CHILD), ((bed(1), cot(1)), (bed(1, OTHER_ROOM), cot(1, OTHER_ROOM)))),
    ],
)
def test_infants_have_the_cots_of_all_the_units(
    children: tuple[AgeBand, ...], taken: tuple[tuple[object, ...], ...]
) -> None:
    scene = rooms(a_room(ROOM, beds=1, cots=1), a_room(OTHER_ROOM, beds=1, cots=1))
    (candidate,) = ranked(scene, asking(household=household(*children))).best
    assert tuple(unit.places for unit in candidate.units) == taken


def test_an_exclusive_unit_goes_whole_and_only_where_nobody_is_in_it() -> None:
    empty = rooms(a_room(ROOM, beds=1), a_room(OTHER_ROOM, beds=2, cots=1, exclusive=True))
    (candidate,) = ranked(empty, asking(household=household(CHILD, CHILD))).best
    assert candidate.units[1].places == (bed(1, OTHER_ROOM), bed(2, OTHER_ROOM), cot(1, OTHER_ROOM))
    assert candidate.spare_places == 1
    guests = OccupiedOutsideEngine(
        occupancy_id=OccupancyId(UUID(int=0x77)),
        places=(cot(1, OTHER_ROOM),),
        contested=(),
        occurred_at=NOW,
    )
    taken = rooms(
        a_room(ROOM, beds=1), a_room(OTHER_ROOM, beds=2, cots=1, exclusive=True), told(OTHER_ROOM, guests)
    )
    assert ranked(taken, asking(household=household(CHILD, CHILD))).best == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": "l1"},
        {"zones": ZONES[2:]},
        {"features": ()},
        {"seen_at": None},
    ],
)
def test_every_unit_of_a_set_keeps_every_rule(wrong: dict[str, object]) -> None:
    right: dict[str, object] = {"beds": 1, "features": (Feature.STEP_FREE,)}
    asked = asking(
        household=household(CHILD), zones_to_avoid=ZONES[2:3], features_required=(Feature.STEP_FREE,)
    )
    both = rooms(a_room(ROOM, **right), a_room(OTHER_ROOM, **right))  # type: ignore[arg-type]
    assert units_of(ranked(both, asked)) == [[ROOM, OTHER_ROOM]]
    one = rooms(a_room(ROOM, **right), a_room(OTHER_ROOM, **(right | wrong)))  # type: ignore[arg-type]
    assert ranked(one, asked).best == ()


def test_a_unit_not_to_be_asked_is_in_no_set() -> None:
    scene = rooms(*singles(ROOM, OTHER_ROOM, THIRD_ROOM))
    asked = asking(household=household(CHILD))
    assert units_of(ranked(scene, asked, not_to_ask=frozenset({ROOM}))) == [[OTHER_ROOM, THIRD_ROOM]]


def test_no_hold_of_others_ends_for_a_set() -> None:
    late = holding(held(bed(1, OTHER_ROOM), unit=OTHER_ROOM), placement_id=RIVAL, deadline=NOW - minutes(1))
    scene = rooms(*singles(ROOM, OTHER_ROOM), requested(RIVAL, OTHER_CASE, urgency=Urgency.U4), late)
    assert ranked(scene, asking(household=household(CHILD))).best == ()
    assert ranked(scene).best[0].expires == ()


def test_a_set_asked_before_in_vain_comes_after_others() -> None:
    scene = given(
        a_network(),
        a_house(),
        *singles(ROOM, OTHER_ROOM),
        a_house(OTHER_HOUSE),
        *singles(THIRD_ROOM, FOURTH_ROOM, house=OTHER_HOUSE, features=tuple(Feature)),
    )
    asked = asking(household=household(CHILD))
    assert units_of(ranked(scene, asked))[0] == [ROOM, OTHER_ROOM]
    again = ranked(scene, asked, asked_before=frozenset({OTHER_ROOM}))
    assert units_of(again) == [[THIRD_ROOM, FOURTH_ROOM], [ROOM, OTHER_ROOM]]
