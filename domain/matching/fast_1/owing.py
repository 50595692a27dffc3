"""What each request that waits is owed, kept from one ranking to the next.

A candidate lies in one house, so the first of a request changes only with houses that have changed for it:
by events, by age, by a hold that is overdue by now, by what earlier requests are owed, or by who is in them.
These few are judged again by the normative code and held against the first there was; where that one's own
house has changed, or the request, everything is judged again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from domain.matching.fast_1.bits import bits_of, positions_in
from domain.matching.fast_1.choosing import first_fits
from domain.matching.fast_1.index import Index
from domain.matching.fast_1.sifting import Sifted, sift
from domain.matching.places import Places
from domain.matching.rank_1.fitting import Fit
from domain.matching.rank_1.judging import fits_in
from domain.matching.rank_1.order import best, order_of
from domain.matching.rank_1.owing import Owed, kept_from, owed_to
from domain.matching.rank_1.wanted import Wanted, day_of, wanted_of
from domain.matching.ranking import RankRequest, request_of
from domain.placement.state import PlacementState
from domain.policy import Policy
from domain.vocabulary import PlacementId, ShelterId, UnitId

_MOST_HOUSES = 64
"""Where more have changed, all are judged again at once."""


Terms = tuple[RankRequest, Policy, date, frozenset[str]]
"""The request, the policy, the day and the levels that do: another one, and every house is judged again."""


class Look(NamedTuple):
    """What all who wait are looked at under: how much has been settled by then, and what time has done."""

    day: date
    policy: Policy
    settled: int
    overdue: frozenset[PlacementId]
    stale: int
    ageing: int


class Remembered(NamedTuple):
    """What was found for a request, and under what: all that its first candidate may depend on. It must not
    hold on to the places, which the index goes with.
    """

    terms: Terms
    unsafe: frozenset[ShelterId]
    owed: list[Owed]
    look: Look
    first: Fit | None
    owing: Owed | None


def owed_before(
    index: Index, request: RankRequest, places: Places, policy: Policy, decided_at: datetime
) -> list[Owed]:
    """What is kept for requests that wait and come before this one, in their order."""
    rivals = [
        rival
        for rival in waiting_in_order(index, places, decided_at)
        if rival.placement_id != request.placement_id and rival.precedence < request.precedence
    ]
    return owed_in_order(index, rivals, places, policy, decided_at)


def waiting_in_order(index: Index, places: Places, decided_at: datetime) -> list[RankRequest]:
    """Every request that waits, in the order; as `rank_1.owing` has it, each worked out once."""
    rivals, known, index.waiting = list[RankRequest](), index.waiting, {}
    for placement_id in {*places.waiting, *places.overdue(decided_at)}:
        state, before = places.placements[placement_id], known.get(placement_id)
        if not state.stopped:
            asked = (
                before if before is not None and before[0] is state else (state, _asked(placement_id, state))
            )
            index.waiting[placement_id] = asked
            rivals.append(asked[1])
    return sorted(rivals, key=lambda rival: rival.precedence)


def _asked(placement_id: PlacementId, state: PlacementState) -> RankRequest:
    """What it asks for, and nothing in units that are silent just now."""
    asked, held = request_of(placement_id, state), state.held
    silent = frozenset(unit.unit_id for unit in held.units) if held is not None else frozenset[UnitId]()
    return replace(asked, not_to_ask=asked.not_to_ask | silent) if silent else asked


def owed_in_order(
    index: Index, rivals: Iterable[RankRequest], places: Places, policy: Policy, decided_at: datetime
) -> list[Owed]:
    """What each of these is owed, in their order; those without a candidate are left out."""
    owed: list[Owed] = []
    look = _look(index, places, policy, decided_at)
    for rival in rivals:
        now = _remember(index, rival, places, decided_at, look, owed)
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


def _look(index: Index, places: Places, policy: Policy, decided_at: datetime) -> Look:
    return Look(
        day=day_of(places, decided_at),
        policy=policy,
        settled=index.settled,
        overdue=places.overdue(decided_at),
        stale=index.ages.before(decided_at - timedelta(hours=policy.stale_hours), "stale"),
        ageing=index.ages.before(decided_at - timedelta(hours=policy.fresh_hours), "ageing"),
    )


def _remember(
    index: Index, rival: RankRequest, places: Places, decided_at: datetime, look: Look, owed: list[Owed]
) -> Remembered:
    before = index.remembered.get(rival.placement_id)
    unsafe = places.houses_to_avoid(rival.requested)
    levels = frozenset(each.code for each in places.network.levels if each.function is rival.requested.level)
    terms = rival, look.policy, look.day, levels
    changed = found = None
    if before is not None:
        changed = _changed(index, before, terms, unsafe, look, owed)
        found = before.first
        if changed is not None and not changed:
            return Remembered(before.terms, unsafe, list(owed), look, found, before.owing)
    kept = kept_from(rival, owed, places)
    wanted = wanted_of(rival, places, look.policy, decided_at, kept, index.admitting)
    if changed is None or (found is not None and found.vacancies[0].shelter_id in changed):
        fits = first_fits(sift_beside(index, wanted, owed), 1)
    else:
        fits = [fit for house in changed for fit in fits_in(wanted, house)] + ([found] if found else [])
    first = min(fits, key=lambda fit: order_of(wanted, fit), default=None)
    if before is not None and first is found and terms == before.terms:
        owing = before.owing
    else:
        owing = owed_to(rival, best(wanted, [first], 1)[0]) if first is not None else None
    return Remembered(terms, unsafe, list(owed), look, first, owing)


def _changed(
    index: Index,
    before: Remembered,
    terms: Terms,
    unsafe: frozenset[ShelterId],
    look: Look,
    owed: list[Owed],
) -> set[ShelterId] | None:
    """The houses that may have another first candidate for it than before; None: any may."""
    houses = index.changed_since(before.look.settled)
    if houses is None or before.terms != terms:
        return None
    houses |= before.unsafe ^ unsafe
    if owed != before.owed:
        known, told = {id(each) for each in before.owed}, {id(each) for each in owed}
        houses |= {each.house for each in owed if id(each) not in known}
        houses |= {each.house for each in before.owed if id(each) not in told}
    aged = (before.look.stale ^ look.stale) | (before.look.ageing ^ look.ageing)
    for holder in before.look.overdue ^ look.overdue:
        aged |= bits_of(index.holding.get(holder, ()))
    if aged.bit_count() + len(houses) > _MOST_HOUSES:
        return None
    houses |= {index.houses[index.house_of[position]] for position in positions_in(aged)}
    rival, _, _, levels = terms
    own = before.first.vacancies[0].shelter_id if before.first is not None else None
    mode = rival.requested.intake_mode
    return {house for house in houses if house == own or index.offers(house, mode, levels)}
