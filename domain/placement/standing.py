"""How the parts of a placement stand: its phase, each hold with its offer, each bridge, each alarm."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

from domain.codes import AlarmKind, BridgeKind, CheckedBy
from domain.kept import ValueKind
from domain.vocabulary import AnswerChannel, BridgeId, HeldUnit, OfferId, ShelterId


class Phase(enum.StrEnum):
    """Where a placement stands, as pages and queues name it."""

    SEARCHING = "SEARCHING"
    STOPPED = "STOPPED"
    WAITING = "WAITING"
    HELD = "HELD"
    OFFERED = "OFFERED"
    IN_CONVERSATION = "IN_CONVERSATION"
    ACCEPTED_BY_HOUSE = "ACCEPTED_BY_HOUSE"
    ACCEPTED_BY_BOTH = "ACCEPTED_BY_BOTH"
    ADMITTED = "ADMITTED"
    ENDED = "ENDED"


class OfferState(enum.StrEnum):
    """Where one hold and its offer stand. HELD, SENT and ACCEPTED keep the places; the others are over."""

    HELD = "HELD"
    SENT = "SENT"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    DECLINED = "DECLINED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    DISPLACED = "DISPLACED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """One hold and the offer made on it: its own id, the places, and how far it went."""

    offer_id: OfferId
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    state: OfferState
    deadline: datetime
    sent: bool = False
    seen: bool = False
    conversation_until: datetime | None = None
    unanswered: bool = False
    channel: AnswerChannel | None = None
    confirmed: bool = False
    accepted_at: datetime | None = None
    """When the house said yes, while its hold stood."""
    lost: bool = False
    """The house had said yes, and the hold ended neither by her own no nor by hand."""
    late_yes_at: datetime | None = None
    """When the house said a yes that took nothing."""
    decided: bool = False
    """Who chose it, and out of what, is recorded."""
    codes: tuple[tuple[ValueKind, str], ...] = ()
    """The true codes of a no, which the vault keeps: their kinds and commitments."""
    without_place: int = 0
    """How many of a household admitted directly have no bed of these units."""

    def overdue(self, now: datetime) -> bool:
        """Whether silence has lasted too long. A yes ends every deadline."""
        return self.state is not OfferState.ACCEPTED and now > self.due_at

    @property
    def due_at(self) -> datetime:
        return max(self.deadline, self.conversation_until) if self.conversation_until else self.deadline

    @property
    def late_yes(self) -> bool:
        return self.late_yes_at is not None

    @property
    def answer_due_at(self) -> datetime | None:
        """Until when an answer is awaited; none once the house has said yes, for then nothing expires."""
        return None if self.state is OfferState.ACCEPTED else self.due_at


@dataclass(frozen=True, kw_only=True, slots=True)
class Bridge:
    """What carries the household meanwhile. `check_at` is when somebody next looks; none once it is over."""

    bridge_id: BridgeId
    kind: BridgeKind
    checked_by: CheckedBy
    check_at: datetime | None
    until: datetime
    stands: bool = True
    checked_at: datetime | None = None
    """When somebody last looked."""


@dataclass(frozen=True, order=True, slots=True)
class Alarm:
    """A person is called for what was due at `due_at`."""

    kind: AlarmKind
    due_at: datetime
