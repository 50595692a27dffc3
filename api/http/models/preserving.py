"""The bodies about what is preserved of a case and what is destroyed: register numbers and codes alone."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.models.fields import Body
from domain.codes import LegalHoldAsker
from domain.vocabulary import ShreddingId

Reference = Annotated[
    str,
    Field(
        min_length=6,
        max_length=14,
        pattern=r"^[12][0-9]{3}/[0-9]{1,9}$",
        description="A number of the public register, year/number. Never what it says.",
        examples=["2026/0001234"],
    ),
]


class LegalHoldBody(Body):
    """Who asks that nothing of this case be destroyed, and under which number that was registered."""

    asked_by: LegalHoldAsker
    reference: Reference


class LegalHoldLiftingBody(Body):
    """By which act the hold ends."""

    reference: Reference


class ShreddingBody(Body):
    """The controller's decision; for an administrative record also the archive authority's authorisation."""

    decision: Reference
    administrative: Annotated[
        bool, Field(description="Whether what is destroyed is part of an administrative record.")
    ]
    archive_authorisation: Reference | None = None


class ShreddingNamedBody(Body):
    """Which proposal."""

    shredding_id: ShreddingId
