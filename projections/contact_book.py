"""How the contact book and the rota look: desks under ids and codes, who answers at an instant, the week.
Never a number, never what a zone means.

Pure functions over the index of places. The doors and the pages call it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.codes import DeskKind
from domain.desk import DeskOpened
from domain.kept import ValueKind
from domain.matching.places import Places
from domain.network.rota import answering
from domain.placement.state import PlacementState
from domain.vocabulary import DeskId, MemberId, PlacementId, ShelterId, Weekday, ZoneId


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskView:
    """A desk, whom it reaches, and which values it has in the vault. `answers`: it is on duty now."""

    desk_id: DeskId
    kind: DeskKind
    code: str
    member_id: MemberId | None
    shelter_id: ShelterId | None
    zone_id: ZoneId | None
    keeps: tuple[ValueKind, ...]
    answers: bool
    closed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactBookView:
    """Every desk that the caller may know of."""

    position: int
    items: tuple[DeskView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ShiftView:
    """A desk answers on these days from minute `begins` to before minute `ends` of the local day."""

    desk_id: DeskId
    weekdays: tuple[Weekday, ...]
    begins: int
    ends: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RotaView:
    """Who answers at an instant, in the order of the rota, and the week by the wall clock of `time_zone`."""

    position: int
    at: datetime
    time_zone: str
    valid_from: date | None
    answering: tuple[DeskView, ...]
    shifts: tuple[ShiftView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OnCallView:
    """Whom to ring about a placement now: the desks of the house that holds places for it, those on duty
    first, and of the coordination, the services and the neighbours those on duty.
    """

    placement_id: PlacementId
    at: datetime
    shelter_id: ShelterId | None
    house: tuple[DeskView, ...]
    coordination: tuple[DeskView, ...]
    services: tuple[DeskView, ...]
    neighbours: tuple[DeskView, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneView:
    """A zone by its id alone, and whether what it means is kept somewhere."""

    zone_id: ZoneId
    named: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ZonesView:
    """Every zone of the network, in the order of their random ids."""

    position: int
    items: tuple[ZoneView, ...]


def contact_book(places: Places, at: datetime, houses: frozenset[ShelterId] | None) -> ContactBookView:
    """Every desk. To a house's operator (`houses`) no other house's, and no zone's."""
    on_duty = on_duty_at(places, at)
    desks = _known(places, places.desks, houses)
    return ContactBookView(
        position=places.position, items=tuple(desk_view(places, each, on_duty) for each in desks)
    )


def rota_view(places: Places, at: datetime, houses: frozenset[ShelterId] | None) -> RotaView:
    """Who answers at an instant, and the week, without the desks of houses that are not the caller's."""
    rota, on_duty = places.network.rota, answering_at(places, at, houses)
    shifts = rota.shifts if rota is not None else ()
    known = frozenset(_known(places, places.desks, houses))
    return RotaView(
        position=places.position,
        at=at,
        time_zone=str(places.network.zone),
        valid_from=rota.valid_from if rota is not None else None,
        answering=tuple(desk_view(places, each, on_duty) for each in on_duty),
        shifts=tuple(
            ShiftView(desk_id=shift.desk_id, weekdays=shift.weekdays, begins=shift.begins, ends=shift.ends)
            for shift in shifts
            if shift.desk_id in known
        ),
    )


def on_call_view(
    placement_id: PlacementId, state: PlacementState, places: Places, at: datetime
) -> OnCallView:
    """Whom to ring about a placement at an instant."""
    on_duty = on_duty_at(places, at)
    house = state.held.shelter_id if state.held is not None else None
    views = [desk_view(places, each, on_duty) for each in places.desks]
    standing = [each for each in views if not each.closed]

    def duty(kind: DeskKind) -> tuple[DeskView, ...]:
        return tuple(each for each in standing if each.kind is kind and each.answers)

    theirs = (each for each in standing if house is not None and each.shelter_id == house)
    return OnCallView(
        placement_id=placement_id,
        at=at,
        shelter_id=house,
        house=tuple(sorted(theirs, key=lambda each: not each.answers)),
        coordination=duty(DeskKind.COORDINATION),
        services=duty(DeskKind.SERVICE),
        neighbours=duty(DeskKind.NEIGHBOUR),
    )


def zones_view(places: Places) -> ZonesView:
    named = {
        state.opened.zone_id
        for state in places.desks.values()
        if state.opened is not None and state.values and not state.closed
    }
    return ZonesView(
        position=places.position,
        items=tuple(ZoneView(zone_id=each, named=each in named) for each in sorted(places.network.zones)),
    )


def desk_view(places: Places, desk_id: DeskId, on_duty: Iterable[DeskId]) -> DeskView:
    """A desk that has been opened."""
    state = places.desks[desk_id]
    opened = _opened(places, desk_id)
    return DeskView(
        desk_id=desk_id,
        kind=opened.kind,
        code=opened.code,
        member_id=opened.member_id,
        shelter_id=opened.shelter_id,
        zone_id=opened.zone_id,
        keeps=tuple(state.values),
        answers=desk_id in on_duty,
        closed=state.closed,
    )


def on_duty_at(places: Places, at: datetime) -> tuple[DeskId, ...]:
    rota = places.network.rota
    return answering(rota.shifts, at, places.network.zone) if rota is not None else ()


def answering_at(places: Places, at: datetime, houses: frozenset[ShelterId] | None) -> tuple[DeskId, ...]:
    """Who answers at an instant, of those that somebody may know of; `houses` None: all."""
    return _known(places, on_duty_at(places, at), houses)


def _known(
    places: Places, desks: Iterable[DeskId], houses: frozenset[ShelterId] | None
) -> tuple[DeskId, ...]:
    """Of these desks, those that somebody may know of; `houses` None: all."""
    if houses is None:
        return tuple(desks)
    return tuple(each for each in desks if _open_to(_opened(places, each), houses))


def _open_to(opened: DeskOpened, houses: frozenset[ShelterId]) -> bool:
    if opened.kind is DeskKind.HOUSE:
        return opened.shelter_id in houses
    return opened.kind is not DeskKind.ZONE


def _opened(places: Places, desk_id: DeskId) -> DeskOpened:
    opened = places.desks[desk_id].opened
    assert opened is not None, "a desk begins by being opened"
    return opened
