"""The fast twin of `domain.matching.rank_1`: the same rankings, bit for bit, asked of all units at once.

A rule is one set of units, an integer with one bit for each; only what is owed, overdue or taken together,
and the few that come first, is looked at one by one, with the normative code. Held to it by
`python -m trials.drills --only rankers_agree`; `docs/decisions/0012-fast-ranker.md` says why so.
"""

from __future__ import annotations

from datetime import datetime

from domain.matching.fast_1.bits import bits_of
from domain.matching.fast_1.choosing import first
from domain.matching.fast_1.index import index_of
from domain.matching.fast_1.owing import owed_before, owed_in_order, sift_beside, waiting_in_order
from domain.matching.fast_1.sifting import Sifted
from domain.matching.fast_1.together import Joint, joints
from domain.matching.places import Places
from domain.matching.rank_1 import NAME
from domain.matching.rank_1.judging import still_does
from domain.matching.rank_1.owing import Owed, kept_from
from domain.matching.rank_1.wanted import day_of, wanted_of
from domain.matching.ranking import BEST, ExclusionCode, Ranking, RankRequest
from domain.placement.standing import Offer
from domain.policy import Policy
from domain.vocabulary import PlaceId

__all__ = ["NAME", "owed", "promised", "rank", "still_fits"]


def rank(request: RankRequest, places: Places, policy: Policy, decided_at: datetime) -> Ranking:
    """As `rank_1.rank`."""
    index = index_of(places, day_of(places, decided_at))
    owed = owed_before(index, request, places, policy, decided_at)
    kept = kept_from(request, owed, places)
    sifted = sift_beside(index, wanted_of(request, places, policy, decided_at, kept, index.admitting), owed)
    together = joints(sifted)
    excluded, to_be_confirmed = _with_joints(sifted, together)
    out = sum(excluded.values())
    return Ranking(
        position=places.position,
        ranker=NAME,
        policy=policy.version,
        decided_at=decided_at,
        units_seen=len(index.order),
        excluded=tuple(excluded.items()),
        eligible=((1 << len(index.order)) - 1) ^ out ^ to_be_confirmed,
        to_be_confirmed=to_be_confirmed,
        best=first(sifted, BEST, together),
    )


def promised(
    request: RankRequest, places: Places, policy: Policy, decided_at: datetime
) -> frozenset[PlaceId]:
    """As `rank_1.promised`."""
    index = index_of(places, day_of(places, decided_at))
    return kept_from(request, owed_before(index, request, places, policy, decided_at), places)


def owed(places: Places, policy: Policy, decided_at: datetime) -> list[Owed]:
    """As `rank_1.owed`."""
    index = index_of(places, day_of(places, decided_at))
    return owed_in_order(index, waiting_in_order(index, places, decided_at), places, policy, decided_at)


def still_fits(
    request: RankRequest, held: Offer, places: Places, policy: Policy, decided_at: datetime
) -> bool:
    """As `rank_1.still_fits`."""
    index = index_of(places, day_of(places, decided_at))
    return still_does(wanted_of(request, places, policy, decided_at, frozenset(), index.admitting), held)


def _with_joints(sifted: Sifted, together: list[Joint]) -> tuple[dict[ExclusionCode, int], int]:
    """What is excluded in the end, and what is to be confirmed: units taken together are not excluded."""
    taken = bits_of([position for joint in together for position in joint.positions])
    unclear = bits_of([position for joint in together if joint.to_confirm for position in joint.positions])
    excluded = {code: bits & ~taken for code, bits in sifted.excluded.items()}
    return excluded, (sifted.fitting & sifted.to_confirm) | unclear
