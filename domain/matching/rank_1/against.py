"""What stands against one unit: every rule that excludes it, not only the first, and what would be held of it
all the same. It ranks nothing: a person may go against some of the rules, and says why
(`domain.coordination.overriding`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.matching.rank_1.fitting import Fit, fit_alone, sleeps_in
from domain.matching.rank_1.order import taken_of
from domain.matching.rank_1.rules import breaks_rules_on_children, too_small
from domain.matching.rank_1.wanted import Wanted
from domain.matching.ranking import ExclusionCode, counted_risk
from domain.matching.vacancy import Vacancy
from domain.placement.standing import Offer
from domain.vocabulary import HeldUnit, PlacementId, ShelterId


@dataclass(frozen=True, slots=True)
class Against:
    """`rules` in their order; none: it is a candidate. `units` would be held, none: too little is free;
    `expires` are the overdue holds of others that would end for it.
    """

    rules: tuple[ExclusionCode, ...]
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    expires: tuple[PlacementId, ...]


def against_unit(wanted: Wanted, vacancy: Vacancy) -> Against:
    """What stands against a unit, for one request at one instant."""
    rules = [code for code, excludes in _rules(wanted, vacancy) if excludes]
    kept = fit_alone(wanted, vacancy, wanted.promised) if vacancy.observed_at is not None else None
    fit = kept or (fit_alone(wanted, vacancy, frozenset()) if vacancy.observed_at is not None else None)
    if kept is None:
        rules.append(ExclusionCode.OCCUPIED if fit is None else ExclusionCode.OWED)
    return Against(tuple(rules), vacancy.shelter_id, _held(fit), fit.expires if fit is not None else ())


def against_held(wanted: Wanted, held: Offer) -> frozenset[ExclusionCode]:
    """Every rule on what she asks that places which are held for her break; none where they still do
    (`judging.still_does`).
    """
    taken = [(wanted.places.vacancies[unit.unit_id], unit.places) for unit in held.units]
    broken = {code for vacancy, _ in taken for code, breaks in _of_what_she_asks(wanted, vacancy) if breaks}
    return frozenset(broken if sleeps_in(wanted, taken) else {*broken, ExclusionCode.CAPACITY})


def _of_what_she_asks(wanted: Wanted, vacancy: Vacancy) -> Iterator[tuple[ExclusionCode, bool]]:
    yield ExclusionCode.INTAKE_MODE, wanted.request.requested.intake_mode not in vacancy.intake_modes
    yield ExclusionCode.LEVEL, vacancy.level not in wanted.levels
    yield from _on_her_and_her_children(wanted, vacancy)


def _rules(wanted: Wanted, vacancy: Vacancy) -> Iterator[tuple[ExclusionCode, bool]]:
    house, mode = wanted.admitting.get(vacancy.shelter_id), wanted.request.requested.intake_mode
    yield ExclusionCode.NOT_TO_ASK, vacancy.unit_id in wanted.request.not_to_ask
    yield ExclusionCode.NOT_ACCEPTING, house is None or vacancy.observed_at is None
    yield (
        ExclusionCode.INTAKE_MODE,
        mode not in vacancy.intake_modes or (house is not None and mode not in house.modes),
    )
    yield ExclusionCode.LEVEL, vacancy.level not in wanted.levels
    yield ExclusionCode.CAPACITY, too_small(wanted, vacancy)
    yield from _on_her_and_her_children(wanted, vacancy)


def _on_her_and_her_children(wanted: Wanted, vacancy: Vacancy) -> Iterator[tuple[ExclusionCode, bool]]:
    limit = vacancy.terms.risk_up_to if vacancy.terms is not None else None
    risk = counted_risk(wanted.request.requested.risk)
    yield ExclusionCode.CHILDREN, breaks_rules_on_children(wanted, vacancy)
    yield ExclusionCode.RISK, limit is not None and risk > counted_risk(limit)
    yield ExclusionCode.FEATURE, not wanted.features <= vacancy.features
    yield (
        ExclusionCode.SAFETY,
        vacancy.shelter_id in wanted.unsafe or not wanted.zones.isdisjoint(vacancy.unsuitable_zones),
    )


def _held(fit: Fit | None) -> tuple[HeldUnit, ...]:
    if fit is None:
        return ()
    return tuple(
        HeldUnit(unit_id=vacancy.unit_id, places=taken_of(vacancy, fit.slept_in)) for vacancy in fit.vacancies
    )
