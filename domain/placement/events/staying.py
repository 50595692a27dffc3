"""Arrival, stay and end; and what is declared wrong afterwards.

Field names and topics are the storage format.
"""

from __future__ import annotations

from datetime import datetime

from domain.codes import (
    CorrectionReason,
    DischargeOutcome,
    Escort,
    PlacementOutcome,
)
from domain.event import Event, stored
from domain.vocabulary import (
    HeldUnit,
    OfferId,
    ShelterId,
)


@stored("placement.handover-agreed.1")
class HandoverAgreed(Event):
    """How and when the household comes; where to is spoken, never written."""

    offer_id: OfferId
    expected_at: datetime
    escort: Escort
    occurred_at: datetime


@stored("placement.household-not-arrived.1")
class HouseholdNotArrived(Event):
    """They have not come. The places are kept until a person decides otherwise."""

    offer_id: OfferId
    welfare_check_asked: bool
    occurred_at: datetime


@stored("placement.admission-by-direct-agreement.1", reserved=("shelter_id", "units"))
class AdmissionByDirectAgreement(Event):
    """A household is in a house by agreement outside the engine: a declared exception to the two yeses."""

    offer_id: OfferId
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    occurred_at: datetime


@stored("placement.extraordinary-admission.1", reserved=("shelter_id", "units"))
class ExtraordinaryAdmission(Event):
    """A household is in a house beyond its places: `without_place` of its people sleep where there is no bed
    of the unit's own. A declared exception.
    """

    offer_id: OfferId
    shelter_id: ShelterId
    units: tuple[HeldUnit, ...]
    without_place: int
    occurred_at: datetime


@stored("placement.household-admitted.1")
class HouseholdAdmitted(Event):
    offer_id: OfferId
    occurred_at: datetime


@stored("placement.household-discharged.1")
class HouseholdDischarged(Event):
    outcome: DischargeOutcome
    occurred_at: datetime


@stored("placement.entry-corrected.1")
class EntryCorrected(Event):
    """An earlier event of this placement, its `version`-th, is declared wrong; with WRONG_TIME,
    `true_occurred_at` is when it really happened.
    """

    version: int
    reason: CorrectionReason
    true_occurred_at: datetime | None


@stored("placement.ended.1")
class PlacementEnded(Event):
    """The only ending of the placement."""

    outcome: PlacementOutcome
