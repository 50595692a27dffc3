"""Bodies and answers of the doors of the register, devices, PINs and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.http.models.fields import Body, Instant
from domain.permissions import Role
from domain.vocabulary import MemberId, ShelterId

Houses = Annotated[
    tuple[ShelterId, ...],
    Field(max_length=100, description="The shelters of a house's operator; of others, none."),
]
Enrolled = Annotated[
    Literal[
        Role.COORDINATOR,
        Role.SHELTER_OPERATOR,
        Role.LEAD_BODY,
        Role.AUDITOR,
        Role.SOCIAL_SERVICE,
        Role.EMERGENCY_ROOM,
        Role.POLICE,
        Role.NEIGHBOUR_DESK,
        Role.HEALTH_AGENCY,
        Role.REGION,
        Role.DATA_PROTECTION,
        Role.SYSTEM_ADMINISTRATOR,
    ],
    Field(description="The task in which they act."),
]
PinText = Annotated[str, Field(pattern=r"^[0-9]{6,10}$", description="Six to ten digits.")]
Word = Annotated[str, Field(min_length=1, max_length=255)]


class TermsBody(Body):
    """For which body somebody acts, in which role, until when."""

    member_id: MemberId
    role: Enrolled
    houses: Houses = ()
    valid_from: Instant | None = None
    valid_to: Instant | None = None


class OperatorBody(TermsBody):
    """A person, by what their provider calls them."""

    issuer: Word
    subject: Word
    full_name: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class ProgramKey(Body):
    """A public JSON Web Key: Ed25519 or P-256."""

    kty: Literal["OKP", "EC"]
    crv: Literal["Ed25519", "P-256"]
    x: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
    y: Annotated[str, Field(max_length=100, pattern=r"^[A-Za-z0-9_-]+$")] | None = None


class ProgramBody(TermsBody):
    """A program that acts by itself."""

    public_key: ProgramKey


class ProgramKeyBody(Body):
    """Another key in place of the one before."""

    public_key: ProgramKey


class NoBody(Body):
    """Nothing but who asks."""


class NameOpeningBody(Body):
    """By whose order a name is opened."""

    reason: Literal["JUDICIAL_ORDER", "DISCIPLINARY_INQUIRY", "DATA_SUBJECT_REQUEST"]
    order: Annotated[str, Field(min_length=1, max_length=200, description="The order's own reference.")]


class DeviceCodeBody(Body):
    """For whose colleagues a device is; a house's operator may leave all out: her own."""

    member_id: MemberId | None = None
    houses: Houses | None = None


class DeviceBody(Body):
    """The code that was given for this device."""

    code: Annotated[str, Field(min_length=8, max_length=40)]


class PinBody(Body):
    """A personal PIN."""

    pin: PinText


class NewPinBody(PinBody):
    """A PIN to have, and what shared devices show to tap on."""

    shown_as: Annotated[str, Field(min_length=1, max_length=20)]


class PinSignInBody(PinBody):
    """Who taps, with their PIN."""

    actor: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatorLine:
    """A period of somebody, by ids alone. `ended_at`: when somebody said so."""

    actor: UUID
    member_id: UUID
    role: Role
    houses: tuple[UUID, ...]
    program: bool
    valid_from: datetime
    valid_to: datetime | None
    entered_by: UUID | None
    entered_at: datetime
    ended_by: UUID | None
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatorAnswer:
    """Who was entered. For a program, its client id is `actor`, and `audience` whom it signs for."""

    operator: OperatorLine
    audience: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OperatorList:
    """All that ever were, oldest first."""

    operators: tuple[OperatorLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EndedAnswer:
    """Whether something stood and was ended now."""

    ended: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NameAnswer:
    """The name of who stands on events under this id."""

    actor: UUID
    full_name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceCodeAnswer:
    """A code, shown once, and until when it enrols a device."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceLine:
    """A shared device, by its id."""

    device_id: UUID
    member_id: UUID
    houses: tuple[UUID, ...]
    enrolled_by: UUID
    enrolled_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceList:
    """Shared devices, oldest first."""

    devices: tuple[DeviceLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceAnswer:
    """The device that asks."""

    device: DeviceLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody to tap on. `locked`: after too many wrong tries here, until they sign in in full."""

    actor: UUID
    shown_as: str
    locked: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleagues:
    """Who can switch on this device."""

    colleagues: tuple[Colleague, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionAnswer:
    """Who is at this browser. `forgery_token` goes with every change, in the header `Forgery-Token`."""

    actor: UUID
    role: Role
    member_id: UUID
    houses: tuple[UUID, ...]
    device_id: UUID | None
    how: str
    locked: bool
    stepped_up_at: datetime | None
    ends_at: datetime
    forgery_token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionEnded:
    """The session is no more, and the browser keeps nothing of it."""

    ended: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class PinKept:
    """The PIN counts from now on."""

    actor: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgramToken:
    """An access token (RFC 6749 section 5.1)."""

    access_token: str
    token_type: str
    expires_in: int
