"""The bodies of an admission that happened without the engine."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api.http.models.fields import Body, Happened
from api.http.models.requests import PlacementRequestBody
from domain.vocabulary import HeldUnit, PlaceId, ShelterId, UnitId


class OccupiedUnitBody(Body):
    """The places of one unit that the household is in; none where they sleep beyond its places."""

    unit_id: UnitId
    places: Annotated[tuple[PlaceId, ...], Field(max_length=60)] = ()

    def held(self) -> HeldUnit:
        return HeldUnit(unit_id=self.unit_id, places=self.places)


class DirectAdmissionBody(Body):
    """A household is in a house, by agreement outside the engine. It is never refused for want of a place."""

    shelter_id: ShelterId
    units: Annotated[tuple[OccupiedUnitBody, ...], Field(min_length=1, max_length=10)]
    without_place: Annotated[
        int, Field(ge=0, le=25, description="How many of them have no bed or cot of these units.")
    ] = 0
    occurred_at: Happened = None


class NewDirectAdmissionBody(DirectAdmissionBody):
    """The same for a household without a placement yet: who they are, as in a request for a place."""

    asked: PlacementRequestBody
