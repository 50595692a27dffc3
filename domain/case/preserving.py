"""What must be preserved of a case, and the end of its key: commands, and what follows for one case.

Nothing is destroyed by default. Each destruction cites the controller's decision and, for an administrative
record, the archive authority's authorisation (art. 21 D.Lgs. 42/2004); one person proposes it, another
approves it; a legal hold stops it. Destroying the key itself is `ledger.vault`'s, after the approval is
recorded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from domain.case.events import (
    CaseEvent,
    CaseKeyDestroyed,
    LegalHoldLifted,
    LegalHoldPlaced,
    ShreddingApproved,
    ShreddingProposed,
    ShreddingRejected,
)
from domain.case.state import CaseState
from domain.codes import LegalHoldAsker
from domain.refusals import Refusal
from domain.vocabulary import LegalHoldId, NewId, ShreddingId

_REFERENCE = re.compile(r"[12][0-9]{3}/[0-9]{1,9}")

Answer = tuple[CaseEvent, ...] | Refusal


def is_reference(text: str) -> bool:
    """Whether `text` is a register number: a year, a slash, up to nine digits."""
    return _REFERENCE.fullmatch(text) is not None


# --- Commands -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class PlaceLegalHold:
    """Nothing of this case is destroyed until it is lifted; she or her lawyer may ask for it."""

    asked_by: LegalHoldAsker
    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LiftLegalHold:
    hold_id: LegalHoldId
    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProposeShredding:
    """`administrative`: the record is one, so the archive authority must have authorised its destruction."""

    actor: UUID
    decision: str
    administrative: bool
    archive_authorisation: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectShredding:
    shredding_id: ShreddingId


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproveShredding:
    """A second person agrees; from then on the key is not used any more."""

    shredding_id: ShreddingId
    actor: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmKeyDestroyed:
    """The vault has destroyed the key: the program's own act, after an approval."""

    shredding_id: ShreddingId


PreservingCommand = (
    PlaceLegalHold
    | LiftLegalHold
    | ProposeShredding
    | RejectShredding
    | ApproveShredding
    | ConfirmKeyDestroyed
)

# --- decide -------------------------------------------------------------------------------------------------


def decide(command: PreservingCommand, state: CaseState, new_id: NewId) -> Answer:
    """Refuses: CASE_UNKNOWN, LEGAL_HOLD_UNKNOWN, SHREDDING_UNKNOWN, REFERENCE_MALFORMED,
    ARCHIVE_AUTHORISATION_NEEDED, SAME_PERSON, CASE_HAS_OPEN_PLACEMENT, KEY_DESTROYED for what can no longer
    be preserved, proposed or rejected, LEGAL_HOLD_STANDS, SHREDDING_ALREADY_PROPOSED, SHREDDING_NOT_APPROVED.
    """
    if not state.opened:
        return Refusal.CASE_UNKNOWN
    match command:
        case PlaceLegalHold():
            return _place_hold(command, state, new_id)
        case LiftLegalHold():
            return _lift_hold(command, state)
        case ProposeShredding():
            return _propose(command, state, new_id)
        case RejectShredding(shredding_id=shredding_id):
            return _reject(shredding_id, state)
        case ApproveShredding():
            return _approve(command, state)
        case ConfirmKeyDestroyed(shredding_id=shredding_id):
            return _confirm(shredding_id, state)


def _place_hold(command: PlaceLegalHold, state: CaseState, new_id: NewId) -> Answer:
    """After an approval it comes too late: the vault may have destroyed the key already."""
    if not is_reference(command.reference):
        return Refusal.REFERENCE_MALFORMED
    if state.approved:
        return Refusal.KEY_DESTROYED
    placed = LegalHoldPlaced(
        hold_id=LegalHoldId(new_id()), asked_by=command.asked_by, reference=command.reference
    )
    return (placed,)


def _lift_hold(command: LiftLegalHold, state: CaseState) -> Answer:
    if command.hold_id not in state.legal_holds:
        return Refusal.LEGAL_HOLD_UNKNOWN
    if not is_reference(command.reference):
        return Refusal.REFERENCE_MALFORMED
    return (LegalHoldLifted(hold_id=command.hold_id, reference=command.reference),)


def _propose(command: ProposeShredding, state: CaseState, new_id: NewId) -> Answer:
    cited = (command.decision, *filter(None, [command.archive_authorisation]))
    if not all(is_reference(text) for text in cited):
        return Refusal.REFERENCE_MALFORMED
    if command.administrative and command.archive_authorisation is None:
        return Refusal.ARCHIVE_AUTHORISATION_NEEDED
    if state.open_placement is not None:
        return Refusal.CASE_HAS_OPEN_PLACEMENT
    if state.approved:
        return Refusal.KEY_DESTROYED
    if state.legal_holds:
        return Refusal.LEGAL_HOLD_STANDS
    if state.proposed is not None:
        return Refusal.SHREDDING_ALREADY_PROPOSED
    proposed = ShreddingProposed(
        shredding_id=ShreddingId(new_id()),
        proposed_by=command.actor,
        decision=command.decision,
        archive_authorisation=command.archive_authorisation,
    )
    return (proposed,)


def _reject(shredding_id: ShreddingId, state: CaseState) -> Answer:
    if state.proposed is None or state.proposed.shredding_id != shredding_id:
        return Refusal.SHREDDING_UNKNOWN
    return Refusal.KEY_DESTROYED if state.approved else (ShreddingRejected(shredding_id=shredding_id),)


def _approve(command: ApproveShredding, state: CaseState) -> Answer:
    if state.proposed is None or state.proposed.shredding_id != command.shredding_id:
        return Refusal.SHREDDING_UNKNOWN
    if state.approved:
        return ()
    if state.proposed.proposed_by == command.actor:
        return Refusal.SAME_PERSON
    if state.open_placement is not None:
        return Refusal.CASE_HAS_OPEN_PLACEMENT
    if state.legal_holds:
        return Refusal.LEGAL_HOLD_STANDS
    return (ShreddingApproved(shredding_id=command.shredding_id, approved_by=command.actor),)


def _confirm(shredding_id: ShreddingId, state: CaseState) -> Answer:
    if state.proposed is None or state.proposed.shredding_id != shredding_id:
        return Refusal.SHREDDING_UNKNOWN
    if not state.approved:
        return Refusal.SHREDDING_NOT_APPROVED
    return () if state.destroyed else (CaseKeyDestroyed(shredding_id=shredding_id),)
