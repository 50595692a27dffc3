"""What the doors answer about inquiries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.vocabulary import InquiryId
from projections.inquiries_view import InquiryView


@dataclass(frozen=True, kw_only=True, slots=True)
class InquiryAnswer:
    """The inquiry as it was when the command stood in the log: never anything of the person asked about."""

    position: int
    recorded_at: datetime
    inquiry: InquiryView


@dataclass(frozen=True, kw_only=True, slots=True)
class InquiryOpened:
    """Who asks about whom. The opening stands in the log at `position`."""

    position: int
    recorded_at: datetime
    inquiry_id: InquiryId
    details: str
