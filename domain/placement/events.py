"""The events of a placement, from request to end. Field names and topics are the storage format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.codes import (
    DeclineGroup,
    DischargeOutcome,
    LateReason,
    PlacementOutcome,
    RefusalGroup,
    ReleaseCause,
    Told,
)
from domain.event import Event, stored
from domain.vocabulary import (
    AnswerChannel,
    CaseId,
    Channel,
    Feature,
    HeldUnit,
    Household,
    IntakeMode,
    LevelFunction,
    OccupancyId,
    OfferId,
    PlacementId,
    RiskBand,
    Setting,
    ShelterId,
    Side,
    UnitId,
    Urgency,
    ZoneId,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RankedCandidate:
    """One eligible candidate as it was ranked: what it would take, its penalty (lower is better) and what
    made it up.

    `expires` are overdue holds of other placements that taking it would end.
    """

    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    penalty: int
    spare_places: int
    availability_age_minutes: int
    expires: tuple[PlacementId, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExclusionCount:
    """How many units a rule excluded (each unit counts under the first rule that excludes it)."""

    code: str
    units: int


@stored("placement.requested.1", reserved=("zones_to_avoid",))
class PlacementRequested(Event):
    """A place is asked for. It holds all that ranking reads of the request; `send_on` lets the engine offer
    to the next house by itself after silence or a plain no. `occurred_at` is when she asked, by the
    requester's account.
    """

    case_id: CaseId
    channel: Channel
    urgency: Urgency
    intake_mode: IntakeMode
    level: LevelFunction
    household: Household
    features_required: tuple[Feature, ...]
    zones_to_avoid: tuple[ZoneId, ...]
    risk: RiskBand
    setting: Setting | None
    safe_until: datetime | None
    removal_considered: bool | None
    send_on: bool
    occurred_at: datetime


@stored("placement.search-consented.1")
class SearchConsented(Event):
    """She agreed that a place be sought. A care choice, not a basis for data processing."""

    occurred_at: datetime


@stored("placement.search-consent-withdrawn.1")
class SearchConsentWithdrawn(Event):
    occurred_at: datetime


@stored("placement.candidates-ranked.1", reserved=("best",))
class CandidatesRanked(Event):
    """The certificate of one ranking: computed on the log up to `position`, at `decided_at`, by `ranker`
    under `policy`.

    `digest` is SHA-256 over every exclusion and the candidates (`domain.matching.certificate`), in
    hexadecimal.
    """

    position: int
    ranker: str
    policy: str
    decided_at: datetime
    units_seen: int
    eligible: int
    excluded: tuple[ExclusionCount, ...]
    best: tuple[RankedCandidate, ...]
    digest: str


@stored("placement.hold-placed.1", reserved=("shelter_id", "units"))
class HoldPlaced(Event):
    """Places of one shelter are kept for this household, all at once or none. Silence past `deadline` makes
    it overdue.
    """

    offer_id: OfferId
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    deadline: datetime


@stored("placement.left-waiting.1")
class LeftWaiting(Event):
    """No place was found; the request stays open in its order. The ranking before it says why."""


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


@stored("placement.search-resumed.1")
class SearchResumed(Event):
    """A person decided to go on after the search had stopped."""


@stored("placement.hold-released.1")
class HoldReleased(Event):
    offer_id: OfferId
    cause: ReleaseCause


@stored("placement.hold-expired.1", reserved=("needed_by",))
class HoldExpired(Event):
    """The overdue hold went to a request of higher urgency, or of equal urgency and earlier."""

    offer_id: OfferId
    needed_by: PlacementId


@stored("placement.hold-displaced.1", reserved=("occupancy_id",))
class HoldDisplaced(Event):
    """Somebody is really in the held places. The request is ranked again at once in its old place in the
    order.
    """

    offer_id: OfferId
    occupancy_id: OccupancyId


@stored("placement.household-admitted.1")
class HouseholdAdmitted(Event):
    offer_id: OfferId
    occurred_at: datetime


@stored("placement.household-discharged.1")
class HouseholdDischarged(Event):
    outcome: DischargeOutcome
    occurred_at: datetime


@stored("placement.ended.1")
class PlacementEnded(Event):
    """The only ending of the placement."""

    outcome: PlacementOutcome


PlacementEvent = (
    PlacementRequested
    | SearchConsented
    | SearchConsentWithdrawn
    | CandidatesRanked
    | HoldPlaced
    | LeftWaiting
    | OfferSent
    | OfferSeen
    | ConversationOpened
    | OfferUnanswered
    | OfferAccepted
    | TelephoneAcceptanceConfirmed
    | OfferRefused
    | LateAcceptanceRecorded
    | WomanAccepted
    | WomanDeclined
    | SearchResumed
    | HoldReleased
    | HoldExpired
    | HoldDisplaced
    | HouseholdAdmitted
    | HouseholdDischarged
    | PlacementEnded
)
