"""Rooms and houses as plain counts, for the allocator the engine is compared with. No code of the product."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.network_file.schema import NetworkFile
from domain.vocabulary import AgeBand, Feature, Household, IntakeMode, LevelFunction, OldestBoy, RiskBand
from trials.simulate.arrivals import Arrival
from trials.simulate.weeks import Group, Habits
from trials.simulate.world import LEVELS

_AGES = tuple(AgeBand)
_RISKS = (RiskBand.LOW, RiskBand.MEDIUM, RiskBand.HIGH, RiskBand.IMMEDIATE)


@dataclass(kw_only=True, slots=True)
class Taken:
    """Beds and cots somebody has. `stays`: they are in the house, not only expected."""

    beds: int
    cots: int
    stays: bool


@dataclass(kw_only=True, slots=True)
class Room:
    """One unit. `taken` is by holder; `hidden` are guests whom nobody has recorded yet."""

    name: str
    house: House
    function: LevelFunction
    mode: IntakeMode
    features: frozenset[Feature]
    zones: frozenset[str]
    beds: int
    cots: int
    exclusive: bool
    children_most: int | None
    boys_up_to: AgeBand | None
    risk_up_to: RiskBand | None
    taken: dict[object, Taken] = field(default_factory=dict)
    hidden: list[Group] = field(default_factory=list)

    def suits(self, arrival: Arrival) -> bool:
        """Whether the household could ever be here."""
        return (
            arrival.mode is self.mode
            and arrival.level is self.function
            and set(arrival.features) <= self.features
            and arrival.zone not in self.zones
            and self._allows(arrival)
        )

    def _allows(self, arrival: Arrival) -> bool:
        """What the house declares of whom it takes; not assessed counts as high."""
        children, boy = arrival.household.children, arrival.oldest_boy
        if self.children_most is not None and len(children) > self.children_most:
            return False
        risk = RiskBand.HIGH if arrival.risk is RiskBand.NOT_ASSESSED else arrival.risk
        if self.risk_up_to is not None and _RISKS.index(risk) > _RISKS.index(self.risk_up_to):
            return False
        if self.boys_up_to is None or boy in (OldestBoy.NOT_SAID, OldestBoy.NO_BOY):
            return True
        return _AGES.index(AgeBand(boy)) <= _AGES.index(self.boys_up_to)

    def beds_for(self, household: Household) -> tuple[int, int] | None:
        """The beds and cots it would sleep in now, as far as is known; None where that is not enough."""
        if self.exclusive and self.taken:
            return None
        cots = min(household.infants, self.cots - sum(each.cots for each in self.taken.values()))
        beds = household.people - cots
        return (beds, cots) if beds <= self.free_beds else None

    @property
    def free_beds(self) -> int:
        return self.beds - sum(each.beds for each in self.taken.values())

    def has_room_beside(self, holder: object) -> bool:
        """Whether guests whom nobody has recorded leave room for the holder."""
        hidden = sum(group.beds for group in self.hidden)
        return not hidden or (not self.exclusive and self.free_beds >= hidden and holder in self.taken)

    def takes(self, group: Group) -> bool:
        """Whether the house gives it to guests from outside."""
        there = [each for each in self.taken.values() if each.stays or not group.pushes]
        if self.exclusive and (there or self.hidden):
            return False
        beds = self.beds - sum(each.beds for each in there) - sum(each.beds for each in self.hidden)
        return beds >= group.beds


@dataclass(kw_only=True, slots=True)
class House:
    name: str
    habits: Habits
    paused: int = 0
    rooms: list[Room] = field(default_factory=list)


def share_taken(rooms: list[Room]) -> float:
    """How many of them somebody is in or expected; none at all counts as full."""
    return sum(bool(room.taken or room.hidden) for room in rooms) / len(rooms) if rooms else 1.0


def houses_of(file: NetworkFile, habits: dict[str, Habits]) -> list[House]:
    """Every house of a network file, its rooms in the order of registration, empty."""
    functions = {code: (function, mode) for function, (code, mode, _) in LEVELS.items()}
    houses = []
    for table in file.shelters:
        house = House(name=table.code, habits=habits[table.code])
        for unit in table.units:
            function, mode = functions[unit.level]
            room = Room(
                name=f"{table.code}/{unit.code}",
                house=house,
                function=function,
                mode=mode,
                features=frozenset(unit.features),
                zones=frozenset(unit.unsuitable_zones),
                beds=unit.beds,
                cots=unit.cots,
                exclusive=unit.exclusive,
                children_most=unit.children_most,
                boys_up_to=unit.boys_up_to,
                risk_up_to=unit.risk_up_to,
            )
            for number, guests in enumerate(unit.opening_guests):
                room.taken[f"opening {number}"] = Taken(beds=guests.beds, cots=guests.cots, stays=True)
            house.rooms.append(room)
        houses.append(house)
    return houses
