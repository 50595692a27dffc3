"""Every ranker that has ever existed, by the name a policy and a certificate give it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from domain.matching import rank_1
from domain.matching.places import Places
from domain.matching.ranking import Ranking, RankRequest
from domain.policy import RANKERS as NAMED
from domain.policy import Policy

Ranker = Callable[[RankRequest, Places, Policy, datetime], Ranking]

RANKERS: Mapping[str, Ranker] = {rank_1.NAME: rank_1.rank}
assert RANKERS.keys() == NAMED, "a policy can name every ranker there is, and no other"


def rank(request: RankRequest, places: Places, policy: Policy, decided_at: datetime) -> Ranking:
    """Rank under the policy's own ranker."""
    return RANKERS[policy.ranker](request, places, policy, decided_at)
