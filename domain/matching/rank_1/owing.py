"""What is owed: each request that waits has one candidate kept for it, in the order of requests.

The first of its own ranking that is not owed to an earlier one. Requests after it in the order are not given
it; what is beyond these is free to all. A request whose hold is overdue counts as waiting, one that has
stopped for a person does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.matching.places import Places
from domain.matching.rank_1.judging import judge
from domain.matching.rank_1.order import best
from domain.matching.rank_1.wanted import wanted_of
from domain.matching.ranking import RankRequest, request_of
from domain.placement.events import RankedCandidate
from domain.policy import Policy
from domain.vocabulary import PlaceId

Owed = tuple[RankRequest, RankedCandidate]
"""A request that waits, and what is kept for it."""


def promised_before(
    request: RankRequest, places: Places, policy: Policy, decided_at: datetime
) -> frozenset[PlaceId]:
    """Every place that this request is not given, as requests before it in the order are owed it."""
    owed: list[Owed] = []
    for rival in waiting_before(request, places, decided_at):
        wanted = wanted_of(rival, places, policy, decided_at, kept_from(rival, owed, places))
        owed += [(rival, candidate) for candidate in best(wanted, judge(wanted).fits, 1)]
    return kept_from(request, owed, places)


def waiting_before(request: RankRequest, places: Places, decided_at: datetime) -> list[RankRequest]:
    """The requests that wait and come before this one, in their order."""
    waiting = {*places.waiting, *places.overdue(decided_at)} - {request.placement_id}
    going_on = [(each, places.placements[each]) for each in waiting]
    rivals = [request_of(each, state) for each, state in going_on if not state.stopped]
    before = [rival for rival in rivals if rival.precedence < request.precedence]
    return sorted(before, key=lambda rival: rival.precedence)


def kept_from(request: RankRequest, owed: Iterable[Owed], places: Places) -> frozenset[PlaceId]:
    """The places of what is owed; of a request that this one must not share a house with, the whole house,
    which would otherwise be closed to the other the moment this one is in it.
    """
    kept: set[PlaceId] = set()
    for rival, candidate in owed:
        kept.update(place for unit in candidate.units for place in unit.places)
        if _apart(request, rival):
            units = (places.vacancies[unit_id] for unit_id in places.by_shelter[candidate.shelter_id])
            kept.update(place for unit in units for place in unit.places)
    return frozenset(kept)


def _apart(one: RankRequest, other: RankRequest) -> bool:
    return one.requested.case_id in other.requested.apart_from or (
        other.requested.case_id in one.requested.apart_from
    )
