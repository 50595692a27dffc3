"""What can be asked of a desk."""

from __future__ import annotations

from dataclasses import dataclass

from domain.codes import DeskKind
from domain.kept import OpeningPurpose, ValueKind
from domain.vocabulary import MemberId, ShelterId, ZoneId


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenDesk:
    """A HOUSE's desk names its house, a ZONE's its zone, every other the member body it reaches."""

    kind: DeskKind
    code: str
    member_id: MemberId | None = None
    shelter_id: ShelterId | None = None
    zone_id: ZoneId | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CloseDesk:
    """Nobody is reached here any longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepDeskValues:
    """Values that stand in the vault, each by its kind and its commitment."""

    values: tuple[tuple[ValueKind, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenDeskValues:
    """Somebody is about to read what the desk keeps, for this purpose."""

    purpose: OpeningPurpose


DeskCommand = OpenDesk | CloseDesk | KeepDeskValues | OpenDeskValues
