"""The houses' own life in the log: what they say is free, when they pause, and guests sent by others.

The truth of a house can be ahead of the log: guests who came on a silent weekend are recorded only on Monday,
and an offer that meets them is refused for want of room. `weeks` draws what happens; this plays it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from domain.codes import PauseReason
from domain.matching.places import Places
from domain.placement.state import Offer
from domain.unit import UnitState
from domain.vocabulary import HeldUnit, LevelFunction, OccupancyId, PlaceId, PlaceKind, ShelterId, UnitId
from ledger.store.ids import Sources
from trials.simulate.agenda import Agenda
from trials.simulate.arrivals import Arrival
from trials.simulate.asking import Asking
from trials.simulate.drawing import Draws
from trials.simulate.parameters import Parameters
from trials.simulate.weeks import Group, Habits, day, habits, told_at
from trials.simulate.world import LEVELS

FUNCTIONS = {code: function for function, (code, _, _) in LEVELS.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    shelter_id: ShelterId
    name: str
    units: tuple[UnitId, ...]
    habits: Habits


class Houses:
    """Every house of one run, and what of its truth the log does not know yet."""

    def __init__(
        self,
        places: Places,
        asking: Asking,
        agenda: Agenda,
        sources: Sources,
        draws: Draws,
        parameters: Parameters,
    ) -> None:
        self._places = places
        self._asking = asking
        self._agenda = agenda
        self._sources = sources
        self._draws = draws
        self._parameters = parameters
        self._names: dict[UnitId, str] = {}
        self._houses = [self._house(shelter_id) for shelter_id in places.shelters]
        self._unrecorded: dict[UnitId, list[Group]] = {}
        self._turn: dict[ShelterId, int] = {}
        for unit_id, state in places.units.items():
            for guests in state.guests:
                luck = draws(f"opening {self._names[unit_id]}").even((0, 1))
                left = luck * stay(parameters, self.function(unit_id), luck)
                self._agenda.note(agenda.now + left, partial(self._gone, unit_id, OccupancyId(guests)))

    def name(self, unit_id: UnitId) -> str:
        """The unit's label, the same in every run of the seed."""
        return self._names[unit_id]

    def function(self, unit_id: UnitId) -> LevelFunction:
        registered = self._places.units[unit_id].registered
        assert registered is not None
        return FUNCTIONS[registered.level]

    def has_room(self, offer: Offer) -> bool:
        """Whether the house really has the places it is asked for."""
        return all(self._has_room(each.unit_id, len(each.places)) for each in offer.units)

    def _has_room(self, unit_id: UnitId, wanted: int) -> bool:
        hidden = self._hidden(unit_id)
        if not hidden:
            return True
        state = self._places.units[unit_id]
        assert state.registered is not None
        free = sum(place not in state.taken for place in state.place_ids) + wanted
        return not state.registered.exclusive and free - hidden >= wanted

    async def correct(self, offer: Offer) -> None:
        """Told by voice, the coordination corrects what is said to be open."""
        for each in offer.units:
            hidden = self._hidden(each.unit_id)
            state = self._places.units[each.unit_id]
            assert state.registered is not None
            if hidden:
                free = [place for place in state.place_ids if place not in state.taken]
                full = free if state.registered.exclusive else free[:hidden]
                left = tuple(place for place in state.place_ids if place not in full)
                await self._asking.correct(each.unit_id, left, self._agenda.now)

    def taken_in(self, arrival: Arrival) -> tuple[ShelterId, HeldUnit, int] | None:
        """The house, unit and places that take a household in outside the engine, and how many of it have no
        bed there: the luck of the day picks the unit, and whoever is only expected there makes way."""
        assert arrival.direct is not None
        units = [each for each in self._places.units if self.function(each) is arrival.level]
        if not units:
            return None
        unit_id = units[int(arrival.direct * len(units))]
        state = self._places.units[unit_id]
        registered = state.registered
        assert registered is not None
        there = {place for place, holder in state.taken.items() if holder in state.staying}
        free = [place.place_id for place in registered.places if place.place_id not in there]
        if registered.exclusive and there:
            free = []
        wanted = arrival.household.people - self._hidden(unit_id)
        places = tuple(free[: max(wanted, 0)])
        beside = arrival.household.people - len(places)
        return registered.shelter_id, HeldUnit(unit_id=unit_id, places=places), beside

    def _hidden(self, unit_id: UnitId) -> int:
        """Places with guests whom nobody has recorded yet."""
        return sum(group.beds for group in self._unrecorded.get(unit_id, ()))

    # --- days

    def begin(self, date_: date, zone: ZoneInfo) -> None:
        """Note everything that the houses will do on a day."""
        for house in self._houses:
            self._begin(house, date_, zone)

    def _begin(self, house: House, date_: date, zone: ZoneInfo) -> None:
        silent = house.habits.silent_at_weekends
        plan = day(self._draws, self._parameters, house.name, date_, zone, silent_at_weekends=silent)
        for at in plan.publications:
            for unit_id in self._third(house):
                self._agenda.note(at, partial(self._publish, unit_id), apart=True)
        for group in plan.groups:
            self._agenda.note(group.at, partial(self._come, house, group))
        if plan.pause_from is not None:
            self._agenda.note(plan.pause_from, partial(self._pause, house, plan.pause_for))

    def _third(self, house: House) -> list[UnitId]:
        """One unit per shift, in turn."""
        turn = self._turn[house.shelter_id] = self._turn.get(house.shelter_id, 0) + 1
        return [house.units[turn % len(house.units)]]

    async def _publish(self, unit_id: UnitId) -> None:
        await self._asking.publish(unit_id, self._places.units[unit_id].place_ids, self._agenda.now)

    async def _pause(self, house: House, length: timedelta) -> None:
        await self._asking.pause(house.shelter_id, PauseReason.STAFF)
        self._agenda.note(self._agenda.now + length, partial(self._asking.resume, house.shelter_id))

    # --- guests from outside

    async def _come(self, house: House, group: Group) -> None:
        """Others send guests: the house takes them while it is not as full as it gets, and has a room."""
        units = [each for each in house.units if self.function(each) is group.level]
        if self._share_taken(units) >= house.habits.target:
            return
        unit_id = next((each for each in units if self._takes(each, group)), None)
        if unit_id is not None:
            self._unrecorded.setdefault(unit_id, []).append(group)
            at = told_at(group, silent_at_weekends=house.habits.silent_at_weekends)
            if at <= group.at:
                await self._record(unit_id, group)
            else:
                self._agenda.note(at, partial(self._record, unit_id, group))

    def _share_taken(self, units: list[UnitId]) -> float:
        taken = sum(bool(self._places.units[each].taken) or bool(self._hidden(each)) for each in units)
        return taken / len(units) if units else 1.0

    def _takes(self, unit_id: UnitId, group: Group) -> bool:
        state = self._places.units[unit_id]
        assert state.registered is not None
        there = [place for place, holder in state.taken.items() if holder in state.staying]
        if not group.pushes:
            there = list(state.taken)
        beds = sum(
            place.kind is PlaceKind.BED and place.place_id not in there for place in state.registered.places
        )
        if state.registered.exclusive and (there or self._hidden(unit_id)):
            return False
        return not state.contested and beds - self._hidden(unit_id) >= group.beds

    async def _record(self, unit_id: UnitId, group: Group) -> None:
        self._unrecorded[unit_id].remove(group)
        state = self._places.units[unit_id]
        guests, since = OccupancyId(self._sources.new_id()), group.at.astimezone(UTC)
        await self._asking.occupied_outside(unit_id, guests, _beds_for(state, group.beds), since)
        leaves = since + stay(self._parameters, self.function(unit_id), group.luck)
        self._agenda.note(max(leaves, self._agenda.now), partial(self._gone, unit_id, guests))

    async def _gone(self, unit_id: UnitId, guests: OccupancyId) -> None:
        await self._asking.gone_outside(unit_id, guests, self._agenda.now)

    def _house(self, shelter_id: ShelterId) -> House:
        registered = self._places.shelters[shelter_id].registered
        assert registered is not None
        units = tuple(self._places.by_shelter[shelter_id])
        for unit_id in units:
            unit = self._places.units[unit_id].registered
            assert unit is not None
            self._names[unit_id] = f"{registered.code}/{unit.code}"
        return House(
            shelter_id=shelter_id,
            name=registered.code,
            units=units,
            habits=habits(self._draws, self._parameters, registered.code),
        )


def stay(parameters: Parameters, function: LevelFunction, luck: float) -> timedelta:
    """A stay at a level, at that point of its span."""
    shortest, longest = parameters.stay_days.value[function]
    return timedelta(days=shortest + luck * (longest - shortest))


def _beds_for(state: UnitState, wanted: int) -> tuple[PlaceId, ...]:
    """Beds nobody has first, then beds only held, then any: reality asks nobody."""
    assert state.registered is not None
    beds = [place.place_id for place in state.registered.places if place.kind is PlaceKind.BED]

    def rank(bed: PlaceId) -> int:
        holder = state.taken.get(bed)
        return 0 if holder is None else 2 if holder in state.staying else 1

    return tuple(sorted(beds, key=rank)[:wanted])
