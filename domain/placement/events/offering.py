"""The choice of a candidate, the offer made on its hold, and the answers to it.

Field names and topics are the storage format.
"""

from __future__ import annotations

from datetime import datetime

from domain.codes import (
    ChoiceReason,
    DeclineGroup,
    LateReason,
    RefusalGroup,
    Told,
)
from domain.event import Event, stored
from domain.vocabulary import (
    AnswerChannel,
    OfferId,
    Side,
    UnitId,
)


@stored("placement.decision-taken.1")
class DecisionTaken(Event):
    """Which candidate was chosen for an offer, out of what was shown.

    `choice` counts from 1 in the ranking whose certificate has `digest`; `reason` is given for any but the
    first. `automatic`: the request had chosen that the engine sends on. `shown_position` and `page` name what
    the coordinator had before her; `availability_age_minutes` is how old the house's own word was.
    """

    offer_id: OfferId
    digest: str
    choice: int
    reason: ChoiceReason | None
    automatic: bool
    shown_position: int | None
    page: str | None
    availability_age_minutes: int


@stored("placement.offer-sent.1")
class OfferSent(Event):
    offer_id: OfferId
    deadline: datetime


@stored("placement.offer-seen.1")
class OfferSeen(Event):
    offer_id: OfferId


@stored("placement.conversation-opened.1")
class ConversationOpened(Event):
    """House and coordination are talking: until `until` the hold is not overdue. Renewable by one tap from
    either side.
    """

    offer_id: OfferId
    side: Side
    until: datetime


@stored("placement.offer-unanswered.1")
class OfferUnanswered(Event):
    """The deadline passed in silence; a person is told. The hold stands until somebody needs it."""

    offer_id: OfferId
    deadline: datetime


@stored("placement.offer-accepted.1")
class OfferAccepted(Event):
    """The house said yes. `occurred_at` is when it was said: for a telephone answer, earlier than its
    record.
    """

    offer_id: OfferId
    channel: AnswerChannel
    occurred_at: datetime


@stored("placement.telephone-acceptance-confirmed.1")
class TelephoneAcceptanceConfirmed(Event):
    """The house confirmed on its own screen the yes that the coordinator had recorded from the telephone."""

    offer_id: OfferId


@stored("placement.offer-refused.1", reserved=("units",))
class OfferRefused(Event):
    """The house said no. `shown` is the group the requester sees; `commitment` binds the true code kept in
    the vault (hexadecimal, 32 bytes). The units are not asked again within this request until a person
    records that they may.
    """

    offer_id: OfferId
    channel: AnswerChannel
    shown: RefusalGroup
    stops: bool
    commitment: str | None
    units: tuple[UnitId, ...]
    occurred_at: datetime


@stored("placement.late-acceptance-recorded.1")
class LateAcceptanceRecorded(Event):
    """A house said yes after its hold had ended, and nothing could be taken: the coordinator is told."""

    offer_id: OfferId
    channel: AnswerChannel
    reason: LateReason
    occurred_at: datetime


@stored("placement.woman-accepted.1")
class WomanAccepted(Event):
    """She said yes to this place, told what it is like. Without `proximity_checked_by_voice` the distance
    from the perpetrator is NOT verified; it is never called safe.
    """

    offer_id: OfferId
    proximity_checked_by_voice: bool
    told: tuple[Told, ...]
    occurred_at: datetime


@stored("placement.woman-declined.1", reserved=("units",))
class WomanDeclined(Event):
    """She said no to this place. It always stops and asks; it never counts against her."""

    offer_id: OfferId
    shown: DeclineGroup
    stops: bool
    commitment: str | None
    units: tuple[UnitId, ...]
    occurred_at: datetime
