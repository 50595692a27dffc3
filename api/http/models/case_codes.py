"""The body that asks for codes of cases to print, and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.http.models.fields import Body
from projections.case_codes import CaseCode

MOST_CODES = 20


class CaseCodesBody(Body):
    """So many cases with nobody in them yet."""

    count: Annotated[int, Field(ge=1, le=MOST_CODES)]


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseCodesAnswer:
    """The cases that were opened, each with the code to print."""

    position: int
    recorded_at: datetime
    items: tuple[CaseCode, ...]
