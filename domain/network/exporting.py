"""The whole log taken out of the house: one person asks for it, another agrees, and it is made once.

Each row alone is pseudonymous; all of them together tell a year of many lives. Commands, and what follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.case.preserving import is_reference
from domain.network.events import ExportApproved, ExportRequested, LogExported, NetworkEvent
from domain.network.state import NetworkState
from domain.refusals import Refusal
from domain.vocabulary import ExportId

APPROVED_FOR = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestExport:
    """It takes the place of an earlier request that was not made yet."""

    export_id: ExportId
    actor: UUID
    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproveExport:
    export_id: ExportId
    actor: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordExport:
    """It is about to be written. Its approval serves no second time."""

    export_id: ExportId
    upto: int


ExportCommand = RequestExport | ApproveExport | RecordExport


def decide_export(
    command: ExportCommand, state: NetworkState, now: datetime
) -> tuple[NetworkEvent, ...] | Refusal:
    """Refuses: EXPORT_UNKNOWN, REFERENCE_MALFORMED, SAME_PERSON, EXPORT_NOT_APPROVED (or no longer)."""
    if isinstance(command, RequestExport):
        return _request(command, state)
    if state.export is None or state.export.export_id != command.export_id:
        return Refusal.EXPORT_UNKNOWN
    match command:
        case ApproveExport(actor=actor):
            return _approve(state.export, actor, state, now)
        case RecordExport(upto=upto):
            if not may_be_made(state, now):
                return Refusal.EXPORT_NOT_APPROVED
            return (LogExported(export_id=command.export_id, upto=upto),)


def may_be_made(state: NetworkState, now: datetime) -> bool:
    """Whether an export was approved, not too long ago, and not made yet."""
    return state.export_approval is not None and now < state.export_approval.until


def _request(command: RequestExport, state: NetworkState) -> tuple[NetworkEvent, ...] | Refusal:
    if not is_reference(command.reference):
        return Refusal.REFERENCE_MALFORMED
    requested = ExportRequested(
        export_id=command.export_id, requested_by=command.actor, reference=command.reference
    )
    return () if state.export == requested else (requested,)


def _approve(
    requested: ExportRequested, actor: UUID, state: NetworkState, now: datetime
) -> tuple[NetworkEvent, ...] | Refusal:
    if state.export_approval is not None:
        return ()
    if requested.requested_by == actor:
        return Refusal.SAME_PERSON
    approved = ExportApproved(export_id=requested.export_id, approved_by=actor, until=now + APPROVED_FOR)
    return (approved,)
