"""Every ranker that has ever existed, by the name a policy and a certificate give it.

Each name has its normative code and, where there is one, a faster twin that gives the same rankings.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from domain.matching import fast_1, rank_1
from domain.matching.places import Places
from domain.matching.rank_1.against import Against
from domain.matching.rank_1.owing import Owed
from domain.matching.ranking import ExclusionCode, Ranking, RankRequest
from domain.placement.standing import Offer
from domain.policy import RANKERS as NAMED
from domain.policy import Policy
from domain.vocabulary import PlaceId, UnitId


class Ranker(Protocol):
    """A way of ranking."""

    def rank(
        self, request: RankRequest, places: Places, policy: Policy, decided_at: datetime, /
    ) -> Ranking: ...

    def promised(
        self, request: RankRequest, places: Places, policy: Policy, decided_at: datetime, /
    ) -> frozenset[PlaceId]: ...

    def owed(self, places: Places, policy: Policy, decided_at: datetime, /) -> list[Owed]: ...

    def still_fits(
        self, request: RankRequest, held: Offer, places: Places, policy: Policy, decided_at: datetime, /
    ) -> bool: ...


class Normative(Ranker, Protocol):
    """The code that is the rule, which also says all that stands against one unit or one hold."""

    def against(
        self, request: RankRequest, places: Places, policy: Policy, decided_at: datetime, unit_id: UnitId, /
    ) -> Against: ...

    def broken_by(
        self, request: RankRequest, held: Offer, places: Places, policy: Policy, decided_at: datetime, /
    ) -> frozenset[ExclusionCode]: ...


NORMATIVE: Mapping[str, Normative] = {rank_1.NAME: rank_1}
RANKERS: Mapping[str, Ranker] = {fast_1.NAME: fast_1}
assert RANKERS.keys() == NORMATIVE.keys() == NAMED, "a policy can name every ranker there is, and no other"


def rank(request: RankRequest, places: Places, policy: Policy, decided_at: datetime) -> Ranking:
    """Rank under the policy's own ranker."""
    return RANKERS[policy.ranker].rank(request, places, policy, decided_at)


def promised(
    request: RankRequest, places: Places, policy: Policy, decided_at: datetime
) -> frozenset[PlaceId]:
    """The places owed to requests that come before this one, under the policy's own ranker."""
    return RANKERS[policy.ranker].promised(request, places, policy, decided_at)


def owed(places: Places, policy: Policy, decided_at: datetime) -> list[Owed]:
    """What each request that waits is owed, in their order, under the policy's own ranker."""
    return RANKERS[policy.ranker].owed(places, policy, decided_at)


def still_fits(
    request: RankRequest, held: Offer, places: Places, policy: Policy, decided_at: datetime
) -> bool:
    """Whether the places held for a request would still do for it, under the policy's own ranker."""
    return RANKERS[policy.ranker].still_fits(request, held, places, policy, decided_at)


def against(
    request: RankRequest, places: Places, policy: Policy, decided_at: datetime, unit_id: UnitId
) -> Against:
    """What stands against one unit, by the normative code of the policy's own ranker."""
    return NORMATIVE[policy.ranker].against(request, places, policy, decided_at, unit_id)


def broken_by(
    request: RankRequest, held: Offer, places: Places, policy: Policy, decided_at: datetime
) -> frozenset[ExclusionCode]:
    """Every rule on what she asks that the places held for her break."""
    return NORMATIVE[policy.ranker].broken_by(request, held, places, policy, decided_at)
