"""What follows from a command on the network."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from domain.network.commands import (
    AddDistrict,
    AddMember,
    AdoptPolicy,
    BearNetwork,
    DefineLevel,
    DrawZone,
    NetworkCommand,
    RemoveMember,
    SetRequestAuthority,
)
from domain.network.events import (
    DistrictAdded,
    LevelDefined,
    MemberJoined,
    MemberLeft,
    NetworkBorn,
    NetworkEvent,
    PolicyAdopted,
    RequestAuthoritySet,
    ZoneDrawn,
)
from domain.network.exporting import (
    ApproveExport,
    ExportCommand,
    RecordExport,
    RequestExport,
    decide_export,
)
from domain.network.state import NetworkState
from domain.policy import is_applicable
from domain.refusals import Refusal
from domain.vocabulary import is_code

_TIME_ZONE = re.compile(r"(?=.{1,40}$)[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}")
_ISTAT_CODE = re.compile(r"[0-9]{6}")
FARTHEST_AHEAD = timedelta(hours=14)
"""No place on earth is further ahead of UTC: a day that has begun nowhere is in the future."""


def decide(
    command: NetworkCommand | ExportCommand,
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
        case RequestExport() | ApproveExport() | RecordExport():
            return decide_export(command, state, now)


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
