"""Notices of unusual asking, as the lead body reads them. A reason to look, never a judgement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ledger.published import KeptNotice
from projections.probing import ProbingKind


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbingNotice:
    """`count` things of this kind by one actor within the hours of the rules."""

    noticed_at: datetime
    kind: ProbingKind
    actor: UUID
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbingNotices:
    """The latest first."""

    items: tuple[ProbingNotice, ...]


def probing_notices(kept: Iterable[KeptNotice]) -> ProbingNotices:
    return ProbingNotices(
        items=tuple(
            ProbingNotice(
                noticed_at=each.noticed_at,
                kind=ProbingKind(each.kind),
                actor=each.actor,
                count=each.count,
            )
            for each in kept
        )
    )
