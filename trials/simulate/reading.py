"""Where a household could sleep now, by the plain words of the rules: a reading of the log's fold of its own.

No ranker, no vacancy, no candidate of the product is used: only what units, houses and requests say. For the
judge. A set of units is what is looked for: one, or up to three of one house.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from domain.matching.places import Places
from domain.placement.events import PlacementRequested
from domain.placement.state import PlacementState
from domain.shelter import ShelterState
from domain.unit import TermsDeclared, UnitState
from domain.vocabulary import (
    AgeBand,
    OldestBoy,
    PlaceKind,
    PlacementId,
    RegisterStatus,
    RiskBand,
    SecurityState,
    ShelterId,
    UnitId,
    Urgency,
)

MOST_UNITS = 3
_AGES = [band.value for band in AgeBand]
_RISKS = [RiskBand.LOW, RiskBand.MEDIUM, RiskBand.HIGH, RiskBand.IMMEDIATE]


@dataclass(frozen=True, kw_only=True, slots=True)
class Free:
    """What nobody has in a unit now."""

    shelter_id: ShelterId
    exclusive: bool
    beds: int
    cots: int


def could_have(state: PlacementState, places: Places, now: datetime) -> Iterator[frozenset[UnitId]]:
    """Every set of units in which the household could sleep tonight."""
    houses: dict[ShelterId, list[tuple[UnitId, Free]]] = {}
    for unit_id, free in suiting(state, places, now):
        houses.setdefault(free.shelter_id, []).append((unit_id, free))
    assert state.request is not None
    for units in houses.values():
        for size in range(1, MOST_UNITS + 1):
            for chosen in combinations(units, size):
                if _sleeps(state.request, [free for _, free in chosen]):
                    yield frozenset(unit_id for unit_id, _ in chosen)


def suiting(state: PlacementState, places: Places, now: datetime) -> Iterator[tuple[UnitId, Free]]:
    """The units that the rules allow her, with what is free in them; those with nothing free are left out."""
    request = state.request
    assert request is not None
    day = now.astimezone(places.network.zone).date()
    levels = {level.code for level in places.network.levels if level.function is request.level}
    away_from = houses_of(request, places)
    for unit_id, unit in places.units.items():
        registered = unit.registered
        if registered is None or registered.level not in levels or unit.observed_at is None:
            continue
        if registered.exclusive and unit.taken:
            continue  # asked before the rest, as most of a full network is
        house = places.shelters[registered.shelter_id]
        listed = house.register_status is not RegisterStatus.NOT_LISTED
        agreed = any(
            signed.valid_from <= day <= house.ending.get(signed.district_id, day)
            for signed in house.agreements
        )
        if (
            listed
            and agreed
            and _open(house)
            and request.intake_mode in house.modes
            and request.intake_mode in registered.intake_modes
            and unit_id not in state.not_to_ask
            and registered.shelter_id not in away_from
            and set(request.features_required) <= set(registered.features)
            and not set(request.zones_to_avoid) & set(registered.unsuitable_zones)
            and _terms_allow(request, unit.terms)
        ):
            free = free_in(unit)
            if free.beds or free.cots:
                yield unit_id, free


def free_in(unit: UnitState) -> Free:
    """Nothing is free in an exclusive unit where somebody is in any place."""
    registered = unit.registered
    assert registered is not None
    contested = {place for guests in unit.guests.values() for place in guests}
    taken = registered.exclusive and bool(unit.taken or contested)
    kinds = Counter(
        place.kind
        for place in registered.places
        if place.place_id in unit.open_places
        and place.place_id not in unit.taken
        and place.place_id not in contested
    )
    return Free(
        shelter_id=registered.shelter_id,
        exclusive=registered.exclusive,
        beds=0 if taken else kinds[PlaceKind.BED],
        cots=0 if taken else kinds[PlaceKind.COT],
    )


def seeks(state: PlacementState) -> bool:
    """Whether it stands open without a hold and nobody has stopped it."""
    return (
        state.request is not None
        and state.hold is None
        and state.outcome is None
        and not state.admitted
        and not state.stopped
    )


def in_order(state: PlacementState, placement_id: PlacementId) -> tuple[Urgency, datetime, PlacementId]:
    """The order of requests: urgency, then age; ids break what is left."""
    assert state.request is not None
    return state.request.urgency, state.request.occurred_at, placement_id


def apart(one: PlacementRequested, other: PlacementRequested) -> bool:
    """Whether the two must not share a house."""
    return one.case_id in other.apart_from or other.case_id in one.apart_from


def houses_of(request: PlacementRequested, places: Places) -> set[ShelterId]:
    """Houses where she must not be: a conflict of interest, or somebody there to be kept apart from."""
    houses = set(request.houses_barred)
    for other in places.placements.values():
        if other.request is not None and apart(request, other.request):
            held = other.held
            if held is not None:
                houses.add(held.shelter_id)
    return houses


def _open(house: ShelterState) -> bool:
    return house.registered is not None and house.paused is None and house.security is SecurityState.NORMAL


def _terms_allow(request: PlacementRequested, terms: TermsDeclared | None) -> bool:
    if terms is None:
        return True
    if terms.children_most is not None and len(request.household.children) > terms.children_most:
        return False
    if terms.risk_up_to is not None:
        risk = RiskBand.HIGH if request.risk is RiskBand.NOT_ASSESSED else request.risk
        if _RISKS.index(risk) > _RISKS.index(terms.risk_up_to):
            return False
    boy = request.oldest_boy
    known = boy not in (OldestBoy.NOT_SAID, OldestBoy.NO_BOY)
    if terms.boys_up_to is not None and known:
        return _AGES.index(boy.value) <= _AGES.index(terms.boys_up_to.value)
    return True


def _sleeps(request: PlacementRequested, chosen: list[Free]) -> bool:
    """Whether everybody has a bed or, an infant, a cot; every unit chosen is needed."""
    in_cots = min(request.household.infants, sum(free.cots for free in chosen))
    return request.household.people - in_cots <= sum(free.beds for free in chosen)
