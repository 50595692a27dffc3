"""What is asked, at one instant, over one fold, in the form the rules read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.matching.places import Places
from domain.matching.ranking import RankRequest
from domain.policy import Policy
from domain.shelter import ShelterState
from domain.vocabulary import Feature, PlaceId, PlacementId, ShelterId, ZoneId


@dataclass(frozen=True, slots=True)
class Wanted:
    """`promised` are places kept for requests that come before; `admitting` the houses that take anybody on
    the day, `elsewhere` those of them without an agreement where continuity is asked for.
    """

    request: RankRequest
    policy: Policy
    decided_at: datetime
    places: Places
    promised: frozenset[PlaceId]
    people: int
    infants: int
    levels: frozenset[str]
    features: frozenset[Feature]
    zones: frozenset[ZoneId]
    admitting: dict[ShelterId, ShelterState]
    unsafe: frozenset[ShelterId]
    elsewhere: frozenset[ShelterId]
    overdue: frozenset[PlacementId]
    ageing_before: datetime
    stale_before: datetime


def wanted_of(
    request: RankRequest,
    places: Places,
    policy: Policy,
    decided_at: datetime,
    promised: frozenset[PlaceId],
) -> Wanted:
    requested = request.requested
    day = decided_at.astimezone(places.network.zone).date()
    admitting = {known: house for known, house in places.shelters.items() if house.admits_on(day)}
    district = request.continuity_with
    return Wanted(
        request=request,
        policy=policy,
        decided_at=decided_at,
        places=places,
        promised=promised,
        people=requested.household.people,
        infants=requested.household.infants,
        levels=frozenset(level.code for level in places.network.levels if level.function is requested.level),
        features=frozenset(requested.features_required),
        zones=frozenset(requested.zones_to_avoid),
        admitting=admitting,
        unsafe=places.houses_to_avoid(requested),
        elsewhere=frozenset(
            known
            for known, house in admitting.items()
            if district is not None and district not in house.agreed_with(day)
        ),
        overdue=places.overdue(decided_at),
        ageing_before=decided_at - timedelta(hours=policy.fresh_hours),
        stale_before=decided_at - timedelta(hours=policy.stale_hours),
    )
