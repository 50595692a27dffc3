"""The preferences: what a candidate costs, and which goes first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import nsmallest
from operator import itemgetter

from domain.matching.rank_1.fitting import Fit
from domain.matching.rank_1.wanted import Wanted
from domain.matching.vacancy import Vacancy
from domain.placement.events import RankedCandidate
from domain.vocabulary import HeldUnit, PlaceId

Order = tuple[bool, bool, bool, int, bytes]


def best(wanted: Wanted, fits: Sequence[Fit], count: int) -> tuple[RankedCandidate, ...]:
    """The first `count` candidates in order."""
    ordered = nsmallest(count, ((order_of(wanted, fit), fit) for fit in fits), key=itemgetter(0))
    return tuple(_candidate(wanted, order, fit) for order, fit in ordered)


def order_of(wanted: Wanted, fit: Fit) -> Order:
    """What a candidate is ordered by; the lower goes first."""
    before = any(vacancy.unit_id in wanted.request.asked_before for vacancy in fit.vacancies)
    penalty = penalty_of(wanted, fit.vacancies, fit.spare_places)
    return bool(fit.expires), bool(fit.to_confirm), before, penalty, tie_of(wanted, fit.vacancies)


def tie_of(wanted: Wanted, vacancies: Sequence[Vacancy]) -> bytes:
    """What parts candidates that are alike in everything else."""
    tie = hashlib.sha256(wanted.request.placement_id.bytes)
    for vacancy in vacancies:
        tie.update(vacancy.unit_id.bytes)
    return tie.digest()


def penalty_of(wanted: Wanted, vacancies: Sequence[Vacancy], spare_places: int) -> int:
    """What taking these units of a house costs, with so many places beyond need."""
    weights, house = wanted.policy.weights, vacancies[0].shelter_id
    penalty = weights.spare_place * spare_places
    penalty += weights.extra_unit * (len(vacancies) - 1)
    penalty += weights.spare_feature * sum(len(each.features - wanted.features) for each in vacancies)
    penalty += weights.pending_offer * wanted.places.pending.get(house, 0)
    penalty += weights.other_district * wanted.is_elsewhere(house)
    penalty += weights.wrong_availability * any(each.unit.wrongly_published for each in vacancies)
    return penalty + _age_penalty(wanted, vacancies)


def _age_penalty(wanted: Wanted, vacancies: Sequence[Vacancy]) -> int:
    observed_at = min(_observed_at(vacancy) for vacancy in vacancies)
    if observed_at < wanted.stale_before:
        return wanted.policy.weights.stale_availability
    return wanted.policy.weights.ageing_availability if observed_at < wanted.ageing_before else 0


def _candidate(wanted: Wanted, order: Order, fit: Fit) -> RankedCandidate:
    observed_at = min(_observed_at(vacancy) for vacancy in fit.vacancies)
    return RankedCandidate(
        shelter_id=fit.vacancies[0].shelter_id,
        units=tuple(
            HeldUnit(unit_id=vacancy.unit_id, places=taken_of(vacancy, fit.slept_in))
            for vacancy in fit.vacancies
        ),
        penalty=order[3],
        spare_places=fit.spare_places,
        availability_age_minutes=(wanted.decided_at - observed_at) // timedelta(minutes=1),
        expires=fit.expires,
        to_confirm=fit.to_confirm,
    )


def taken_of(vacancy: Vacancy, slept_in: frozenset[PlaceId]) -> tuple[PlaceId, ...]:
    """What is taken of a unit: all of an exclusive one, else the places slept in."""
    if vacancy.exclusive:
        return vacancy.places
    return tuple([place for place in vacancy.places if place in slept_in])


def _observed_at(vacancy: Vacancy) -> datetime:
    assert vacancy.observed_at is not None, "a unit that never published is not accepting"
    return vacancy.observed_at
