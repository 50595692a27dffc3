"""How a decision certificate and a placement's history look to the coordination and the auditor.

Pure functions over events already decoded; other placements are counted, never named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.permissions import Role
from domain.placement.events import CandidatesRanked, ExclusionCount, RankedCandidate
from domain.vocabulary import HeldUnit, PlacementId, ShelterId
from projections.placement_view import PlacementView


@dataclass(frozen=True, kw_only=True, slots=True)
class RankingSummary:
    """A ranking in counts alone."""

    position: int
    ranker: str
    policy: str
    decided_at: datetime
    units_seen: int
    eligible: int
    excluded: tuple[ExclusionCount, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CandidateView:
    """One candidate as it was ranked. `ends_overdue_holds` counts overdue holds that taking it would end."""

    rank: int
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    penalty: int
    spare_places: int
    availability_age_minutes: int
    ends_overdue_holds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RankingView:
    """The latest certificate of a placement: recorded at `recorded_position`, computed on the log up to
    `summary.position`.
    """

    placement_id: PlacementId
    recorded_position: int
    summary: RankingSummary
    candidates: tuple[CandidateView, ...]
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryLine:
    """One event of a placement, who stood behind it and when it was recorded. `event` has the fields of its
    topic.
    """

    position: int
    version: int
    recorded_at: datetime
    topic: str
    actor: UUID
    role: Role
    event: object


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryView:
    """What was known of a placement up to `position`: its events, and the state they fold to (null: not yet
    requested).
    """

    placement_id: PlacementId
    position: int
    items: tuple[HistoryLine, ...]
    placement: PlacementView | None


def ranking_summary(ranked: CandidatesRanked) -> RankingSummary:
    return RankingSummary(
        position=ranked.position,
        ranker=ranked.ranker,
        policy=ranked.policy,
        decided_at=ranked.decided_at,
        units_seen=ranked.units_seen,
        eligible=ranked.eligible,
        excluded=ranked.excluded,
    )


def ranking_view(placement_id: PlacementId, ranked: CandidatesRanked, recorded_position: int) -> RankingView:
    return RankingView(
        placement_id=placement_id,
        recorded_position=recorded_position,
        summary=ranking_summary(ranked),
        candidates=tuple(_candidate(rank, each) for rank, each in enumerate(ranked.best, start=1)),
        digest=ranked.digest,
    )


def _candidate(rank: int, candidate: RankedCandidate) -> CandidateView:
    return CandidateView(
        rank=rank,
        shelter_id=candidate.shelter_id,
        units=candidate.units,
        penalty=candidate.penalty,
        spare_places=candidate.spare_places,
        availability_age_minutes=candidate.availability_age_minutes,
        ends_overdue_holds=len(candidate.expires),
    )
