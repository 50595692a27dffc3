"""What the doors answer about values kept apart: which stand, by kind; where they were opened, themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.kept import OpeningPurpose, ValueKind
from projections.preservation_view import ValuesDestroyed


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptCaseKinds:
    """Which values stand for her, and nothing of what they say; or that they can no longer be shown."""

    case_id: UUID
    kinds: tuple[ValueKind, ...]
    values_destroyed: ValuesDestroyed | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenableKinds:
    """What whoever asks may open for one purpose, of what stands."""

    purpose: OpeningPurpose
    kinds: tuple[ValueKind, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenablePlacementKinds:
    """Of the values kept for her, those that whoever asks may open, by purpose; nothing of what they say."""

    placement_id: UUID
    items: tuple[OpenableKinds, ...]
    values_destroyed: ValuesDestroyed | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptCaseAnswer:
    """The command stands in the log; these kinds stood when it did."""

    position: int
    recorded_at: datetime
    case_id: UUID
    kinds: tuple[ValueKind, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedCaseValue:
    """One value in the clear."""

    kind: ValueKind
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedCaseAnswer:
    """What was opened, once the opening stood in the log. A value replaced meanwhile is not among them."""

    position: int
    recorded_at: datetime
    case_id: UUID
    purpose: OpeningPurpose
    values: tuple[OpenedCaseValue, ...]
