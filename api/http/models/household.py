"""Who needs a place and how the risk was reached, as several bodies name them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.models.fields import Body, Code, Day
from domain.vocabulary import (
    AgeBand,
    AssessorRole,
    CaseId,
    Criterion,
    Feature,
    Household,
    RiskAssessment,
    RiskTool,
    ShelterId,
    ZoneId,
)

_BANDS = list(AgeBand)

Features = Annotated[tuple[Feature, ...], Field(max_length=len(Feature))]
Criteria = Annotated[
    tuple[Criterion, ...],
    Field(
        max_length=len(Criterion),
        description="What houses may ask first and is known to be met. What is not is confirmed by voice.",
    ),
]
Zones = Annotated[tuple[ZoneId, ...], Field(max_length=50)]
CasesApart = Annotated[
    tuple[CaseId, ...], Field(max_length=50, description="Cases she must not share a house with.")
]
HousesBarred = Annotated[
    tuple[ShelterId, ...],
    Field(max_length=50, description="Houses where somebody has a conflict of interest."),
]


class HouseholdBody(Body):
    """Who needs a place. A request without an adult is answered with the minors' path."""

    adults: Annotated[int, Field(ge=0, le=10, description="The woman and adults who depend on her.")]
    children: Annotated[
        tuple[AgeBand, ...], Field(max_length=15, description="One age band for each child.")
    ] = ()

    def household(self) -> Household:
        return Household(adults=self.adults, children=tuple(sorted(self.children, key=_BANDS.index)))


class AssessedBody(Body):
    """How a risk band was reached. The filled form stays where it was filled."""

    tool: RiskTool
    tool_version: Annotated[Code, Field(description="The instrument's version.", examples=["2014"])]
    assessor: AssessorRole
    assessed_on: Day

    def assessment(self) -> RiskAssessment:
        return RiskAssessment(
            tool=self.tool,
            tool_version=self.tool_version,
            assessor=self.assessor,
            assessed_on=self.assessed_on,
        )
