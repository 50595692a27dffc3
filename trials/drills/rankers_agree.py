"""The fast ranker gives what the normative one gives, bit for bit, on networks drawn by chance.

Each network is ranked, grown further, and ranked again, so that an index kept from event to event is held to
the rule, and not only a fresh one. The control is the fast ranker with one unit turned round in one rule's
set: it must be found to differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

from domain.matching import fast_1, rank_1
from domain.matching.certificate import digest
from domain.matching.fast_1.index import Of, index_of
from domain.matching.rank_1.wanted import day_of
from domain.matching.ranking import BEST, ExclusionCode, Ranking, RankRequest, request_of
from domain.network import LevelDefined
from trials.drills.finding import Finding
from trials.drills.rankers_agree_networks import Growing, drawn

NETWORKS, REDUCED = 10_000, 300
TURNS = 3
CONTROLS = 100
_FIRST_SEED = 20_260_000
_BEFORE_LEVEL = (ExclusionCode.NOT_TO_ASK, ExclusionCode.NOT_ACCEPTING, ExclusionCode.INTAKE_MODE)


def run(rounds: int, reduced: bool) -> Finding:
    """`rounds` is how many networks; 0 is the drill's own number."""
    seen: Counter[str] = Counter()
    complaints: list[str] = []
    for number in range(rounds or (REDUCED if reduced else NETWORKS)):
        seen["networks"] += 1
        complaints += _compare(_FIRST_SEED + number, seen)
    flipped = [differs_when_flipped(_FIRST_SEED + number) for number in range(CONTROLS)]
    tried, found = sum(each is not None for each in flipped), sum(each is True for each in flipped)
    needed = (
        "networks",
        "requests",
        "several_units",
        "owed",
        "to_confirm",
        "expires",
        "ten_best",
        "promised",
        "still_fits",
        "fits_no_more",
    )
    return Finding(
        name="rankers_agree",
        wrong=len(complaints),
        needed={name: seen[name] for name in needed},
        control=found if found == tried else 0,
        control_said=f"one unit turned round in one rule's set: found in {found} of {tried}",
        settings="no ledger",
        complaints=tuple(complaints[:10]),
    )


def _compare(seed: int, seen: Counter[str]) -> Iterator[str]:
    """Whatever the two say differently of one network, as it grows."""
    growing = drawn(seed)
    for _ in range(TURNS):
        for request in _requests(growing):
            seen["requests"] += 1
            if not _alike(growing, request, seen):
                yield f"network {seed}, position {growing.places.position}, {request.placement_id}"
        growing.grow(growing.random.randint(1, 8))


def _requests(growing: Growing) -> list[RankRequest]:
    """Two who ask for the first time, and some who have asked."""
    known = [request_of(each, state) for each, state in growing.places.placements.items()]
    some = growing.random.sample(known, min(3, len(known)))
    return [growing.request(), growing.request(), *some]


def _alike(growing: Growing, request: RankRequest, seen: Counter[str]) -> bool:
    given = request, growing.places, growing.policy, growing.now
    rule, twin = rank_1.rank(*given), fast_1.rank(*given)
    kept = rank_1.promised(*given)
    _count(rule, seen)
    seen["promised"] += bool(kept)
    return rule == twin and kept == fast_1.promised(*given) and _hold_alike(growing, request, seen)


def _hold_alike(growing: Growing, request: RankRequest, seen: Counter[str]) -> bool:
    """Of a hold that stands: whether it would still do."""
    state = growing.places.placements.get(request.placement_id)
    if state is None or state.held is None:
        return True
    given = request, state.held, growing.places, growing.policy, growing.now
    fits = rank_1.still_fits(*given)
    seen["still_fits" if fits else "fits_no_more"] += 1
    return fits == fast_1.still_fits(*given)


def _count(ranking: Ranking, seen: Counter[str]) -> None:
    seen["several_units"] += any(len(candidate.units) > 1 for candidate in ranking.best)
    seen["expires"] += any(candidate.expires for candidate in ranking.best)
    seen["to_confirm"] += bool(ranking.to_be_confirmed)
    seen["owed"] += bool(dict(ranking.excluded)[ExclusionCode.OWED])
    seen["ten_best"] += len(ranking.best) == BEST


def differs_when_flipped(seed: int) -> bool | None:
    """Whether one unit turned round in the rule on levels is seen; None where no unit comes as far as that
    rule.
    """
    growing = drawn(seed)
    request = growing.request()
    given = request, growing.places, growing.policy, growing.now
    rule = rank_1.rank(*given)
    before = sum(bits for code, bits in rule.excluded if code in _BEFORE_LEVEL)
    reaching = [each for each in range(rule.units_seen) if not before >> each & 1]
    if not reaching:
        return None
    turned = growing.random.choice(reaching)
    wanted = [level.code for level in _levels(growing) if level.function is request.requested.level]
    own = list(growing.places.vacancies.values())[turned].level
    sets = cast(dict[Any, int], index_of(growing.places, day_of(growing.places, growing.now)).of(Of.LEVEL))
    level = own if own in wanted else wanted[0]
    sets[level] = sets.get(level, 0) ^ 1 << turned
    return digest(fast_1.rank(*given)) != digest(rule)


def _levels(growing: Growing) -> tuple[LevelDefined, ...]:
    return tuple(growing.places.network.levels)
