"""What is kept apart from the log, in the vault: which kinds of value there are, and why one is opened.

The log carries, of a value, its kind and a commitment: 32 bytes in hexadecimal that bind the value without
telling it. The values themselves, their keys and their openings are `ledger.vault`'s and the doors'.
"""

from __future__ import annotations

import enum
import re

_COMMITMENT = re.compile(r"[0-9a-f]{64}")


class ValueKind(enum.StrEnum):
    """What a value of the vault is. Of a case: how to reach her (without MAY_CALL nobody calls), what to say,
    who she is, the true codes of a no. Of a desk: its number, or what a zone means. Of an inquiry: who asks.
    """

    CALLBACK_CONTACT = "CALLBACK_CONTACT"
    SAFE_CHANNEL = "SAFE_CHANNEL"
    SAFE_HOURS = "SAFE_HOURS"
    MAY_CALL = "MAY_CALL"
    AGREED_WORD = "AGREED_WORD"
    ALIAS = "ALIAS"
    NOTES = "NOTES"
    HANDOVER_POINT = "HANDOVER_POINT"
    REFUSAL_CODE = "REFUSAL_CODE"
    DECLINE_CODE = "DECLINE_CODE"
    ON_CALL_NUMBER = "ON_CALL_NUMBER"
    ZONE_MEANING = "ZONE_MEANING"
    INQUIRY_DETAILS = "INQUIRY_DETAILS"


class OpeningPurpose(enum.StrEnum):
    """Why somebody opens values. Each opening names one, and is an event before anything is shown."""

    CALL_HER = "CALL_HER"
    AGREE_HANDOVER = "AGREE_HANDOVER"
    PREPARE_ARRIVAL = "PREPARE_ARRIVAL"
    CALL_HOUSE = "CALL_HOUSE"
    CALL_SERVICE = "CALL_SERVICE"
    NAME_ZONES = "NAME_ZONES"
    UNDERSTAND_NO = "UNDERSTAND_NO"
    REVIEW = "REVIEW"
    ANSWER_INQUIRY = "ANSWER_INQUIRY"
    JUDICIAL_ORDER = "JUDICIAL_ORDER"


def is_commitment(text: str) -> bool:
    """Whether `text` has the form of a commitment."""
    return _COMMITMENT.fullmatch(text) is not None
