"""The network: its birth, its territory and members, its levels, who may request, under which policy."""

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
from domain.network.decide import decide
from domain.network.events import (
    DistrictAdded,
    LevelDefined,
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
from domain.network.state import NetworkState, evolve, initial

__all__ = [
    "AddDistrict",
    "AddMember",
    "AdoptPolicy",
    "BearNetwork",
    "DefineLevel",
    "DistrictAdded",
    "DrawZone",
    "LevelDefined",
    "MemberJoined",
    "MemberLeft",
    "MinorAloneSignposted",
    "NetworkBorn",
    "NetworkCommand",
    "NetworkEvent",
    "NetworkState",
    "PolicyAdopted",
    "RemoveMember",
    "RequestAuthoritySet",
    "RotaAdopted",
    "SetRequestAuthority",
    "ZoneDrawn",
    "decide",
    "evolve",
    "initial",
]
