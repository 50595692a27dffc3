"""The first ranker, normative: it visits each unit, asks each rule in order, and orders what is left.

Once it has decided in a REAL log this file is never edited: another way of ranking is another file. It
depends on no clock, no randomness, no order of dicts or sets: ties are broken by SHA-256 over placement and
unit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from domain.matching.places import Places
from domain.matching.ranking import ExclusionCode, Ranking, RankRequest
from domain.placement.events import RankedCandidate
from domain.policy import Policy
from domain.unit import UnitRegistered, UnitState
from domain.vocabulary import HeldUnit, Household, PlaceId, PlaceKind, PlacementId, UnitId

NAME = "rank_1"
BEST = 10
Order = tuple[bool, bool, int, bytes]


def rank(request: RankRequest, places: Places, policy: Policy, decided_at: datetime) -> Ranking:
    """Every unit excluded by its first failing rule, or eligible; the ten best candidates in order.

    A candidate that ends no other hold goes first; then one not asked before in vain; then the lower penalty;
    then the tie-break.
    """
    excluded = dict.fromkeys(ExclusionCode, 0)
    eligible = 0
    candidates: list[tuple[Order, RankedCandidate]] = []
    for index, (unit_id, unit) in enumerate(places.units.items()):
        judged = _judge(request, places, policy, decided_at, unit_id, unit)
        if isinstance(judged, ExclusionCode):
            excluded[judged] |= 1 << index
        else:
            eligible |= 1 << index
            candidates.append((_order(request, unit_id, judged), judged))
    candidates.sort(key=lambda pair: pair[0])
    return Ranking(
        position=places.position,
        ranker=NAME,
        policy=policy.version,
        decided_at=decided_at,
        units_seen=len(places.units),
        excluded=tuple(excluded.items()),
        eligible=eligible,
        best=tuple(candidate for _, candidate in candidates[:BEST]),
    )


def _judge(
    request: RankRequest,
    places: Places,
    policy: Policy,
    decided_at: datetime,
    unit_id: UnitId,
    unit: UnitState,
) -> ExclusionCode | RankedCandidate:
    """The first rule that excludes the unit, or the unit as a candidate."""
    registered, requested = unit.registered, request.requested
    assert registered is not None
    house = places.shelters.get(registered.shelter_id)
    level = places.network.level(registered.level)
    if unit_id in request.not_to_ask:
        return ExclusionCode.NOT_TO_ASK
    if house is None or not house.admits or unit.observed_at is None:
        return ExclusionCode.NOT_ACCEPTING
    if requested.intake_mode not in registered.intake_modes or requested.intake_mode not in house.modes:
        return ExclusionCode.INTAKE_MODE
    if level is None or level.function is not requested.level:
        return ExclusionCode.LEVEL
    if not _large_enough(registered, requested.household):
        return ExclusionCode.CAPACITY
    if not set(requested.features_required) <= set(registered.features):
        return ExclusionCode.FEATURE
    if set(requested.zones_to_avoid) & set(registered.unsuitable_zones):
        return ExclusionCode.SAFETY
    fitted = _fit(request, places, decided_at, unit)
    if fitted is None:
        return ExclusionCode.OCCUPIED
    taken, expires = fitted
    return _candidate(request, policy, decided_at, unit_id, unit, taken, expires)


def _large_enough(registered: UnitRegistered, household: Household) -> bool:
    cots = sum(place.kind is PlaceKind.COT for place in registered.places)
    beds = len(registered.places) - cots
    return household.people - min(household.infants, cots) <= beds


def _fit(
    request: RankRequest, places: Places, decided_at: datetime, unit: UnitState
) -> tuple[tuple[PlaceId, ...], tuple[PlacementId, ...]] | None:
    """The places the household would take, and the overdue holds that would end for it: none that need not,
    and of those the last in the order.
    """
    household = request.requested.household
    overdue = _outranked_overdue(request, places, decided_at, unit)
    ended: list[PlacementId] = []
    while (taken := _choose(unit, household, ended)) is None:
        if len(ended) == len(overdue):
            return None
        ended.append(overdue[len(ended)])
    for holder in reversed(tuple(ended)):
        without = [other for other in ended if other != holder]
        if (spared := _choose(unit, household, without)) is not None:
            taken, ended = spared, without
    return taken, tuple(ended)


def _outranked_overdue(
    request: RankRequest, places: Places, decided_at: datetime, unit: UnitState
) -> list[PlacementId]:
    """Overdue holds in the unit whose requests come after this one, the last in the order first."""
    found = []
    for holder in set(unit.taken.values()) - unit.staying:
        state = places.placements.get(PlacementId(holder))
        held = state.held if state is not None else None
        if state is None or state.request is None or held is None or not held.overdue(decided_at):
            continue
        rival = RankRequest(placement_id=PlacementId(holder), requested=state.request).precedence
        if rival > request.precedence:
            found.append(rival)
    return [rival[2] for rival in sorted(found, reverse=True)]


def _choose(
    unit: UnitState, household: Household, ended: Collection[PlacementId]
) -> tuple[PlaceId, ...] | None:
    """The places to take once these holds have ended: cots for infants where there are some, beds for the
    rest; an exclusive unit whole or not at all.
    """
    registered = unit.registered
    assert registered is not None
    barred = unit.contested.union(place for place, holder in unit.taken.items() if holder not in ended)
    free = [
        place
        for place in registered.places
        if place.place_id in unit.open_places and place.place_id not in barred
    ]
    cots = [place.place_id for place in free if place.kind is PlaceKind.COT][: household.infants]
    beds = [place.place_id for place in free if place.kind is PlaceKind.BED][: household.people - len(cots)]
    if len(cots) + len(beds) < household.people or (registered.exclusive and barred):
        return None
    return unit.whole((*cots, *beds))


def _candidate(
    request: RankRequest,
    policy: Policy,
    decided_at: datetime,
    unit_id: UnitId,
    unit: UnitState,
    taken: tuple[PlaceId, ...],
    expires: tuple[PlacementId, ...],
) -> RankedCandidate:
    assert unit.registered is not None
    assert unit.observed_at is not None
    weights = policy.weights
    age = decided_at - unit.observed_at
    spare_places = len(taken) - request.requested.household.people
    spare_features = len(set(unit.registered.features) - set(request.requested.features_required))
    penalty = weights.spare_place * spare_places + weights.spare_feature * spare_features
    if age > timedelta(hours=policy.stale_hours):
        penalty += weights.stale_availability
    elif age > timedelta(hours=policy.fresh_hours):
        penalty += weights.ageing_availability
    return RankedCandidate(
        shelter_id=unit.registered.shelter_id,
        units=(HeldUnit(unit_id=unit_id, places=taken),),
        penalty=penalty,
        spare_places=spare_places,
        availability_age_minutes=age // timedelta(minutes=1),
        expires=expires,
    )


def _order(request: RankRequest, unit_id: UnitId, candidate: RankedCandidate) -> Order:
    tie = hashlib.sha256(request.placement_id.bytes + unit_id.bytes).digest()
    return bool(candidate.expires), unit_id in request.asked_before, candidate.penalty, tie
