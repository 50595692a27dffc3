"""What every ranker takes and returns, whatever its version."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from domain.placement.events import PlacementRequested, RankedCandidate
from domain.placement.state import PlacementState
from domain.vocabulary import PlacementId, UnitId, Urgency


class ExclusionCode(enum.StrEnum):
    """Why a unit is excluded, in the order the rules are asked. SAFETY stands for every rule that could
    locate a house.
    """

    NOT_TO_ASK = "NOT_TO_ASK"
    NOT_ACCEPTING = "NOT_ACCEPTING"
    INTAKE_MODE = "INTAKE_MODE"
    LEVEL = "LEVEL"
    CAPACITY = "CAPACITY"
    FEATURE = "FEATURE"
    SAFETY = "SAFETY"
    OCCUPIED = "OCCUPIED"


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
    best: tuple[RankedCandidate, ...]
