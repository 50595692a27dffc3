"""Columns of bits over every unit: what it is, how it stands now, and how its house stands on a day.

Kept beside one `Places` and brought up to date at the next ranking: the fold itself only notes which units
and houses have changed. What is worked out here from a unit or a house is what `domain.matching.rank_1` reads
of it.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from heapq import nlargest
from itertools import islice
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from domain.matching.fast_1.ages import Ages
from domain.matching.fast_1.bits import flipped
from domain.matching.fast_1.shapes import CLOSE, Free, Shapes
from domain.matching.places import Places
from domain.matching.rank_1.fitting import MOST_UNITS
from domain.matching.ranking import RankRequest
from domain.matching.vacancy import Vacancy
from domain.placement.state import PlacementState
from domain.shelter import ShelterState
from domain.vocabulary import IntakeMode, PlacementId, ShelterId, UnitId

if TYPE_CHECKING:
    from domain.matching.fast_1.owing import Remembered


class Of(enum.StrEnum):
    """What a column tells. It has one set of units for each value there is."""

    MODE = "MODE"
    LEVEL = "LEVEL"
    SIZE = "SIZE"
    """Beds and cots there are."""
    FEATURE = "FEATURE"
    ZONE = "ZONE"
    WHOLE = "WHOLE"
    """An exclusive unit, by all its places."""
    PUBLISHED = "PUBLISHED"
    FREE = "FREE"
    WRONG = "WRONG"
    CHILDREN = "CHILDREN"
    BOYS = "BOYS"
    RISK = "RISK"
    CRITERION = "CRITERION"
    HOUSE_ADMITS = "HOUSE_ADMITS"
    HOUSE_MODE = "HOUSE_MODE"
    HOUSE_AGREED = "HOUSE_AGREED"
    HOUSE_PENDING = "HOUSE_PENDING"
    HOUSE_REACH = "HOUSE_REACH"
    """So many people may do in several units together: none has the beds alone, the freest have enough."""
    HOUSE_WIDE = "HOUSE_WIDE"
    """Units of the house were not registered close to one another."""
    NEAR = "NEAR"
    """The unit registered so many before it is of the same house."""


Column = tuple[Of, Any]
Columns = frozenset[Column]
Kind = tuple[str, IntakeMode]
"""A level, and a mode of intake there."""

MOST_PEOPLE = 16
"""Larger households are not told apart by reach."""
_NOTHING: Columns = frozenset()
_NONE_FREE: Free = (0, 0, 0)
_NO_KINDS: frozenset[Kind] = frozenset()
_MANY = 1_000
_LONG = 10_000


class Index:
    """`order` has every unit by its position, `members` the positions in each house by its number."""

    def __init__(self) -> None:
        self.order: list[UnitId] = []
        self.position: dict[UnitId, int] = {}
        self.house_of: list[int] = []
        self.members: list[list[int]] = []
        self.free: list[Free] = []
        self.ages = Ages()
        self.admitting: dict[ShelterId, ShelterState] = {}
        self.holding: defaultdict[PlacementId, set[int]] = defaultdict(set)
        """Where each placement holds places and has not arrived."""
        self.houses: list[ShelterId] = []
        """By their numbers."""
        self.shapes = Shapes()
        self.remembered: dict[PlacementId, Remembered] = {}
        """What requests that wait were owed when they were last looked at."""
        self.waiting: dict[PlacementId, tuple[PlacementState, RankRequest]] = {}
        """What each of them asks for, beside the state that says so."""
        self._offering: dict[ShelterId, frozenset[Kind]] = {}
        """Houses that have something free, or held by somebody who has not arrived, and of which kinds."""
        self._changes: list[ShelterId] = []
        self._forgotten = 0
        self._columns: dict[Of, dict[Any, int]] = {of: {} for of in Of}
        self._of_unit: list[Columns] = []
        self._of_kind: list[frozenset[Kind]] = []
        self._of_house: dict[ShelterId, Columns] = {}
        self._read: list[tuple[datetime | None, tuple[PlacementId, ...]]] = []
        self._numbers: dict[ShelterId, int] = {}
        self._same: dict[Columns, Columns] = {}
        self._day = date.min
        self._flips: defaultdict[Column, list[int]] = defaultdict(list)

    def of(self, of: Of) -> Mapping[Any, int]:
        """The sets of a column by its values, none of them empty."""
        return self._columns[of]

    def settle(self, places: Places, day: date) -> None:
        """Reflect the places as they are, on a civil day."""
        if len(self.order) < len(places.vacancies):
            for unit_id in islice(places.vacancies, len(self.order), None):
                self._enrol(unit_id, places.vacancies[unit_id])
        changed, houses = places.changed_units, places.changed_houses
        if len(changed) > _MANY:
            seen = ((vacancy.observed_at, self.position[each]) for each, vacancy in places.vacancies.items())
            self.ages = Ages((at, position) for at, position in seen if at is not None)
        for unit_id in changed:
            vacancy = places.vacancies[unit_id]
            self._settle_unit(self.position[unit_id], vacancy, move=len(changed) <= _MANY)
            houses.add(vacancy.shelter_id)
        for house in houses if day == self._day else {*houses, *places.shelters}:
            self._settle_house(house, places, day)
        self._day = day
        self._flip()
        self._changes += self._mattering(houses)
        if self.shapes.too_many:
            self.shape_anew()
        if len(self._changes) > _LONG:
            self._forgotten += len(self._changes)
            self._changes.clear()
        changed.clear()
        houses.clear()

    def offers(self, house: ShelterId, mode: IntakeMode, levels: Iterable[str]) -> bool:
        """Whether the house may have a candidate for who asks for that."""
        kinds = self._offering.get(house, _NO_KINDS)
        return bool(kinds) and any((level, mode) in kinds for level in levels)

    def _mattering(self, houses: Iterable[ShelterId]) -> Iterator[ShelterId]:
        """Those that had a candidate for somebody or have one: the others are full, whatever they say."""
        for house in houses:
            before, offering = self._offering.pop(house, _NO_KINDS), self._kinds(house)
            if offering:
                self._offering[house] = offering
            if before or offering:
                yield house

    def _kinds(self, house: ShelterId) -> frozenset[Kind]:
        members = self.members[self._numbers[house]] if house in self._numbers else ()
        return _NO_KINDS.union(*(self._of_kind[each] for each in members if self._may_be_had(each)))

    def _may_be_had(self, position: int) -> bool:
        _, beds, cots = self.free[position]
        return bool(beds or cots or self._read[position][1])

    @property
    def settled(self) -> int:
        """How many changes of houses that matter have been settled."""
        return self._forgotten + len(self._changes)

    def changed_since(self, settled: int) -> set[ShelterId] | None:
        """The houses that have changed, where they may have a candidate, since so many were settled; None:
        too long ago to be known.
        """
        if settled < self._forgotten:
            return None
        return set(self._changes[settled - self._forgotten :])

    def _enrol(self, unit_id: UnitId, vacancy: Vacancy) -> None:
        position = self.position[unit_id] = len(self.order)
        self.order.append(unit_id)
        number = self._numbers.setdefault(vacancy.shelter_id, len(self.members))
        if number == len(self.members):
            self.members.append([])
            self.houses.append(vacancy.shelter_id)
        self.members[number].append(position)
        self.house_of.append(number)
        self.shapes.enrol(number, position)
        self.free.append(_NONE_FREE)
        self._of_unit.append(_NOTHING)
        self._of_kind.append(frozenset((vacancy.level, mode) for mode in vacancy.intake_modes))
        self._read.append((None, ()))
        for back in range(1, min(CLOSE, position + 1)):
            if self.house_of[position - back] == number:
                self._flips[Of.NEAR, back].append(position)
        for column in (*_for_good(vacancy), *self._of_house.get(vacancy.shelter_id, ())):
            self._flips[column].append(position)

    def _settle_unit(self, position: int, vacancy: Vacancy, *, move: bool) -> None:
        free = free_in(vacancy)
        self.free[position] = free or _NONE_FREE
        columns = frozenset(_now(vacancy, free))
        columns = self._same.setdefault(columns, columns)
        for column in columns ^ self._of_unit[position]:
            self._flips[column].append(position)
        self._of_unit[position] = columns
        seen, holders = self._read[position]
        self._read[position] = vacancy.observed_at, vacancy.holders
        if move and seen != vacancy.observed_at:
            self.ages.move(position, seen, vacancy.observed_at)
        for holder in holders:
            self.holding[holder].discard(position)
        for holder in vacancy.holders:
            self.holding[holder].add(position)
        for holder in holders:
            if not self.holding[holder]:
                del self.holding[holder]

    def _settle_house(self, house: ShelterId, places: Places, day: date) -> None:
        state = places.shelters.get(house)
        if state is not None and state.admits_on(day):
            self.admitting[house] = state
        else:
            self.admitting.pop(house, None)
        members = self.members[self._numbers[house]] if house in self._numbers else []
        if members:
            self.shapes.settle(self._numbers[house], members, self.free)
        columns = frozenset(
            (
                *(_of_state(state, day) if state is not None else ()),
                (Of.HOUSE_PENDING, places.pending.get(house, 0)),
                *((Of.HOUSE_REACH, people) for people in self._reach(members)),
                *(((Of.HOUSE_WIDE, True),) if members and members[-1] - members[0] >= CLOSE else ()),
            )
        )
        for column in columns ^ self._of_house.get(house, _NOTHING):
            self._flips[column] += members
        self._of_house[house] = self._same.setdefault(columns, columns)

    def shape_anew(self) -> None:
        """Forget the shapes that no house has any longer."""
        self.shapes.forget()
        for number, members in enumerate(self.members):
            self.shapes.settle(number, members, self.free)

    def _reach(self, members: Iterable[int]) -> Iterable[int]:
        """Numbers of people; the highest stands for more."""
        free = [(beds, beds + cots) for _, beds, cots in map(self.free.__getitem__, members) if beds + cots]
        if len(free) > 1:
            for people in range(1, MOST_PEOPLE + 1):
                small = nlargest(MOST_UNITS, (places for beds, places in free if beds < people))
                if sum(small) >= people:
                    yield people

    def _flip(self) -> None:
        for (of, value), positions in self._flips.items():
            known = self._columns[of]
            bits = flipped(known.get(value, 0), positions)
            if bits:
                known[value] = bits
            else:
                known.pop(value, None)
        self._flips.clear()


def index_of(places: Places, day: date) -> Index:
    """The index of these places, settled for a civil day."""
    index = _KEPT.get(places)
    if index is None:
        index = _KEPT[places] = Index()
        places.changed_units.update(places.vacancies)
        places.changed_houses.update(places.shelters)
    index.settle(places, day)
    return index


_KEPT: WeakKeyDictionary[Places, Index] = WeakKeyDictionary()


def free_in(vacancy: Vacancy) -> Free | None:
    """What can be slept in as the unit stands; None: nothing, as it would have to be taken whole."""
    if vacancy.exclusive and not vacancy.untouched:
        return None
    whole = len(vacancy.places) if vacancy.exclusive else 0
    return whole, len(vacancy.free_beds), len(vacancy.free_cots)


def _for_good(vacancy: Vacancy) -> Iterable[Column]:
    yield from ((Of.MODE, mode) for mode in vacancy.intake_modes)
    yield Of.LEVEL, vacancy.level
    yield Of.SIZE, (vacancy.beds, vacancy.cots)
    yield from ((Of.FEATURE, feature) for feature in vacancy.features)
    yield from ((Of.ZONE, zone) for zone in vacancy.unsuitable_zones)
    if vacancy.exclusive:
        yield Of.WHOLE, len(vacancy.places)


def _now(vacancy: Vacancy, free: Free | None) -> Iterable[Column]:
    if vacancy.observed_at is not None:
        yield Of.PUBLISHED, True
    if free is not None:
        yield Of.FREE, free
    if vacancy.unit.wrongly_published:
        yield Of.WRONG, True
    terms = vacancy.terms
    if terms is not None:
        if terms.children_most is not None:
            yield Of.CHILDREN, terms.children_most
        if terms.boys_up_to is not None:
            yield Of.BOYS, terms.boys_up_to
        if terms.risk_up_to is not None:
            yield Of.RISK, terms.risk_up_to
        yield from ((Of.CRITERION, criterion) for criterion in terms.criteria)


def _of_state(state: ShelterState, day: date) -> Iterable[Column]:
    if state.admits_on(day):
        yield Of.HOUSE_ADMITS, True
    yield from ((Of.HOUSE_MODE, mode) for mode in state.modes)
    yield from ((Of.HOUSE_AGREED, district) for district in state.agreed_with(day))
