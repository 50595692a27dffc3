"""The first ranker, normative: it visits each unit, asks each rule in order, and orders what is left.

Once it has decided in a REAL log nothing in this folder is ever edited: another way of ranking is another
ranker. It depends on no clock, no randomness, no order of dicts or sets: ties are broken by SHA-256 over
placement and units. `domain.matching.fast_1` gives the same rankings sooner and is held to this one.
"""

from __future__ import annotations

from datetime import datetime

from domain.matching.places import Places
from domain.matching.rank_1.against import Against, against_held, against_unit
from domain.matching.rank_1.judging import judge, still_does
from domain.matching.rank_1.order import best
from domain.matching.rank_1.owing import Owed, owed_in_order, promised_before, waiting_in_order
from domain.matching.rank_1.wanted import wanted_of
from domain.matching.ranking import BEST, ExclusionCode, Ranking, RankRequest
from domain.placement.standing import Offer
from domain.policy import Policy
from domain.vocabulary import PlaceId, UnitId

NAME = "rank_1"


def rank(request: RankRequest, places: Places, policy: Policy, decided_at: datetime) -> Ranking:
    """Every unit excluded by its first failing rule, to be confirmed, or eligible; the ten best candidates in
    order.

    A candidate that ends no other hold goes first; then one of which everything is known; then one not asked
    before in vain; then the lower penalty; then the tie-break.
    """
    promised = promised_before(request, places, policy, decided_at)
    wanted = wanted_of(request, places, policy, decided_at, promised)
    judged = judge(wanted)
    return Ranking(
        position=places.position,
        ranker=NAME,
        policy=policy.version,
        decided_at=decided_at,
        units_seen=len(places.vacancies),
        excluded=tuple(judged.excluded.items()),
        eligible=judged.eligible,
        to_be_confirmed=judged.to_be_confirmed,
        best=best(wanted, judged.fits, BEST),
    )


def promised(
    request: RankRequest, places: Places, policy: Policy, decided_at: datetime
) -> frozenset[PlaceId]:
    """The places that this request is not given, as requests before it in the order are owed them."""
    return promised_before(request, places, policy, decided_at)


def owed(places: Places, policy: Policy, decided_at: datetime) -> list[Owed]:
    """What each request that waits is owed, in their order; those without a candidate are left out."""
    return owed_in_order(waiting_in_order(places, decided_at), places, policy, decided_at)


def still_fits(
    request: RankRequest, held: Offer, places: Places, policy: Policy, decided_at: datetime
) -> bool:
    """Whether the places held would still do: every rule on what she asks, none on who may be asked now."""
    return still_does(wanted_of(request, places, policy, decided_at, promised=frozenset()), held)


def against(
    request: RankRequest, places: Places, policy: Policy, decided_at: datetime, unit_id: UnitId
) -> Against:
    """What stands against one unit."""
    kept = promised_before(request, places, policy, decided_at)
    return against_unit(wanted_of(request, places, policy, decided_at, kept), places.vacancies[unit_id])


def broken_by(
    request: RankRequest, held: Offer, places: Places, policy: Policy, decided_at: datetime
) -> frozenset[ExclusionCode]:
    """Every rule on what she asks that the places held for her break; none where `still_fits`."""
    return against_held(wanted_of(request, places, policy, decided_at, promised=frozenset()), held)
