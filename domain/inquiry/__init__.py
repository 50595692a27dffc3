"""An inquiry: somebody asks what is known of a person (art. 15 GDPR, L. 241/1990), and a person of the data
protection desk decides what is answered. It is tied to no case, so that even its existence tells nothing.
"""

from __future__ import annotations

from domain.inquiry.commands import DecideInquiry, InquiryCommand, OpenInquiry, ReceiveInquiry
from domain.inquiry.decide import decide
from domain.inquiry.events import (
    InquiryDecided,
    InquiryEvent,
    InquiryReceived,
    InquiryValueKept,
    InquiryValuesOpened,
)
from domain.inquiry.state import InquiryState, evolve, initial

__all__ = [
    "DecideInquiry",
    "InquiryCommand",
    "InquiryDecided",
    "InquiryEvent",
    "InquiryReceived",
    "InquiryState",
    "InquiryValueKept",
    "InquiryValuesOpened",
    "OpenInquiry",
    "ReceiveInquiry",
    "decide",
    "evolve",
    "initial",
]
