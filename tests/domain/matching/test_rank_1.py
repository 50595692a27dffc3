"""The first ranker: one rule at a time, then what holds of every ranking there can be."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from domain.codes import PauseReason, ToConfirm
from domain.event import Event
from domain.matching.certificate import digest
from domain.matching.ranking import ExclusionCode, Ranking, RankRequest, request_of
from domain.placement.events import PlacementRequested
from domain.policy import START_POLICY
from domain.shelter import IntakePaused, IntakePolicySet, SecurityStateSet
from domain.unit import OccupiedOutsideEngine, UnitOccupied
from domain.vocabulary import (
    AgeBand,
    CaseId,
    Feature,
    Household,
    IntakeMode,
    OccupancyId,
    OfferId,
    PlaceKind,
    PlacementId,
    SecurityState,
    ShelterId,
    UnitId,
    Urgency,
)
from tests.domain.matching.asking import excluded, rank_both, ranked, told, units_of
from tests.support.night import (
    ASKED,
    GUESTS,
    HOUSE,
    OTHER_CASE,
    OTHER_HOUSE,
    OTHER_ROOM,
    RIVAL,
    RIVAL_OFFER,
    ROOM,
    THIRD_ROOM,
    WOMAN,
    WOMAN_AND_BABY,
    ZONES,
    a_house,
    a_house_with_a_room,
    a_network,
    a_room,
    bed,
    cot,
    held,
    holding,
    request_event,
    requested,
    said_yes,
    sent,
)
from tests.support.spec import NOW, History, Scene, given, minutes

PLAIN = request_event()
FOUR_AND_A_COT = (bed(1), bed(2), bed(3), bed(4), cot(1))
BABIES = (AgeBand.AGE_0_2, AgeBand.AGE_0_2)


@pytest.mark.parametrize(
    ("scene", "asked", "code"),
    [
        (given(a_network(), a_room()), PLAIN, ExclusionCode.NOT_ACCEPTING),
        (given(a_house_with_a_room(seen_at=None)), PLAIN, ExclusionCode.NOT_ACCEPTING),
        (
            given(a_house_with_a_room(), told(HOUSE, IntakePaused(reason=PauseReason.STAFF))),
            PLAIN,
            ExclusionCode.NOT_ACCEPTING,
        ),
        (
            given(a_house_with_a_room(), told(HOUSE, SecurityStateSet(state=SecurityState.COMPROMISED))),
            PLAIN,
            ExclusionCode.NOT_ACCEPTING,
        ),
        (
            given(a_house_with_a_room(modes=(IntakeMode.PLANNED_URGENT,))),
            PLAIN,
            ExclusionCode.INTAKE_MODE,
        ),
        (
            given(a_house_with_a_room(), told(HOUSE, IntakePolicySet(modes=(IntakeMode.MEDIUM_LONG,)))),
            PLAIN,
            ExclusionCode.INTAKE_MODE,
        ),
        (given(a_house_with_a_room(level="l1")), PLAIN, ExclusionCode.LEVEL),
        (given(a_house_with_a_room(level="l9")), PLAIN, ExclusionCode.LEVEL),
        (
            given(a_house_with_a_room(beds=1, cots=3)),
            request_event(household=Household(adults=1, children=(AgeBand.AGE_3_5,))),
            ExclusionCode.CAPACITY,
        ),
        (
            given(a_house_with_a_room(features=(Feature.STEP_FREE,))),
            request_event(needs=(Feature.STEP_FREE, Feature.STAFFED_AT_NIGHT)),
            ExclusionCode.FEATURE,
        ),
        (given(a_house_with_a_room()), request_event(avoids=(ZONES[1],)), ExclusionCode.SAFETY),
        (given(a_house_with_a_room(beds=1, closed=(bed(),))), PLAIN, ExclusionCode.OCCUPIED),
    ],
)
def test_each_rule_excludes_by_its_own_code(
    scene: Scene, asked: PlacementRequested, code: ExclusionCode
) -> None:
    ranking = ranked(scene, asked)
    assert excluded(ranking) == {code: 1}
    assert ranking.best == ()


def test_a_unit_not_to_be_asked_is_excluded_before_anything_else_is_said_of_it() -> None:
    ranking = ranked(given(a_house_with_a_room(level="l1")), not_to_ask=frozenset({ROOM}))
    assert excluded(ranking) == {ExclusionCode.NOT_TO_ASK: 1}


def test_a_unit_counts_under_the_first_rule_that_excludes_it() -> None:
    asked = request_event(avoids=(ZONES[0],), needs=(Feature.OWN_KITCHEN,))
    ranking = ranked(given(a_house_with_a_room(beds=1, closed=(bed(),))), asked)
    assert excluded(ranking) == {ExclusionCode.FEATURE: 1}


def test_bits_are_units_in_the_order_of_their_registration() -> None:
    scene = given(
        a_house_with_a_room(level="l1"), a_room(THIRD_ROOM), a_room(OTHER_ROOM, features=(), level="l1")
    )
    ranking = ranked(scene)
    assert excluded(ranking) == {ExclusionCode.LEVEL: 0b101}
    assert ranking.eligible == 0b010
    assert ranking.units_seen == 3


def test_the_least_waste_goes_first() -> None:
    scene = given(
        a_house_with_a_room(beds=4, exclusive=True),
        a_room(OTHER_ROOM, beds=2, exclusive=True),
        a_room(THIRD_ROOM, beds=3, exclusive=True),
    )
    order = [candidate.units[0].unit_id for candidate in ranked(scene).best]
    assert order == [OTHER_ROOM, THIRD_ROOM, ROOM]


def test_scarce_features_are_kept_for_those_who_need_them() -> None:
    scene = given(a_house_with_a_room(features=(Feature.STEP_FREE,)), a_room(OTHER_ROOM))
    assert ranked(scene).best[0].units[0].unit_id == OTHER_ROOM
    needing = ranked(scene, request_event(needs=(Feature.STEP_FREE,)))
    assert [candidate.units[0].unit_id for candidate in needing.best] == [ROOM]


@pytest.mark.parametrize(("hours", "penalty"), [(0, 0), (12, 0), (12.1, 5), (24, 5), (24.1, 40), (900, 40)])
def test_what_was_seen_long_ago_weighs_more_and_in_the_end_is_asked_by_voice(
    hours: float, penalty: int
) -> None:
    ranking = ranked(given(a_house_with_a_room(seen_at=NOW - timedelta(hours=hours))))
    assert [candidate.penalty for candidate in ranking.best] == [penalty]
    assert ranking.best[0].availability_age_minutes == int(hours * 60)
    old = hours > START_POLICY.stale_hours
    assert ranking.best[0].to_confirm == ((ToConfirm.AVAILABILITY_OLD,) if old else ())
    assert (ranking.eligible, ranking.to_be_confirmed) == ((0, 1) if old else (1, 0))


def test_a_unit_asked_before_in_vain_comes_after_the_others_whatever_its_penalty() -> None:
    scene = given(a_house_with_a_room(), a_room(OTHER_ROOM, beds=9, exclusive=True))
    assert ranked(scene).best[0].units[0].unit_id == ROOM
    again = ranked(scene, asked_before=frozenset({ROOM}))
    assert [candidate.units[0].unit_id for candidate in again.best] == [OTHER_ROOM, ROOM]


def test_the_tie_between_equals_differs_by_request_and_never_by_chance() -> None:
    rooms = [a_room(UnitId(UUID(int=0x9000 + 0x100 * number))) for number in range(8)]
    scene = given(a_network(), a_house(), *rooms)
    orders = {
        tuple(
            candidate.units[0].unit_id
            for candidate in ranked(scene, placement_id=PlacementId(UUID(int=number))).best
        )
        for number in range(20)
    }
    assert len(orders) == 20
    assert ranked(scene) == ranked(scene)


def test_only_the_ten_best_are_kept() -> None:
    rooms = [a_room(UnitId(UUID(int=0x9000 + 0x100 * number))) for number in range(12)]
    ranking = ranked(given(a_network(), a_house(), *rooms))
    assert len(ranking.best) == 10
    assert ranking.eligible.bit_count() == 12


@pytest.mark.parametrize(
    ("household", "beds", "cots", "taken"),
    [
        (WOMAN, 2, 1, (bed(1),)),
        (WOMAN_AND_BABY, 2, 1, (bed(1), cot(1))),
        (WOMAN_AND_BABY, 2, 0, (bed(1), bed(2))),
        (Household(adults=1, children=BABIES), 2, 1, (bed(1), bed(2), cot(1))),
        (Household(adults=1, children=BABIES), 1, 1, None),
        (Household(adults=1, children=BABIES), 1, 2, (bed(1), cot(1), cot(2))),
        (
            Household(adults=2, children=(*BABIES, AgeBand.AGE_14_17)),
            4,
            1,
            FOUR_AND_A_COT,
        ),
    ],
)
def test_infants_sleep_in_cots_where_there_are_some_and_else_in_beds(
    household: Household, beds: int, cots: int, taken: tuple[object, ...] | None
) -> None:
    ranking = ranked(given(a_house_with_a_room(beds=beds, cots=cots)), request_event(household=household))
    assert [candidate.units[0].places for candidate in ranking.best] == ([taken] if taken else [])


def test_an_exclusive_unit_is_taken_whole_also_the_places_out_of_service() -> None:
    scene = given(a_house_with_a_room(beds=3, cots=1, exclusive=True, closed=(bed(3),)))
    (candidate,) = ranked(scene).best
    assert candidate.units == (held(bed(1), bed(2), bed(3), cot(1)),)
    assert candidate.spare_places == 3


def test_an_exclusive_unit_with_anybody_in_it_is_occupied() -> None:
    guests = OccupiedOutsideEngine(occupancy_id=GUESTS, places=(cot(1),), contested=(), occurred_at=NOW)
    scene = given(a_house_with_a_room(beds=3, cots=1, exclusive=True), told(ROOM, guests))
    assert excluded(ranked(scene)) == {ExclusionCode.OCCUPIED: 1}


def test_an_accepted_overdue_hold_is_nobodys_to_take() -> None:
    late = NOW - minutes(1)
    rival = [
        *requested(RIVAL, OTHER_CASE, urgency=Urgency.U4),
        *holding(placement_id=RIVAL, offer_id=RIVAL_OFFER, deadline=late),
        *sent(RIVAL, RIVAL_OFFER, deadline=late),
    ]
    (candidate,) = ranked(given(a_house_with_a_room(beds=1), rival)).best
    assert candidate.expires == (RIVAL,)
    accepted = given(a_house_with_a_room(beds=1), rival, said_yes(RIVAL, RIVAL_OFFER))
    assert excluded(ranked(accepted)) == {ExclusionCode.OCCUPIED: 1}


# --- of every ranking --------------------------------------------------------------------------------------

FEW = settings(max_examples=40)
URGENCIES = st.sampled_from(Urgency)
SELDOM = st.sampled_from((False, False, False, True))


@st.composite
def nights(draw: st.DrawFn) -> tuple[History, RankRequest]:
    """Two houses, some rooms of every kind, holds young and overdue, stays, guests, and one who asks."""
    history: list[tuple[UUID, Event]] = [*a_network(), *a_house(), *a_house(OTHER_HOUSE)]
    if draw(SELDOM):
        history += told(OTHER_HOUSE, IntakePaused(reason=PauseReason.STAFF))
    for number in range(draw(st.integers(1, 4))):
        history += _a_drawn_room(draw, number)
    household = Household(
        adults=draw(st.integers(1, 2)), children=tuple(draw(st.lists(st.sampled_from(AgeBand), max_size=2)))
    )
    asked = request_event(
        household=household,
        urgency=draw(st.sampled_from((Urgency.U1, Urgency.U2))),
        occurred_at=NOW - minutes(draw(st.integers(0, 120))),
        avoids=ZONES[:1] if draw(SELDOM) else (),
        needs=(Feature.STEP_FREE,) if draw(SELDOM) else (),
    )
    rooms = st.sampled_from([_room(number) for number in range(5)])
    return history, RankRequest(
        placement_id=ASKED,
        requested=asked,
        not_to_ask=frozenset(draw(st.sets(rooms, max_size=1))),
        asked_before=frozenset(draw(st.sets(rooms, max_size=2))),
    )


def _room(number: int) -> UnitId:
    return UnitId(UUID(int=0x9000 + 0x100 * number))


def _a_drawn_room(draw: st.DrawFn, number: int) -> History:
    unit_id, beds, cots = _room(number), draw(st.integers(1, 3)), draw(st.integers(0, 2))
    house: ShelterId = draw(st.sampled_from((HOUSE, OTHER_HOUSE)))
    exclusive = draw(st.booleans())
    every = [*(bed(n, unit_id) for n in range(1, beds + 1)), *(cot(n, unit_id) for n in range(1, cots + 1))]
    history = a_room(
        unit_id,
        house=house,
        beds=beds,
        cots=cots,
        exclusive=exclusive,
        features=tuple(draw(st.sets(st.sampled_from(Feature), max_size=2))),
        zones=tuple(draw(st.permutations(ZONES))[:2]),
        level=draw(st.sampled_from(("l0",) * 5 + ("l1",))),
        seen_at=NOW - minutes(draw(st.integers(0, 3000))),
        closed=tuple(draw(st.sets(st.sampled_from(every), max_size=1))),
    )
    left = list(draw(st.permutations(every)))
    for turn in range(draw(st.integers(0, 3))):
        size = len(left) if exclusive else draw(st.integers(0, len(left)))
        some, left = tuple(left[:size]), left[size:]
        if some:
            history = [*history, *_a_drawn_holder(draw, unit_id, house, 16 * number + turn, some)]
    return history


def _a_drawn_holder(
    draw: st.DrawFn, unit_id: UnitId, house: ShelterId, number: int, places: tuple[object, ...]
) -> History:
    kind = draw(st.sampled_from(("hold",) * 6 + ("accepted", "stay", "guests")))
    if kind == "guests":
        guests = OccupancyId(UUID(int=0x5000 + number))
        return told(
            unit_id,
            OccupiedOutsideEngine(occupancy_id=guests, places=places, contested=(), occurred_at=NOW),  # type: ignore[arg-type]
        )
    rival, offer = PlacementId(UUID(int=0x6000 + number)), OfferId(UUID(int=0x7000 + number))
    deadline = NOW + minutes(draw(st.sampled_from((-9, -3, -1, 0, 2))))
    taken = held(*places, unit=unit_id)  # type: ignore[arg-type]
    history = [
        *requested(
            rival,
            CaseId(UUID(int=0x8000 + number)),
            urgency=draw(URGENCIES),
            occurred_at=NOW - minutes(draw(st.integers(0, 120))),
        ),
        *holding(taken, placement_id=rival, offer_id=offer, house=house, deadline=deadline),
        *sent(rival, offer, deadline=deadline),
    ]
    if kind != "hold":
        history += said_yes(rival, offer)
    if kind == "stay":
        history += told(unit_id, UnitOccupied(placement_id=rival, places=places))  # type: ignore[arg-type]
    return history


def ranking_of(history: History, request: RankRequest) -> Ranking:
    return rank_both(request, given(history).places)


@FEW
@for_all(nights())
def test_every_unit_is_judged_once(night: tuple[History, RankRequest]) -> None:
    ranking = ranking_of(*night)
    bitmaps = [*(bitmap for _, bitmap in ranking.excluded), ranking.eligible, ranking.to_be_confirmed]
    assert sum(bitmap.bit_count() for bitmap in bitmaps) == ranking.units_seen
    assert sum(bitmaps) == (1 << ranking.units_seen) - 1
    assert [code for code, _ in ranking.excluded] == list(ExclusionCode)


@FEW
@for_all(nights())
def test_every_candidate_lies_in_one_house_that_admits_and_is_enough(
    night: tuple[History, RankRequest],
) -> None:
    history, request = night
    places, people = given(history).places, request.requested.household.people
    for candidate in ranking_of(history, request).best:
        slept_in = 0
        for taken in candidate.units:
            unit = places.units[taken.unit_id]
            assert unit.registered is not None
            assert unit.registered.shelter_id == candidate.shelter_id
            assert len(set(taken.places)) == len(taken.places) > 0
            if unit.registered.exclusive:
                assert taken.places == unit.place_ids
            else:
                assert set(taken.places) <= unit.open_places
            slept_in += len(taken.places)
        assert places.shelters[candidate.shelter_id].admits
        assert slept_in - candidate.spare_places == people


@FEW
@for_all(nights())
def test_a_place_is_free_or_of_an_overdue_hold_that_comes_later_in_the_order(
    night: tuple[History, RankRequest],
) -> None:
    history, request = night
    places = given(history).places
    for candidate in ranking_of(history, request).best:
        losing = set()
        for taken in candidate.units:
            unit = places.units[taken.unit_id]
            losing |= {unit.taken[place] for place in taken.places if place in unit.taken}
            assert losing.isdisjoint(unit.staying)
        assert losing == set(candidate.expires), "no hold ends that is not needed"
        for rival in candidate.expires:
            state = places.placements[rival]
            assert state.held is not None
            assert state.held.overdue(NOW)
            assert request_of(rival, state).precedence > request.precedence


@FEW
@for_all(nights())
def test_infants_have_every_cot_they_can_before_any_bed(night: tuple[History, RankRequest]) -> None:
    history, request = night
    places, household = given(history).places, request.requested.household
    for candidate in ranking_of(history, request).best:
        units = [(places.units[taken.unit_id], taken.places) for taken in candidate.units]
        if any(unit.registered is None or unit.registered.exclusive for unit, _ in units):
            continue
        kinds = {place.place_id: place.kind for unit, _ in units for place in unit.registered.places}  # type: ignore[union-attr]
        in_cots = sum(kinds[place] is PlaceKind.COT for _, taken in units for place in taken)
        free_cots = sum(len(unit.free(PlaceKind.COT)) for unit, _ in units)
        assert in_cots <= household.infants
        assert in_cots >= min(household.infants, free_cots)


@FEW
@for_all(nights())
def test_candidates_come_in_their_order(night: tuple[History, RankRequest]) -> None:
    _, request = night
    keys = [
        (
            bool(one.expires),
            bool(one.to_confirm),
            any(unit.unit_id in request.asked_before for unit in one.units),
            one.penalty,
        )
        for one in ranking_of(*night).best
    ]
    assert keys == sorted(keys)


@FEW
@for_all(nights())
def test_no_preference_leaves_a_household_without_a_place_that_is_free(
    night: tuple[History, RankRequest],
) -> None:
    ranking = ranking_of(*night)
    order = list(given(night[0]).places.units)
    offered = {order.index(unit_id) for units in units_of(ranking) for unit_id in units}
    assert sum(1 << index for index in offered) == ranking.eligible | ranking.to_be_confirmed


@FEW
@for_all(nights())
def test_several_units_are_offered_only_where_none_of_the_house_does_alone(
    night: tuple[History, RankRequest],
) -> None:
    houses = [candidate.shelter_id for candidate in ranking_of(*night).best]
    together = [one.shelter_id for one in ranking_of(*night).best if len(one.units) > 1]
    assert all(houses.count(house) == 1 for house in together)


@FEW
@for_all(nights(), st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_in_which_other_streams_became_known(
    night: tuple[History, RankRequest], random: Random
) -> None:
    history, request = night
    told_otherwise = _units_in_order_others_anyhow(history, random)
    assert ranking_of(told_otherwise, request) == ranking_of(history, request)


def _units_in_order_others_anyhow(history: History, random: Random) -> History:
    """The same streams, each whole: the units as they were registered, the others in any order."""
    by_stream: dict[UUID, list[Event]] = {}
    for stream, event in history:
        by_stream.setdefault(stream, []).append(event)
    units = [stream for stream, events in by_stream.items() if events[0].TOPIC.startswith("unit.")]
    others = [stream for stream in by_stream if stream not in units]
    random.shuffle(others)
    return [(stream, event) for stream in (*others, *units) for event in by_stream[stream]]


_ONE_NIGHT = """
from tests.domain.matching.test_rank_1 import a_fixed_night
print(a_fixed_night())
"""


def a_fixed_night() -> str:
    """The digest of a ranking with ties, holds and overdue rivals."""
    rooms = [a_room(_room(number), beds=3, features=tuple(Feature)[:number]) for number in range(4)]
    rivals = [
        [
            *requested(PlacementId(UUID(int=0x6000 + n)), CaseId(UUID(int=0x8000 + n)), urgency=Urgency.U3),
            *holding(
                held(bed(n, _room(0)), unit=_room(0)),
                placement_id=PlacementId(UUID(int=0x6000 + n)),
                offer_id=OfferId(UUID(int=0x7000 + n)),
                deadline=NOW - minutes(1),
            ),
        ]
        for n in (1, 2, 3)
    ]
    ranking = ranked(
        given(a_network(), a_house(), *rooms, *rivals),
        request_event(household=Household(adults=2), needs=(Feature.STEP_FREE,)),
    )
    return digest(ranking).hex()


def test_nothing_depends_on_the_seed_of_hashes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", _ONE_NIGHT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "4711")
    }
    assert digests == {a_fixed_night()}
