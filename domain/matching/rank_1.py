"""The first ranker, normative: it visits each unit, asks each rule in order, and orders what is left.

Once it has decided in a REAL log this file is never edited: another way of ranking is another file. It
depends on no clock, no randomness, no order of dicts or sets: ties are broken by SHA-256 over placement and
unit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from operator import itemgetter

from domain.matching.places import Places
from domain.matching.ranking import ExclusionCode, Ranking, RankRequest
from domain.matching.vacancy import Vacancy
from domain.placement.events import RankedCandidate
from domain.policy import Policy
from domain.shelter import ShelterState
from domain.vocabulary import Feature, HeldUnit, PlaceId, PlaceKind, PlacementId, ShelterId, ZoneId

NAME = "rank_1"
BEST = 10
Order = tuple[bool, bool, int, bytes]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked, at one instant, over one fold, in the form the rules read."""

    request: RankRequest
    policy: Policy
    decided_at: datetime
    places: Places
    people: int
    infants: int
    levels: frozenset[str]
    features: frozenset[Feature]
    zones: frozenset[ZoneId]
    admitting: dict[ShelterId, ShelterState]
    overdue: frozenset[PlacementId]
    ageing_before: datetime
    stale_before: datetime


@dataclass(frozen=True, slots=True)
class _Fit:
    """Where the household would sleep in a unit, and the overdue holds of others that would end for it."""

    vacancy: Vacancy
    slept_in: tuple[PlaceId, ...]
    expires: tuple[PlacementId, ...]

    @property
    def spare_places(self) -> int:
        """Places taken beyond those slept in: an exclusive unit goes whole."""
        vacancy = self.vacancy
        return vacancy.beds + vacancy.cots - len(self.slept_in) if vacancy.exclusive else 0


def rank(request: RankRequest, places: Places, policy: Policy, decided_at: datetime) -> Ranking:
    """Every unit excluded by its first failing rule, or eligible; the ten best candidates in order.

    A candidate that ends no other hold goes first; then one not asked before in vain; then the lower penalty;
    then the tie-break.
    """
    wanted = _wanted(request, places, policy, decided_at)
    excluded = dict.fromkeys(ExclusionCode, 0)
    eligible = 0
    fits: list[tuple[Order, _Fit]] = []
    for index, vacancy in enumerate(places.vacancies.values()):
        judged = _judge(wanted, vacancy)
        if isinstance(judged, ExclusionCode):
            excluded[judged] |= 1 << index
        else:
            eligible |= 1 << index
            fits.append((_order(wanted, judged), judged))
    return Ranking(
        position=places.position,
        ranker=NAME,
        policy=policy.version,
        decided_at=decided_at,
        units_seen=len(places.vacancies),
        excluded=tuple(excluded.items()),
        eligible=eligible,
        best=tuple(_candidate(wanted, *pair) for pair in nsmallest(BEST, fits, key=itemgetter(0))),
    )


def _wanted(request: RankRequest, places: Places, policy: Policy, decided_at: datetime) -> _Wanted:
    requested = request.requested
    return _Wanted(
        request=request,
        policy=policy,
        decided_at=decided_at,
        places=places,
        people=requested.household.people,
        infants=requested.household.infants,
        levels=frozenset(level.code for level in places.network.levels if level.function is requested.level),
        features=frozenset(requested.features_required),
        zones=frozenset(requested.zones_to_avoid),
        admitting={known: house for known, house in places.shelters.items() if house.admits},
        overdue=frozenset(holder for holder, due in places.due.items() if decided_at > due),
        ageing_before=decided_at - timedelta(hours=policy.fresh_hours),
        stale_before=decided_at - timedelta(hours=policy.stale_hours),
    )


def _judge(wanted: _Wanted, vacancy: Vacancy) -> ExclusionCode | _Fit:
    """The first rule that excludes the unit, or what would be taken of it."""
    mode = wanted.request.requested.intake_mode
    house = wanted.admitting.get(vacancy.shelter_id)
    if vacancy.unit_id in wanted.request.not_to_ask:
        return ExclusionCode.NOT_TO_ASK
    if house is None or vacancy.observed_at is None:
        return ExclusionCode.NOT_ACCEPTING
    if mode not in vacancy.intake_modes or mode not in house.modes:
        return ExclusionCode.INTAKE_MODE
    if vacancy.level not in wanted.levels:
        return ExclusionCode.LEVEL
    if wanted.people - min(wanted.infants, vacancy.cots) > vacancy.beds:
        return ExclusionCode.CAPACITY
    if not wanted.features <= vacancy.features:
        return ExclusionCode.FEATURE
    if not wanted.zones.isdisjoint(vacancy.unsuitable_zones):
        return ExclusionCode.SAFETY
    return _fit(wanted, vacancy) or ExclusionCode.OCCUPIED


def _fit(wanted: _Wanted, vacancy: Vacancy) -> _Fit | None:
    """What is free where it is enough; else what is free once overdue holds of requests that come after this
    one have ended: none that need not, and of those the last in the order.
    """
    if vacancy.untouched or not vacancy.exclusive:
        slept_in = _choose(wanted, vacancy.free_beds, vacancy.free_cots)
        if slept_in is not None:
            return _Fit(vacancy, slept_in, ())
    overdue = _outranked_overdue(wanted, vacancy) if wanted.overdue else []
    ended: list[PlacementId] = []
    for holder in overdue:
        ended.append(holder)
        slept_in = _choose_after(wanted, vacancy, ended)
        if slept_in is not None:
            return _spare(wanted, vacancy, slept_in, ended)
    return None


def _spare(
    wanted: _Wanted, vacancy: Vacancy, slept_in: tuple[PlaceId, ...], ended: list[PlacementId]
) -> _Fit:
    """Leave standing every hold that need not end, the first in the order before the others."""
    for holder in reversed(tuple(ended)):
        without = [other for other in ended if other != holder]
        spared = _choose_after(wanted, vacancy, without)
        if spared is not None:
            slept_in, ended = spared, without
    return _Fit(vacancy, slept_in, tuple(ended))


def _outranked_overdue(wanted: _Wanted, vacancy: Vacancy) -> list[PlacementId]:
    """Overdue holds in the unit whose requests come after this one, the last in the order first."""
    found = []
    for holder in vacancy.holders:
        if holder in wanted.overdue:
            requested = wanted.places.placements[holder].request
            assert requested is not None, "a hold follows a request"
            rival = RankRequest(placement_id=holder, requested=requested).precedence
            if rival > wanted.request.precedence:
                found.append(rival)
    return [rival[2] for rival in sorted(found, reverse=True)]


def _choose_after(
    wanted: _Wanted, vacancy: Vacancy, ended: Collection[PlacementId]
) -> tuple[PlaceId, ...] | None:
    """The places to sleep in once these holds have ended."""
    unit = vacancy.unit
    assert unit.registered is not None
    barred = unit.contested.union(place for place, holder in unit.taken.items() if holder not in ended)
    if vacancy.exclusive and barred:
        return None
    free = [
        place
        for place in unit.registered.places
        if place.place_id in unit.open_places and place.place_id not in barred
    ]
    beds = tuple(place.place_id for place in free if place.kind is PlaceKind.BED)
    cots = tuple(place.place_id for place in free if place.kind is PlaceKind.COT)
    return _choose(wanted, beds, cots)


def _choose(
    wanted: _Wanted, beds: tuple[PlaceId, ...], cots: tuple[PlaceId, ...]
) -> tuple[PlaceId, ...] | None:
    """Cots for infants where there are some, beds for the rest; None where that is not enough."""
    in_cots = min(wanted.infants, len(cots))
    in_beds = wanted.people - in_cots
    return (*cots[:in_cots], *beds[:in_beds]) if in_beds <= len(beds) else None


def _penalty(wanted: _Wanted, fit: _Fit) -> int:
    weights, observed_at = wanted.policy.weights, fit.vacancy.observed_at
    assert observed_at is not None, "a unit that never published is not accepting"
    penalty = weights.spare_place * fit.spare_places
    penalty += weights.spare_feature * len(fit.vacancy.features - wanted.features)
    if observed_at < wanted.stale_before:
        return penalty + weights.stale_availability
    return penalty + weights.ageing_availability if observed_at < wanted.ageing_before else penalty


def _order(wanted: _Wanted, fit: _Fit) -> Order:
    request, unit_id = wanted.request, fit.vacancy.unit_id
    tie = hashlib.sha256(request.placement_id.bytes + unit_id.bytes).digest()
    return bool(fit.expires), unit_id in request.asked_before, _penalty(wanted, fit), tie


def _candidate(wanted: _Wanted, order: Order, fit: _Fit) -> RankedCandidate:
    vacancy = fit.vacancy
    assert vacancy.observed_at is not None
    taken = vacancy.places
    if not vacancy.exclusive:
        taken = tuple([place for place in taken if place in fit.slept_in])
    return RankedCandidate(
        shelter_id=vacancy.shelter_id,
        units=(HeldUnit(unit_id=vacancy.unit_id, places=taken),),
        penalty=order[2],
        spare_places=fit.spare_places,
        availability_age_minutes=(wanted.decided_at - vacancy.observed_at) // timedelta(minutes=1),
        expires=fit.expires,
    )
