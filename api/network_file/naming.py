"""Which ids the labels of a network file became: for whoever addresses the network next (`init --print-ids`).

Read from the founding's own events beside the file: zones are drawn in the file's order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from api.network_file.schema import NetworkFile
from domain.desk import DeskOpened
from domain.event import Event
from domain.network import DistrictAdded, MemberJoined, ZoneDrawn
from domain.shelter import ShelterRegistered
from domain.unit import InventoryOpened, OccupiedOutsideEngine, UnitRegistered
from domain.vocabulary import PlaceKind
from ledger.store.transact import Recorded


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedUnit:
    """`opening_guests` and `outside_guests` are occupancies, in the file's order."""

    id: UUID
    beds: tuple[UUID, ...]
    cots: tuple[UUID, ...]
    opening_guests: tuple[UUID, ...]
    outside_guests: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedShelter:
    id: UUID
    units: Mapping[str, NamedUnit]


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedIds:
    """Ids by the labels of the file."""

    network: UUID
    districts: Mapping[str, UUID]
    members: Mapping[str, UUID]
    zones: Mapping[str, UUID]
    shelters: Mapping[str, NamedShelter]
    desks: Mapping[str, UUID]


def named_ids(file: NetworkFile, events: Iterable[Recorded]) -> NamedIds:
    """The ids that these founding events of this file gave."""
    recorded = list(events)
    shelters = {
        each.event.code: each.stream for each in recorded if isinstance(each.event, ShelterRegistered)
    }
    units: dict[tuple[UUID, str], tuple[UUID, UnitRegistered]] = {
        (each.event.shelter_id, each.event.code): (each.stream, each.event)
        for each in recorded
        if isinstance(each.event, UnitRegistered)
    }
    guests: dict[UUID, list[Event]] = {}
    for each in recorded:
        if isinstance(each.event, InventoryOpened | OccupiedOutsideEngine):
            guests.setdefault(each.stream, []).append(each.event)
    zones = [each.event.zone_id for each in recorded if isinstance(each.event, ZoneDrawn)]
    named: dict[str, NamedShelter] = {}
    for table in file.shelters:
        found = {unit.code: units[shelters[table.code], unit.code] for unit in table.units}
        named[table.code] = NamedShelter(
            id=shelters[table.code],
            units={
                code: _named_unit(stream, event, guests.get(stream, []))
                for code, (stream, event) in found.items()
            },
        )
    return NamedIds(
        network=recorded[0].stream,
        districts={
            each.event.code: each.event.district_id
            for each in recorded
            if isinstance(each.event, DistrictAdded)
        },
        members={
            each.event.code: each.event.member_id for each in recorded if isinstance(each.event, MemberJoined)
        },
        zones=dict(zip(file.network.zones, zones, strict=True)),
        shelters=named,
        desks={each.event.code: each.stream for each in recorded if isinstance(each.event, DeskOpened)},
    )


def _named_unit(stream: UUID, registered: UnitRegistered, guests: list[Event]) -> NamedUnit:
    return NamedUnit(
        id=stream,
        beds=tuple(place.place_id for place in registered.places if place.kind is PlaceKind.BED),
        cots=tuple(place.place_id for place in registered.places if place.kind is PlaceKind.COT),
        opening_guests=tuple(
            occupancy.occupancy_id
            for event in guests
            if isinstance(event, InventoryOpened)
            for occupancy in event.occupancies
        ),
        outside_guests=tuple(
            event.occupancy_id for event in guests if isinstance(event, OccupiedOutsideEngine)
        ),
    )
