"""Every rule asked of all units at once: what each excludes, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from domain.matching.fast_1.bits import bits_of, positions_in
from domain.matching.fast_1.index import MOST_PEOPLE, Index, Of
from domain.matching.rank_1.fitting import Fit, fit_alone
from domain.matching.rank_1.wanted import Wanted
from domain.matching.ranking import ExclusionCode, applies, counted_risk, years
from domain.matching.vacancy import Vacancy
from domain.vocabulary import OldestBoy, UnitId


@dataclass(frozen=True, slots=True)
class Sifted:
    """Bit i is the i-th unit. `alone` fit as they stand; `fits` were looked at one by one, as something of
    theirs is owed or overdue; of `pool` several of one house may do together. `touched` have places that are
    promised.
    """

    index: Index
    wanted: Wanted
    excluded: dict[ExclusionCode, int]
    alone: int
    fits: Mapping[int, Fit]
    pool: int
    touched: int
    to_confirm: int
    asked_before: int

    @property
    def fitting(self) -> int:
        return self.alone | bits_of(self.fits)

    def vacancy(self, position: int) -> Vacancy:
        return self.wanted.places.vacancies[self.index.order[position]]


def sift(index: Index, wanted: Wanted, touched: int) -> Sifted:
    """Judge every unit for itself."""
    excluded = dict.fromkeys(ExclusionCode, 0)
    of_house, of_size, of_her = _house(index, wanted), _size(index, wanted), _her(index, wanted)
    left = (1 << len(index.order)) - 1
    for code, allowed in (*of_house, (ExclusionCode.CAPACITY, of_size), *of_her):
        excluded[code] = left & ~allowed
        left &= allowed
    standing = left & _standing(index, wanted)
    fits = _one_by_one(index, wanted, left & (touched | (_overdue(index, wanted) & ~standing)))
    unfit = left & ~(standing & ~touched) & ~bits_of(fits)
    owed = [
        position
        for position in positions_in(unfit & touched)
        if fit_alone(wanted, wanted.places.vacancies[index.order[position]], frozenset())
    ]
    excluded[ExclusionCode.OWED] = bits_of(owed)
    excluded[ExclusionCode.OCCUPIED] = unfit ^ excluded[ExclusionCode.OWED]
    small = reduce(and_, (allowed for _, allowed in of_her), excluded[ExclusionCode.CAPACITY])
    return Sifted(
        index=index,
        wanted=wanted,
        excluded=excluded,
        alone=standing & ~touched,
        fits=fits,
        pool=(small | unfit) & _reaching(index, wanted, touched),
        touched=touched,
        to_confirm=_to_confirm(index, wanted),
        asked_before=_units(index, wanted.request.asked_before),
    )


def _one_by_one(index: Index, wanted: Wanted, bits: int) -> dict[int, Fit]:
    fits = {}
    for position in positions_in(bits):
        fit = fit_alone(wanted, wanted.places.vacancies[index.order[position]], wanted.promised)
        if fit is not None:
            fits[position] = fit
    return fits


# --- the units that a rule allows -------------------------------------------------------------------------

Rule = tuple[ExclusionCode, int]


def _house(index: Index, wanted: Wanted) -> tuple[Rule, ...]:
    mode, every = wanted.request.requested.intake_mode, (1 << len(index.order)) - 1
    published, admits = index.of(Of.PUBLISHED).get(True, 0), index.of(Of.HOUSE_ADMITS).get(True, 0)
    modes, house_modes = index.of(Of.MODE).get(mode, 0), index.of(Of.HOUSE_MODE).get(mode, 0)
    return (
        (ExclusionCode.NOT_TO_ASK, every ^ _units(index, wanted.request.not_to_ask)),
        (ExclusionCode.NOT_ACCEPTING, published & admits),
        (ExclusionCode.INTAKE_MODE, modes & house_modes),
        (ExclusionCode.LEVEL, _any(index.of(Of.LEVEL).get(level, 0) for level in wanted.levels)),
    )


def _size(index: Index, wanted: Wanted) -> int:
    return _any(bits for (beds, cots), bits in index.of(Of.SIZE).items() if _enough(wanted, beds, cots))


def _her(index: Index, wanted: Wanted) -> tuple[Rule, ...]:
    every = (1 << len(index.order)) - 1
    features = (index.of(Of.FEATURE).get(feature, 0) for feature in wanted.features)
    return (
        (ExclusionCode.CHILDREN, every ^ _against_children(index, wanted)),
        (ExclusionCode.RISK, every ^ _above_risk(index, wanted)),
        (ExclusionCode.FEATURE, reduce(and_, features, every)),
        (ExclusionCode.SAFETY, every ^ _unsafe(index, wanted)),
    )


def _against_children(index: Index, wanted: Wanted) -> int:
    requested = wanted.request.requested
    children, boy = len(requested.household.children), requested.oldest_boy
    barred = _any(bits for most, bits in index.of(Of.CHILDREN).items() if children > most)
    if boy not in (OldestBoy.NOT_SAID, OldestBoy.NO_BOY):
        barred |= _any(bits for limit, bits in index.of(Of.BOYS).items() if years(boy) > years(limit))
    return barred


def _above_risk(index: Index, wanted: Wanted) -> int:
    risk = counted_risk(wanted.request.requested.risk)
    return _any(bits for limit, bits in index.of(Of.RISK).items() if risk > counted_risk(limit))


def _unsafe(index: Index, wanted: Wanted) -> int:
    houses = (wanted.places.by_shelter.get(house, ()) for house in wanted.unsafe)
    barred = _units(index, [unit_id for units in houses for unit_id in units])
    return barred | _any(index.of(Of.ZONE).get(zone, 0) for zone in wanted.zones)


def _standing(index: Index, wanted: Wanted) -> int:
    """Units in which enough is free as they stand."""
    return _any(bits for (_, beds, cots), bits in index.of(Of.FREE).items() if _enough(wanted, beds, cots))


def _overdue(index: Index, wanted: Wanted) -> int:
    """Units in which a hold is overdue."""
    return _any(bits_of(index.holding.get(holder, ())) for holder in wanted.overdue)


def _reaching(index: Index, wanted: Wanted, touched: int) -> int:
    """Units with something free, in houses of which some together may have enough: also where a unit would
    have enough alone, were it not promised.
    """
    free = _any(bits for (_, beds, cots), bits in index.of(Of.FREE).items() if beds or cots)
    houses = {index.house_of[position] for position in positions_in(touched)}
    promised = bits_of([position for house in houses for position in index.members[house]])
    return free & (index.of(Of.HOUSE_REACH).get(min(wanted.people, MOST_PEOPLE), 0) | promised)


def _to_confirm(index: Index, wanted: Wanted) -> int:
    requested = wanted.request.requested
    asked = index.ages.before(wanted.stale_before, "stale")
    for criterion, bits in index.of(Of.CRITERION).items():
        if criterion not in requested.criteria_met and applies(criterion, requested.urgency):
            asked |= bits
    if requested.oldest_boy is OldestBoy.NOT_SAID and requested.household.children:
        oldest = max(years(band) for band in requested.household.children)
        asked |= _any(bits for limit, bits in index.of(Of.BOYS).items() if oldest > years(limit))
    return asked


def _enough(wanted: Wanted, beds: int, cots: int) -> bool:
    return wanted.people - min(wanted.infants, cots) <= beds


def _units(index: Index, units: Iterable[UnitId]) -> int:
    return bits_of([index.position[unit_id] for unit_id in units if unit_id in index.position])


def _any(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
