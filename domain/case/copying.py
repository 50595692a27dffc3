"""Copies of a case for a court: commands, and what follows for one case.

The copy that may be shown takes one person's order, for it holds only what that case's people may read. The
reserved annex takes a second person besides, and is encrypted to somebody named. Either is made once: who
needs another orders another. Writing them is `ledger.evidence.dossier`'s, after the issue is recorded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from domain.case.events import CaseEvent, DossierApproved, DossierIssued, DossierOrdered
from domain.case.preserving import is_reference
from domain.case.state import CaseState, Dossier
from domain.codes import DossierKind
from domain.refusals import Refusal
from domain.vocabulary import DossierId, NewId

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")

Answer = tuple[CaseEvent, ...] | Refusal

# --- Commands -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderDossier:
    """`reference` is the register number of the written order."""

    kind: DossierKind
    reference: str
    actor: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproveDossier:
    """A second person agrees to a reserved annex."""

    dossier_id: DossierId
    actor: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueDossier:
    """It is about to be written, once. `recipient`: the fingerprint of the certificate it is encrypted to."""

    dossier_id: DossierId
    upto: int
    recipient: str | None


CopyingCommand = OrderDossier | ApproveDossier | IssueDossier

# --- decide -------------------------------------------------------------------------------------------------


def decide(command: CopyingCommand, state: CaseState, new_id: NewId) -> Answer:
    """Refuses: CASE_UNKNOWN, DOSSIER_UNKNOWN, REFERENCE_MALFORMED, RECIPIENT_MALFORMED (none for a reserved
    annex, one for a copy in the clear), DOSSIER_NOT_RESERVED (nobody need agree), SAME_PERSON,
    DOSSIER_NOT_APPROVED, DOSSIER_ALREADY_ISSUED.
    """
    if not state.opened:
        return Refusal.CASE_UNKNOWN
    if isinstance(command, OrderDossier):
        return _order(command, new_id)
    dossier = state.dossiers.get(command.dossier_id)
    if dossier is None:
        return Refusal.DOSSIER_UNKNOWN
    match command:
        case ApproveDossier():
            return _approve(command, dossier)
        case IssueDossier():
            return _issue(command, dossier)


def _order(command: OrderDossier, new_id: NewId) -> Answer:
    if not is_reference(command.reference):
        return Refusal.REFERENCE_MALFORMED
    ordered = DossierOrdered(
        dossier_id=DossierId(new_id()),
        kind=command.kind,
        reference=command.reference,
        ordered_by=command.actor,
    )
    return (ordered,)


def _approve(command: ApproveDossier, dossier: Dossier) -> Answer:
    if not _is_reserved(dossier):
        return Refusal.DOSSIER_NOT_RESERVED
    if dossier.approved:
        return ()
    if dossier.ordered.ordered_by == command.actor:
        return Refusal.SAME_PERSON
    return (DossierApproved(dossier_id=command.dossier_id, approved_by=command.actor),)


def _issue(command: IssueDossier, dossier: Dossier) -> Answer:
    if not _names_its_recipient(command.recipient, dossier):
        return Refusal.RECIPIENT_MALFORMED
    if _is_reserved(dossier) and not dossier.approved:
        return Refusal.DOSSIER_NOT_APPROVED
    if dossier.issued is not None:
        return Refusal.DOSSIER_ALREADY_ISSUED
    return (DossierIssued(dossier_id=command.dossier_id, upto=command.upto, recipient=command.recipient),)


def _is_reserved(dossier: Dossier) -> bool:
    return dossier.ordered.kind is DossierKind.RESERVED


def _names_its_recipient(recipient: str | None, dossier: Dossier) -> bool:
    if recipient is None:
        return not _is_reserved(dossier)
    return _is_reserved(dossier) and _FINGERPRINT.fullmatch(recipient) is not None
