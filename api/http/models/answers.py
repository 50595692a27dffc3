"""What the doors answer to a step of a placement or a change of a house.

Every answer is made of the command's own events and of states as of its own position, so a retry gets the
same bytes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ledger.store.transact import Done
from projections.house_view import ShelterView, UnitView
from projections.offered_view import AnsweredPlacementView
from projections.placement_view import PlacementView


@dataclass(frozen=True, kw_only=True, slots=True)
class EventLine:
    """One event that the command recorded."""

    position: int
    stream: UUID
    version: int
    topic: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementAnswer:
    """The command stands in the log up to `position`, and the placement as it was there. No events: it was
    already so.
    """

    position: int
    recorded_at: datetime
    events: tuple[EventLine, ...]
    placement: PlacementView


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferedAnswer:
    """The same for a house's operator: only how what her house was offered stands."""

    position: int
    recorded_at: datetime
    placement: AnsweredPlacementView


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitAnswer:
    """The unit as it was when the command stood in the log. `occupancy_ids` are the outside occupancies that
    the command began, in the order given.
    """

    position: int
    recorded_at: datetime
    occupancy_ids: tuple[UUID, ...]
    unit: UnitView


@dataclass(frozen=True, kw_only=True, slots=True)
class ShelterAnswer:
    """The house as it was when the command stood in the log."""

    position: int
    recorded_at: datetime
    shelter: ShelterView


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneAnswer:
    """The zone that was drawn, by its id alone."""

    position: int
    recorded_at: datetime
    zone_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ShelterDetail:
    """A house and the ids of its units."""

    shelter: ShelterView
    units: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewsStatus:
    """Whether the read models follow the log. Stopped: before an event of this topic, by this type of
    fault.
    """

    stopped: bool
    topic: str | None
    fault: str | None


class ServiceWarning(enum.StrEnum):
    """What keeps no request from being answered, and wants a person all the same."""

    SEALING_STOPPED = "SEALING_STOPPED"
    """The database is not the one that was sealed: nothing is sealed until somebody has found out why."""
    NOT_SEALED = "NOT_SEALED"
    """Events have waited for ten minutes and more to be sealed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceStatus:
    """Whether the service works. `views` is told by `/status`, `warnings` also by `/readyz`."""

    status: int
    title: str
    views: ViewsStatus | None = None
    warnings: tuple[ServiceWarning, ...] = ()


def event_lines(done: Done) -> tuple[EventLine, ...]:
    return tuple(
        EventLine(position=each.position, stream=each.stream, version=each.version, topic=each.event.TOPIC)
        for each in done.events
    )
