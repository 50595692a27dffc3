"""What is owed: each request that waits has one candidate kept for it, in the order of requests.

The first of its own ranking that is not owed to an earlier one. Requests after it in the order are not given
it; what is beyond these is free to all. A request whose hold is overdue counts as waiting, and is owed a
place elsewhere than in the units that are silent; one that has stopped for a person does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from domain.matching.places import Places
from domain.matching.rank_1.judging import judge
from domain.matching.rank_1.order import best
from domain.matching.rank_1.wanted import wanted_of
from domain.matching.ranking import RankRequest, request_of
from domain.placement.events import PlacementRequested, RankedCandidate
from domain.placement.state import PlacementState
from domain.policy import Policy
from domain.vocabulary import PlaceId, PlacementId, ShelterId


class Owed(NamedTuple):
    """A request that waits, and the places of a house that are kept for it."""

    request: RankRequest
    house: ShelterId
    places: frozenset[PlaceId]


def promised_before(
    request: RankRequest, places: Places, policy: Policy, decided_at: datetime
) -> frozenset[PlaceId]:
    """Every place that this request is not given, as requests before it in the order are owed it."""
    rivals = waiting_before(request, places, decided_at)
    return kept_from(request, owed_in_order(rivals, places, policy, decided_at), places)


def owed_in_order(
    rivals: Sequence[RankRequest], places: Places, policy: Policy, decided_at: datetime
) -> list[Owed]:
    """What each of these is owed, in their order; those without a candidate are left out."""
    owed: list[Owed] = []
    for rival in rivals:
        wanted = wanted_of(rival, places, policy, decided_at, kept_from(rival, owed, places))
        owed += [owed_to(rival, candidate) for candidate in best(wanted, judge(wanted).fits, 1)]
    return owed


def waiting_before(request: RankRequest, places: Places, decided_at: datetime) -> list[RankRequest]:
    """The requests that wait and come before this one, in their order."""
    return [
        rival
        for rival in waiting_in_order(places, decided_at)
        if rival.placement_id != request.placement_id and rival.precedence < request.precedence
    ]


def waiting_in_order(places: Places, decided_at: datetime) -> list[RankRequest]:
    """Every request that waits, in the order."""
    waiting = {*places.waiting, *places.overdue(decided_at)}
    going_on = [(each, places.placements[each]) for each in waiting]
    rivals = [_seeking(each, state) for each, state in going_on if not state.stopped]
    return sorted(rivals, key=lambda rival: rival.precedence)


def _seeking(placement_id: PlacementId, state: PlacementState) -> RankRequest:
    """What it asks for; whoever goes on after silence takes nothing in the units that were just asked."""
    request = request_of(placement_id, state)
    if state.held is None:
        return request
    silent = (held.unit_id for held in state.held.units)
    return replace(request, not_to_ask=request.not_to_ask.union(silent))


def owed_to(request: RankRequest, candidate: RankedCandidate) -> Owed:
    places = frozenset(place for unit in candidate.units for place in unit.places)
    return Owed(request, candidate.shelter_id, places)


def kept_from(request: RankRequest, owed: Sequence[Owed], places: Places) -> frozenset[PlaceId]:
    """The places of what is owed; of a request that this one must not share a house with, the whole house,
    which would otherwise be closed to the other the moment this one is in it.
    """
    kept = frozenset[PlaceId]().union(*(each.places for each in owed))
    for each in owed:
        if _apart(request.requested, each.request.requested):
            units = (places.vacancies[unit_id] for unit_id in places.by_shelter[each.house])
            kept = kept.union(place for unit in units for place in unit.places)
    return kept


def _apart(one: PlacementRequested, other: PlacementRequested) -> bool:
    return one.case_id in other.apart_from or other.case_id in one.apart_from
