"""The bodies of exceptions to the rule, and of their review: ids and codes alone."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.http.models.fields import Body, Instant
from domain.codes import GlassReason, OverrideReason, ReviewOutcome
from domain.vocabulary import UnitId

_Person = Annotated[UUID, Field(description="The person's id in the register: never a name.")]


class PersonBody(Body):
    """Who."""

    actor: _Person


class GlassBody(Body):
    """Why somebody without a part in the case must see it now."""

    reason: GlassReason


class EscortBody(Body):
    """Which officer brings the household, and until when they may know where to."""

    actor: _Person
    until: Instant


class OverrideBody(Body):
    """A unit that rules exclude, and why it is held all the same."""

    unit_id: UnitId
    reason: OverrideReason


class ReviewBody(Body):
    """What a second person found."""

    outcome: ReviewOutcome
