"""What the doors answer about exceptions to the rule, and their review."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.codes import ReviewOutcome


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardedAnswer:
    """That it stands in the log."""

    position: int
    recorded_at: datetime
    case_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class GlassAnswer:
    """The glass is broken until `glass_until`; a second person looks at it by `review_by`."""

    position: int
    recorded_at: datetime
    case_id: UUID
    breaking_id: UUID
    glass_until: datetime
    review_by: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewedAnswer:
    """What was said of it first, which stands."""

    position: int
    recorded_at: datetime
    review_id: UUID
    outcome: ReviewOutcome
