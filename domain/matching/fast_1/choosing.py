"""The first candidates in order, without looking at the others.

Units are parted by what they cost, one preference after another, always the cheapest part first, until
enough are found; only among those that cost the same are ties broken.
"""

from __future__ import annotations

import hashlib
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush, nsmallest
from operator import itemgetter

from domain.matching.fast_1.bits import positions_in
from domain.matching.fast_1.index import Of
from domain.matching.fast_1.sifting import Sifted
from domain.matching.fast_1.together import Joint, joints
from domain.matching.rank_1.fitting import Fit, fit_alone, fit_together
from domain.matching.rank_1.order import best, penalty_of, tie_of
from domain.placement.events import RankedCandidate

Cost = tuple[bool, bool, int]
"""Something to be confirmed, asked before, penalty."""
Preference = Sequence[tuple[int, int]]
"""Penalties, each with the units it falls on; on no unit two of them."""


def first(sifted: Sifted, count: int, found: Sequence[Joint] | None = None) -> tuple[RankedCandidate, ...]:
    """The first `count` candidates. `found` are the houses' joint candidates, where they are known."""
    return best(sifted.wanted, first_fits(sifted, count, found), count)


def first_fits(sifted: Sifted, count: int, found: Sequence[Joint] | None = None) -> list[Fit]:
    """The first `count` candidates are among these."""
    wanted = sifted.wanted
    cheapest = _cheapest(sifted, count)
    costs = [cost for cost, _ in cheapest]
    fits = [*sifted.fits.values()]
    for _, position in cheapest:
        fit = fit_alone(wanted, sifted.vacancy(position), wanted.promised)
        assert fit is not None, "it fits as it stands"
        fits.append(fit)
    if len(costs) < count or costs[-1] >= (False, False, wanted.policy.weights.extra_unit):
        fits += _first_joints(sifted, joints(sifted) if found is None else found, costs, count)
    return fits


def _first_joints(sifted: Sifted, found: Sequence[Joint], costs: list[Cost], count: int) -> list[Fit]:
    """Of the joint candidates the first `count`, as far as units alone at these costs do not come before."""
    wanted, known = sifted.wanted, []
    for least, joint in sorted(((_least(sifted, joint), joint) for joint in found), key=itemgetter(0)):
        if len(costs) >= count and least > costs[count - 1]:
            break
        vacancies = [sifted.vacancy(position) for position in joint.positions]
        cost = least[0], least[1], penalty_of(wanted, vacancies, joint.spare_places)
        insort(costs, cost)
        known.append((cost, tie_of(wanted, vacancies), vacancies))
    fits = [fit_together(wanted, each) for _, _, each in nsmallest(count, known, key=itemgetter(0, 1))]
    return [fit for fit in fits if fit is not None]


def _least(sifted: Sifted, joint: Joint) -> Cost:
    """What a joint candidate costs at the least."""
    weights, index = sifted.wanted.policy.weights, sifted.index
    penalty = weights.extra_unit * (len(joint.positions) - 1) + weights.spare_place * joint.spare_places
    house = index.houses[index.house_of[joint.positions[0]]]
    penalty += weights.pending_offer * sifted.wanted.places.pending.get(house, 0)
    before = sifted.asked_before != 0 and any(
        sifted.asked_before >> position & 1 for position in joint.positions
    )
    return joint.to_confirm, before, penalty


def _cheapest(sifted: Sifted, count: int) -> list[tuple[Cost, int]]:
    """The first `count` of the units that fit alone as they stand, with what each costs."""
    preferences = _preferences(sifted)
    parts: defaultdict[tuple[Cost, int], int] = defaultdict(int)
    ahead: list[tuple[Cost, int]] = []

    def put(cost: Cost, asked: int, units: int) -> None:
        if units:
            if (cost, asked) not in parts:
                heappush(ahead, (cost, asked))
            parts[cost, asked] |= units

    clear, unclear = sifted.alone & ~sifted.to_confirm, sifted.alone & sifted.to_confirm
    for to_confirm, units in ((False, clear), (True, unclear)):
        put((to_confirm, False, 0), 0, units & ~sifted.asked_before)
        put((to_confirm, True, 0), 0, units & sifted.asked_before)
    found: list[tuple[Cost, int]] = []
    while ahead and len(found) < count:
        cost, asked = heappop(ahead)
        units = parts.pop((cost, asked))
        if asked == len(preferences):
            found += [(cost, each) for each in _by_tie(sifted, units, count - len(found))]
            continue
        for penalty, group in preferences[asked]:
            put((cost[0], cost[1], cost[2] + penalty), asked + 1, units & group)
            units &= ~group
        put(cost, asked + 1, units)
    return found


def _by_tie(sifted: Sifted, units: int, count: int) -> Iterable[int]:
    placement, order = sifted.wanted.request.placement_id.bytes, sifted.index.order
    return nsmallest(
        count,
        positions_in(units),
        key=lambda position: hashlib.sha256(placement + order[position].bytes).digest(),
    )


def _preferences(sifted: Sifted) -> list[Preference]:
    index, wanted, weights = sifted.index, sifted.wanted, sifted.wanted.policy.weights
    stale = index.ages.before(wanted.stale_before, "stale")
    ageing = index.ages.before(wanted.ageing_before, "ageing") & ~stale
    whole = index.of(Of.WHOLE).items()
    preferences: list[Preference] = [
        [(weights.spare_place * (places - wanted.people), bits) for places, bits in whole],
        [(weights.pending_offer * count, bits) for count, bits in index.of(Of.HOUSE_PENDING).items()],
        [(weights.stale_availability, stale), (weights.ageing_availability, ageing)],
        [(weights.wrong_availability, index.of(Of.WRONG).get(True, 0))],
    ]
    preferences += [
        [(weights.spare_feature, bits)]
        for feature, bits in index.of(Of.FEATURE).items()
        if feature not in wanted.features
    ]
    district = wanted.request.continuity_with
    if district is not None:
        every = (1 << len(index.order)) - 1
        preferences.append([(weights.other_district, every ^ index.of(Of.HOUSE_AGREED).get(district, 0))])
    return preferences
