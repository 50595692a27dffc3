"""The list of what is to be reviewed, as the lead body reads it, from the rows of the cases themselves."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.case import GlassBroken, RuleOverridden
from domain.codes import GlassReason, OverrideReason
from domain.vocabulary import CaseId, PlacementId
from ledger.store import metadata
from ledger.store.port import StoredRow
from ledger.store.transact import recorded
from projections.reviews import Review

_TO_REVIEW = (GlassBroken.TOPIC, RuleOverridden.TOPIC)


class ReviewKind(enum.StrEnum):
    """What is to be looked at."""

    GLASS_BROKEN = "GLASS_BROKEN"
    RULE_OVERRIDDEN = "RULE_OVERRIDDEN"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewLine:
    """What somebody did, and by when a second person says what it was. `rules` are exclusion codes."""

    review_id: UUID
    kind: ReviewKind
    case_id: CaseId
    placement_id: PlacementId | None
    actor: UUID
    reason: GlassReason | OverrideReason
    rules: tuple[str, ...]
    done_at: datetime
    review_by: datetime
    overdue: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenReviews:
    """The one that is due first comes first."""

    items: tuple[ReviewLine, ...]


def open_reviews(reviews: Iterable[Review], rows: Iterable[StoredRow], now: datetime) -> OpenReviews:
    """`rows` are those of the cases that the reviews are about."""
    wanted = {each.review_id for each in reviews}
    found = (line for row in rows for line in _line(row, now) if line.review_id in wanted)
    return OpenReviews(items=tuple(sorted(found, key=lambda line: (line.review_by, line.review_id))))


def who_acted(review_id: UUID, rows: Iterable[StoredRow]) -> UUID | None:
    """Who did what is to be reviewed."""
    lines = (line for row in rows for line in _line(row, row.recorded_at))
    return next((line.actor for line in lines if line.review_id == review_id), None)


def _line(row: StoredRow, now: datetime) -> Iterator[ReviewLine]:
    event = recorded(row).event if row.topic in _TO_REVIEW else None
    if not isinstance(event, GlassBroken | RuleOverridden):
        return
    overridden = event if isinstance(event, RuleOverridden) else None
    yield ReviewLine(
        review_id=event.breaking_id if isinstance(event, GlassBroken) else event.override_id,
        kind=ReviewKind.GLASS_BROKEN if overridden is None else ReviewKind.RULE_OVERRIDDEN,
        case_id=CaseId(row.stream),
        placement_id=overridden.placement_id if overridden is not None else None,
        actor=metadata.decode(row.metadata).actor,
        reason=event.reason,
        rules=overridden.rules if overridden is not None else (),
        done_at=row.recorded_at,
        review_by=event.review_by,
        overdue=now >= event.review_by,
    )
