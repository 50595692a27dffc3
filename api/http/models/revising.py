"""The bodies that enter anew what was asked: urgency, risk, household, safety, where she waits.

Whatever replaces a list says every list: one left out by mistake would be lost in silence.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.http.models.fields import Body, Happened, Instant
from api.http.models.household import (
    AssessedBody,
    CasesApart,
    Criteria,
    Features,
    HouseholdBody,
    HousesBarred,
    Zones,
)
from domain.codes import RevisionReason, SplitDestination, UrgencyReason
from domain.vocabulary import AssessorRole, OldestBoy, RiskBand, Setting, Urgency


class UrgencyBody(Body):
    """A person raises or lowers the urgency."""

    urgency: Urgency
    set_by: Annotated[AssessorRole, Field(description="In which task; never who.")]
    reason: UrgencyReason
    occurred_at: Happened = None


class RiskAssessmentBody(Body):
    """A professional assessed the risk."""

    risk: Literal[RiskBand.IMMEDIATE, RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW]
    assessed: AssessedBody
    occurred_at: Happened = None


class HouseholdRevisionBody(Body):
    """Who needs the place and what they need, entered anew: it replaces what was entered."""

    household: HouseholdBody
    oldest_boy: OldestBoy
    features_required: Features
    criteria_met: Criteria
    reason: RevisionReason
    occurred_at: Happened = None


class HouseholdSplitBody(Body):
    """By the mother's own choice `apart` goes elsewhere; `household` stays together."""

    household: HouseholdBody
    oldest_boy: OldestBoy
    apart: HouseholdBody
    destination: SplitDestination
    occurred_at: Happened = None


class SafetyBody(Body):
    """Where she must not be placed, entered anew: it replaces the earlier lists."""

    zones_to_avoid: Zones
    apart_from: CasesApart
    houses_barred: HousesBarred
    occurred_at: Happened = None


class SafeUntilBody(Body):
    """Where she waits, and until when she is safe there. Null: not known."""

    setting: Setting | None
    safe_until: Instant | None
    occurred_at: Happened = None
