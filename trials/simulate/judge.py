"""Whether a U1 or U2 household was left without a hold while a place it could have had was free.

Judged after every such decision, by a reading of its own of what the log says: no ranker, no vacancy, no
candidate of the product is used. A free place does not count where it is owed to a request that waits and
comes earlier (higher urgency, or equal urgency and asked before): as each of those is owed one, a household
is left out when its free units cannot all be given to earlier ones, one to each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.matching.places import Places
from domain.placement.events import CandidatesRanked, HoldPlaced, PlacementRequested
from domain.placement.state import PlacementState
from domain.unit import UnitState
from domain.vocabulary import PlaceKind, PlacementId, UnitId, Urgency
from ledger.store.transact import Done

PRESSING = (Urgency.U1, Urgency.U2)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """One household that should have had one of these units."""

    position: int
    placement_id: PlacementId
    urgency: Urgency
    units: tuple[UnitId, ...]


class Judge:
    """Looks at each decision as it is recorded. `judged` counts the decisions that left somebody waiting."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.judged = 0
        self.left_out: list[LeftOut] = []

    def hear(self, done: Done) -> None:
        """Judge a command that ranked and held nothing."""
        ranked = {each.stream for each in done.events if isinstance(each.event, CandidatesRanked)}
        held = {each.stream for each in done.events if isinstance(each.event, HoldPlaced)}
        for stream in ranked - held:
            self._judge(PlacementId(stream), done.position)

    def _judge(self, placement_id: PlacementId, position: int) -> None:
        assert self._places.position == position, "judged where the decision stands, before anything else"
        state = self._places.placements[placement_id]
        if state.request is None or state.request.urgency not in PRESSING or state.hold is not None:
            return
        self.judged += 1
        free = frozenset(could_have(state, self._places))
        if free and not self._owed_to_others(placement_id, state.request, free):
            found = LeftOut(
                position=position,
                placement_id=placement_id,
                urgency=state.request.urgency,
                units=tuple(sorted(free)),
            )
            self.left_out.append(found)

    def _owed_to_others(
        self, placement_id: PlacementId, request: PlacementRequested, free: frozenset[UnitId]
    ) -> bool:
        """Whether each of these units can be owed to another earlier request (augmenting paths)."""
        earlier = [
            frozenset(could_have(other, self._places)) & free
            for known, other in self._places.placements.items()
            if known != placement_id and _waits(other) and _before(other, known, request, placement_id)
        ]
        owed: dict[UnitId, int] = {}
        return all(_give(unit_id, earlier, owed, set()) for unit_id in free)


def could_have(state: PlacementState, places: Places) -> Iterator[UnitId]:
    """The units in which the household could sleep tonight, by the plain words of the rules."""
    request = state.request
    assert request is not None
    levels = {level.code for level in places.network.levels if level.function is request.level}
    for unit_id, unit in places.units.items():
        registered = unit.registered
        if registered is None or unit.observed_at is None or unit_id in state.not_to_ask:
            continue
        house = places.shelters[registered.shelter_id]
        if (
            house.admits
            and request.intake_mode in house.modes
            and request.intake_mode in registered.intake_modes
            and registered.level in levels
            and set(request.features_required) <= set(registered.features)
            and not set(request.zones_to_avoid) & set(registered.unsuitable_zones)
            and _sleeps(request, unit)
        ):
            yield unit_id


def _sleeps(request: PlacementRequested, unit: UnitState) -> bool:
    """Whether everybody has a bed or, an infant, a cot; of an exclusive unit nobody may be in any place."""
    assert unit.registered is not None
    contested = {place for places in unit.guests.values() for place in places}
    if unit.registered.exclusive and (unit.taken or contested):
        return False
    free = [
        place.kind
        for place in unit.registered.places
        if place.place_id in unit.open_places
        and place.place_id not in unit.taken
        and place.place_id not in contested
    ]
    in_cots = min(request.household.infants, free.count(PlaceKind.COT))
    return request.household.people - in_cots <= free.count(PlaceKind.BED)


def _waits(state: PlacementState) -> bool:
    """Whether it stands open without a hold and nobody has stopped it."""
    return (
        state.request is not None
        and state.hold is None
        and state.outcome is None
        and not state.admitted
        and not state.stopped
    )


def _before(
    other: PlacementState, known: PlacementId, request: PlacementRequested, placement_id: PlacementId
) -> bool:
    assert other.request is not None
    theirs: tuple[Urgency, datetime, PlacementId] = (other.request.urgency, other.request.occurred_at, known)
    return theirs < (request.urgency, request.occurred_at, placement_id)


def _give(unit_id: UnitId, earlier: list[frozenset[UnitId]], owed: dict[UnitId, int], seen: set[int]) -> bool:
    """Find an earlier request for the unit, moving others to another of theirs where needed."""
    holder_of = {request: unit for unit, request in owed.items()}
    for request, units in enumerate(earlier):
        if unit_id in units and request not in seen:
            seen.add(request)
            before = holder_of.get(request)
            if before is None or _give(before, earlier, owed, seen):
                owed[unit_id] = request
                return True
    return False
