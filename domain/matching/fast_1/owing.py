"""What each request that waits is owed, kept from one ranking to the next.

A candidate lies in one house, so the first of a request changes only with houses that have changed for it:
by events, by age, by a hold that is overdue by now, by what earlier requests are owed, or by who is in them.
These few are judged again by the normative code and held against the first there was; where that one's own
house has changed, or the request, everything is judged again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.matching.fast_1.bits import bits_of, positions_in
from domain.matching.fast_1.choosing import first_fits
from domain.matching.fast_1.index import Index
from domain.matching.fast_1.sifting import Sifted, sift
from domain.matching.places import Places
from domain.matching.rank_1.fitting import Fit
from domain.matching.rank_1.judging import fits_in
from domain.matching.rank_1.order import best, order_of
from domain.matching.rank_1.owing import Owed, kept_from, owed_to, waiting_before
from domain.matching.rank_1.wanted import Wanted, wanted_of
from domain.matching.ranking import RankRequest
from domain.policy import Policy
from domain.vocabulary import PlacementId, ShelterId

_MOST_HOUSES = 64
"""Where more have changed, all are judged again at once."""


Terms = tuple[RankRequest, Policy, date, frozenset[str]]
"""The request, the policy, the day and the levels that do: another one, and every house is judged again."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was found for a request, and under what: all that its first candidate may depend on. It must not
    hold on to the places, which the index goes with.
    """

    terms: Terms
    unsafe: frozenset[ShelterId]
    overdue: frozenset[PlacementId]
    owed: list[Owed]
    stale: int
    ageing: int
    seen: int
    first: Fit | None
    owing: Owed | None


def owed_before(
    index: Index, request: RankRequest, places: Places, policy: Policy, decided_at: datetime
) -> list[Owed]:
    """What is kept for requests that wait and come before this one, in their order."""
    return owed_in_order(index, waiting_before(request, places, decided_at), places, policy, decided_at)


def owed_in_order(
    index: Index, rivals: Iterable[RankRequest], places: Places, policy: Policy, decided_at: datetime
) -> list[Owed]:
    """What each of these is owed, in their order; those without a candidate are left out."""
    owed: list[Owed] = []
    for rival in rivals:
        wanted = wanted_of(rival, places, policy, decided_at, kept_from(rival, owed, places), index.admitting)
        now = _remember(index, wanted, list(owed))
        index.remembered[rival.placement_id] = now
        if now.owing is not None:
            owed.append(now.owing)
    if len(index.remembered) > 2 * len(places.waiting) + 2 * len(places.due):
        known = {**places.waiting, **places.due}
        index.remembered = {each: told for each, told in index.remembered.items() if each in known}
    return owed


def sift_beside(index: Index, wanted: Wanted, owed: Iterable[Owed]) -> Sifted:
    """Judge every unit, where this is owed to others."""
    places = wanted.places
    touched = [
        index.position[unit_id]
        for house in {each.house for each in owed}
        for unit_id in places.by_shelter[house]
        if not wanted.promised.isdisjoint(places.vacancies[unit_id].places)
    ]
    return sift(index, wanted, bits_of(touched))


def _remember(index: Index, wanted: Wanted, owed: list[Owed]) -> Remembered:
    stale = index.ages.before(wanted.stale_before, "stale")
    ageing = index.ages.before(wanted.ageing_before, "ageing")
    before = index.remembered.get(wanted.request.placement_id)
    found, changed = None, None
    if before is not None:
        changed = _changed(index, before, wanted, owed, (stale ^ before.stale) | (ageing ^ before.ageing))
        found = before.first
    if changed is None or (found is not None and found.vacancies[0].shelter_id in changed):
        fits = first_fits(sift_beside(index, wanted, owed), 1)
    else:
        fits = [fit for house in changed for fit in fits_in(wanted, house)] + ([found] if found else [])
    first = min(fits, key=lambda fit: order_of(wanted, fit), default=None)
    terms = wanted.request, wanted.policy, wanted.day, wanted.levels
    if before is not None and first is found and terms == before.terms:
        owing = before.owing
    else:
        owing = owed_to(wanted.request, best(wanted, [first], 1)[0]) if first is not None else None
    return Remembered(terms, wanted.unsafe, wanted.overdue, owed, stale, ageing, index.settled, first, owing)


def _changed(
    index: Index, before: Remembered, wanted: Wanted, owed: list[Owed], aged: int
) -> set[ShelterId] | None:
    """The houses that may be judged otherwise than before; None: any may."""
    houses = index.changed_since(before.seen)
    if houses is None or before.terms != (wanted.request, wanted.policy, wanted.day, wanted.levels):
        return None
    houses |= before.unsafe ^ wanted.unsafe
    if owed != before.owed:
        known, told = {id(each) for each in before.owed}, {id(each) for each in owed}
        houses |= {each.house for each in owed if id(each) not in known}
        houses |= {each.house for each in before.owed if id(each) not in told}
    for holder in before.overdue ^ wanted.overdue:
        aged |= bits_of(index.holding.get(holder, ()))
    if aged.bit_count() + len(houses) > _MOST_HOUSES:
        return None
    return houses | {index.houses[index.house_of[position]] for position in positions_in(aged)}
