"""What follows from a command to an inquiry. Already done is no events."""

from __future__ import annotations

from domain.case.preserving import is_reference
from domain.codes import InquiryAsker, InquiryOutcome
from domain.inquiry.commands import DecideInquiry, InquiryCommand, OpenInquiry, ReceiveInquiry
from domain.inquiry.events import (
    InquiryDecided,
    InquiryEvent,
    InquiryReceived,
    InquiryValueKept,
    InquiryValuesOpened,
)
from domain.inquiry.state import InquiryState
from domain.kept import OpeningPurpose, ValueKind, is_commitment
from domain.refusals import Refusal

Answer = tuple[InquiryEvent, ...] | Refusal

_HERS = frozenset({InquiryAsker.HERSELF, InquiryAsker.HER_LAWYER})


def decide(command: InquiryCommand, state: InquiryState) -> Answer:
    """Refuses: INQUIRY_UNKNOWN, CODE_MALFORMED (no commitment), VALUE_NOT_FOR_PURPOSE, REFERENCE_MALFORMED,
    OUTCOME_NOT_FOR_ASKER, INQUIRY_ALREADY_RECEIVED, INQUIRY_ALREADY_DECIDED.
    """
    if isinstance(command, ReceiveInquiry):
        return _receive(command, state)
    if state.received is None:
        return Refusal.INQUIRY_UNKNOWN
    match command:
        case OpenInquiry(purpose=purpose):
            return _open(purpose, state)
        case DecideInquiry():
            return _decide(command, state, state.received)


def _receive(command: ReceiveInquiry, state: InquiryState) -> Answer:
    if not is_commitment(command.details):
        return Refusal.CODE_MALFORMED
    if not is_reference(command.reference):
        return Refusal.REFERENCE_MALFORMED
    if state.received is not None:
        return Refusal.INQUIRY_ALREADY_RECEIVED
    return (
        InquiryReceived(asker=command.asker, reference=command.reference),
        InquiryValueKept(kind=ValueKind.INQUIRY_DETAILS, commitment=command.details),
    )


def _open(purpose: OpeningPurpose, state: InquiryState) -> Answer:
    """Who asks is read to answer, and for nothing else."""
    if purpose is not OpeningPurpose.ANSWER_INQUIRY:
        return Refusal.VALUE_NOT_FOR_PURPOSE
    return (InquiryValuesOpened(commitments=tuple(state.values.values()), purpose=purpose),)


def _decide(command: DecideInquiry, state: InquiryState, received: InquiryReceived) -> Answer:
    """What is known of her is given to her or her lawyer alone, and sent to an authority alone."""
    if not is_reference(command.reference):
        return Refusal.REFERENCE_MALFORMED
    given = command.outcome is InquiryOutcome.GIVEN_TO_HER and received.asker not in _HERS
    sent = (
        command.outcome is InquiryOutcome.SENT_TO_AUTHORITY and received.asker is not InquiryAsker.AUTHORITY
    )
    if given or sent:
        return Refusal.OUTCOME_NOT_FOR_ASKER
    decided = InquiryDecided(outcome=command.outcome, reference=command.reference)
    if state.decided is not None:
        return () if state.decided == decided else Refusal.INQUIRY_ALREADY_DECIDED
    return (decided,)
