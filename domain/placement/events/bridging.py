"""What carries a household until a place is found, and what calls a person.

Field names and topics are the storage format.
"""

from __future__ import annotations

from datetime import datetime

from domain.codes import (
    AlarmKind,
    BridgeEnd,
    BridgeKind,
    CheckedBy,
    NeighbourAnswer,
)
from domain.event import Event, stored
from domain.vocabulary import (
    BridgeId,
    MemberId,
)


@stored("placement.neighbour-asked.1")
class NeighbourAsked(Event):
    """A neighbouring network's desk was asked for a place."""

    member_id: MemberId
    occurred_at: datetime


@stored("placement.neighbour-answered.1")
class NeighbourAnswered(Event):
    member_id: MemberId
    answer: NeighbourAnswer
    occurred_at: datetime


@stored("placement.bridge-arranged.1")
class BridgeArranged(Event):
    """Something carries the household until a place is found, `until` at the latest; somebody checks on it at
    `check_at`. The request stays open in its order.
    """

    bridge_id: BridgeId
    kind: BridgeKind
    checked_by: CheckedBy
    check_at: datetime
    until: datetime
    occurred_at: datetime


@stored("placement.bridge-checked.1")
class BridgeChecked(Event):
    """Somebody looked: `holds` says whether it still carries; `check_at` is when the next look is due."""

    bridge_id: BridgeId
    holds: bool
    check_at: datetime | None
    occurred_at: datetime


@stored("placement.bridge-ended.1")
class BridgeEnded(Event):
    bridge_id: BridgeId
    cause: BridgeEnd
    occurred_at: datetime


@stored("placement.alarm-raised.1")
class AlarmRaised(Event):
    """A person is called for what was due at `due_at`."""

    kind: AlarmKind
    due_at: datetime


@stored("placement.alarm-taken.1")
class AlarmTaken(Event):
    """A named person has taken the alarm in hand."""

    kind: AlarmKind
    due_at: datetime
