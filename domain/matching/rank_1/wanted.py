"""What is asked, at one instant, over one fold, in the form the rules read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.matching.places import Places
from domain.matching.ranking import RankRequest
from domain.policy import Policy
from domain.shelter import ShelterState
from domain.vocabulary import Feature, PlaceId, PlacementId, ShelterId, ZoneId


@dataclass(frozen=True, slots=True)
class Wanted:
    """`promised` are places kept for requests that come before; `admitting` the houses that take anybody on
    the civil `day`.
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
    day: date
    admitting: Mapping[ShelterId, ShelterState]
    unsafe: frozenset[ShelterId]
    overdue: frozenset[PlacementId]
    ageing_before: datetime
    stale_before: datetime

    def is_elsewhere(self, house: ShelterId) -> bool:
        """Whether she asks to stay with an Ambito that an admitting house has no agreement with."""
        district = self.request.continuity_with
        return district is not None and district not in self.admitting[house].agreed_with(self.day)


def wanted_of(
    request: RankRequest,
    places: Places,
    policy: Policy,
    decided_at: datetime,
    promised: frozenset[PlaceId],
    admitting: Mapping[ShelterId, ShelterState] | None = None,
) -> Wanted:
    """`admitting` is worked out unless it is given."""
    requested = request.requested
    day = day_of(places, decided_at)
    if admitting is None:
        admitting = {known: house for known, house in places.shelters.items() if house.admits_on(day)}
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
        day=day,
        admitting=admitting,
        unsafe=places.houses_to_avoid(requested),
        overdue=places.overdue(decided_at),
        ageing_before=decided_at - timedelta(hours=policy.fresh_hours),
        stale_before=decided_at - timedelta(hours=policy.stale_hours),
    )


def day_of(places: Places, decided_at: datetime) -> date:
    """The civil day where the network is."""
    return decided_at.astimezone(places.network.zone).date()
