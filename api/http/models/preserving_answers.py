"""What the doors answer about what is preserved of a case and what is destroyed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from projections.preservation_view import PreservationView


@dataclass(frozen=True, kw_only=True, slots=True)
class PreservationAnswer:
    """What was preserved and destroyed when the command stood in the log."""

    position: int
    recorded_at: datetime
    preservation: PreservationView
