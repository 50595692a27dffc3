"""Whether a U1 or U2 household was left without a hold while a place it could have had was free.

Judged after every such decision, by `reading` alone. A free place does not count where it is owed to a
request that seeks and comes earlier (higher urgency, or equal urgency and asked before; one whose hold is
overdue counts too). Each of those is owed one set of units, and the judge does not say which: a household is
left out when, however the earlier ones are given theirs, something is left over. So a finding is certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.matching.places import Places
from domain.placement.events import CandidatesRanked, HoldPlaced
from domain.placement.state import PlacementState
from domain.vocabulary import PlacementId, ShelterId, UnitId, Urgency
from ledger.store.transact import Done
from trials.simulate.reading import apart, could_have, free_in, in_order, seeks

PRESSING = (Urgency.U1, Urgency.U2)
Units = frozenset[UnitId]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """One household that should have had one of these sets of units."""

    position: int
    placement_id: PlacementId
    urgency: Urgency
    units: tuple[Units, ...]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A request that comes first: what it could have, how many it brings, whether she must not meet it."""

    sets: tuple[Units, ...]
    people: int
    apart: bool


class Judge:
    """Looks at each decision as it is recorded. `judged` counts the decisions that left somebody waiting."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.judged = 0
        self.left_out: list[LeftOut] = []
        self.looked = 0
        self.standing: list[LeftOut] = []
        """Found by `look`: still waiting although the loops have had their turn."""

    def hear(self, done: Done) -> None:
        """Judge a command that ranked and held nothing."""
        ranked = {each.stream for each in done.events if isinstance(each.event, CandidatesRanked)}
        held = {each.stream for each in done.events if isinstance(each.event, HoldPlaced)}
        for stream in ranked - held:
            assert self._places.position == done.position, "judged where it stands, before anything else"
            state = self._places.placements[PlacementId(stream)]
            if self._presses(state):
                self.judged += 1
                self._judge(PlacementId(stream), state, done.receipt.recorded_at, self.left_out)

    def look(self, now: datetime) -> None:
        """Judge everybody who waits now, once the loops have had their turn."""
        for placement_id in tuple(self._places.waiting):
            state = self._places.placements[placement_id]
            if self._presses(state):
                self.looked += 1
                self._judge(placement_id, state, now, self.standing)

    def _presses(self, state: PlacementState) -> bool:
        return state.request is not None and state.request.urgency in PRESSING and seeks(state)

    def _judge(
        self, placement_id: PlacementId, state: PlacementState, now: datetime, findings: list[LeftOut]
    ) -> None:
        free = tuple(could_have(state, self._places, now))
        if free and not self._all_owed(placement_id, state, free, now):
            assert state.request is not None
            found = LeftOut(
                position=self._places.position,
                placement_id=placement_id,
                urgency=state.request.urgency,
                units=free,
            )
            findings.append(found)

    def _all_owed(
        self, placement_id: PlacementId, state: PlacementState, free: tuple[Units, ...], now: datetime
    ) -> bool:
        """Whether all of `free` can be gone once each earlier request is owed one set of its own."""
        earlier = self._earlier(placement_id, state, now)
        gone = {unit_id for units in free for unit_id in units if self._fills(unit_id, earlier, state)}
        return covered((1 << len(free)) - 1, [self._spoilt(each, free, gone) for each in earlier])

    def _earlier(self, placement_id: PlacementId, state: PlacementState, now: datetime) -> list[_Earlier]:
        own = in_order(state, placement_id)
        assert state.request is not None
        found = []
        for known, other in self._places.placements.items():
            if known == placement_id or other.request is None or in_order(other, known) > own:
                continue
            overdue = other.held is not None and not other.admitted and other.held.overdue(now)
            if seeks(other) or overdue:
                sets = tuple(could_have(other, self._places, now))
                kept_apart = apart(state.request, other.request)
                found.append(_Earlier(sets, other.request.household.people, kept_apart))
        return [each for each in found if each.sets]

    def _spoilt(self, other: _Earlier, free: tuple[Units, ...], gone: set[UnitId]) -> list[int]:
        """What is gone of `free` with each set that the other could be owed, as bits; the largest alone."""
        found = set()
        for owed in other.sets:
            lost = [
                bool(owed & units & gone) or (other.apart and bool(self._houses(owed) & self._houses(units)))
                for units in free
            ]
            found.add(sum(1 << index for index, is_lost in enumerate(lost) if is_lost))
        return [each for each in found if not any(each != more and each & more == each for more in found)]

    def _fills(self, unit_id: UnitId, earlier: list[_Earlier], state: PlacementState) -> bool:
        """A unit taken whole is gone; a shared one may be, where the earlier ones together fill it up."""
        free = free_in(self._places.units[unit_id])
        assert state.request is not None
        others = sum(each.people for each in earlier if any(unit_id in units for units in each.sets))
        return free.exclusive or free.beds + free.cots - others < state.request.household.people

    def _houses(self, units: Units) -> set[ShelterId]:
        return {free_in(self._places.units[unit_id]).shelter_id for unit_id in units}


def covered(left: int, spoilt: list[list[int]]) -> bool:
    """Whether one choice from each list covers every bit of `left` (a list may also be passed over)."""
    if left == 0:
        return True
    if left & ~_union(spoilt):
        return False
    lowest = left & -left
    for index, choices in enumerate(spoilt):
        rest = spoilt[:index] + spoilt[index + 1 :]
        if any(each & lowest and covered(left & ~each, rest) for each in choices):
            return True
    return False


def _union(spoilt: list[list[int]]) -> int:
    whole = 0
    for choices in spoilt:
        for each in choices:
            whole |= each
    return whole
