"""How a decision certificate and a placement's history look to the coordination and the auditor.

Pure functions over events already decoded; other placements are counted, never named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.codes import ToConfirm
from domain.event import Event
from domain.permissions import Role
from domain.placement.events import CandidatesRanked, ExclusionCount, RankedCandidate
from domain.placement.state import PlacementState
from domain.vocabulary import HeldUnit, PlacementId, ShelterId
from ledger.store import metadata
from ledger.store.port import StoredRow
from ledger.store.transact import recorded
from projections.placement_then import PlacementThen
from projections.placement_timeline import (
    TimelineLine,
    decided_meanwhile,
    placement_timeline,
    timeline_row,
)
from projections.placement_view import CorrectionView, PlacementView, correction_view
from projections.preservation_view import ValuesDestroyed


@dataclass(frozen=True, kw_only=True, slots=True)
class RankingSummary:
    """A ranking in counts alone."""

    position: int
    ranker: str
    policy: str
    decided_at: datetime
    units_seen: int
    eligible: int
    to_be_confirmed: int
    excluded: tuple[ExclusionCount, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CandidateView:
    """One candidate as it was ranked: one unit, or several of one house where no single one fits.

    `ends_overdue_holds` counts overdue holds that taking it would end; `to_confirm` is what the house is
    asked by voice before anybody counts on it.
    """

    rank: int
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    penalty: int
    spare_places: int
    availability_age_minutes: int
    ends_overdue_holds: int
    to_confirm: tuple[ToConfirm, ...]


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
    """One event of a placement, who stood behind it, for which body and on which shared device, and when it
    was recorded. `event` has the fields of its topic.

    `gap_minutes` lie between what is said to have happened and its record (null: it happened by being
    recorded). Of a late entry `decided_meanwhile` are the positions of this placement's first twenty
    rankings taken in between, not knowing; `decided_meanwhile_count` says how many there were. `correction`:
    it was declared wrong since.
    """

    position: int
    version: int
    recorded_at: datetime
    occurred_at: datetime | None
    gap_minutes: int | None
    late: bool
    decided_meanwhile: tuple[int, ...]
    decided_meanwhile_count: int
    correction: CorrectionView | None
    topic: str
    actor: UUID
    role: Role
    on_behalf_of: UUID | None
    device: UUID | None
    event: object


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryView:
    """What was known of a placement up to `position`: its events, and the state they fold to (null: not yet
    requested). Whatever the position, `values_destroyed` says what can now no longer be shown. `then`: what
    stood around it, where an instant or a position was asked for.
    """

    placement_id: PlacementId
    position: int
    items: tuple[HistoryLine, ...]
    placement: PlacementView | None
    values_destroyed: ValuesDestroyed | None = None
    then: PlacementThen | None = None


def history_lines(
    placement_id: PlacementId, rows: tuple[StoredRow, ...], state: PlacementState
) -> tuple[HistoryLine, ...]:
    """A placement's rows with their events, in order; `state` is what they fold to."""
    events = [recorded(row).event for row in rows]
    known = [timeline_row(row, event) for row, event in zip(rows, events, strict=True)]
    meanwhile = decided_meanwhile(known, known)
    told = placement_timeline(placement_id, known[-1].position if known else 0, known, meanwhile)
    wrong = {version: correction_view(each) for version, each in state.corrections.items()}
    return tuple(
        _history_line(line, row, event, wrong.get(line.version))
        for line, row, event in zip(told.items, rows, events, strict=True)
    )


def ranking_summary(ranked: CandidatesRanked) -> RankingSummary:
    return RankingSummary(
        position=ranked.position,
        ranker=ranked.ranker,
        policy=ranked.policy,
        decided_at=ranked.decided_at,
        units_seen=ranked.units_seen,
        eligible=ranked.eligible,
        to_be_confirmed=ranked.to_be_confirmed,
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


def _history_line(
    line: TimelineLine, row: StoredRow, event: Event, correction: CorrectionView | None
) -> HistoryLine:
    told = metadata.decode(row.metadata)
    return HistoryLine(
        position=line.position,
        version=line.version,
        recorded_at=line.recorded_at,
        occurred_at=line.occurred_at,
        gap_minutes=line.gap_seconds // 60 if line.gap_seconds is not None else None,
        late=line.late,
        decided_meanwhile=tuple(each.position for each in line.decided_meanwhile),
        decided_meanwhile_count=line.decided_meanwhile_count,
        correction=correction,
        topic=line.topic,
        actor=told.actor,
        role=line.role,
        on_behalf_of=told.on_behalf_of,
        device=told.device,
        event=event,
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
        to_confirm=candidate.to_confirm,
    )
