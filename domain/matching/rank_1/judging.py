"""Every unit judged once: excluded by its first failing rule, to be confirmed, or eligible."""

from __future__ import annotations

from dataclasses import dataclass

from domain.matching.rank_1.fitting import Fit, fit_alone, fit_together, sleeps_in
from domain.matching.rank_1.rules import barred_after_size, barred_before_size, of_that_kind, too_small
from domain.matching.rank_1.wanted import Wanted
from domain.matching.ranking import ExclusionCode
from domain.matching.vacancy import Vacancy
from domain.placement.standing import Offer
from domain.vocabulary import ShelterId, UnitId

FITS_NOT_ALONE = frozenset({ExclusionCode.CAPACITY, ExclusionCode.OCCUPIED, ExclusionCode.OWED})
"""Of these units several of one house may still do together."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Bit i of a bitmap is the i-th unit registered; every unit has exactly one bit."""

    excluded: dict[ExclusionCode, int]
    eligible: int
    to_be_confirmed: int
    fits: tuple[Fit, ...]


def judge(wanted: Wanted) -> Judged:
    codes: dict[UnitId, ExclusionCode] = {}
    fits: dict[UnitId, Fit] = {}
    for unit_id, vacancy in wanted.places.vacancies.items():
        judged = _alone(wanted, vacancy)
        if isinstance(judged, Fit):
            fits[unit_id] = judged
        else:
            codes[unit_id] = judged
    for house in wanted.admitting:
        together = _together(wanted, house, codes, fits)
        if together is not None:
            for vacancy in together.vacancies:
                del codes[vacancy.unit_id]
                fits[vacancy.unit_id] = together
    return _judged(wanted, codes, fits)


def fits_in(wanted: Wanted, house: ShelterId) -> list[Fit]:
    """The candidates of one house."""
    codes: dict[UnitId, ExclusionCode] = {}
    fits: dict[UnitId, Fit] = {}
    for unit_id in wanted.places.by_shelter.get(house, ()):
        judged = _alone(wanted, wanted.places.vacancies[unit_id])
        if isinstance(judged, Fit):
            fits[unit_id] = judged
        else:
            codes[unit_id] = judged
    together = _together(wanted, house, codes, fits) if house in wanted.admitting else None
    return [*fits.values(), *([together] if together is not None else [])]


def still_does(wanted: Wanted, held: Offer) -> bool:
    """Whether places that are held would still do by every rule on what she asks, whatever is free. A house
    that takes nobody else for now keeps whom it has said yes to.
    """
    vacancies = [wanted.places.vacancies[unit.unit_id] for unit in held.units]
    lawful = all(
        of_that_kind(wanted, vacancy) and barred_after_size(wanted, vacancy) is None for vacancy in vacancies
    )
    return lawful and sleeps_in(
        wanted, [(vacancy, unit.places) for vacancy, unit in zip(vacancies, held.units, strict=True)]
    )


def _alone(wanted: Wanted, vacancy: Vacancy) -> ExclusionCode | Fit:
    """The first rule that excludes the unit, or what would be taken of it."""
    barred = barred_before_size(wanted, vacancy)
    if barred is None:
        barred = ExclusionCode.CAPACITY if too_small(wanted, vacancy) else barred_after_size(wanted, vacancy)
    if barred is not None:
        return barred
    fit = fit_alone(wanted, vacancy, wanted.promised)
    if fit is not None:
        return fit
    owed = not wanted.promised.isdisjoint(vacancy.places) and fit_alone(wanted, vacancy, frozenset())
    return ExclusionCode.OWED if owed else ExclusionCode.OCCUPIED


def _together(
    wanted: Wanted, house: ShelterId, codes: dict[UnitId, ExclusionCode], fits: dict[UnitId, Fit]
) -> Fit | None:
    """Several units of a house, only where none of them does alone."""
    units = wanted.places.by_shelter.get(house, ())
    if any(unit_id in fits for unit_id in units):
        return None
    pool = [
        wanted.places.vacancies[unit_id]
        for unit_id in units
        if codes.get(unit_id) in FITS_NOT_ALONE
        and barred_after_size(wanted, wanted.places.vacancies[unit_id]) is None
    ]
    return fit_together(wanted, pool)


def _judged(wanted: Wanted, codes: dict[UnitId, ExclusionCode], fits: dict[UnitId, Fit]) -> Judged:
    excluded = dict.fromkeys(ExclusionCode, 0)
    eligible = to_be_confirmed = 0
    for index, unit_id in enumerate(wanted.places.vacancies):
        if unit_id in codes:
            excluded[codes[unit_id]] |= 1 << index
        elif fits[unit_id].to_confirm:
            to_be_confirmed |= 1 << index
        else:
            eligible |= 1 << index
    each_once = {fit.vacancies[0].unit_id: fit for fit in fits.values()}
    return Judged(excluded, eligible, to_be_confirmed, tuple(each_once.values()))
