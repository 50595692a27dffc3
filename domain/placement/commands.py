"""What can be asked of a placement alone. Commands that also touch units or a case stand in
`domain.coordination`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import ChoiceReason, Told
from domain.vocabulary import AnswerChannel, OfferId, Side, UnitId


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordConsent:
    occurred_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOffer:
    """A named coordinator taps a named candidate: `units` must be exactly the units held. `shown_position`
    and `page` say what she had before her; `reason` why it is not the first.
    """

    units: tuple[UnitId, ...]
    reason: ChoiceReason | None = None
    shown_position: int | None = None
    page: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkOfferSeen:
    offer_id: OfferId


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenConversation:
    offer_id: OfferId
    side: Side


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkUnanswered:
    offer_id: OfferId


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmAcceptance:
    offer_id: OfferId


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptAsWoman:
    """Her yes. `offer_id` names the place she was told of; None is the one held now."""

    proximity_checked_by_voice: bool
    told: tuple[Told, ...]
    occurred_at: datetime
    offer_id: OfferId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ResumeSearch:
    pass


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptHeldOffer:
    """The house's yes while its hold stands. A yes that comes later is `domain.coordination.answering`'s."""

    offer_id: OfferId
    channel: AnswerChannel
    occurred_at: datetime


PlacementCommand = (
    RecordConsent
    | SendOffer
    | MarkOfferSeen
    | OpenConversation
    | MarkUnanswered
    | AcceptHeldOffer
    | ConfirmAcceptance
    | AcceptAsWoman
    | ResumeSearch
)
