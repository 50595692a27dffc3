"""What can have happened to a case: bound to its open placement, values kept and opened, who may not see it,
who broke the glass, what must be preserved, the end of its key, and copies for a court. Field names and
topics are the storage format.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.codes import (
    DossierKind,
    GlassReason,
    LegalHoldAsker,
    OverrideReason,
    PlacementOutcome,
    ReviewOutcome,
)
from domain.event import Event, stored
from domain.kept import OpeningPurpose, ValueKind
from domain.vocabulary import (
    BreakingId,
    DossierId,
    LegalHoldId,
    OfferId,
    OverrideId,
    PlacementId,
    ShreddingId,
)


@stored("case.opened.1")
class CaseOpened(Event):
    pass


@stored("case.bound.1")
class CaseBound(Event):
    """The case has an open placement, from request to end, waiting included. It has at most one."""

    placement_id: PlacementId


@stored("case.unbound.1")
class CaseUnbound(Event):
    placement_id: PlacementId
    outcome: PlacementOutcome


@stored("case.value-kept.1")
class CaseValueKept(Event):
    """A value of this kind stands in the vault; it replaces the one of its kind kept before."""

    kind: ValueKind
    commitment: str


@stored("case.value-withdrawn.1")
class CaseValueWithdrawn(Event):
    """The value was taken back, and is destroyed."""

    kind: ValueKind
    commitment: str


@stored("case.values-opened.1")
class CaseValuesOpened(Event):
    """Somebody is about to see these values: recorded before they are."""

    commitments: tuple[str, ...]
    purpose: OpeningPurpose


@stored("case.access-restricted.1", reserved=("actor",))
class CaseAccessRestricted(Event):
    """A conflict of interest: for this person the case does not exist."""

    actor: UUID


@stored("case.access-restored.1", reserved=("actor",))
class CaseAccessRestored(Event):
    actor: UUID


@stored("case.glass-broken.1", reserved=("actor",))
class GlassBroken(Event):
    """Somebody without a part in the case sees it until `until`, for a reason; others are told, and it is
    reviewed by `review_by`.
    """

    breaking_id: BreakingId
    actor: UUID
    reason: GlassReason
    until: datetime
    review_by: datetime


@stored("case.glass-reviewed.1")
class GlassReviewed(Event):
    breaking_id: BreakingId
    outcome: ReviewOutcome


@stored("case.rule-overridden.1", reserved=("rules",))
class RuleOverridden(Event):
    """A place was held that these rules exclude, for a reason; others are told, and it is reviewed by
    `review_by`. `rules` are exclusion codes as in the certificate.
    """

    override_id: OverrideId
    placement_id: PlacementId
    offer_id: OfferId
    rules: tuple[str, ...]
    reason: OverrideReason
    review_by: datetime


@stored("case.override-reviewed.1")
class OverrideReviewed(Event):
    override_id: OverrideId
    outcome: ReviewOutcome


@stored("case.escort-entrusted.1", reserved=("actor",))
class EscortEntrusted(Event):
    """This officer brings the household, and so learns the hand-over point until `until`; never the unit."""

    actor: UUID
    placement_id: PlacementId
    until: datetime


@stored("case.legal-hold-placed.1")
class LegalHoldPlaced(Event):
    """Nothing of this case may be destroyed while the hold stands. `reference` is a register number
    (year/number)."""

    hold_id: LegalHoldId
    asked_by: LegalHoldAsker
    reference: str


@stored("case.legal-hold-lifted.1")
class LegalHoldLifted(Event):
    hold_id: LegalHoldId
    reference: str


@stored("case.shredding-proposed.1", reserved=("proposed_by",))
class ShreddingProposed(Event):
    """A first person proposes to destroy the key. `decision` and `archive_authorisation` are register numbers
    (year/number): the controller's decision, and the archive authority's authorisation where the record is
    administrative.
    """

    shredding_id: ShreddingId
    proposed_by: UUID
    decision: str
    archive_authorisation: str | None


@stored("case.shredding-rejected.1")
class ShreddingRejected(Event):
    shredding_id: ShreddingId


@stored("case.shredding-approved.1", reserved=("approved_by",))
class ShreddingApproved(Event):
    """A second person agrees: from now on the key is not used any more, and is destroyed at once."""

    shredding_id: ShreddingId
    approved_by: UUID


@stored("case.key-destroyed.1")
class CaseKeyDestroyed(Event):
    """The key and every value under it are gone. What happened stays told, without who she was."""

    shredding_id: ShreddingId


@stored("case.dossier-ordered.1", reserved=("ordered_by",))
class DossierOrdered(Event):
    """A court's written order asks for a copy. `reference` is its register number (year/number)."""

    dossier_id: DossierId
    kind: DossierKind
    reference: str
    ordered_by: UUID


@stored("case.dossier-approved.1", reserved=("approved_by",))
class DossierApproved(Event):
    """A second person agrees that the reserved annex is made."""

    dossier_id: DossierId
    approved_by: UUID


@stored("case.dossier-issued.1")
class DossierIssued(Event):
    """The copy is about to be written, from the log up to the position `upto`. `recipient`: the SHA-256, in
    hexadecimal, of the certificate to which it is encrypted; None where it is in the clear.
    """

    dossier_id: DossierId
    upto: int
    recipient: str | None


CaseEvent = (
    CaseOpened
    | CaseBound
    | CaseUnbound
    | CaseValueKept
    | CaseValueWithdrawn
    | CaseValuesOpened
    | CaseAccessRestricted
    | CaseAccessRestored
    | GlassBroken
    | GlassReviewed
    | RuleOverridden
    | OverrideReviewed
    | EscortEntrusted
    | LegalHoldPlaced
    | LegalHoldLifted
    | ShreddingProposed
    | ShreddingRejected
    | ShreddingApproved
    | CaseKeyDestroyed
    | DossierOrdered
    | DossierApproved
    | DossierIssued
)
