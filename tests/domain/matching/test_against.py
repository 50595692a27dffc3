"""What stands against one unit, and against what is held: it agrees with the ranker, on networks drawn by
chance.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from domain.matching import rank_1
from domain.matching.places import Places
from domain.matching.rank_1.judging import still_does
from domain.matching.rank_1.wanted import wanted_of
from domain.matching.ranking import ExclusionCode, Ranking, RankRequest, request_of
from domain.vocabulary import UnitId
from trials.drills.rankers_agree_networks import Growing, drawn

SEEDS = st.integers(0, 2**32)
_ORDER = tuple(ExclusionCode)


def _excluded_by(ranking: Ranking, index: int) -> ExclusionCode | None:
    return next((code for code, bitmap in ranking.excluded if bitmap >> index & 1), None)


def _alone(ranking: Ranking, places: Places) -> set[UnitId]:
    """The units that are a candidate by themselves. Only a set of several has any that are not."""
    fits = {unit for index, unit in enumerate(places.vacancies) if _excluded_by(ranking, index) is None}
    together = {held.unit_id for each in ranking.best if len(each.units) > 1 for held in each.units}
    return fits - together


def _agree(growing: Growing, request: RankRequest, seen: Counter[str]) -> None:
    given = request, growing.places, growing.policy, growing.now
    ranking = rank_1.rank(*given)
    whole = len(ranking.best) < 10  # with ten a set of several units may stand beyond them
    alone = _alone(ranking, growing.places)
    for index, unit_id in enumerate(growing.places.vacancies):
        found, code = rank_1.against(*given, unit_id), _excluded_by(ranking, index)
        assert list(found.rules) == sorted(set(found.rules), key=_ORDER.index)
        if code is not None:
            assert found.rules[0] is code
            seen[code] += 1
        elif whole:
            assert (not found.rules) is (unit_id in alone)
            seen["candidate"] += not found.rules
        if unit_id in {held.unit_id for each in ranking.best if len(each.units) == 1 for held in each.units}:
            (best,) = [each for each in ranking.best if [held.unit_id for held in each.units] == [unit_id]]
            assert (found.shelter_id, found.units, found.expires) == (
                best.shelter_id,
                best.units,
                best.expires,
            )
        free = {place for held in found.units for place in held.places}
        assert bool(free) is (ExclusionCode.OCCUPIED not in found.rules)


@settings(max_examples=60, deadline=None)
@for_all(SEEDS)
def test_no_rule_stands_against_a_candidate_and_the_first_one_is_the_one_that_the_ranker_says(
    seed: int,
) -> None:
    growing = drawn(seed)
    for _ in range(2):
        _agree(growing, growing.request(), Counter())
        growing.grow(growing.random.randint(1, 10))


def test_every_exclusion_code_is_met() -> None:
    seen: Counter[str] = Counter()
    for seed in range(400):
        growing = drawn(20_260_000 + seed)
        growing.grow(6)
        known = [request_of(each, state) for each, state in list(growing.places.placements.items())[:3]]
        for request in (growing.request(), *known):
            _agree(growing, request, seen)
    assert {*ExclusionCode, "candidate"} == {*seen}


@settings(max_examples=60, deadline=None)
@for_all(SEEDS)
def test_nothing_is_broken_by_what_is_held_where_it_still_does(seed: int) -> None:
    growing = drawn(seed)
    growing.grow(12)
    for placement_id, state in growing.places.placements.items():
        if state.held is not None:
            given = request_of(placement_id, state), growing.places, growing.policy, growing.now
            wanted = wanted_of(*given, promised=frozenset())
            broken = rank_1.broken_by(given[0], state.held, *given[1:])
            assert (not broken) is still_does(wanted, state.held)
