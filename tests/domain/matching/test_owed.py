"""What waiting requests are owed: one candidate each, in the order of urgency, then age."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from domain.codes import PauseReason, PlacementOutcome, RefusalGroup, ReleaseCause
from domain.matching import fast_1, rank_1
from domain.matching.ranking import ExclusionCode, RankRequest, request_of
from domain.placement.events import OfferRefused, PlacementEnded, SearchResumed
from domain.placement.standing import Phase
from domain.policy import START_POLICY
from domain.shelter import IntakePaused
from domain.vocabulary import (
    AgeBand,
    AnswerChannel,
    CaseId,
    Feature,
    HeldUnit,
    Household,
    PlacementId,
    ShelterId,
    UnitId,
    Urgency,
)
from tests.domain.matching.asking import asking, excluded, rank_both, ranked, told, units_of
from tests.domain.matching.naive_owed import Asker, Room, owed_before
from tests.support.night import (
    ASKED,
    CASE,
    HOUR,
    HOUSE,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    RIVAL_OFFER,
    ROOM,
    THIRD_ROOM,
    WOMAN,
    a_house,
    a_house_with_a_room,
    a_network,
    a_room,
    bed,
    given_back,
    held,
    holding,
    request_event,
    requested,
)
from tests.support.spec import NOW, History, Scene, given, minutes

PAIR = Household(adults=1, children=(AgeBand.AGE_6_10,))
LATER = asking(urgency=Urgency.U3)
THIRD, THIRD_CASE = PlacementId(UUID(int=0x53)), CaseId(UUID(int=0x43))
LATE = NOW - minutes(1)


def waits(
    urgency: Urgency = Urgency.U2,
    *,
    placement_id: PlacementId = RIVAL,
    case_id: CaseId = OTHER_CASE,
    asked_at: datetime = NOW - HOUR,
    household: Household = WOMAN,
) -> History:
    return requested(placement_id, case_id, urgency=urgency, occurred_at=asked_at, household=household)


def kept(scene: Scene, request: RankRequest) -> frozenset[UUID]:
    """What this request is not given, by both rankers."""
    rank_both(request, scene.places)
    return rank_1.promised(request, scene.places, START_POLICY, NOW)


# --- who is owed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "asked_at", "owed"),
    [
        (Urgency.U1, NOW, True),
        (Urgency.U2, NOW, True),
        (Urgency.U3, NOW - HOUR - minutes(1), True),
        (Urgency.U3, NOW - HOUR + minutes(1), False),
        (Urgency.U4, NOW - 100 * HOUR, False),
    ],
)
def test_the_last_place_is_owed_to_whoever_waits_and_comes_before_by_urgency_then_age(
    urgency: Urgency, asked_at: datetime, owed: bool
) -> None:
    scene = given(a_house_with_a_room(beds=1), waits(urgency, asked_at=asked_at))
    ranking = ranked(scene, LATER)
    assert excluded(ranking) == ({ExclusionCode.OWED: 1} if owed else {})
    assert bool(ranking.best) is not owed


def test_places_beyond_what_is_owed_are_free_to_all() -> None:
    scene = given(a_house_with_a_room(beds=2), waits())
    (candidate,) = ranked(scene, LATER).best
    assert candidate.units == (held(bed(2)),)


def test_of_a_unit_that_is_exclusive_or_too_small_for_both_nothing_is_left() -> None:
    whole = given(a_house_with_a_room(beds=4, exclusive=True), waits())
    assert excluded(ranked(whole, LATER)) == {ExclusionCode.OWED: 1}
    scarce = given(a_house_with_a_room(beds=3), waits(household=PAIR))
    assert excluded(ranked(scarce, replace(LATER, household=PAIR))) == {ExclusionCode.OWED: 1}
    assert ranked(scarce, LATER).best[0].units == (held(bed(3)),)


def test_each_is_owed_one_candidate_not_owed_to_an_earlier_one() -> None:
    scene = given(
        a_house_with_a_room(beds=1),
        a_room(OTHER_ROOM, beds=1),
        waits(Urgency.U1),
        waits(Urgency.U2, placement_id=THIRD, case_id=THIRD_CASE),
    )
    assert excluded(ranked(scene, LATER)) == {ExclusionCode.OWED: 0b11}
    first, second = (request_of(each, scene.places.placements[each]) for each in (RIVAL, THIRD))
    assert kept(scene, first) == frozenset()
    assert len(kept(scene, second)) == 1
    assert units_of(rank_both(second, scene.places)) != units_of(rank_both(first, scene.places))[:1]


def test_one_who_finds_nothing_is_owed_nothing() -> None:
    large = Household(adults=1, children=(AgeBand.AGE_6_10,) * 5)
    scene = given(a_house_with_a_room(beds=1), waits(Urgency.U1, household=large))
    assert len(ranked(scene, LATER).best) == 1


def test_she_is_owed_the_next_where_a_house_has_said_no() -> None:
    refused = OfferRefused(
        offer_id=RIVAL_OFFER,
        channel=AnswerChannel.SCREEN,
        shown=RefusalGroup.NO_CAPACITY,
        stops=False,
        commitment=None,
        units=(ROOM,),
        occurred_at=NOW,
    )
    scene = given(
        a_house_with_a_room(beds=1),
        a_room(OTHER_ROOM, beds=1, features=(Feature.STEP_FREE,)),
        waits(),
        holding(placement_id=RIVAL, offer_id=RIVAL_OFFER),
        told(RIVAL, refused),
        given_back(placement_id=RIVAL, offer_id=RIVAL_OFFER, cause=ReleaseCause.REFUSED_BY_HOUSE),
    )
    assert units_of(ranked(scene, LATER)) == [[ROOM]]
    assert excluded(ranked(scene, LATER)) == {ExclusionCode.OWED: 0b10}


def test_what_is_owed_may_be_several_units() -> None:
    scene = given(
        a_house_with_a_room(beds=1),
        a_room(OTHER_ROOM, beds=1),
        a_room(THIRD_ROOM, beds=1),
        waits(household=PAIR),
    )
    ranking = ranked(scene, LATER)
    assert (excluded(ranking), units_of(ranking)) == ({ExclusionCode.OWED: 0b011}, [[THIRD_ROOM]])


def test_of_units_of_which_some_are_owed_the_others_still_do_together() -> None:
    scene = given(
        a_house_with_a_room(beds=2),
        a_room(OTHER_ROOM, beds=1),
        waits(household=WOMAN),
        told(HOUSE),
    )
    ranking = ranked(scene, replace(LATER, household=PAIR))
    assert len(ranking.best) == 1
    assert not kept(scene, RankRequest(placement_id=ASKED, requested=LATER)) & {
        place for unit in ranking.best[0].units for place in unit.places
    }


# --- who counts as waiting ---------------------------------------------------------------------------------


def overdue_hold(deadline: datetime) -> list[History]:
    """Of a rival, in the room; the other room is free."""
    return [
        a_house_with_a_room(beds=1),
        a_room(OTHER_ROOM, beds=1),
        waits(),
        holding(placement_id=RIVAL, offer_id=RIVAL_OFFER, deadline=deadline),
    ]


@pytest.mark.parametrize(("deadline", "owed"), [(LATE, True), (NOW, False), (NOW + HOUR, False)])
def test_one_whose_hold_is_overdue_counts_as_waiting_and_keeps_what_it_holds(
    deadline: datetime, owed: bool
) -> None:
    ranking = ranked(given(*overdue_hold(deadline)), LATER)
    assert excluded(ranking) == {
        ExclusionCode.OCCUPIED: 0b01,
        **({ExclusionCode.OWED: 0b10} if owed else {}),
    }


@pytest.mark.parametrize(("deadline", "left"), [(LATE, 2), (NOW, 2)])
def test_she_is_owed_nothing_in_the_unit_that_she_holds_in_silence(deadline: datetime, left: int) -> None:
    silent = holding(placement_id=RIVAL, offer_id=RIVAL_OFFER, deadline=deadline)
    scene = given(a_house_with_a_room(beds=2), waits(), silent)
    (candidate,) = ranked(scene, LATER).best
    assert candidate.units == (held(bed(left)),)
    assert kept(scene, RankRequest(placement_id=ASKED, requested=LATER)) == frozenset()


def test_she_is_owed_another_house_than_the_silent_one_and_what_is_left_of_its_room_is_free() -> None:
    scene = given(
        a_house_with_a_room(beds=2),
        a_house(OTHER_HOUSE),
        a_room(THIRD_ROOM, house=OTHER_HOUSE, beds=1, features=tuple(Feature)),
        waits(),
        holding(placement_id=RIVAL, offer_id=RIVAL_OFFER, deadline=LATE),
    )
    ranking = ranked(scene, LATER)
    assert (units_of(ranking), excluded(ranking)) == ([[ROOM]], {ExclusionCode.OWED: 0b10})


def test_an_earlier_one_takes_what_an_overdue_hold_keeps_from_her_and_is_owed_it() -> None:
    scene = given(
        a_house_with_a_room(beds=1),
        waits(Urgency.U4),
        holding(placement_id=RIVAL, offer_id=RIVAL_OFFER, deadline=LATE),
    )
    assert ranked(scene).best[0].expires == (RIVAL,)
    with_a_third = given(
        a_house_with_a_room(beds=1),
        waits(Urgency.U4),
        holding(placement_id=RIVAL, offer_id=RIVAL_OFFER, deadline=LATE),
        waits(Urgency.U1, placement_id=THIRD, case_id=THIRD_CASE),
    )
    assert excluded(ranked(with_a_third, LATER)) == {ExclusionCode.OWED: 1}


def stopped() -> History:
    refused = OfferRefused(
        offer_id=RIVAL_OFFER,
        channel=AnswerChannel.SCREEN,
        shown=RefusalGroup.SAFETY,
        stops=True,
        commitment=None,
        units=(OTHER_ROOM,),
        occurred_at=NOW,
    )
    taken = held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    return [
        *holding(taken, placement_id=RIVAL, offer_id=RIVAL_OFFER),
        *told(RIVAL, refused),
        *given_back(taken, placement_id=RIVAL, offer_id=RIVAL_OFFER, cause=ReleaseCause.REFUSED_BY_HOUSE),
    ]


def test_a_search_that_has_stopped_for_a_person_is_owed_nothing_until_somebody_goes_on() -> None:
    scene = given(a_house_with_a_room(beds=1), a_room(OTHER_ROOM, level="l1"), waits(), stopped())
    assert scene.places.placements[RIVAL].phase is Phase.STOPPED
    assert len(ranked(scene, LATER).best) == 1
    again = given(scene.history, told(RIVAL, SearchResumed()))
    assert excluded(ranked(again, LATER))[ExclusionCode.OWED] == 0b01


def test_nor_is_one_that_stopped_while_an_overdue_hold_still_stands() -> None:
    scene = given(*overdue_hold(LATE))
    state = scene.places.placements[RIVAL]
    scene.places.placements[RIVAL] = replace(state, stopped=True)
    assert units_of(ranked(scene, LATER)) == [[OTHER_ROOM]]


def test_a_placement_that_has_ended_is_owed_nothing() -> None:
    ended = told(RIVAL, PlacementEnded(outcome=PlacementOutcome.OTHER_SOLUTION))
    assert len(ranked(given(a_house_with_a_room(beds=1), waits(), ended), LATER).best) == 1


def test_her_own_place_in_the_order_is_not_kept_from_her() -> None:
    scene = given(a_house_with_a_room(beds=1), waits())
    own = request_of(RIVAL, scene.places.placements[RIVAL])
    assert units_of(rank_both(own, scene.places)) == [[ROOM]]
    assert kept(scene, own) == frozenset()


# --- who must not share a house ----------------------------------------------------------------------------


def test_a_house_in_which_she_is_owed_a_place_is_kept_whole_from_those_she_must_not_meet() -> None:
    scene = given(
        a_house_with_a_room(beds=2),
        a_room(OTHER_ROOM, beds=2),
        a_house(OTHER_HOUSE),
        a_room(THIRD_ROOM, house=OTHER_HOUSE, features=(Feature.STEP_FREE,)),
        waits(),
    )
    assert len(units_of(ranked(scene, LATER))) == 3
    apart = ranked(scene, replace(LATER, apart_from=(OTHER_CASE,)))
    assert units_of(apart) == [[THIRD_ROOM]]
    assert excluded(apart) == {ExclusionCode.OWED: 0b011}


def test_it_is_kept_whole_also_where_only_she_has_said_so() -> None:
    said = told(RIVAL, replace(request_event(case_id=OTHER_CASE), apart_from=(CASE,)))
    scene = given(a_house_with_a_room(beds=2), a_room(OTHER_ROOM, beds=2), said)
    assert excluded(ranked(scene, LATER)) == {ExclusionCode.OWED: 0b11}


# --- the order, a second time ------------------------------------------------------------------------------


@st.composite
def crowds(draw: st.DrawFn) -> tuple[list[Room], list[Asker]]:
    """Rooms of one to three beds and more who want one than there are."""
    rooms = []
    for number in range(draw(st.integers(1, 6))):
        unit_id = UUID(int=0x9000 + 0x100 * number)
        beds = [UUID(int=unit_id.int + each) for each in range(1, draw(st.integers(1, 3)) + 1)]
        rooms.append(Room(unit_id=unit_id, features=draw(st.integers(0, 2)), beds=beds))
    askers = [
        Asker(
            placement_id=UUID(int=0x5000 + number),
            urgency=draw(st.integers(1, 4)),
            asked_at=NOW - minutes(draw(st.integers(0, 3))),
            people=draw(st.integers(1, 2)),
        )
        for number in range(draw(st.integers(1, 8)))
    ]
    return rooms, askers


def crowded(rooms: list[Room], askers: list[Asker]) -> Scene:
    history = [*a_network()]
    for number, room in enumerate(rooms):
        house = ShelterId(UUID(int=0x200 + number))
        features = tuple(Feature)[: room.features]
        history += [
            *a_house(house),
            *a_room(UnitId(room.unit_id), house=house, beds=len(room.beds), features=features),
        ]
    for asker in askers:
        history += requested(
            PlacementId(asker.placement_id),
            CaseId(UUID(int=asker.placement_id.int + 0x1000)),
            urgency=Urgency(f"U{asker.urgency}"),
            occurred_at=asker.asked_at,
            household=Household(adults=asker.people),
        )
    return given(history)


@settings(max_examples=60, deadline=None)
@for_all(crowds())
def test_what_is_owed_is_what_a_second_reckoning_says(crowd: tuple[list[Room], list[Asker]]) -> None:
    rooms, askers = crowd
    scene = crowded(rooms, askers)
    for asker in askers:
        others = [other for other in askers if other is not asker]
        by_hand = {bed for beds in owed_before(asker, others, rooms).values() for bed in beds}
        placement_id = PlacementId(asker.placement_id)
        request = request_of(placement_id, scene.places.placements[placement_id])
        assert kept(scene, request) == by_hand


@settings(max_examples=60, deadline=None)
@for_all(crowds())
def test_nobody_is_owed_what_another_is_owed_and_the_first_is_owed_the_first(
    crowd: tuple[list[Room], list[Asker]],
) -> None:
    scene = crowded(*crowd)
    requests = [request_of(each, state) for each, state in scene.places.placements.items()]
    owed: set[UUID] = set()
    for request in sorted(requests, key=lambda each: each.precedence):
        best = rank_both(request, scene.places).best
        taken = {place for one in best[:1] for unit in one.units for place in unit.places}
        assert owed.isdisjoint(taken)
        owed |= taken


# --- what is held ------------------------------------------------------------------------------------------


def still_fits(scene: Scene, request: RankRequest, *units: HeldUnit) -> bool:
    placed = given(scene.history, requested(THIRD, THIRD_CASE), holding(*units, placement_id=THIRD))
    offer = placed.places.placements[THIRD].held
    assert offer is not None
    fits = rank_1.still_fits(request, offer, placed.places, START_POLICY, NOW)
    assert fast_1.still_fits(request, offer, placed.places, START_POLICY, NOW) is fits
    return fits


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"household": PAIR}, True),
        ({"household": Household(adults=1, children=(AgeBand.AGE_0_2, AgeBand.AGE_6_10))}, True),
        ({"household": Household(adults=1, children=(AgeBand.AGE_6_10,) * 2)}, False),
        ({"features_required": (Feature.STEP_FREE,)}, False),
        ({"houses_barred": (HOUSE,)}, False),
    ],
)
def test_places_that_are_held_still_do_by_every_rule_or_they_do_not(
    changes: dict[str, object], fits: bool
) -> None:
    scene = given(a_house_with_a_room(beds=2, cots=1))
    request = RankRequest(placement_id=THIRD, requested=asking(**changes))
    assert still_fits(scene, request, held(*(scene.places.units[ROOM].place_ids))) is fits


def test_that_a_unit_is_not_to_be_asked_or_owed_to_another_does_not_undo_a_hold() -> None:
    scene = given(a_house_with_a_room(beds=1), waits(Urgency.U1))
    request = RankRequest(placement_id=THIRD, requested=LATER, not_to_ask=frozenset({ROOM}))
    assert still_fits(scene, request, held(bed()))


def test_a_house_that_takes_nobody_for_now_keeps_whom_it_holds() -> None:
    scene = given(a_house_with_a_room(beds=1), told(HOUSE, IntakePaused(reason=PauseReason.STAFF)))
    request = RankRequest(placement_id=THIRD, requested=LATER, not_to_ask=frozenset({ROOM}))
    assert still_fits(scene, request, held(bed()))


def test_a_hold_of_several_units_is_judged_by_all_of_them() -> None:
    scene = given(a_house_with_a_room(beds=1), a_room(OTHER_ROOM, beds=1))
    both = held(bed()), held(bed(1, OTHER_ROOM), unit=OTHER_ROOM)
    pair = RankRequest(placement_id=THIRD, requested=asking(household=PAIR))
    assert still_fits(scene, pair, *both)
    assert not still_fits(scene, pair, both[0])
