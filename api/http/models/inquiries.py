"""The bodies about inquiries: who asks about whom goes to the vault; the log has codes and numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from api.http.models.fields import Body
from api.http.models.preserving import Reference
from domain.codes import InquiryAsker, InquiryOutcome
from domain.kept import OpeningPurpose

LONGEST_DETAILS = 1000


def _lines(text: str) -> str:
    if not text.strip() or any(line and not line.isprintable() for line in text.splitlines()):
        raise PydanticCustomError("value_form", "not lines of text")
    return text


class InquiryBody(Body):
    """Somebody asks what is known of a person. `details`: who asks, about whom, how they were identified."""

    asker: InquiryAsker
    reference: Reference
    details: Annotated[str, Field(min_length=1, max_length=LONGEST_DETAILS), AfterValidator(_lines)]

    def kept(self) -> Body:
        """The digest of a request outlives the details: it is made without them."""
        return self.model_copy(update={"details": ""})


class InquiryOpeningBody(Body):
    """The opening is recorded before anything is shown."""

    purpose: Literal[OpeningPurpose.ANSWER_INQUIRY]


class InquiryDecisionBody(Body):
    """What is answered, and under which number it left."""

    outcome: InquiryOutcome
    reference: Reference
