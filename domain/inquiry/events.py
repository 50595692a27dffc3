"""What can have happened to an inquiry. Field names and topics are the storage format."""

from __future__ import annotations

from domain.codes import InquiryAsker, InquiryOutcome
from domain.event import Event, stored
from domain.kept import OpeningPurpose, ValueKind


@stored("inquiry.received.1")
class InquiryReceived(Event):
    """Somebody asks what is known of a person. Whom and who asks stands in the vault alone."""

    asker: InquiryAsker
    reference: str


@stored("inquiry.value-kept.1")
class InquiryValueKept(Event):
    kind: ValueKind
    commitment: str


@stored("inquiry.values-opened.1")
class InquiryValuesOpened(Event):
    """Somebody is about to see these values: recorded before they are."""

    commitments: tuple[str, ...]
    purpose: OpeningPurpose


@stored("inquiry.decided.1")
class InquiryDecided(Event):
    """What was answered. No answer ever names a house, where it is, or when anybody was there."""

    outcome: InquiryOutcome
    reference: str


InquiryEvent = InquiryReceived | InquiryValueKept | InquiryValuesOpened | InquiryDecided
