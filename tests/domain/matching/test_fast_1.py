"""The fast twin: its sets, its ages, its index kept from event to event; and it says what the rule says."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from domain.codes import PlacementOutcome
from domain.matching import fast_1, rank_1
from domain.matching.fast_1.ages import Ages
from domain.matching.fast_1.bits import bits_of, flipped, positions_in
from domain.matching.fast_1.index import _KEPT, Index, Of, index_of
from domain.matching.fast_1.owing import owed_before
from domain.matching.fast_1.together import choose
from domain.matching.rank_1.owing import Owed
from domain.matching.rank_1.wanted import day_of
from domain.matching.rankers import NORMATIVE, RANKERS
from domain.matching.ranking import RankRequest
from domain.placement.events import PlacementEnded
from domain.vocabulary import Household, UnitId, Urgency
from tests.domain.matching.asking import rank_both
from tests.support.night import ASKED, ROOM, a_house_with_a_room, a_network, a_room, request_event
from tests.support.spec import NOW, given
from trials.drills.rankers_agree import differs_when_flipped
from trials.drills.rankers_agree_networks import Growing, drawn

SEEDS = st.integers(0, 2**32)


def test_a_policy_is_decided_by_the_fast_twin_and_derived_again_by_the_rule() -> None:
    assert RANKERS.keys() == NORMATIVE.keys()
    assert all(RANKERS[name] is not NORMATIVE[name] for name in NORMATIVE)
    assert fast_1.NAME == rank_1.NAME


# --- sets --------------------------------------------------------------------------------------------------


@for_all(st.sets(st.integers(0, 3000), max_size=600), st.sets(st.integers(0, 3000), max_size=600))
def test_a_set_is_its_members_and_flipping_is_the_difference_of_sets(one: set[int], other: set[int]) -> None:
    bits = bits_of(one)
    assert list(positions_in(bits)) == sorted(one)
    assert bits == sum(1 << position for position in one)
    assert list(positions_in(flipped(bits, other))) == sorted(one ^ other)


@for_all(st.data())
def test_ages_are_those_of_the_last_sight_whichever_instants_were_asked_before(data: st.DataObject) -> None:
    seen = {number: NOW - timedelta(minutes=data.draw(st.integers(0, 50))) for number in range(5)}
    ages = Ages((at, number) for number, at in seen.items())
    known = dict[int, object](seen)
    for _ in range(data.draw(st.integers(1, 12))):
        number = data.draw(st.integers(0, 6))
        after = data.draw(st.none() | st.integers(0, 50).map(lambda each: NOW - timedelta(minutes=each)))
        before = known.get(number)
        ages.move(number, before, after)  # type: ignore[arg-type]
        known[number] = after
        instant = NOW - timedelta(minutes=data.draw(st.integers(0, 50)))
        name = data.draw(st.sampled_from(("stale", "ageing")))
        expected = {each for each, at in known.items() if at is not None and at < instant}  # type: ignore[operator]
        assert set(positions_in(ages.before(instant, name))) == expected


# --- the index ---------------------------------------------------------------------------------------------


def _columns(index: Index) -> dict[Of, dict[object, int]]:
    return {of: dict(index.of(of)) for of in Of}


def _fresh(growing: Growing) -> Index:
    """The index as it would be, had it never been kept."""
    kept = _KEPT.pop(growing.places)
    fresh = index_of(growing.places, day_of(growing.places, growing.now))
    _KEPT[growing.places] = kept
    return fresh


@settings(max_examples=40, deadline=None)
@for_all(SEEDS)
def test_an_index_kept_from_event_to_event_is_the_one_built_anew(seed: int) -> None:
    growing = drawn(seed)
    for _ in range(4):
        kept = index_of(growing.places, day_of(growing.places, growing.now))
        fresh = _fresh(growing)
        assert _columns(kept) == _columns(fresh)
        assert (kept.free, kept.members, kept.holding) == (fresh.free, fresh.members, fresh.holding)
        assert kept.admitting == fresh.admitting
        stale = growing.now - timedelta(hours=12)
        assert kept.ages.before(stale, "test") == fresh.ages.before(stale, "test")
        growing.grow(growing.random.randint(1, 12))


def test_the_fold_notes_what_has_changed_and_ranking_settles_it() -> None:
    scene = given(a_house_with_a_room())
    assert scene.places.changed_units == {ROOM}
    rank_both(RankRequest(placement_id=ASKED, requested=request_event()), scene.places)
    assert (scene.places.changed_units, scene.places.changed_houses) == (set(), set())


def test_an_index_goes_with_its_places() -> None:
    gc.collect()
    before = len(_KEPT)
    growing = Growing(13)
    growing.unit(growing.house())
    growing.wait()
    rank_both(_last(growing), growing.places, growing.policy, growing.now)
    assert len(_KEPT) == before + 1
    del growing
    gc.collect()
    assert len(_KEPT) == before


def test_a_house_whose_units_were_registered_far_apart_is_one_house_all_the_same() -> None:
    far = UnitId(UUID(int=0xA000))
    between = [a_room(UnitId(UUID(int=0x9000 + 0x10 * number)), level="l1") for number in range(12)]
    scene = given(a_house_with_a_room(beds=1), *between, a_room(far, beds=1))
    two = request_event(household=Household(adults=2))
    ranking = rank_both(RankRequest(placement_id=ASKED, requested=two), scene.places)
    assert [unit.unit_id for unit in ranking.best[0].units] == [ROOM, far]
    assert len(ranking.best) == 1


def test_a_network_without_units_is_ranked() -> None:
    ranking = rank_both(RankRequest(placement_id=ASKED, requested=request_event()), given(a_network()).places)
    assert (ranking.units_seen, ranking.best) == (0, ())


def test_many_changes_at_once_are_as_good_as_one_by_one() -> None:
    growing = Growing(7)
    house = growing.house()
    for _ in range(1200):
        growing.unit(house if growing.random.random() < 0.01 else growing.house())
    for _ in range(3):
        rank_both(growing.request(), growing.places, growing.policy, growing.now)
        for unit_id in growing.known:
            growing.publish(unit_id)


# --- what is owed, from one ranking to the next ------------------------------------------------------------


def _owed(growing: Growing, request: RankRequest) -> list[Owed]:
    index = index_of(growing.places, day_of(growing.places, growing.now))
    return owed_before(index, request, growing.places, growing.policy, growing.now)


def _last(growing: Growing) -> RankRequest:
    """One who comes after all that wait."""
    asked = replace(growing.ask(), urgency=Urgency.U4, occurred_at=growing.now + timedelta(days=9))
    return RankRequest(placement_id=ASKED, requested=asked)


@settings(max_examples=40, deadline=None)
@for_all(SEEDS)
def test_what_is_remembered_as_owed_is_what_would_be_found_anew(seed: int) -> None:
    growing = drawn(seed)
    for _ in range(6):
        growing.wait()
    for _ in range(5):
        request = _last(growing)
        remembered = _owed(growing, request)
        index_of(growing.places, day_of(growing.places, growing.now)).remembered.clear()
        assert remembered == _owed(growing, request)
        growing.grow(growing.random.randint(1, 3))


def test_nothing_is_worked_out_again_while_nothing_changes() -> None:
    growing = Growing(11)
    for _ in range(12):
        growing.unit(growing.house())
    for _ in range(4):
        growing.wait()
    first, again = _owed(growing, _last(growing)), _owed(growing, _last(growing))
    assert first
    assert all(one is other for one, other in zip(first, again, strict=True))


def test_what_was_owed_to_those_who_are_gone_is_forgotten() -> None:
    growing = Growing(12)
    for _ in range(12):
        growing.unit(growing.house())
    for _ in range(4):
        growing.wait()
    _owed(growing, _last(growing))
    for placement_id in list(growing.places.waiting):
        growing.tell(placement_id, PlacementEnded(outcome=PlacementOutcome.OTHER_SOLUTION))
    assert _owed(growing, _last(growing)) == []
    assert index_of(growing.places, day_of(growing.places, growing.now)).remembered == {}


# --- several units by their numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("free", "unclear", "people", "infants", "chosen"),
    [
        (((0, 1, 0), (0, 1, 0)), (0, 0), 2, 0, (False, 0, (0, 1))),
        (((0, 1, 0), (0, 1, 0)), (0, 1), 2, 0, (True, 0, (0, 1))),
        (((0, 1, 0), (0, 1, 0), (0, 1, 0)), (1, 0, 0), 2, 0, (False, 0, (1, 2))),
        (((0, 1, 0), (3, 2, 1), (2, 2, 0)), (0, 0, 0), 3, 0, (False, 0, (0, 2))),
        (((0, 1, 1), (0, 1, 0)), (0, 0), 3, 1, (False, 0, (0, 1))),
        (((0, 1, 1), (0, 1, 0)), (0, 0), 3, 0, None),
        (((0, 1, 0),) * 4, (0,) * 4, 4, 0, None),
    ],
)
def test_which_units_are_taken_together(
    free: tuple[tuple[int, int, int], ...],
    unclear: tuple[int, ...],
    people: int,
    infants: int,
    chosen: tuple[bool, int, tuple[int, ...]] | None,
) -> None:
    assert choose(free, unclear, people, infants) == chosen


# --- the twin ----------------------------------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@for_all(SEEDS)
def test_the_two_rankers_say_the_same_of_networks_that_grow(seed: int) -> None:
    growing = drawn(seed)
    for _ in range(3):
        for _ in range(2):
            rank_both(growing.request(), growing.places, growing.policy, growing.now)
        growing.grow(growing.random.randint(1, 8))


@settings(max_examples=60, deadline=None)
@for_all(SEEDS)
def test_the_two_owe_the_same_to_everybody_who_waits_as_a_network_grows(seed: int) -> None:
    growing = drawn(seed)
    for _ in range(4):
        growing.wait()
    for _ in range(8):
        owed = fast_1.owed(growing.places, growing.policy, growing.now)
        assert owed == rank_1.owed(growing.places, growing.policy, growing.now)
        growing.grow(growing.random.randint(1, 3))


@settings(max_examples=30, deadline=None)
@for_all(SEEDS)
def test_shapes_that_no_house_has_any_longer_are_forgotten_without_a_trace(seed: int) -> None:
    growing = drawn(seed)
    for _ in range(3):
        rank_both(growing.request(), growing.places, growing.policy, growing.now)
        growing.grow(4)
        index = index_of(growing.places, day_of(growing.places, growing.now))
        index.shape_anew()
        assert set(index.shapes.of) == set(range(len(index.shapes.known)))


def test_a_rule_with_one_unit_turned_round_is_found_to_differ() -> None:
    found = [differs_when_flipped(seed) for seed in range(30)]
    assert True in found
    assert False not in found
