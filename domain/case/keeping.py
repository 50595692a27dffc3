"""Values kept for her apart from the log: kept, taken back, about to be opened. Commands, and what follows
for one case.

Here are kinds and commitments alone: the vault has the values. Who may open what is `domain.permissions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from domain.case.events import CaseEvent, CaseValueKept, CaseValuesOpened, CaseValueWithdrawn
from domain.case.guarding import glass_broken
from domain.case.state import CaseState
from domain.kept import OpeningPurpose, ValueKind, is_commitment
from domain.refusals import Refusal

MOST_OPENINGS = 20
"""How often one value is opened before it must be asked of her anew (kept again, it counts from nothing)."""

_TO_CALL = frozenset(
    {
        ValueKind.CALLBACK_CONTACT,
        ValueKind.SAFE_CHANNEL,
        ValueKind.SAFE_HOURS,
        ValueKind.MAY_CALL,
        ValueKind.AGREED_WORD,
        ValueKind.ALIAS,
    }
)
_TO_MEET = frozenset({ValueKind.HANDOVER_POINT, ValueKind.AGREED_WORD, ValueKind.ALIAS})
OF_CASE = _TO_CALL | _TO_MEET | {ValueKind.NOTES}
"""What is kept for her on the case itself."""
CODES = frozenset({ValueKind.REFUSAL_CODE, ValueKind.DECLINE_CODE})
"""True codes of a no: kept under the case's key, named by the placement's events."""
OPENED_FOR: Mapping[OpeningPurpose, frozenset[ValueKind]] = MappingProxyType(
    {
        OpeningPurpose.CALL_HER: _TO_CALL,
        OpeningPurpose.AGREE_HANDOVER: _TO_MEET,
        OpeningPurpose.PREPARE_ARRIVAL: _TO_MEET | {ValueKind.NOTES},
        OpeningPurpose.REVIEW: OF_CASE - {ValueKind.CALLBACK_CONTACT},
        OpeningPurpose.UNDERSTAND_NO: CODES,
        OpeningPurpose.ANSWER_INQUIRY: OF_CASE,
        OpeningPurpose.JUDICIAL_ORDER: OF_CASE | CODES,
    }
)
"""What each purpose needs; a purpose that is not named opens nothing of a case."""
_WITH_THE_NUMBER = (ValueKind.MAY_CALL, ValueKind.SAFE_CHANNEL, ValueKind.SAFE_HOURS)
"""Nobody sees how to reach her without how she said it is safe."""

Answer = tuple[CaseEvent, ...] | Refusal

# --- Commands -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepCaseValues:
    """Values that stand in the vault, each by its kind and its commitment."""

    values: tuple[tuple[ValueKind, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawCaseValues:
    """She, or who kept them, takes them back."""

    kinds: tuple[ValueKind, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenCaseValues:
    """Somebody, `actor`, is about to see these."""

    kinds: tuple[ValueKind, ...]
    purpose: OpeningPurpose
    actor: UUID


KeepingCommand = KeepCaseValues | WithdrawCaseValues | OpenCaseValues

# --- decide -------------------------------------------------------------------------------------------------


def decide(command: KeepingCommand, state: CaseState, now: datetime) -> Answer:
    """Keeping what stands or taking back what does not is nothing; an opening is one each time.

    Refuses: CASE_UNKNOWN, CODE_MALFORMED (no commitment, or a kind that is not kept on a case),
    VALUE_NOT_FOR_PURPOSE, KEY_DESTROYED; of an opening VALUE_NOT_KEPT, NOT_TO_BE_CALLED, OPENED_TOO_OFTEN.
    """
    if not state.opened:
        return Refusal.CASE_UNKNOWN
    match command:
        case KeepCaseValues(values=values):
            return _keep(values, state)
        case WithdrawCaseValues(kinds=kinds):
            return _withdraw(kinds, state)
        case OpenCaseValues():
            return _open(command, state, now)


def may_open(commitments: tuple[str, ...], actor: UUID, state: CaseState, now: datetime) -> Refusal | None:
    """The limits that hold for every value under the case's key. Who broke the glass is not stopped by how
    often it was opened: that is reviewed.

    Refuses: KEY_DESTROYED, OPENED_TOO_OFTEN.
    """
    if state.approved or state.destroyed:
        return Refusal.KEY_DESTROYED
    if glass_broken(state, actor, now):
        return None
    if any(state.openings.get(each, 0) >= MOST_OPENINGS for each in commitments):
        return Refusal.OPENED_TOO_OFTEN
    return None


def _keep(values: tuple[tuple[ValueKind, str], ...], state: CaseState) -> Answer:
    if any(kind not in OF_CASE or not is_commitment(commitment) for kind, commitment in values):
        return Refusal.CODE_MALFORMED
    if state.approved or state.destroyed:
        return Refusal.KEY_DESTROYED
    return tuple(
        CaseValueKept(kind=kind, commitment=commitment)
        for kind, commitment in values
        if state.values.get(kind) != commitment
    )


def _withdraw(kinds: tuple[ValueKind, ...], state: CaseState) -> Answer:
    if state.approved or state.destroyed:
        return Refusal.KEY_DESTROYED
    return tuple(
        CaseValueWithdrawn(kind=kind, commitment=state.values[kind])
        for kind in dict.fromkeys(kinds)
        if kind in state.values
    )


def _open(command: OpenCaseValues, state: CaseState, now: datetime) -> Answer:
    if not OPENED_FOR.get(command.purpose, frozenset()) >= set(command.kinds):
        return Refusal.VALUE_NOT_FOR_PURPOSE
    if state.approved or state.destroyed:
        return Refusal.KEY_DESTROYED
    if any(kind not in state.values for kind in command.kinds):
        return Refusal.VALUE_NOT_KEPT
    to_call = command.purpose is OpeningPurpose.CALL_HER and ValueKind.CALLBACK_CONTACT in command.kinds
    if to_call and ValueKind.MAY_CALL not in state.values:
        return Refusal.NOT_TO_BE_CALLED
    kinds = (*command.kinds, *(kind for kind in _WITH_THE_NUMBER if to_call and kind in state.values))
    commitments = tuple(state.values[kind] for kind in dict.fromkeys(kinds))
    refused = may_open(commitments, command.actor, state, now)
    return refused or (CaseValuesOpened(commitments=commitments, purpose=command.purpose),)
