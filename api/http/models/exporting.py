"""The bodies about the whole log taken out of the house."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.http.models.fields import Body
from api.http.models.preserving import Reference


class ExportBody(Body):
    """Under which number it was ordered."""

    reference: Reference


class ExportApprovalBody(Body):
    """Another person agrees."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportAnswer:
    """What was asked for. It may be made once, until `approved_until` (null: nobody else has agreed yet)."""

    position: int
    recorded_at: datetime
    export_id: UUID
    approved_until: datetime | None
