"""The decision that founds a network: everything in a network file as the first events of a log.

It goes through the domain's own decisions, one after the other, in a world that is made as it goes
(`founded_so_far`). Zones are drawn first, in the file's order; their labels are not kept in the log. Nothing
is written: that is `writing`'s, who calls this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.network_file.contacts import DeskTable, shifts_of
from api.network_file.founded_so_far import FoundedSoFar
from api.network_file.reading import BadNetworkFile
from api.network_file.schema import (
    GuestsTable,
    NetworkFile,
    ShelterTable,
    UnitTable,
)
from domain import network, unit
from domain.coordination.contacts import AdoptRota, adopt_rota, register_desk
from domain.coordination.enrolling import register_shelter, register_unit
from domain.coordination.reality import RecordOutsideOccupancy, record_outside_occupancy
from domain.desk import OpenDesk
from domain.network import (
    AddDistrict,
    AddMember,
    AdoptPolicy,
    BearNetwork,
    DefineLevel,
    DrawZone,
    NetworkCommand,
    SetRequestAuthority,
)
from domain.refusals import Refusal
from domain.shelter import RegisterShelter
from domain.unit import (
    DeclareTerms,
    OpeningOccupancy,
    OpenInventory,
    PublishAvailability,
    RegisterUnit,
)
from domain.vocabulary import (
    DeskId,
    DistrictId,
    LogKind,
    MemberId,
    OccupancyId,
    Place,
    PlaceId,
    PlaceKind,
    ShelterId,
    StayLimit,
    UnitId,
    ZoneId,
)
from domain.world import Context, Decided, Draft, on_stream

VAULTED = {"on_call_number", "meaning"}
_NO_TERMS = DeclareTerms(children_most=None, boys_up_to=None, risk_up_to=None, criteria=())


class FoundingRefused(Exception):
    """The domain refused what the file asks. The message names the refusal; nothing was written."""


def refuse_unreal(file: NetworkFile, kind: LogKind) -> None:
    """Refuses (`BadNetworkFile`) in a REAL log: houses that do not exist, and values in a file."""
    if kind is LogKind.REAL and (problems := [*_unreal(file)]):
        raise BadNetworkFile(problems)


def _unreal(file: NetworkFile) -> Iterator[str]:
    for house in file.shelters:
        if house.fictitious:
            yield (
                f"shelters[{house.code}].fictitious: a REAL log takes only houses that exist: found an "
                "EXERCISE, or remove the house."
            )
    for desk in file.desks:
        if desk.value is not None:
            yield (
                f"desks[{desk.code}]: the file of a REAL network carries no number and no meaning: remove "
                "it, and write it through the doors (POST /desks/ID/values)."
            )


def file_digest(file: NetworkFile, kind: LogKind) -> bytes:
    """SHA-256 (32 bytes) of what the file says, whatever its layout and comments. What goes to the vault is
    left out.
    """
    told = file.model_dump_json(exclude_unset=True, exclude={"desks": {"__all__": VAULTED}})
    return hashlib.sha256(f"{kind} {told}".encode()).digest()


class Founding:
    """The decision: one file, one world that is made as it goes, one draft."""

    def __init__(self, file: NetworkFile, kind: LogKind, context: Context) -> None:
        self._file = file
        self._kind = kind
        self._context = context
        self._world = FoundedSoFar()
        self._draft = Draft()
        self._houses: dict[str, ShelterId] = {}
        self.zones = {label: ZoneId(context.new_id()) for label in file.network.zones}
        """By the file's labels, which are not kept in the log."""

    def decide(self) -> Decided:
        """Errors: `FoundingRefused` (a rule of the domain that reading the file does not know)."""
        districts = {each.code: DistrictId(self._new()) for each in self._file.districts}
        members = {each.code: MemberId(self._new()) for each in self._file.members}
        for command in self._network_commands(districts, members):
            self._add(
                self._context.network_id,
                on_stream(
                    self._context.network_id,
                    network.decide(command, self._world.network_state, self._context.now),
                ),
            )
        for each in self._file.shelters:
            self._found_shelter(each, members[each.member], districts[each.district])
        self._adopt_rota({each.code: self._found_desk(each, members) for each in self._file.desks})
        return self._draft.decision()

    def _network_commands(
        self, districts: dict[str, DistrictId], members: dict[str, MemberId]
    ) -> Iterator[NetworkCommand]:
        file, start = self._file, self._file.network.valid_from
        yield BearNetwork(kind=self._kind, code=file.network.code, time_zone=file.network.time_zone)
        for zone_id in self.zones.values():
            yield DrawZone(zone_id=zone_id)
        for district in file.districts:
            yield AddDistrict(
                district_id=districts[district.code],
                code=district.code,
                municipalities=district.municipalities,
                valid_from=district.valid_from or start,
            )
        for member in file.members:
            yield AddMember(
                member_id=members[member.code],
                kind=member.kind,
                code=member.code,
                valid_from=member.valid_from or start,
            )
        for level in file.levels:
            limit = StayLimit(days=level.days, months=level.months)
            yield DefineLevel(code=level.code, function=level.function, stay_limit=limit)
        yield SetRequestAuthority(channels=file.network.request_channels)
        yield AdoptPolicy(policy=file.policy.policy(), valid_from=start)

    def _found_shelter(self, table: ShelterTable, member_id: MemberId, district_id: DistrictId) -> None:
        shelter_id = self._houses[table.code] = ShelterId(self._new())
        command = RegisterShelter(
            code=table.code,
            member_id=member_id,
            district_id=district_id,
            valid_from=table.valid_from or self._file.network.valid_from,
            address_class=table.address_class,
            register_status=table.register_status,
            modes=table.intake_modes,
            fictitious=table.fictitious,
        )
        self._add(shelter_id, register_shelter(shelter_id, command, self._world, self._context))
        for each in table.units:
            self._found_unit(each, shelter_id)

    def _found_desk(self, table: DeskTable, members: dict[str, MemberId]) -> DeskId:
        desk_id = DeskId(self._new())
        command = OpenDesk(
            kind=table.kind,
            code=table.code,
            member_id=members[table.member] if table.member is not None else None,
            shelter_id=self._houses[table.house] if table.house is not None else None,
            zone_id=self.zones[table.zone] if table.zone is not None else None,
        )
        self._add(desk_id, register_desk(desk_id, command, self._world))
        return desk_id

    def _adopt_rota(self, desks: dict[str, DeskId]) -> None:
        shifts = tuple(each for line in self._file.rota for each in shifts_of(line, desks[line.desk]))
        command = AdoptRota(shifts=shifts, valid_from=self._file.network.valid_from)
        self._add(self._context.network_id, adopt_rota(command, self._world, self._context))

    def _found_unit(self, table: UnitTable, shelter_id: ShelterId) -> None:
        unit_id = UnitId(self._new())
        places = _Counted(
            beds=[PlaceId(self._new()) for _ in range(table.beds)],
            cots=[PlaceId(self._new()) for _ in range(table.cots)],
        )
        command = RegisterUnit(
            shelter_id=shelter_id,
            code=table.code,
            level=table.level,
            intake_modes=table.intake_modes,
            places=places.all,
            exclusive=table.exclusive,
            features=table.features,
            unsuitable_zones=tuple(self.zones[label] for label in table.unsuitable_zones),
        )
        self._add(unit_id, register_unit(unit_id, command, self._world, self._context))
        self._declare_terms(unit_id, table)
        self._publish(unit_id, table, places)
        self._take_in(unit_id, table, places)

    def _declare_terms(self, unit_id: UnitId, table: UnitTable) -> None:
        """Nothing where the house has declared nothing."""
        command = DeclareTerms(
            children_most=table.children_most,
            boys_up_to=table.boys_up_to,
            risk_up_to=table.risk_up_to,
            criteria=table.criteria,
        )
        if command != _NO_TERMS:
            self._decide_unit(unit_id, command)

    def _publish(self, unit_id: UnitId, table: UnitTable, places: _Counted) -> None:
        beds = table.beds if table.open_beds is None else table.open_beds
        cots = table.cots if table.open_cots is None else table.open_cots
        command = PublishAvailability(
            open_places=(*places.beds[:beds], *places.cots[:cots]), observed_at=self._observed(table)
        )
        self._decide_unit(unit_id, command)

    def _take_in(self, unit_id: UnitId, table: UnitTable, places: _Counted) -> None:
        """Guests take beds and cots from the first on: those of the opening, then those sent by others."""
        left = _Counted(beds=list(places.beds), cots=list(places.cots))
        opening = tuple(
            OpeningOccupancy(occupancy_id=OccupancyId(self._new()), places=left.take(group))
            for group in table.opening_guests
        )
        self._decide_unit(unit_id, OpenInventory(occupancies=opening, observed_at=self._observed(table)))
        for group in table.outside_guests:
            fact = RecordOutsideOccupancy(
                unit_id=unit_id,
                occupancy_id=OccupancyId(self._new()),
                places=left.take(group),
                occurred_at=self._observed(table),
            )
            self._add(unit_id, record_outside_occupancy(fact, self._world, self._context))

    def _decide_unit(
        self, unit_id: UnitId, command: DeclareTerms | PublishAvailability | OpenInventory
    ) -> None:
        self._add(
            unit_id, on_stream(unit_id, unit.decide(command, self._world.unit(unit_id), self._context.now))
        )

    def _observed(self, table: UnitTable) -> datetime:
        return self._context.now - timedelta(hours=table.observed_hours_ago)

    def _add(self, stream: UUID, decided: Decided) -> None:
        if isinstance(decided, Refusal):
            raise FoundingRefused(decided.name)
        for at, event in decided.each():
            assert at == stream, "nobody is placed yet, so nothing else can change"
            self._world.apply(stream, event)
            self._draft.add(stream, event)

    def _new(self) -> UUID:
        return self._context.new_id()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Counted:
    """Beds and cots that a count in the file stands for."""

    beds: list[PlaceId]
    cots: list[PlaceId]

    @property
    def all(self) -> tuple[Place, ...]:
        beds = (Place(place_id=place_id, kind=PlaceKind.BED) for place_id in self.beds)
        return (*beds, *(Place(place_id=place_id, kind=PlaceKind.COT) for place_id in self.cots))

    def take(self, group: GuestsTable) -> tuple[PlaceId, ...]:
        taken = (*self.beds[: group.beds], *self.cots[: group.cots])
        del self.beds[: group.beds], self.cots[: group.cots]
        return taken
