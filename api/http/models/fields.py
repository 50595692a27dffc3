"""The kinds of fields that request bodies are made of: strict, bounded, and without room for free text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Body(BaseModel):
    """The body of a changing request: closed, strict, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


def _utc(instant: datetime) -> datetime:
    if not 2000 < instant.year < 2100:
        raise PydanticCustomError("instant_out_of_range", "outside the years 2000-2100")
    return instant.astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    AfterValidator(_utc),
    Field(description="An instant with its offset; kept in UTC.", examples=["2026-11-22T02:13:00Z"]),
]
Happened = Annotated[
    Instant | None, Field(description="When it happened, by the account of who says so. Left out: now.")
]
Code = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        description="A short coded label.",
        examples=["casa-ginepro"],
    ),
]
Commitment = Annotated[
    str,
    Field(
        min_length=64,
        max_length=64,
        pattern=r"^[0-9a-f]{64}$",
        description="Binds the true code, kept elsewhere, to the event: 32 bytes in hexadecimal.",
    ),
]
