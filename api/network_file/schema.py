"""What may stand in a network file: its tables, their keys, the values each may have.

Only form is judged here, value by value; `reading` judges what must agree across the file. Places are counts
and zones are labels: the ids are drawn when the network is founded.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from api.network_file.contacts import MOST_SHIFTS, DeskTable, RotaTable
from api.network_file.tables import Code, Once, Table
from domain.matching.rankers import RANKERS
from domain.policy import LARGEST_WEIGHT, LONGEST_MINUTES, MOST_SILENT_OFFERS, START_POLICY, Policy, Weights
from domain.unit import UNSUITABLE_ZONES_MINIMUM
from domain.vocabulary import (
    AddressClass,
    AgeBand,
    Channel,
    Criterion,
    Feature,
    IntakeMode,
    LevelFunction,
    MemberKind,
    RegisterStatus,
    RiskBand,
)


def _time_zone(name: str) -> str:
    if name not in available_timezones():
        raise PydanticCustomError("time_zone", "is not a time zone: write it like Europe/Rome")
    return name


def _ranker(name: str) -> str:
    if name not in RANKERS:
        raise PydanticCustomError("ranker", f"is not a ranker: there are {', '.join(sorted(RANKERS))}")
    return name


def _assessed(band: RiskBand) -> RiskBand:
    if band is RiskBand.NOT_ASSESSED:
        raise PydanticCustomError("risk", "is no band a house can set a limit at")
    return band


Day = Annotated[date, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=0, le=50)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=LONGEST_MINUTES)]
Margin = Annotated[int, Field(strict=True, ge=0, le=LONGEST_MINUTES)]
Hours = Annotated[int, Field(strict=True, ge=1, le=7 * 24)]
Weight = Annotated[int, Field(strict=True, ge=0, le=LARGEST_WEIGHT)]
IntakeModes = Annotated[tuple[IntakeMode, ...], Once, Field(min_length=1)]


class NetworkTable(Table):
    """`valid_from` is the day from which districts, members and agreements hold unless they say otherwise."""

    code: Code
    time_zone: Annotated[str, AfterValidator(_time_zone)]
    valid_from: Day
    request_channels: Annotated[tuple[Channel, ...], Once, Field(min_length=1)]
    zones: Annotated[tuple[Code, ...], Once] = ()


class WeightsTable(Table):
    spare_place: Weight = START_POLICY.weights.spare_place
    ageing_availability: Weight = START_POLICY.weights.ageing_availability
    stale_availability: Weight = START_POLICY.weights.stale_availability
    spare_feature: Weight = START_POLICY.weights.spare_feature
    extra_unit: Weight = START_POLICY.weights.extra_unit
    pending_offer: Weight = START_POLICY.weights.pending_offer
    wrong_availability: Weight = START_POLICY.weights.wrong_availability
    other_district: Weight = START_POLICY.weights.other_district


class PolicyTable(Table):
    """Whatever is left out has its start value."""

    version: Code = START_POLICY.version
    ranker: Annotated[str, AfterValidator(_ranker)] = START_POLICY.ranker
    offer_minutes_u1: Minutes = START_POLICY.offer_minutes_u1
    offer_minutes_u2: Minutes = START_POLICY.offer_minutes_u2
    offer_minutes_u3: Minutes = START_POLICY.offer_minutes_u3
    offer_hour_u4: Annotated[int, Field(strict=True, ge=0, le=23)] = START_POLICY.offer_hour_u4
    conversation_minutes: Minutes = START_POLICY.conversation_minutes
    fresh_hours: Hours = START_POLICY.fresh_hours
    stale_hours: Hours = START_POLICY.stale_hours
    weights: WeightsTable = WeightsTable()
    no_place_minutes: Minutes = START_POLICY.no_place_minutes
    silent_offers: Annotated[int, Field(strict=True, ge=1, le=MOST_SILENT_OFFERS)] = (
        START_POLICY.silent_offers
    )
    safe_until_lead_minutes: Margin = START_POLICY.safe_until_lead_minutes
    arrival_grace_minutes: Margin = START_POLICY.arrival_grace_minutes

    def policy(self) -> Policy:
        values = self.model_dump()
        return Policy(**{**values, "weights": Weights(**values["weights"])})


class DistrictTable(Table):
    code: Code
    municipalities: Annotated[tuple[str, ...], Once, Field(min_length=1)]
    valid_from: Day | None = None


class MemberTable(Table):
    code: Code
    kind: MemberKind
    valid_from: Day | None = None


class LevelTable(Table):
    """How long a stay may last: `days` or `months`, one of the two."""

    code: Code
    function: LevelFunction
    days: Annotated[int, Field(strict=True, ge=1, le=3660)] = 0
    months: Annotated[int, Field(strict=True, ge=1, le=120)] = 0


class GuestsTable(Table):
    """People who are in the house, as places alone: no identity."""

    beds: Count = 0
    cots: Count = 0


class UnitTable(Table):
    """A room or apartment. `open_beds` and `open_cots` are what the house gives to the engine, all by
    default; `opening_guests` were there before the log began, `outside_guests` were sent by others.

    `children_most`, `boys_up_to`, `risk_up_to` and `criteria` are the terms the house declares; where none
    is given it has declared nothing.
    """

    code: Code
    level: Code
    intake_modes: IntakeModes
    beds: Annotated[int, Field(strict=True, ge=1, le=50)]
    cots: Count = 0
    exclusive: Flag
    features: Annotated[tuple[Feature, ...], Once] = ()
    unsuitable_zones: Annotated[tuple[Code, ...], Once, Field(min_length=UNSUITABLE_ZONES_MINIMUM)]
    open_beds: Count | None = None
    open_cots: Count | None = None
    observed_hours_ago: Annotated[int, Field(strict=True, ge=0, le=24 * 30)] = 0
    children_most: Count | None = None
    boys_up_to: AgeBand | None = None
    risk_up_to: Annotated[RiskBand, AfterValidator(_assessed)] | None = None
    criteria: Annotated[tuple[Criterion, ...], Once] = ()
    opening_guests: tuple[GuestsTable, ...] = ()
    outside_guests: tuple[GuestsTable, ...] = ()


class ShelterTable(Table):
    """A house under its code name. `district` is the one its agreement is with, not where it stands."""

    code: Code
    member: Code
    district: Code
    register_status: RegisterStatus
    address_class: AddressClass
    intake_modes: IntakeModes
    fictitious: Flag = False
    valid_from: Day | None = None
    units: Annotated[tuple[UnitTable, ...], Field(min_length=1)]


class NetworkFile(Table):
    """A whole file. Desks and rota may be left out in form; a network is not founded without them."""

    network: NetworkTable
    policy: PolicyTable = PolicyTable()
    districts: Annotated[tuple[DistrictTable, ...], Field(min_length=1)]
    members: Annotated[tuple[MemberTable, ...], Field(min_length=1)]
    levels: Annotated[tuple[LevelTable, ...], Field(min_length=1)]
    shelters: Annotated[tuple[ShelterTable, ...], Field(min_length=1)]
    desks: tuple[DeskTable, ...] = ()
    rota: Annotated[tuple[RotaTable, ...], Field(max_length=MOST_SHIFTS)] = ()
