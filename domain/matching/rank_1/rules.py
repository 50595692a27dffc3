"""The hard rules, in their order, and what of a unit nobody knows yet."""

from __future__ import annotations

from domain.codes import ToConfirm
from domain.matching.rank_1.wanted import Wanted
from domain.matching.ranking import ExclusionCode, applies, counted_risk, years
from domain.matching.vacancy import Vacancy
from domain.unit import TermsDeclared
from domain.vocabulary import OldestBoy


def barred_before_size(wanted: Wanted, vacancy: Vacancy) -> ExclusionCode | None:
    """The first rule about the house and the kind of unit that excludes it."""
    requested = wanted.request.requested
    house = wanted.admitting.get(vacancy.shelter_id)
    if vacancy.unit_id in wanted.request.not_to_ask:
        return ExclusionCode.NOT_TO_ASK
    if house is None or vacancy.observed_at is None:
        return ExclusionCode.NOT_ACCEPTING
    if requested.intake_mode not in vacancy.intake_modes or requested.intake_mode not in house.modes:
        return ExclusionCode.INTAKE_MODE
    return ExclusionCode.LEVEL if vacancy.level not in wanted.levels else None


def of_that_kind(wanted: Wanted, vacancy: Vacancy) -> bool:
    """Whether the unit is of the level and takes people in the way that is asked for."""
    return wanted.request.requested.intake_mode in vacancy.intake_modes and vacancy.level in wanted.levels


def too_small(wanted: Wanted, vacancy: Vacancy) -> bool:
    """Whether the household would not fit into the unit, were it empty."""
    return wanted.people - min(wanted.infants, vacancy.cots) > vacancy.beds


def barred_after_size(wanted: Wanted, vacancy: Vacancy) -> ExclusionCode | None:
    """The first rule about her and her children that excludes the unit."""
    if breaks_rules_on_children(wanted, vacancy):
        return ExclusionCode.CHILDREN
    terms = vacancy.terms
    limit = terms.risk_up_to if terms is not None else None
    if limit is not None and counted_risk(wanted.request.requested.risk) > counted_risk(limit):
        return ExclusionCode.RISK
    if not wanted.features <= vacancy.features:
        return ExclusionCode.FEATURE
    if vacancy.shelter_id in wanted.unsafe or not wanted.zones.isdisjoint(vacancy.unsuitable_zones):
        return ExclusionCode.SAFETY
    return None


def to_confirm(wanted: Wanted, vacancy: Vacancy) -> tuple[ToConfirm, ...]:
    """What the house is asked by voice, in the order of the list."""
    requested, terms = wanted.request.requested, vacancy.terms
    asked: set[ToConfirm] = set()
    assert vacancy.observed_at is not None, "a unit that never published is not accepting"
    if vacancy.observed_at < wanted.stale_before:
        asked.add(ToConfirm.AVAILABILITY_OLD)
    if terms is not None:
        if requested.oldest_boy is OldestBoy.NOT_SAID and _may_break_boys_age(wanted, terms):
            asked.add(ToConfirm.BOYS_AGE)
        asked.update(
            ToConfirm(criterion)
            for criterion in terms.criteria
            if criterion not in requested.criteria_met and applies(criterion, requested.urgency)
        )
    return tuple(each for each in ToConfirm if each in asked)


def _may_break_boys_age(wanted: Wanted, terms: TermsDeclared) -> bool:
    limit, children = terms.boys_up_to, wanted.request.requested.household.children
    return limit is not None and any(years(band) > years(limit) for band in children)


def breaks_rules_on_children(wanted: Wanted, vacancy: Vacancy) -> bool:
    requested, terms = wanted.request.requested, vacancy.terms
    if terms is None:
        return False
    if terms.children_most is not None and len(requested.household.children) > terms.children_most:
        return True
    boy = requested.oldest_boy
    if terms.boys_up_to is None or boy in (OldestBoy.NOT_SAID, OldestBoy.NO_BOY):
        return False
    return years(boy) > years(terms.boys_up_to)
