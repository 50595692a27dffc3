"""What is asked for, and how it is entered anew. Field names and topics are the storage format."""

from __future__ import annotations

from datetime import datetime

from domain.codes import (
    RevisionReason,
    SplitDestination,
    UrgencyReason,
)
from domain.event import Event, stored
from domain.vocabulary import (
    AssessorRole,
    CaseId,
    Channel,
    Criterion,
    DistrictId,
    Feature,
    Household,
    IntakeMode,
    LevelFunction,
    OldestBoy,
    RiskAssessment,
    RiskBand,
    Setting,
    ShelterId,
    Urgency,
    ZoneId,
)


@stored(
    "placement.requested.2", reserved=("zones_to_avoid", "apart_from", "houses_barred", "continuity_with")
)
class PlacementRequested(Event):
    """A place is asked for. It holds all that ranking reads of the request; `send_on` lets the engine offer
    to the next house by itself after silence or a plain no. `occurred_at` is when she asked, by the
    requester's account.

    `apart_from` are cases she must not share a house with, `houses_barred` those where somebody has a
    conflict of interest; `continuity_with` is the Ambito she asks to stay with, for a planned move alone.
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
    urgency_set_by: AssessorRole | None = None
    oldest_boy: OldestBoy = OldestBoy.NOT_SAID
    criteria_met: tuple[Criterion, ...] = ()
    assessed: RiskAssessment | None = None
    apart_from: tuple[CaseId, ...] = ()
    houses_barred: tuple[ShelterId, ...] = ()
    continuity_with: DistrictId | None = None


@stored("placement.urgency-changed.1")
class UrgencyChanged(Event):
    """A person raised or lowered the urgency, and said why."""

    urgency: Urgency
    set_by: AssessorRole
    reason: UrgencyReason
    occurred_at: datetime


@stored("placement.risk-assessed.1")
class RiskAssessed(Event):
    """A professional assessed the risk, for the first time or anew."""

    risk: RiskBand
    assessed: RiskAssessment
    occurred_at: datetime


@stored("placement.household-revised.1")
class HouseholdRevised(Event):
    """Who needs the place, and what they need, entered anew."""

    household: Household
    oldest_boy: OldestBoy
    features_required: tuple[Feature, ...]
    criteria_met: tuple[Criterion, ...]
    reason: RevisionReason
    occurred_at: datetime


@stored("placement.household-split-agreed.1")
class HouseholdSplitAgreed(Event):
    """By the mother's own choice part of the household goes elsewhere; `household` is who stays together."""

    household: Household
    oldest_boy: OldestBoy
    apart: Household
    destination: SplitDestination
    occurred_at: datetime


@stored("placement.safety-revised.1", reserved=("zones_to_avoid", "apart_from", "houses_barred"))
class SafetyRevised(Event):
    """Where she must not be placed, entered anew: it replaces the earlier lists."""

    zones_to_avoid: tuple[ZoneId, ...]
    apart_from: tuple[CaseId, ...]
    houses_barred: tuple[ShelterId, ...]
    occurred_at: datetime


@stored("placement.safe-until-revised.1")
class SafeUntilRevised(Event):
    """Where she waits, and until when she is safe there."""

    setting: Setting | None
    safe_until: datetime | None
    occurred_at: datetime


@stored("placement.search-consented.1")
class SearchConsented(Event):
    """She agreed that a place be sought. A care choice, not a basis for data processing."""

    occurred_at: datetime


@stored("placement.search-consent-withdrawn.1")
class SearchConsentWithdrawn(Event):
    occurred_at: datetime
