"""The attacker: what he makes of all that one role was shown, and which zone he then names.

He takes every signal there is between what he calls a house by and a zone: how often both stand in one
answer, in which order, together with a word on safety, which zone the women feared whom he sent there, what
left a board when they were taken in. On other networks, whose truth he knows, he learns which signal tells
most, and which way; on those that count he names the zone for which it is strongest. A tie he breaks by
chance.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.permissions import Role
from domain.vocabulary import PlacementId, ZoneId
from trials.drills.locate_town import HOUSES_SEEN, REQUESTERS
from trials.drills.locate_views import AFTER, BEFORE, Seen, Shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A house, by what the role knows it by: its ids, or a request of the role's own that it took."""

    handles: frozenset[str]
    request: PlacementId | None
    among: tuple[ZoneId, ...]
    truth: ZoneId


Signals = Mapping[str, Mapping[ZoneId, float]]
"""How strong each signal is for each zone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A target with what there is to tell of it."""

    target: Target
    signals: Signals


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Which signal to follow, and whether the strongest or the weakest."""

    signal: str
    sign: int

    def names(self, case: Case, chance: random.Random) -> ZoneId:
        strength = case.signals[self.signal]
        best = max(self.sign * strength[zone] for zone in case.target.among)
        return chance.choice([each for each in case.target.among if self.sign * strength[each] == best])


def cases(seen: Seen, who: str) -> list[Case]:
    """Every house that a role can mean, with the signals of all it was shown."""
    mine = [each for each in seen.shown if each.who == who]
    return [
        Case(target=target, signals=_signals(seen, who, mine, target))
        for target in _targets(seen, who, frozenset(one for each in mine for one in each.known))
    ]


def learned(training: Sequence[Case], chance: random.Random) -> Rule:
    """The rule that named most on networks whose truth is known."""
    rules = [Rule(signal=name, sign=sign) for name in _SIGNALS for sign in (1, -1)]
    return max(rules, key=lambda rule: (successes(training, rule, chance), rule.signal, rule.sign))


def successes(tried: Iterable[Case], rule: Rule, chance: random.Random) -> int:
    return sum(rule.names(case, chance) == case.target.truth for case in tried)


def _targets(seen: Seen, who: str, known: frozenset[str]) -> Iterable[Target]:
    """Other houses whose ids the role was shown; else, for each house, the request of its own that it took
    and of which a board tells most.
    """
    town, declared = seen.town, seen.town.declared()
    places = town.simulation.engine.index.places
    for number, house in enumerate(town.houses):
        if who == f"{HOUSES_SEEN}{number}":
            continue
        truth = town.secrets.true_zone[house]
        units = {
            str(unit)
            for unit, state in places.units.items()
            if state.registered is not None and state.registered.shelter_id == house
        }
        handles = frozenset({str(house), *units})
        among = declared[house] if who == Role.COORDINATOR else town.zones
        if handles & known:
            yield Target(handles=handles, request=None, among=among, truth=truth)
            continue
        own = [each for each, at in seen.stood_in.items() if at == house and seen.asked_by[each] == who]
        if own:
            best = max(own, key=lambda each: max(_dropped(seen, who, each).values()))
            yield Target(handles=frozenset({str(best)}), request=best, among=among, truth=truth)
        elif Role.SHELTER_OPERATOR not in who and who not in REQUESTERS:
            yield Target(handles=handles, request=None, among=among, truth=truth)


def _signals(seen: Seen, who: str, mine: Sequence[Shown], target: Target) -> Signals:
    with_it = [each for each in mine if each.known & target.handles]
    without = [each for each in mine if not each.known & target.handles]
    return {name: signal(seen, who, with_it, without, target) for name, signal in _SIGNALS.items()}


_Signal = Callable[[Seen, str, Sequence[Shown], Sequence[Shown], Target], Mapping[ZoneId, float]]


def _together(
    seen: Seen, _: str, with_it: Sequence[Shown], __: object, ___: object
) -> Mapping[ZoneId, float]:
    return {zone: float(sum(str(zone) in each.known for each in with_it)) for zone in seen.town.zones}


def _apart(seen: Seen, _: str, __: object, without: Sequence[Shown], ___: object) -> Mapping[ZoneId, float]:
    return {zone: float(sum(str(zone) in each.known for each in without)) for zone in seen.town.zones}


def _share(
    seen: Seen, _: str, with_it: Sequence[Shown], without: Sequence[Shown], __: object
) -> Mapping[ZoneId, float]:
    """Of the answers with a zone in them, those that also name the house."""
    found = {}
    for zone in seen.town.zones:
        both = sum(str(zone) in each.known for each in with_it)
        one = sum(str(zone) in each.known for each in without)
        found[zone] = (both + 0.5) / (both + one + 1)
    return found


def _order(seen: Seen, _: str, with_it: Sequence[Shown], __: object, ___: object) -> Mapping[ZoneId, float]:
    """How early a zone stands among the zones of an answer that names the house."""
    known = {str(zone): zone for zone in seen.town.zones}
    places: dict[ZoneId, list[int]] = defaultdict(list)
    for each in with_it:
        named = [known[one] for one in each.ids if one in known]
        for at, zone in enumerate(dict.fromkeys(named)):
            places[zone].append(-at)
    return {
        zone: sum(places[zone]) / len(places[zone]) if places[zone] else -99.0 for zone in seen.town.zones
    }


def _with_safety(
    seen: Seen, _: str, with_it: Sequence[Shown], __: object, ___: object
) -> Mapping[ZoneId, float]:
    told = [each for each in with_it if each.safety]
    return {zone: float(sum(str(zone) in each.known for each in told)) for zone in seen.town.zones}


def _feared(
    seen: Seen, who: str, with_it: Sequence[Shown], __: object, target: Target
) -> Mapping[ZoneId, float]:
    """Which zones the women feared whom this role asked for and whose answers name the house: he has heard
    their stories.
    """
    counts = dict.fromkeys(seen.town.zones, 0.0)
    about = {each.about for each in with_it} | {target.request}
    for placement_id in about:
        if placement_id is not None and seen.asked_by.get(placement_id) == who:
            counts[seen.town.secrets.feared[placement_id]] += 1
    return counts


def _district(
    seen: Seen, _: str, with_it: Sequence[Shown], __: object, ___: object
) -> Mapping[ZoneId, float]:
    return {
        zone: float(sum(seen.town.district_of(zone) in each.known for each in with_it))
        for zone in seen.town.zones
    }


def _drop(seen: Seen, who: str, _: object, __: object, target: Target) -> Mapping[ZoneId, float]:
    return _dropped(seen, who, target.request)


def _dropped(seen: Seen, who: str, request: PlacementId | None) -> Mapping[ZoneId, float]:
    """What left a board, district by district, when a request of his own was taken in."""
    counts = dict.fromkeys(seen.town.zones, 0.0)
    for each in seen.shown:
        if each.body is not None and each.who == who and each.about is not None and each.about == request:
            sign = {BEFORE: 1, AFTER: -1}.get(each.when, 0)
            for district, free in _by_district(each.body):
                for zone in seen.town.zones:
                    if seen.town.district_of(zone) == district:
                        counts[zone] += sign * free
    return counts


def _by_district(body: Any) -> list[tuple[str, float]]:
    items = body.get("items") if isinstance(body, dict) else None
    if not isinstance(items, list):
        return []
    return [
        (line["district"], float(line["places"]))
        for line in items
        if isinstance(line, dict) and "district" in line and "places" in line
    ]


_SIGNALS: Mapping[str, _Signal] = {
    "together": _together,
    "apart": _apart,
    "share": _share,
    "order": _order,
    "with safety": _with_safety,
    "feared": _feared,
    "district": _district,
    "drop": _drop,
}
