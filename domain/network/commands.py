"""What can be asked of a network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.policy import Policy
from domain.vocabulary import (
    Channel,
    DistrictId,
    LevelFunction,
    LogKind,
    MemberId,
    MemberKind,
    StayLimit,
    ZoneId,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class BearNetwork:
    kind: LogKind
    code: str
    time_zone: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AddDistrict:
    district_id: DistrictId
    code: str
    municipalities: tuple[str, ...]
    valid_from: date


@dataclass(frozen=True, kw_only=True, slots=True)
class AddMember:
    member_id: MemberId
    kind: MemberKind
    code: str
    valid_from: date


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoveMember:
    member_id: MemberId
    valid_to: date


@dataclass(frozen=True, kw_only=True, slots=True)
class DefineLevel:
    code: str
    function: LevelFunction
    stay_limit: StayLimit


@dataclass(frozen=True, kw_only=True, slots=True)
class SetRequestAuthority:
    channels: tuple[Channel, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptPolicy:
    policy: Policy
    valid_from: date


@dataclass(frozen=True, kw_only=True, slots=True)
class DrawZone:
    zone_id: ZoneId


NetworkCommand = (
    BearNetwork
    | AddDistrict
    | AddMember
    | RemoveMember
    | DefineLevel
    | SetRequestAuthority
    | AdoptPolicy
    | DrawZone
)
