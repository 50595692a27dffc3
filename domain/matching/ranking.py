"""What every ranker takes and returns, whatever its version."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from domain.placement.events import PlacementRequested, RankedCandidate
from domain.placement.state import PlacementState
from domain.vocabulary import (
    AgeBand,
    Criterion,
    DistrictId,
    OldestBoy,
    PlacementId,
    RiskBand,
    UnitId,
    Urgency,
)


class ExclusionCode(enum.StrEnum):
    """Why a unit is excluded, in the order the rules are asked. SAFETY stands for every rule that could
    locate a house.
    """

    NOT_TO_ASK = "NOT_TO_ASK"
    NOT_ACCEPTING = "NOT_ACCEPTING"
    INTAKE_MODE = "INTAKE_MODE"
    LEVEL = "LEVEL"
    CAPACITY = "CAPACITY"
    CHILDREN = "CHILDREN"
    RISK = "RISK"
    FEATURE = "FEATURE"
    SAFETY = "SAFETY"
    OCCUPIED = "OCCUPIED"
    OWED = "OWED"


BEST = 10
"""So many candidates a certificate holds in full."""

_RISKS = (RiskBand.LOW, RiskBand.MEDIUM, RiskBand.HIGH, RiskBand.IMMEDIATE)
_YEARS = tuple(AgeBand)
_NEVER_GATES = {
    Criterion.FEE_COMMITTED: frozenset({Urgency.U1, Urgency.U2}),
    Criterion.SOCIAL_SERVICE_AUTHORISATION: frozenset({Urgency.U1}),
}


def counted_risk(band: RiskBand) -> int:
    """A risk band as a number, higher is worse. Not assessed counts as high."""
    return _RISKS.index(RiskBand.HIGH if band is RiskBand.NOT_ASSESSED else band)


def years(band: AgeBand | OldestBoy) -> int:
    """An age band as a number, older is higher."""
    return _YEARS.index(AgeBand(band))


def applies(criterion: Criterion, urgency: Urgency) -> bool:
    """Whether a house may ask it before it says yes: money and authorisations follow an emergency."""
    return urgency not in _NEVER_GATES.get(criterion, ())


@dataclass(frozen=True, kw_only=True, slots=True)
class RankRequest:
    """Who asks: the request as in its event, the units that are not to be asked again within it, and those
    that were asked before without an answer, which come after the others.
    """

    placement_id: PlacementId
    requested: PlacementRequested
    not_to_ask: frozenset[UnitId] = frozenset()
    asked_before: frozenset[UnitId] = frozenset()

    @property
    def precedence(self) -> tuple[Urgency, datetime, PlacementId]:
        """The order among requests: urgency, then age; ids break what is left. Lower goes first."""
        return self.requested.urgency, self.requested.occurred_at, self.placement_id

    @property
    def continuity_with(self) -> DistrictId | None:
        """The Ambito she asks to stay with: it counts for planned moves alone."""
        return self.requested.continuity_with if self.requested.urgency is Urgency.U4 else None


def request_of(placement_id: PlacementId, state: PlacementState) -> RankRequest:
    """What a placement asks for now. Whoever derives a ranking again takes it from here."""
    assert state.request is not None, "only a placement that was requested is ranked"
    return RankRequest(
        placement_id=placement_id,
        requested=state.request,
        not_to_ask=state.not_to_ask,
        asked_before=state.asked_before,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Ranking:
    """Every unit judged once. Bit i of a bitmap is the i-th unit registered in the log; `best` has at most
    ten.
    """

    position: int
    ranker: str
    policy: str
    decided_at: datetime
    units_seen: int
    excluded: tuple[tuple[ExclusionCode, int], ...]
    eligible: int
    to_be_confirmed: int
    best: tuple[RankedCandidate, ...]
