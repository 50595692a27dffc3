"""The words of the field as types: ids, closed lists and small values that several aggregates share.

Names follow the glossary (`docs/GLOSSARY.md`). No value here can carry a name, a telephone, an address or
free text.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NewType
from uuid import UUID

NetworkId = NewType("NetworkId", UUID)
DistrictId = NewType("DistrictId", UUID)
MemberId = NewType("MemberId", UUID)
ShelterId = NewType("ShelterId", UUID)
UnitId = NewType("UnitId", UUID)
PlaceId = NewType("PlaceId", UUID)
CaseId = NewType("CaseId", UUID)
PlacementId = NewType("PlacementId", UUID)
OfferId = NewType("OfferId", UUID)
OccupancyId = NewType("OccupancyId", UUID)
ZoneId = NewType("ZoneId", UUID)
BridgeId = NewType("BridgeId", UUID)
DeskId = NewType("DeskId", UUID)
ExportId = NewType("ExportId", UUID)
InquiryId = NewType("InquiryId", UUID)
BreakingId = NewType("BreakingId", UUID)
OverrideId = NewType("OverrideId", UUID)
LegalHoldId = NewType("LegalHoldId", UUID)
ShreddingId = NewType("ShreddingId", UUID)
DossierId = NewType("DossierId", UUID)

NewId = Callable[[], UUID]
"""The injected id source: every call gives a fresh, time-ordered id (UUID version 7)."""

_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def is_code(text: str) -> bool:
    """Whether `text` is a short coded label: 1 to 40 lower-case letters, digits and single hyphens."""
    return len(text) <= 40 and _CODE.fullmatch(text) is not None


class LogKind(enum.StrEnum):
    """What a log is born as, for ever: REAL, or EXERCISE, which can reach no real contact."""

    REAL = "REAL"
    EXERCISE = "EXERCISE"


class MemberKind(enum.StrEnum):
    """The bodies of a network, by their task in it."""

    LEAD = "LEAD"
    CAV = "CAV"
    SHELTER_BODY = "SHELTER_BODY"
    SOCIAL_SERVICES = "SOCIAL_SERVICES"
    EMERGENCY_DEPARTMENT = "EMERGENCY_DEPARTMENT"
    LAW_ENFORCEMENT = "LAW_ENFORCEMENT"
    HEALTH_AGENCY = "HEALTH_AGENCY"
    NEIGHBOUR_NETWORK = "NEIGHBOUR_NETWORK"


class Channel(enum.StrEnum):
    """Through whom a request reaches the coordination."""

    CAV = "CAV"
    SOCIAL_SERVICES = "SOCIAL_SERVICES"
    SOCIAL_EMERGENCY_SERVICE = "SOCIAL_EMERGENCY_SERVICE"
    EMERGENCY_DEPT = "EMERGENCY_DEPT"
    LAW_ENFORCEMENT = "LAW_ENFORCEMENT"
    HELPLINE_1522 = "HELPLINE_1522"
    PROSECUTOR_COURT = "PROSECUTOR_COURT"
    HEALTH_SERVICE = "HEALTH_SERVICE"
    OTHER_NETWORK = "OTHER_NETWORK"
    SELF_VIA_CAV = "SELF_VIA_CAV"
    OTHER = "OTHER"


class Urgency(enum.StrEnum):
    """How soon a place is needed: U1 now, U2 today, U3 within 72 hours, U4 planned. A lower number goes
    first.
    """

    U1 = "U1"
    U2 = "U2"
    U3 = "U3"
    U4 = "U4"


class RiskBand(enum.StrEnum):
    """The outcome of a risk assessment by a professional. NOT_ASSESSED counts as HIGH."""

    IMMEDIATE = "IMMEDIATE"
    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    NOT_ASSESSED = "NOT_ASSESSED"


class RiskTool(enum.StrEnum):
    """The instrument a risk was assessed with. The filled form never comes near the engine."""

    SARA = "SARA"
    SARA_S = "SARA_S"
    SARA_PLUS = "SARA_PLUS"
    DANGER_ASSESSMENT = "DANGER_ASSESSMENT"
    DA5 = "DA5"
    ISA = "ISA"
    PROFESSIONAL_JUDGEMENT = "PROFESSIONAL_JUDGEMENT"
    OTHER = "OTHER"


class AssessorRole(enum.StrEnum):
    """In which task somebody assessed a risk or set an urgency; never who."""

    CAV_WORKER = "CAV_WORKER"
    SOCIAL_WORKER = "SOCIAL_WORKER"
    HEALTH_WORKER = "HEALTH_WORKER"
    POLICE_OFFICER = "POLICE_OFFICER"
    COORDINATOR = "COORDINATOR"
    OTHER = "OTHER"


class Setting(enum.StrEnum):
    """Where the woman is while a place is sought."""

    EMERGENCY_DEPARTMENT = "EMERGENCY_DEPARTMENT"
    POLICE = "POLICE"
    FRIEND = "FRIEND"
    STREET = "STREET"
    WITH_PERPETRATOR = "WITH_PERPETRATOR"


class IntakeMode(enum.StrEnum):
    """How a unit takes people in (the three modes of the Istat survey of shelters)."""

    EMERGENCY = "EMERGENCY"
    PLANNED_URGENT = "PLANNED_URGENT"
    MEDIUM_LONG = "MEDIUM_LONG"


class LevelFunction(enum.StrEnum):
    """What a level of protection is for. Networks name and time their levels differently; the function
    compares.
    """

    EMERGENCY_RECEPTION = "EMERGENCY_RECEPTION"
    FIRST_LEVEL = "FIRST_LEVEL"
    SECOND_LEVEL = "SECOND_LEVEL"
    SEMI_INDEPENDENT = "SEMI_INDEPENDENT"


class AddressClass(enum.StrEnum):
    """How a house's address is kept. The address itself exists nowhere in the engine."""

    SECRET = "SECRET"  # noqa: S105 - the word of the law, not a password
    RESERVED = "RESERVED"
    KNOWN = "KNOWN"


class RegisterStatus(enum.StrEnum):
    """A house's standing in the regional register of anti-violence centres and shelters."""

    COMPLIANT = "COMPLIANT"
    TRANSITIONAL = "TRANSITIONAL"
    NOT_LISTED = "NOT_LISTED"


class SecurityState(enum.StrEnum):
    """COMPROMISED freezes intake; to others it looks like an ordinary pause."""

    NORMAL = "NORMAL"
    COMPROMISED = "COMPROMISED"


class Feature(enum.StrEnum):
    """What a unit offers and a household may require: the feature, never the reason for it."""

    GROUND_FLOOR = "GROUND_FLOOR"
    STEP_FREE = "STEP_FREE"
    ACCESSIBLE_BATHROOM = "ACCESSIBLE_BATHROOM"
    PRIVATE_BATHROOM = "PRIVATE_BATHROOM"
    OWN_KITCHEN = "OWN_KITCHEN"
    STAFFED_AT_NIGHT = "STAFFED_AT_NIGHT"
    PETS_ADMITTED = "PETS_ADMITTED"


class PlaceKind(enum.StrEnum):
    """A bed, or a cot for a child under three."""

    BED = "BED"
    COT = "COT"


class AgeBand(enum.StrEnum):
    """A child's age, as finely as a place needs it."""

    AGE_0_2 = "AGE_0_2"
    AGE_3_5 = "AGE_3_5"
    AGE_6_10 = "AGE_6_10"
    AGE_11_13 = "AGE_11_13"
    AGE_14_17 = "AGE_14_17"


class OldestBoy(enum.StrEnum):
    """The age of the oldest boy, asked only because some houses set a limit; a girl's age is never needed."""

    NOT_SAID = "NOT_SAID"
    NO_BOY = "NO_BOY"
    AGE_0_2 = "AGE_0_2"
    AGE_3_5 = "AGE_3_5"
    AGE_6_10 = "AGE_6_10"
    AGE_11_13 = "AGE_11_13"
    AGE_14_17 = "AGE_14_17"


class Criterion(enum.StrEnum):
    """What a house declares that it wants known before it says yes. The engine never decides by it: what is
    not yet known to be met is confirmed by voice, and nobody records that it is not met.
    """

    INTERVIEW_FIRST = "INTERVIEW_FIRST"
    SELF_SUFFICIENT = "SELF_SUFFICIENT"
    CAV_IN_CHARGE = "CAV_IN_CHARGE"
    SOCIAL_SERVICE_AUTHORISATION = "SOCIAL_SERVICE_AUTHORISATION"
    FEE_COMMITTED = "FEE_COMMITTED"
    RESIDENCE_OR_AGREEMENT = "RESIDENCE_OR_AGREEMENT"
    DOCUMENTS_SEEN = "DOCUMENTS_SEEN"


class AnswerChannel(enum.StrEnum):
    """How a house's yes arrived: on its own screen, or by telephone, recorded by the coordinator."""

    SCREEN = "SCREEN"
    TELEPHONE = "TELEPHONE"


class Side(enum.StrEnum):
    """Who said that a conversation is going on."""

    HOUSE = "HOUSE"
    COORDINATION = "COORDINATION"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One bed or cot. Its id is what a claim is on."""

    place_id: PlaceId
    kind: PlaceKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Household:
    """Who needs a place: adults (the woman and adults who depend on her) and one age band per child, youngest
    first.
    """

    adults: int
    children: tuple[AgeBand, ...] = ()

    @property
    def infants(self) -> int:
        """Children who sleep in a cot where there is one, else in a bed."""
        return sum(band is AgeBand.AGE_0_2 for band in self.children)

    @property
    def people(self) -> int:
        return self.adults + len(self.children)


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskAssessment:
    """How a risk band was reached: the instrument and its version, in which task, on which day."""

    tool: RiskTool
    tool_version: str
    assessor: AssessorRole
    assessed_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldUnit:
    """The places of one unit that a hold or stay has."""

    unit_id: UnitId
    places: tuple[PlaceId, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class StayLimit:
    """How long a stay at a level may last: civil days or calendar months in the network's time zone (one of
    the two).
    """

    days: int = 0
    months: int = 0


class Weekday(enum.StrEnum):
    """A day of the week where the network is."""

    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaShift:
    """When a desk answers: on these days from minute `begins` to minute `ends` of the local day (0 to 1440),
    by wall clock. A night that crosses midnight is two shifts.
    """

    desk_id: DeskId
    weekdays: tuple[Weekday, ...]
    begins: int
    ends: int
