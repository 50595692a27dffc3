"""The bodies about values kept apart from the log: kept, taken back, opened. Their words go to the vault.

Nowhere is there room for the address of a house; where they meet is a place that anybody may know.
"""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from api.contact_values import is_telephone
from api.http.models.fields import Body
from domain.kept import OpeningPurpose, ValueKind
from domain.vocabulary import OfferId

_MOST_HOURS = 6


class SafeChannel(enum.StrEnum):
    """How it is safe to reach her. THROUGH_SERVICE: only through those who asked for her."""

    VOICE = "VOICE"
    TEXT_MESSAGE = "TEXT_MESSAGE"
    MESSAGING_APP = "MESSAGING_APP"
    THROUGH_SERVICE = "THROUGH_SERVICE"


def _telephone(text: str) -> str:
    if not is_telephone(text):
        raise PydanticCustomError("value_form", "not a telephone number")
    return text


def _line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise PydanticCustomError("value_form", "not a line of text")
    return text


def _lines(text: str) -> str:
    for line in text.splitlines():
        if line and not line.isprintable():
            raise PydanticCustomError("value_form", "not lines of text")
    return text


_Telephone = Annotated[
    str,
    Field(max_length=40, description="Digits and single spaces. An exercise's begins with +39 000."),
    AfterValidator(_telephone),
]
_Hours = Annotated[
    str,
    Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["10:00-11:30"]),
]
_Word = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(_line)]
_SafeHours = Annotated[tuple[_Hours, ...], Field(min_length=1, max_length=_MOST_HOURS)]
_Notes = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_lines)]
_Place = Annotated[
    str,
    Field(min_length=1, max_length=200, description="A public place. Never the address of a house."),
    AfterValidator(_line),
]
_Kind = Literal[
    ValueKind.CALLBACK_CONTACT,
    ValueKind.SAFE_CHANNEL,
    ValueKind.SAFE_HOURS,
    ValueKind.MAY_CALL,
    ValueKind.AGREED_WORD,
    ValueKind.ALIAS,
    ValueKind.NOTES,
    ValueKind.HANDOVER_POINT,
]
_Kinds = Annotated[tuple[_Kind, ...], Field(min_length=1, max_length=8)]


class CaseValuesBody(Body):
    """What is kept for her; each replaces what was kept of its kind. What is left out stays as it is."""

    callback_contact: _Telephone | None = None
    safe_channel: SafeChannel | None = None
    safe_hours: _SafeHours | None = None
    may_call: Annotated[
        Literal[True] | None,
        Field(description="She said so. Without it nobody calls; to take it back, withdraw it."),
    ] = None
    agreed_word: _Word | None = None
    alias: Annotated[_Word | None, Field(description="What she is called meanwhile: not her name.")] = None
    notes: _Notes | None = None
    handover_point: _Place | None = None

    @model_validator(mode="after")
    def _says_something(self) -> CaseValuesBody:
        if not self.values():
            raise PydanticCustomError("nothing_given", "no value is given")
        return self

    def values(self) -> tuple[tuple[ValueKind, str], ...]:
        """What goes to the vault, by kind."""
        told = {
            ValueKind.CALLBACK_CONTACT: self.callback_contact,
            ValueKind.SAFE_CHANNEL: self.safe_channel,
            ValueKind.SAFE_HOURS: ",".join(self.safe_hours) if self.safe_hours else None,
            ValueKind.MAY_CALL: "YES" if self.may_call else None,
            ValueKind.AGREED_WORD: self.agreed_word,
            ValueKind.ALIAS: self.alias,
            ValueKind.NOTES: self.notes,
            ValueKind.HANDOVER_POINT: self.handover_point,
        }
        return tuple((kind, str(value)) for kind, value in told.items() if value is not None)

    def kept(self) -> Body:
        """The digest of a request outlives her values: it is made of their kinds alone."""
        return CaseValueKindsBody.model_validate({"kinds": tuple(kind for kind, _ in self.values())})


class CaseValueKindsBody(Body):
    """Which values."""

    kinds: _Kinds


class CaseOpeningBody(Body):
    """Which values are opened, and for what. The opening is recorded before anything is shown."""

    kinds: _Kinds
    purpose: Literal[
        OpeningPurpose.CALL_HER,
        OpeningPurpose.AGREE_HANDOVER,
        OpeningPurpose.PREPARE_ARRIVAL,
        OpeningPurpose.REVIEW,
        OpeningPurpose.ANSWER_INQUIRY,
        OpeningPurpose.JUDICIAL_ORDER,
    ]


class TrueCodeOpeningBody(Body):
    """The true code of which offer's no, and for what it is opened."""

    offer_id: OfferId
    purpose: Literal[OpeningPurpose.UNDERSTAND_NO, OpeningPurpose.JUDICIAL_ORDER]
