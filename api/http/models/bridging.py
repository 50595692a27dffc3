"""The bodies about what carries a household until a place is found, and about what calls a person."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.models.fields import Body, Happened, Instant
from domain.codes import AlarmKind, BridgeEnd, BridgeKind, CheckedBy, NeighbourAnswer
from domain.vocabulary import MemberId

_Desk = Annotated[MemberId, Field(description="A neighbouring network, by its id as a member.")]


class BridgeBody(Body):
    """A solution until a place is found. The request stays open in its order."""

    kind: BridgeKind
    checked_by: CheckedBy
    check_at: Annotated[Instant, Field(description="When somebody looks: not after its end.")]
    until: Annotated[Instant, Field(description="Until when it carries at the latest.")]
    occurred_at: Happened = None


class BridgeCheckBody(Body):
    """Somebody looked."""

    holds: Annotated[bool, Field(description="Whether it still carries.")]
    check_at: Annotated[Instant | None, Field(description="When the next look is due.")] = None
    occurred_at: Happened = None


class BridgeEndBody(Body):
    """It is over."""

    cause: BridgeEnd
    occurred_at: Happened = None


class NeighbourRequestBody(Body):
    """A neighbouring network's desk was asked, by telephone."""

    member_id: _Desk
    occurred_at: Happened = None


class NeighbourAnswerBody(Body):
    """What the desk said."""

    member_id: _Desk
    answer: NeighbourAnswer
    occurred_at: Happened = None


class AlarmTakenBody(Body):
    """Somebody has taken an alarm in hand: the one that was due then."""

    kind: AlarmKind
    due_at: Instant
