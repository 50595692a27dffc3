"""What can have happened to a desk. Field names and topics are the storage format."""

from __future__ import annotations

from domain.codes import DeskKind
from domain.event import Event, stored
from domain.kept import OpeningPurpose, ValueKind
from domain.vocabulary import MemberId, ShelterId, ZoneId


@stored("desk.opened.1", reserved=("code", "shelter_id", "zone_id"))
class DeskOpened(Event):
    """Somebody can be reached here: the house or the member whose desk it is. A ZONE's desk is no telephone:
    it keeps what the zone means.
    """

    kind: DeskKind
    code: str
    member_id: MemberId | None
    shelter_id: ShelterId | None
    zone_id: ZoneId | None


@stored("desk.closed.1")
class DeskClosed(Event):
    pass


@stored("desk.value-kept.1")
class DeskValueKept(Event):
    """A value of this kind stands in the vault; it replaces the one of its kind kept before."""

    kind: ValueKind
    commitment: str


@stored("desk.values-opened.1")
class DeskValuesOpened(Event):
    """Somebody is about to see these values: recorded before they are."""

    commitments: tuple[str, ...]
    purpose: OpeningPurpose


DeskEvent = DeskOpened | DeskClosed | DeskValueKept | DeskValuesOpened
