"""The kinds of fields that request bodies are made of: strict, bounded, and without room for free text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Body(BaseModel):
    """The body of a changing request: closed, strict, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    def kept(self) -> Body:
        """What the digest of the request is made of: a body leaves out what must not outlive it."""
        return self


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_AND_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:")


def _written_as_day(value: Any) -> Any:
    """A calendar day as RFC 3339 writes it, and none of the other forms that the library reads."""
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise PydanticCustomError("date_form", "not a calendar day")
    return value


def _written_as_moment(value: Any) -> Any:
    if not isinstance(value, str) or _DATE_AND_TIME.match(value) is None:
        raise PydanticCustomError("datetime_form", "not a date with a time")
    return value


def _utc(instant: datetime) -> datetime:
    if not 2000 < instant.year < 2100:
        raise PydanticCustomError("instant_out_of_range", "outside the years 2001-2099")
    return instant.astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    Field(strict=False),
    BeforeValidator(_written_as_moment),
    AfterValidator(_utc),
    Field(description="An instant with its offset; kept in UTC.", examples=["2026-11-22T02:13:00Z"]),
]
Happened = Annotated[
    Instant | None, Field(description="When it happened, by the account of who says so. Left out: now.")
]
Day = Annotated[date, Field(strict=False), BeforeValidator(_written_as_day), Field(examples=["2026-01-01"])]
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
