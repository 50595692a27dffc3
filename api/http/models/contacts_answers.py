"""What the doors answer about desks, the rota and zones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.vocabulary import DeskId, ZoneId
from projections.contact_book import DeskView, RotaView


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskAnswer:
    """The desk as it was when the command stood in the log."""

    position: int
    recorded_at: datetime
    desk: DeskView


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaAnswer:
    """The rota that stands, and who answers when it was adopted."""

    position: int
    recorded_at: datetime
    rota: RotaView


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedValue:
    """A value in the clear: a desk's number, or what a zone means."""

    desk_id: DeskId
    zone_id: ZoneId | None
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningAnswer:
    """What was opened. The opening stands in the log at `position`."""

    position: int
    recorded_at: datetime
    values: tuple[OpenedValue, ...]
