"""Which copies of one case a court was given, or is to be: as the doors tell it.

Pure, from a case's stored rows: when each thing was recorded, the rows alone know.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.case import DossierApproved, DossierIssued, DossierOrdered
from domain.codes import DossierKind
from ledger.store.port import StoredRow
from ledger.store.transact import recorded


class DossierStep(enum.StrEnum):
    """How far a copy has come. Only a reserved annex is APPROVED in between."""

    ORDERED = "ORDERED"
    APPROVED = "APPROVED"
    ISSUED = "ISSUED"


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierView:
    """A copy for a court. `reference` is the number of the written order; `upto` the position of the log that
    it covers; `recipient` the SHA-256 of the certificate to which it was encrypted.
    """

    dossier_id: UUID
    kind: DossierKind
    reference: str
    step: DossierStep
    ordered_at: datetime
    approved_at: datetime | None = None
    issued_at: datetime | None = None
    upto: int | None = None
    recipient: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DossiersView:
    """Every copy of a case that was ordered, in order."""

    case_id: UUID
    dossiers: tuple[DossierView, ...]


def dossiers_view(case_id: UUID, rows: Iterable[StoredRow]) -> DossiersView:
    found: dict[UUID, DossierView] = {}
    for row in rows:
        _take(row, found)
    return DossiersView(case_id=case_id, dossiers=tuple(found.values()))


def _take(row: StoredRow, found: dict[UUID, DossierView]) -> None:
    at, event = row.recorded_at, recorded(row).event
    match event:
        case DossierOrdered(dossier_id=each):
            found[each] = DossierView(
                dossier_id=each,
                kind=event.kind,
                reference=event.reference,
                step=DossierStep.ORDERED,
                ordered_at=at,
            )
        case DossierApproved(dossier_id=each):
            found[each] = replace(found[each], step=DossierStep.APPROVED, approved_at=at)
        case DossierIssued(dossier_id=each):
            found[each] = replace(
                found[each],
                step=DossierStep.ISSUED,
                issued_at=at,
                upto=event.upto,
                recipient=event.recipient,
            )
        case _:
            pass
