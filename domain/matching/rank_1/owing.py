"""What is owed: each request that waits has one candidate kept for it, in the order of requests.

The first of its own ranking that is not owed to an earlier one. Requests after it in the order are not given
it; what is beyond these is free to all. A request whose hold is overdue counts as waiting.
"""

from __future__ import annotations

from datetime import datetime

from domain.matching.places import Places
from domain.matching.rank_1.judging import judge
from domain.matching.rank_1.order import best
from domain.matching.rank_1.wanted import wanted_of
from domain.matching.ranking import RankRequest, request_of
from domain.policy import Policy
from domain.vocabulary import PlaceId


def promised_before(
    request: RankRequest, places: Places, policy: Policy, decided_at: datetime
) -> frozenset[PlaceId]:
    """Every place owed to a request that comes before this one."""
    promised: frozenset[PlaceId] = frozenset()
    for rival in waiting_before(request, places, decided_at):
        wanted = wanted_of(rival, places, policy, decided_at, promised)
        for candidate in best(wanted, judge(wanted).fits, 1):
            promised |= {place for unit in candidate.units for place in unit.places}
    return promised


def waiting_before(request: RankRequest, places: Places, decided_at: datetime) -> list[RankRequest]:
    """The requests that wait and come before this one, in their order."""
    waiting = {*places.waiting, *places.overdue(decided_at)} - {request.placement_id}
    rivals = (request_of(each, places.placements[each]) for each in waiting)
    before = [rival for rival in rivals if rival.precedence < request.precedence]
    return sorted(before, key=lambda rival: rival.precedence)
