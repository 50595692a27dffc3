"""What is preserved of one case, and what can no longer be shown of it: as the doors tell it.

Pure, from a case's stored rows: when each thing was recorded, the rows alone know.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.case import (
    CaseKeyDestroyed,
    LegalHoldLifted,
    LegalHoldPlaced,
    ShreddingApproved,
    ShreddingProposed,
    ShreddingRejected,
)
from domain.codes import LegalHoldAsker
from domain.vocabulary import CaseId
from ledger.store.port import StoredRow
from ledger.store.transact import recorded


class ShreddingStep(enum.StrEnum):
    """How far a destruction has come. From APPROVED on nothing under the key is shown any more."""

    PROPOSED = "PROPOSED"
    REJECTED = "REJECTED"
    APPROVED = "APPROVED"
    DESTROYED = "DESTROYED"


@dataclass(frozen=True, kw_only=True, slots=True)
class LegalHoldView:
    """A legal hold, by register numbers. It stands while `lifted_at` is null."""

    hold_id: UUID
    asked_by: LegalHoldAsker
    reference: str
    placed_at: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ShreddingView:
    """A destruction, by the numbers of what ordered it. Who proposed and approved it the log knows."""

    shredding_id: UUID
    step: ShreddingStep
    decision: str
    archive_authorisation: str | None
    proposed_at: datetime
    decided_at: datetime | None = None
    destroyed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ValuesDestroyed:
    """What was kept for her apart from the record can no longer be shown: by which decision, since when."""

    since: datetime
    decision: str
    archive_authorisation: str | None
    it: str
    en: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PreservationView:
    """What of a case must be preserved, was proposed to be destroyed, and was."""

    case_id: CaseId
    legal_holds: tuple[LegalHoldView, ...]
    shreddings: tuple[ShreddingView, ...]
    values_destroyed: ValuesDestroyed | None


def preservation_view(case_id: CaseId, rows: Iterable[StoredRow], zone: ZoneInfo) -> PreservationView:
    holds: dict[UUID, LegalHoldView] = {}
    shreddings: dict[UUID, ShreddingView] = {}
    for row in rows:
        _take(row, holds, shreddings)
    return PreservationView(
        case_id=case_id,
        legal_holds=tuple(holds.values()),
        shreddings=tuple(shreddings.values()),
        values_destroyed=next((_told(each, zone) for each in shreddings.values() if _gone(each)), None),
    )


def values_destroyed(rows: Iterable[StoredRow], zone: ZoneInfo) -> ValuesDestroyed | None:
    """From a case's rows; None while its key stands."""
    return preservation_view(CaseId(UUID(int=0)), rows, zone).values_destroyed


def _take(row: StoredRow, holds: dict[UUID, LegalHoldView], shreddings: dict[UUID, ShreddingView]) -> None:
    at, event = row.recorded_at, recorded(row).event
    match event:
        case LegalHoldPlaced(hold_id=each):
            holds[each] = LegalHoldView(
                hold_id=each, asked_by=event.asked_by, reference=event.reference, placed_at=at
            )
        case LegalHoldLifted(hold_id=each):
            holds[each] = replace(holds[each], lifted_at=at, lifted_by=event.reference)
        case ShreddingProposed(shredding_id=each):
            shreddings[each] = ShreddingView(
                shredding_id=each,
                step=ShreddingStep.PROPOSED,
                decision=event.decision,
                archive_authorisation=event.archive_authorisation,
                proposed_at=at,
            )
        case ShreddingRejected(shredding_id=each):
            shreddings[each] = replace(shreddings[each], step=ShreddingStep.REJECTED, decided_at=at)
        case ShreddingApproved(shredding_id=each):
            shreddings[each] = replace(shreddings[each], step=ShreddingStep.APPROVED, decided_at=at)
        case CaseKeyDestroyed(shredding_id=each):
            shreddings[each] = replace(shreddings[each], step=ShreddingStep.DESTROYED, destroyed_at=at)
        case _:
            pass


def _gone(shredding: ShreddingView) -> bool:
    return shredding.step in (ShreddingStep.APPROVED, ShreddingStep.DESTROYED)


def _told(shredding: ShreddingView, zone: ZoneInfo) -> ValuesDestroyed:
    since = shredding.decided_at
    assert since is not None, "what is gone was decided"
    day = since.astimezone(zone).date()
    archive = shredding.archive_authorisation
    it = f", autorizzazione archivistica n. {archive}" if archive is not None else ""
    en = f", archive authorisation no. {archive}" if archive is not None else ""
    return ValuesDestroyed(
        since=since,
        decision=shredding.decision,
        archive_authorisation=archive,
        it="Non si può più mostrare ciò che era custodito su di lei (contatti, nome convenuto, note, "
        f"motivi veri dei no): distrutto con decisione n. {shredding.decision}{it}, dal {day:%d/%m/%Y}. "
        "Ciò che è accaduto resta scritto e si può ancora verificare.",
        en="What was kept of her (how to reach her, what to call her, notes, the true reason of a no) can no "
        f"longer be shown: destroyed by decision no. {shredding.decision}{en}, since {day.isoformat()}. What "
        "happened stays on record and can still be verified.",
    )
