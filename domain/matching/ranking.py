"""What every ranker takes and returns, whatever its version."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from domain.placement.events import PlacementRequested, RankedCandidate
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
    """Who asks: the request as in its event, and the units that are not to be asked again within it."""

    placement_id: PlacementId
    requested: PlacementRequested
    not_to_ask: frozenset[UnitId] = frozenset()

    @property
    def precedence(self) -> tuple[Urgency, datetime, PlacementId]:
        """The order among requests: urgency, then age; ids break what is left. Lower goes first."""
        return self.requested.urgency, self.requested.occurred_at, self.placement_id


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
