"""What a network is now, folded from its events: `initial` and `evolve`."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from domain.evolution import changed
from domain.network.events import (
    DistrictAdded,
    ExportApproved,
    ExportRequested,
    LevelDefined,
    LogExported,
    MemberJoined,
    MemberLeft,
    MinorAloneSignposted,
    NetworkBorn,
    NetworkEvent,
    PolicyAdopted,
    RequestAuthoritySet,
    RotaAdopted,
    ZoneDrawn,
)
from domain.policy import Policy
from domain.vocabulary import Channel, DistrictId, MemberId, MemberKind, ZoneId


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
    rota: RotaAdopted | None = None
    minors_signposted: int = 0
    export: ExportRequested | None = None
    export_approval: ExportApproved | None = None
    """Of the whole log: what was asked for and not made yet, and who agreed."""

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


def evolve(state: NetworkState, event: NetworkEvent) -> NetworkState:
    match event:
        case NetworkBorn():
            return changed(state, born=event)
        case DistrictAdded():
            return changed(state, districts=(*state.districts, event))
        case MemberJoined():
            return changed(state, members=(*state.members, event))
        case MemberLeft(member_id=gone):
            return changed(
                state, members=tuple(member for member in state.members if member.member_id != gone)
            )
        case LevelDefined(code=code):
            others = tuple(level for level in state.levels if level.code != code)
            return changed(state, levels=(*others, event))
        case RequestAuthoritySet(channels=channels):
            return changed(state, channels=channels)
        case PolicyAdopted(policy=policy):
            known = state.policies if policy in state.policies else (*state.policies, policy)
            return changed(state, policy=policy, policies=known)
        case ZoneDrawn(zone_id=zone_id):
            return changed(state, zones=state.zones | {zone_id})
        case RotaAdopted():
            return changed(state, rota=event)
        case MinorAloneSignposted():
            return changed(state, minors_signposted=state.minors_signposted + 1)
        case ExportRequested():
            return changed(state, export=event, export_approval=None)
        case ExportApproved():
            return changed(state, export_approval=event)
        case LogExported():
            return changed(state, export=None, export_approval=None)
