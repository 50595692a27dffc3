"""The bodies about houses and their units."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.http.models.fields import Body, Code, Day, Happened, Instant
from domain.codes import PauseReason
from domain.vocabulary import (
    AddressClass,
    AgeBand,
    Criterion,
    DistrictId,
    Feature,
    IntakeMode,
    MemberId,
    PlaceId,
    RegisterStatus,
    RiskBand,
    ZoneId,
)

_Modes = Annotated[tuple[IntakeMode, ...], Field(max_length=len(IntakeMode))]
_SomePlaces = Annotated[tuple[PlaceId, ...], Field(min_length=1, max_length=60)]


class ShelterBody(Body):
    """A house enters the network under a code name. Its address is kept nowhere."""

    code: Code
    member_id: MemberId
    district_id: Annotated[DistrictId, Field(description="The Ambito the agreement is with.")]
    valid_from: Annotated[Day, Field(description="Since when the agreement holds.")]
    address_class: AddressClass
    register_status: RegisterStatus
    modes: _Modes
    fictitious: Annotated[bool, Field(description="The house does not exist: only in an EXERCISE log.")] = (
        False
    )


class UnitBody(Body):
    """A room or an apartment. The ids of its beds and cots are given by the answer."""

    code: Code
    level: Code
    intake_modes: Annotated[_Modes, Field(min_length=1)]
    beds: Annotated[int, Field(ge=0, le=30)]
    cots: Annotated[int, Field(ge=0, le=30)] = 0
    exclusive: Annotated[bool, Field(description="Goes to one household, whole.")]
    features: Annotated[tuple[Feature, ...], Field(max_length=len(Feature))] = ()
    unsuitable_zones: Annotated[
        tuple[ZoneId, ...], Field(max_length=50, description="At least two, so that none locates the house.")
    ]


class IntakeBody(Body):
    """Whether and how the house takes people. Give exactly one of the three."""

    pause: PauseReason | None = None
    resume: bool = False
    modes: _Modes | None = None


class TermsBody(Body):
    """Whom the house takes in this unit, declared anew: it replaces what was declared. Null: no limit."""

    children_most: Annotated[int | None, Field(ge=0, le=30)]
    boys_up_to: Annotated[AgeBand | None, Field(description="No boy older than this.")]
    risk_up_to: Annotated[
        Literal[RiskBand.IMMEDIATE, RiskBand.HIGH, RiskBand.MEDIUM, RiskBand.LOW] | None,
        Field(description="No risk above this; one not assessed counts as HIGH."),
    ]
    criteria: Annotated[
        tuple[Criterion, ...],
        Field(max_length=len(Criterion), description="What the house wants known before it says yes."),
    ]


class AvailabilityBody(Body):
    """The places that the house gives to the engine: in service, whether taken or free."""

    open_places: Annotated[tuple[PlaceId, ...], Field(max_length=60)]
    observed_at: Annotated[Instant | None, Field(description="When it was seen. Left out: now.")] = None


class AvailabilityCorrectionBody(Body):
    """What is really open, learned by voice. The house counts as wrong until it publishes again."""

    open_places: Annotated[tuple[PlaceId, ...], Field(max_length=60)]
    observed_at: Annotated[Instant | None, Field(description="When it was learned. Left out: now.")] = None


class AgreementBody(Body):
    """The house works under an agreement with an Ambito."""

    district_id: DistrictId
    valid_from: Day


class AgreementEndBody(Body):
    """An agreement ends."""

    district_id: DistrictId
    valid_to: Annotated[Day, Field(description="Its last day.")]


class RegisterStatusBody(Body):
    """The house's standing in the regional register."""

    register_status: RegisterStatus


class ZoneBody(Body):
    """A zone is drawn: its id is given by the answer, and what it means stands outside the log."""


class OutsideOccupancyBody(Body):
    """Guests that the engine did not send are in these places. It is never refused."""

    places: _SomePlaces
    occurred_at: Happened = None


class OpeningOccupancyBody(Body):
    """Who was together, as places alone."""

    places: _SomePlaces


class OpeningInventoryBody(Body):
    """Who occupied which places on the first day, without identity."""

    occupancies: Annotated[tuple[OpeningOccupancyBody, ...], Field(max_length=60)]
    observed_at: Annotated[Instant | None, Field(description="When it was seen. Left out: now.")] = None
