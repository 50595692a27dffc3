"""The network: its birth, its territory and members, its levels, who may request, under which policy."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.event import Event, stored
from domain.policy import Policy, is_applicable
from domain.refusals import Refusal
from domain.vocabulary import (
    Channel,
    DistrictId,
    LevelFunction,
    LogKind,
    MemberId,
    MemberKind,
    StayLimit,
    ZoneId,
    is_code,
)

_TIME_ZONE = re.compile(r"(?=.{1,40}$)[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}")
_ISTAT_CODE = re.compile(r"[0-9]{6}")
FARTHEST_AHEAD = timedelta(hours=14)
"""No place on earth is further ahead of UTC: a day that has begun nowhere is in the future."""

# --- Events -------------------------------------------------------------------------------------------------


@stored("network.born.1")
class NetworkBorn(Event):
    """The log begins, REAL or EXERCISE for ever. `code` labels the network; `time_zone` is an IANA name."""

    kind: LogKind
    code: str
    time_zone: str


@stored("network.district-added.1")
class DistrictAdded(Event):
    """A social district (Ambito) joins, with its municipalities by ISTAT code."""

    district_id: DistrictId
    code: str
    municipalities: tuple[str, ...]
    valid_from: date


@stored("network.member-joined.1")
class MemberJoined(Event):
    member_id: MemberId
    kind: MemberKind
    code: str
    valid_from: date


@stored("network.member-left.1")
class MemberLeft(Event):
    member_id: MemberId
    valid_to: date


@stored("network.level-defined.1")
class LevelDefined(Event):
    """What this network calls a level, what it is for and how long a stay there may last."""

    code: str
    function: LevelFunction
    stay_limit: StayLimit


@stored("network.request-authority-set.1")
class RequestAuthoritySet(Event):
    """The channels through which a placement may be requested; it replaces the earlier list."""

    channels: tuple[Channel, ...]


@stored("network.policy-adopted.2")
class PolicyAdopted(Event):
    policy: Policy
    valid_from: date


@stored("network.zone-drawn.1")
class ZoneDrawn(Event):
    """A zone exists. Its id is random and its meaning stands outside the log."""

    zone_id: ZoneId


@stored("network.minor-alone-signposted.1")
class MinorAloneSignposted(Event):
    """A household without an adult was asked for: no search was made, the minors' path was named. Counted, no
    more.
    """

    channel: Channel


NetworkEvent = (
    NetworkBorn
    | DistrictAdded
    | MemberJoined
    | MemberLeft
    | LevelDefined
    | RequestAuthoritySet
    | PolicyAdopted
    | ZoneDrawn
    | MinorAloneSignposted
)

# --- Commands -----------------------------------------------------------------------------------------------


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

# --- State --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkState:
    """The network as it is now. Lists keep the order in which things became true."""

    born: NetworkBorn | None = None
    districts: tuple[DistrictAdded, ...] = ()
    members: tuple[MemberJoined, ...] = ()
    levels: tuple[LevelDefined, ...] = ()
    channels: tuple[Channel, ...] = ()
    policy: Policy | None = None
    policies: tuple[Policy, ...] = ()
    """Every policy ever in force, so that a decision can be derived again under its own."""
    zones: frozenset[ZoneId] = frozenset()
    minors_signposted: int = 0

    @property
    def zone(self) -> ZoneInfo:
        """Where the network's clocks are; before its birth, UTC."""
        return ZoneInfo(self.born.time_zone if self.born is not None else "UTC")

    def level(self, code: str) -> LevelDefined | None:
        return next((level for level in self.levels if level.code == code), None)

    def policy_of(self, version: str) -> Policy | None:
        return next((policy for policy in self.policies if policy.version == version), None)

    def has_district(self, district_id: DistrictId) -> bool:
        return any(district.district_id == district_id for district in self.districts)

    def has_member(self, member_id: MemberId, kind: MemberKind | None = None) -> bool:
        """Whether it is a member now and, where asked, of this kind."""
        return any(member.member_id == member_id and kind in (None, member.kind) for member in self.members)


initial = NetworkState()

# --- evolve -------------------------------------------------------------------------------------------------


def evolve(state: NetworkState, event: NetworkEvent) -> NetworkState:
    match event:
        case NetworkBorn():
            return replace(state, born=event)
        case DistrictAdded():
            return replace(state, districts=(*state.districts, event))
        case MemberJoined():
            return replace(state, members=(*state.members, event))
        case MemberLeft(member_id=gone):
            return replace(
                state, members=tuple(member for member in state.members if member.member_id != gone)
            )
        case LevelDefined(code=code):
            others = tuple(level for level in state.levels if level.code != code)
            return replace(state, levels=(*others, event))
        case RequestAuthoritySet(channels=channels):
            return replace(state, channels=channels)
        case PolicyAdopted(policy=policy):
            known = state.policies if policy in state.policies else (*state.policies, policy)
            return replace(state, policy=policy, policies=known)
        case ZoneDrawn(zone_id=zone_id):
            return replace(state, zones=state.zones | {zone_id})
        case MinorAloneSignposted():
            return replace(state, minors_signposted=state.minors_signposted + 1)


# --- decide -------------------------------------------------------------------------------------------------


def decide(
    command: NetworkCommand,
    state: NetworkState,
    now: datetime,
) -> tuple[NetworkEvent, ...] | Refusal:
    """What follows from a command; already done is no events."""
    if isinstance(command, BearNetwork):
        return _bear(command, state)
    if state.born is None:
        return Refusal.NETWORK_NOT_BORN
    match command:
        case AddDistrict():
            return _add_district(command, state)
        case AddMember():
            return _add_member(command, state)
        case RemoveMember():
            return _remove_member(command, state)
        case DefineLevel():
            return _define_level(command, state)
        case SetRequestAuthority(channels=channels):
            return () if channels == state.channels else (RequestAuthoritySet(channels=channels),)
        case AdoptPolicy():
            return _adopt_policy(command, state, now)
        case DrawZone(zone_id=zone_id):
            return () if zone_id in state.zones else (ZoneDrawn(zone_id=zone_id),)


def _bear(command: BearNetwork, state: NetworkState) -> tuple[NetworkEvent, ...] | Refusal:
    born = NetworkBorn(kind=command.kind, code=command.code, time_zone=command.time_zone)
    if state.born == born:
        return ()
    if state.born is not None:
        return Refusal.NETWORK_ALREADY_BORN
    if not is_code(command.code) or _TIME_ZONE.fullmatch(command.time_zone) is None:
        return Refusal.CODE_MALFORMED
    return (born,)


def _add_district(command: AddDistrict, state: NetworkState) -> tuple[NetworkEvent, ...] | Refusal:
    added = DistrictAdded(
        district_id=command.district_id,
        code=command.code,
        municipalities=command.municipalities,
        valid_from=command.valid_from,
    )
    if added in state.districts:
        return ()
    coded = all(_ISTAT_CODE.fullmatch(municipality) for municipality in command.municipalities)
    if not is_code(command.code) or not coded:
        return Refusal.CODE_MALFORMED
    if any(
        known.code == command.code or known.district_id == command.district_id for known in state.districts
    ):
        return Refusal.CODE_ALREADY_USED
    assigned = {municipality for known in state.districts for municipality in known.municipalities}
    if assigned & set(command.municipalities) or len(set(command.municipalities)) != len(
        command.municipalities
    ):
        return Refusal.MUNICIPALITY_ALREADY_ASSIGNED
    return (added,)


def _add_member(command: AddMember, state: NetworkState) -> tuple[NetworkEvent, ...] | Refusal:
    joined = MemberJoined(
        member_id=command.member_id, kind=command.kind, code=command.code, valid_from=command.valid_from
    )
    if joined in state.members:
        return ()
    if not is_code(command.code):
        return Refusal.CODE_MALFORMED
    if any(known.code == command.code or known.member_id == command.member_id for known in state.members):
        return Refusal.CODE_ALREADY_USED
    return (joined,)


def _remove_member(command: RemoveMember, state: NetworkState) -> tuple[NetworkEvent, ...] | Refusal:
    if not state.has_member(command.member_id):
        return Refusal.MEMBER_UNKNOWN
    return (MemberLeft(member_id=command.member_id, valid_to=command.valid_to),)


def _define_level(command: DefineLevel, state: NetworkState) -> tuple[NetworkEvent, ...] | Refusal:
    defined = LevelDefined(code=command.code, function=command.function, stay_limit=command.stay_limit)
    if defined in state.levels:
        return ()
    if not is_code(command.code):
        return Refusal.CODE_MALFORMED
    limit = command.stay_limit
    if min(limit.days, limit.months) != 0 or max(limit.days, limit.months) <= 0:
        return Refusal.STAY_LIMIT_MALFORMED
    return (defined,)


def _adopt_policy(
    command: AdoptPolicy, state: NetworkState, now: datetime
) -> tuple[NetworkEvent, ...] | Refusal:
    """It is in force from its adoption on, so it is adopted when its day has come and not before."""
    if command.policy == state.policy:
        return ()
    if not is_applicable(command.policy):
        return Refusal.POLICY_MALFORMED
    if state.policy_of(command.policy.version) not in (None, command.policy):
        return Refusal.CODE_ALREADY_USED
    if command.valid_from > (now + FARTHEST_AHEAD).date():
        return Refusal.OCCURRED_IN_THE_FUTURE
    return (PolicyAdopted(policy=command.policy, valid_from=command.valid_from),)
