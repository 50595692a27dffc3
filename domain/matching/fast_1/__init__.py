"""The fast twin of `domain.matching.rank_1`: the same rankings, bit for bit, asked of all units at once.

A rule is one set of units, an integer with one bit for each; only what is owed, overdue or taken together,
and the few that come first, is looked at one by one, with the normative code. Held to it by
`python -m trials.drills --only rankers_agree`; `docs/decisions/0012-fast-ranker.md` says why so.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.matching.fast_1.bits import bits_of
from domain.matching.fast_1.choosing import first
from domain.matching.fast_1.index import Index, index_of
from domain.matching.fast_1.sifting import Sifted, sift
from domain.matching.fast_1.together import Joint, joints
from domain.matching.places import Places
from domain.matching.rank_1 import NAME
from domain.matching.rank_1.judging import still_does
from domain.matching.rank_1.owing import Owed, kept_from, waiting_before
from domain.matching.rank_1.wanted import day_of, wanted_of
from domain.matching.ranking import BEST, ExclusionCode, Ranking, RankRequest
from domain.placement.standing import Offer
from domain.policy import Policy
from domain.vocabulary import PlaceId

__all__ = ["NAME", "promised", "rank", "still_fits"]


def rank(request: RankRequest, places: Places, policy: Policy, decided_at: datetime) -> Ranking:
    """As `rank_1.rank`."""
    index = index_of(places, day_of(places, decided_at))
    owed = _owed_before(index, request, places, policy, decided_at)
    sifted = _sift(index, request, places, policy, decided_at, owed)
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
    return kept_from(request, _owed_before(index, request, places, policy, decided_at), places)


def still_fits(
    request: RankRequest, held: Offer, places: Places, policy: Policy, decided_at: datetime
) -> bool:
    """As `rank_1.still_fits`."""
    index = index_of(places, day_of(places, decided_at))
    anybody = replace(request, not_to_ask=frozenset())
    return still_does(wanted_of(anybody, places, policy, decided_at, frozenset(), index.admitting), held)


def _owed_before(
    index: Index, request: RankRequest, places: Places, policy: Policy, decided_at: datetime
) -> list[Owed]:
    owed: list[Owed] = []
    for rival in waiting_before(request, places, decided_at):
        sifted = _sift(index, rival, places, policy, decided_at, owed)
        owed += [(rival, candidate) for candidate in first(sifted, 1)]
    return owed


def _sift(
    index: Index,
    request: RankRequest,
    places: Places,
    policy: Policy,
    decided_at: datetime,
    owed: list[Owed],
) -> Sifted:
    kept = kept_from(request, owed, places)
    wanted = wanted_of(request, places, policy, decided_at, kept, index.admitting)
    houses = {candidate.shelter_id for _, candidate in owed}
    touched = [
        index.position[unit_id]
        for house in houses
        for unit_id in places.by_shelter[house]
        if not kept.isdisjoint(places.vacancies[unit_id].places)
    ]
    return sift(index, wanted, bits_of(touched))


def _with_joints(sifted: Sifted, together: list[Joint]) -> tuple[dict[ExclusionCode, int], int]:
    """What is excluded in the end, and what is to be confirmed: units taken together are not excluded."""
    taken = bits_of([position for joint in together for position in joint.positions])
    unclear = bits_of([position for joint in together if joint.to_confirm for position in joint.positions])
    excluded = {code: bits & ~taken for code, bits in sifted.excluded.items()}
    return excluded, (sifted.fitting & sifted.to_confirm) | unclear
