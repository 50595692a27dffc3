"""What can have happened to a network."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from domain.event import Event, stored
from domain.policy import Policy
from domain.vocabulary import (
    Channel,
    DistrictId,
    ExportId,
    LevelFunction,
    LogKind,
    MemberId,
    MemberKind,
    RotaShift,
    StayLimit,
    ZoneId,
)


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


@stored("network.rota-adopted.1")
class RotaAdopted(Event):
    """Which desks answer when; it replaces the earlier rota. Every hour of the week has a desk."""

    shifts: tuple[RotaShift, ...]
    valid_from: date


@stored("network.minor-alone-signposted.1")
class MinorAloneSignposted(Event):
    """A household without an adult was asked for: no search was made, the minors' path was named. Counted, no
    more.
    """

    channel: Channel


@stored("network.export-requested.1", reserved=("requested_by",))
class ExportRequested(Event):
    """Somebody wants the whole log out of the house. `reference` is a register number (year/number)."""

    export_id: ExportId
    requested_by: UUID
    reference: str


@stored("network.export-approved.1", reserved=("approved_by",))
class ExportApproved(Event):
    """A second person agrees: it may be made once, before `until`."""

    export_id: ExportId
    approved_by: UUID
    until: datetime


@stored("network.log-exported.1")
class LogExported(Event):
    """The log up to a position is about to be written out: recorded before it is."""

    export_id: ExportId
    upto: int


NetworkEvent = (
    NetworkBorn
    | DistrictAdded
    | MemberJoined
    | MemberLeft
    | LevelDefined
    | RequestAuthoritySet
    | PolicyAdopted
    | ZoneDrawn
    | RotaAdopted
    | MinorAloneSignposted
    | ExportRequested
    | ExportApproved
    | LogExported
)
