"""The contact book and the rota: desks of known houses, bodies and zones; a week in which the coordination
always answers; and whose number may be opened.

A number or the meaning of a zone never comes here: the vault keeps them, an event says that they are about to
be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain import desk
from domain.codes import DeskKind
from domain.desk import CloseDesk, DeskOpened, KeepDeskValues, OpenDesk, OpenDeskValues
from domain.kept import OpeningPurpose
from domain.matching.places import Places
from domain.network import RotaAdopted
from domain.network.decide import FARTHEST_AHEAD
from domain.network.rota import first_gap, is_well_formed
from domain.placement.state import OfferState
from domain.refusals import Refusal
from domain.vocabulary import DeskId, MemberKind, RotaShift, ShelterId, ZoneId
from domain.world import NOTHING, Context, Decided, Decision, Draft, World, on_stream

_STANDING = (OfferState.HELD, OfferState.SENT, OfferState.ACCEPTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class AdoptRota:
    """Which desks answer when; it replaces the rota that stands."""

    shifts: tuple[RotaShift, ...]
    valid_from: date


@dataclass(frozen=True, kw_only=True, slots=True)
class NameZones:
    """Somebody is about to read what these zones mean."""

    zones: tuple[ZoneId, ...]


def register_desk(desk_id: DeskId, command: OpenDesk, world: World) -> Decided:
    """Refuses: NETWORK_NOT_BORN, MEMBER_UNKNOWN, SHELTER_UNKNOWN, ZONE_UNKNOWN, NEIGHBOUR_UNKNOWN, then what
    the desk itself refuses.
    """
    if (refusal := _unknown(command, world)) is not None:
        return refusal
    return on_stream(desk_id, desk.decide(command, world.desk(desk_id)))


def open_desk(desk_id: DeskId, command: OpenDesk, world: World, places: Places) -> Decided:
    """As `register_desk`, in a network under way. Refuses: what that refuses, then CODE_ALREADY_USED: another
    desk has the code, or keeps what the zone means. Two at the same moment can still both have it.
    """
    decided = register_desk(desk_id, command, world)
    others = (state for known, state in places.desks.items() if known != desk_id and not state.closed)
    if isinstance(decided, Decision) and any(_same(command, each.opened) for each in others):
        return Refusal.CODE_ALREADY_USED
    return decided


def close_desk(desk_id: DeskId, command: CloseDesk, world: World) -> Decided:
    """Refuses: DESK_UNKNOWN, DESK_ON_ROTA while a shift names it."""
    rota = world.network().rota
    if rota is not None and any(shift.desk_id == desk_id for shift in rota.shifts):
        return Refusal.DESK_ON_ROTA
    return on_stream(desk_id, desk.decide(command, world.desk(desk_id)))


def keep_values(desk_id: DeskId, command: KeepDeskValues, world: World) -> Decided:
    """Refuses what the desk itself refuses."""
    return on_stream(desk_id, desk.decide(command, world.desk(desk_id)))


def open_values(desk_id: DeskId, command: OpenDeskValues, world: World, places: Places) -> Decided:
    """Refuses: what the desk itself refuses; HOUSE_NOT_ASKED for a house in which nothing is held."""
    state = world.desk(desk_id)
    decided = desk.decide(command, state)
    house = state.opened.shelter_id if state.opened is not None else None
    if house is not None and not isinstance(decided, Refusal) and not is_asked(house, places):
        return Refusal.HOUSE_NOT_ASKED
    return on_stream(desk_id, decided)


def name_zones(command: NameZones, world: World, places: Places) -> Decided:
    """One opening of the meaning of every zone asked for. Refuses: ZONE_UNKNOWN, VALUE_NOT_KEPT where the
    meaning of one is kept nowhere.
    """
    if not world.network().zones.issuperset(command.zones):
        return Refusal.ZONE_UNKNOWN
    draft, legend = Draft(), zone_desks(places)
    opening = OpenDeskValues(purpose=OpeningPurpose.NAME_ZONES)
    for zone_id in dict.fromkeys(command.zones):
        if zone_id not in legend:
            return Refusal.VALUE_NOT_KEPT
        decided = desk.decide(opening, world.desk(legend[zone_id]))
        if isinstance(decided, Refusal):
            return decided
        draft.add(legend[zone_id], *decided)
    return draft.decision()


def adopt_rota(command: AdoptRota, world: World, context: Context) -> Decided:
    """Refuses: NETWORK_NOT_BORN, DESK_UNKNOWN, ROTA_MALFORMED, HOUR_UNCOVERED (there is a minute of the week
    in which no desk of the coordination answers), OCCURRED_IN_THE_FUTURE (it is in force from its adoption
    on), DESK_CLOSED.
    """
    network = world.network()
    if network.born is None:
        return Refusal.NETWORK_NOT_BORN
    adopted = RotaAdopted(shifts=command.shifts, valid_from=command.valid_from)
    if network.rota == adopted:
        return NOTHING
    desks = {each: world.desk(each) for each in dict.fromkeys(shift.desk_id for shift in command.shifts)}
    if any(state.opened is None for state in desks.values()):
        return Refusal.DESK_UNKNOWN
    kinds = {each: state.opened.kind for each, state in desks.items() if state.opened is not None}
    if not all(map(is_well_formed, command.shifts)) or DeskKind.ZONE in kinds.values():
        return Refusal.ROTA_MALFORMED
    if first_gap(command.shifts, of_kind(kinds.items(), DeskKind.COORDINATION)) is not None:
        return Refusal.HOUR_UNCOVERED
    if command.valid_from > (context.now + FARTHEST_AHEAD).date():
        return Refusal.OCCURRED_IN_THE_FUTURE
    if any(state.closed for state in desks.values()):
        return Refusal.DESK_CLOSED
    return on_stream(context.network_id, (adopted,))


def of_kind(desks: Iterable[tuple[DeskId, DeskKind]], wanted: DeskKind) -> frozenset[DeskId]:
    return frozenset(desk_id for desk_id, kind in desks if kind is wanted)


def is_asked(house: ShelterId, places: Places) -> bool:
    """Whether something is held or offered in this house, or somebody the engine sent is there."""
    return any(
        offer.shelter_id == house and offer.state in _STANDING
        for state in places.placements.values()
        for offer in state.offers.values()
    )


def zone_desks(places: Places) -> dict[ZoneId, DeskId]:
    """The desk that keeps what each zone means, of those that have one."""
    return {
        state.opened.zone_id: desk_id
        for desk_id, state in places.desks.items()
        if state.opened is not None and state.opened.zone_id is not None and not state.closed
    }


def _unknown(command: OpenDesk, world: World) -> Refusal | None:
    network = world.network()
    if network.born is None:
        return Refusal.NETWORK_NOT_BORN
    if command.member_id is not None and not network.has_member(command.member_id):
        return Refusal.MEMBER_UNKNOWN
    if command.shelter_id is not None and world.shelter(command.shelter_id).registered is None:
        return Refusal.SHELTER_UNKNOWN
    if command.zone_id is not None and command.zone_id not in network.zones:
        return Refusal.ZONE_UNKNOWN
    if (
        command.kind is DeskKind.NEIGHBOUR
        and command.member_id is not None
        and not network.has_member(command.member_id, MemberKind.NEIGHBOUR_NETWORK)
    ):
        return Refusal.NEIGHBOUR_UNKNOWN
    return None


def _same(command: OpenDesk, opened: DeskOpened | None) -> bool:
    if opened is None:
        return False
    return opened.code == command.code or (command.zone_id is not None and opened.zone_id == command.zone_id)
