"""Where a household would sleep: in one unit, or in up to three of one house together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from domain.codes import ToConfirm
from domain.matching.rank_1.rules import to_confirm
from domain.matching.rank_1.wanted import Wanted
from domain.matching.ranking import RankRequest
from domain.matching.vacancy import Vacancy
from domain.vocabulary import PlaceId, PlaceKind, PlacementId

MOST_UNITS = 3
Beds = tuple[tuple[PlaceId, ...], tuple[PlaceId, ...]]
"""Beds and cots that could be slept in, each in the unit's own order."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A candidate: its units in the order of registration, where people sleep, the overdue holds of others
    that would end for it, and what is to be confirmed.
    """

    vacancies: tuple[Vacancy, ...]
    slept_in: frozenset[PlaceId]
    expires: tuple[PlacementId, ...]
    to_confirm: tuple[ToConfirm, ...]

    @property
    def spare_places(self) -> int:
        """Places taken beyond those slept in: an exclusive unit goes whole."""
        return sum(
            len(vacancy.places) - sum(place in self.slept_in for place in vacancy.places)
            for vacancy in self.vacancies
            if vacancy.exclusive
        )


def fit_alone(wanted: Wanted, vacancy: Vacancy, promised: frozenset[PlaceId]) -> Fit | None:
    """What is free where it is enough; else what is free once overdue holds of requests that come after this
    one have ended: none that need not, and of those the last in the order.
    """
    free = _free(vacancy, promised)
    slept_in = _choose(wanted, (free,)) if free is not None else None
    ended: list[PlacementId] = []
    if slept_in is None and wanted.overdue:
        for holder in _outranked_overdue(wanted, vacancy):
            ended.append(holder)
            slept_in = _choose_after(wanted, vacancy, ended, promised)
            if slept_in is not None:
                slept_in, ended = _spare(wanted, vacancy, slept_in, ended, promised)
                break
    if slept_in is None:
        return None
    return Fit((vacancy,), slept_in, tuple(ended), to_confirm(wanted, vacancy))


def fit_together(wanted: Wanted, pool: Sequence[Vacancy]) -> Fit | None:
    """The smallest set of the house's units that takes the household as they stand, two before three; of
    those one of which everything is known, then the one that wastes least, then the first by the order of
    registration.
    """
    free = {
        vacancy.unit_id: beds for vacancy in pool if (beds := _free(vacancy, wanted.promised)) is not None
    }
    some = [vacancy for vacancy in pool if any(free.get(vacancy.unit_id, ((), ())))]
    for size in range(2, MOST_UNITS + 1):
        fits = []
        for chosen in combinations(some, size):
            slept_in = _choose(wanted, [free[vacancy.unit_id] for vacancy in chosen])
            if slept_in is not None:
                asked = {each for vacancy in chosen for each in to_confirm(wanted, vacancy)}
                fits.append(Fit(chosen, slept_in, (), tuple(each for each in ToConfirm if each in asked)))
        if fits:
            return min(fits, key=lambda fit: (bool(fit.to_confirm), fit.spare_places))
    return None


def sleeps_in(wanted: Wanted, held: Sequence[tuple[Vacancy, tuple[PlaceId, ...]]]) -> bool:
    """Whether these places of these units are enough for the household to sleep in."""
    kinds = [
        (
            tuple(place for place in places if place in beds),
            tuple(place for place in places if place not in beds),
        )
        for vacancy, places in held
        for beds in (vacancy.all_beds,)
    ]
    return _choose(wanted, kinds) is not None


def _free(vacancy: Vacancy, promised: frozenset[PlaceId]) -> Beds | None:
    """What can be slept in as the unit stands; None where it would have to be taken whole and cannot."""
    if vacancy.exclusive and not (vacancy.untouched and promised.isdisjoint(vacancy.places)):
        return None
    return (
        tuple(place for place in vacancy.free_beds if place not in promised),
        tuple(place for place in vacancy.free_cots if place not in promised),
    )


def _choose(wanted: Wanted, units: Sequence[Beds]) -> frozenset[PlaceId] | None:
    """Cots for infants where there are some, beds for the rest; None where that is not enough."""
    beds = [place for unit, _ in units for place in unit]
    cots = [place for _, unit in units for place in unit]
    in_cots = min(wanted.infants, len(cots))
    in_beds = wanted.people - in_cots
    return frozenset((*cots[:in_cots], *beds[:in_beds])) if in_beds <= len(beds) else None


def _choose_after(
    wanted: Wanted, vacancy: Vacancy, ended: Collection[PlacementId], promised: frozenset[PlaceId]
) -> frozenset[PlaceId] | None:
    """The places to sleep in once these holds have ended."""
    unit = vacancy.unit
    assert unit.registered is not None
    barred = unit.contested.union(place for place, holder in unit.taken.items() if holder not in ended)
    barred |= promised.intersection(vacancy.places)
    if vacancy.exclusive and barred:
        return None
    free = [
        place
        for place in unit.registered.places
        if place.place_id in unit.open_places and place.place_id not in barred
    ]
    beds = tuple(place.place_id for place in free if place.kind is PlaceKind.BED)
    cots = tuple(place.place_id for place in free if place.kind is PlaceKind.COT)
    return _choose(wanted, ((beds, cots),))


def _spare(
    wanted: Wanted,
    vacancy: Vacancy,
    slept_in: frozenset[PlaceId],
    ended: list[PlacementId],
    promised: frozenset[PlaceId],
) -> tuple[frozenset[PlaceId], list[PlacementId]]:
    """Leave standing every hold that need not end, the first in the order before the others."""
    for holder in reversed(tuple(ended)):
        without = [other for other in ended if other != holder]
        spared = _choose_after(wanted, vacancy, without, promised)
        if spared is not None:
            slept_in, ended = spared, without
    return slept_in, ended


def _outranked_overdue(wanted: Wanted, vacancy: Vacancy) -> list[PlacementId]:
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
