"""What can be asked of an inquiry."""

from __future__ import annotations

from dataclasses import dataclass

from domain.codes import InquiryAsker, InquiryOutcome
from domain.kept import OpeningPurpose


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiveInquiry:
    """`details` is the commitment of who asks about whom, which stands in the vault; `reference` its
    register number."""

    asker: InquiryAsker
    reference: str
    details: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenInquiry:
    """Somebody is about to read who asks about whom."""

    purpose: OpeningPurpose


@dataclass(frozen=True, kw_only=True, slots=True)
class DecideInquiry:
    outcome: InquiryOutcome
    reference: str


InquiryCommand = ReceiveInquiry | OpenInquiry | DecideInquiry
