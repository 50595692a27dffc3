"""What changed between two instants of the log: places, requests, policies, availability, late entries.

The two ends are folds of the log at those positions, and what lies between is read once. Nothing of it names
a house; `unit_changes` does, for `approdo replay --since` alone. Pure; that command and the door of the past
call it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from domain.codes import PlacementOutcome
from domain.matching.places import Places
from domain.network import PolicyAdopted
from domain.placement.events import PlacementEnded, PlacementRequested
from domain.placement.state import Phase
from domain.unit import AvailabilityCorrected, AvailabilityPublished
from domain.vocabulary import PlacementId, ShelterId, UnitId, Urgency
from ledger.store.happened import Corrections, Entry, Happened, Happenings, entry_of
from ledger.store.port import StoredRow
from projections.place_counts import PlaceCounts, level_name, place_counts, unit_counts

MOST_NAMED = 500
"""Of each kind of change; all of them are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelChange:
    """Places of a level at the first instant and at the second; `level` is what it is for, or the network's
    code.
    """

    level: str
    before: PlaceCounts
    after: PlaceCounts


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestChange:
    """A request that was opened, ended, or stands elsewhere in its journey: `was` at the first instant (null:
    not asked for yet), `now` at the second, with its `outcome` where it has ended.
    """

    placement_id: PlacementId
    urgency: Urgency
    was: Phase | None
    now: Phase
    outcome: PlacementOutcome | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestChanges:
    """How many there were, and the first five hundred of them."""

    count: int
    items: tuple[RequestChange, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LateEntries:
    """How many there were, and the first five hundred of them."""

    count: int
    items: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyChange:
    """A policy that was put in force."""

    position: int
    recorded_at: datetime
    policy: str
    ranker: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AvailabilityChange:
    """What houses of a level said of their units: `said` words, of which `corrected` by the coordination, and
    `units` of which other places are open at the second instant than at the first.
    """

    level: str
    said: int
    corrected: int
    units: int


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkChanges:
    """What was recorded after `since_position` and up to `position`. `late_entries` were recorded between the
    two and are said to have happened before the first.
    """

    since: datetime
    since_position: int
    as_of: datetime
    position: int
    places: tuple[LevelChange, ...]
    opened: RequestChanges
    ended: RequestChanges
    moved: RequestChanges
    policies: tuple[PolicyChange, ...]
    availability: tuple[AvailabilityChange, ...]
    late_entries: LateEntries


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitChange:
    """A unit of which other places are open, held or lived in."""

    unit_id: UnitId
    shelter_id: ShelterId
    before: PlaceCounts
    after: PlaceCounts


class Changes:
    """Takes what was recorded between two instants, in order and in any number of pieces. `corrected` is what
    it says of wrong times.
    """

    def __init__(self, since: datetime, corrected: Corrections) -> None:
        self._since = since
        self._happenings = Happenings(corrected)
        self._opened: dict[PlacementId, Urgency] = {}
        self._ended: dict[PlacementId, PlacementOutcome] = {}
        self._policies: list[PolicyChange] = []
        self._said: Counter[UnitId] = Counter()
        self._corrected: Counter[UnitId] = Counter()
        self._late: list[Entry] = []

    def take(self, rows: Iterable[StoredRow]) -> None:
        for told in self._happenings.take(rows):
            self._note(told)

    def result(
        self, before: Places, after: Places, as_of: datetime, hidden: frozenset[UUID] = frozenset()
    ) -> NetworkChanges:
        """`before` and `after` are the places at the two ends; `hidden` placements are not named or
        counted.
        """
        for told in self._happenings.end():
            self._note(told)
        changes = [each for each in self._requests(before, after) if each.placement_id not in hidden]
        late = [each for each in self._late if each.placement_id not in hidden]
        return NetworkChanges(
            since=self._since,
            since_position=before.position,
            as_of=as_of,
            position=after.position,
            places=tuple(_levels(before, after)),
            opened=_named(each for each in changes if each.was is None),
            ended=_named(each for each in changes if each.now is Phase.ENDED),
            moved=_named(each for each in changes if each.was is not None and each.now is not Phase.ENDED),
            policies=tuple(self._policies),
            availability=tuple(self._availability(before, after)),
            late_entries=LateEntries(count=len(late), items=tuple(late[:MOST_NAMED])),
        )

    def _note(self, told: Happened) -> None:
        row, event = told.row, told.event
        match event:
            case PlacementRequested():
                self._opened[PlacementId(row.stream)] = event.urgency
            case PlacementEnded():
                self._ended[PlacementId(row.stream)] = event.outcome
            case PolicyAdopted():
                adopted = PolicyChange(
                    position=row.position,
                    recorded_at=row.recorded_at,
                    policy=event.policy.version,
                    ranker=event.policy.ranker,
                )
                self._policies.append(adopted)
            case AvailabilityPublished() | AvailabilityCorrected():
                self._said[UnitId(row.stream)] += 1
                self._corrected[UnitId(row.stream)] += isinstance(event, AvailabilityCorrected)
            case _:
                pass
        if told.at < self._since:
            self._late.append(entry_of(told))

    def _requests(self, before: Places, after: Places) -> Iterator[RequestChange]:
        """In the order in which they were asked for."""
        for placement_id in (*before.placements, *self._opened):
            was, now = before.placements.get(placement_id), after.placements.get(placement_id)
            asked = next((each.request for each in (now, was) if each is not None), None)
            phase = now.phase if now is not None else Phase.ENDED
            if was is None or was.phase is not phase:
                yield RequestChange(
                    placement_id=placement_id,
                    urgency=asked.urgency if asked is not None else self._opened[placement_id],
                    was=was.phase if was is not None else None,
                    now=phase,
                    outcome=self._ended.get(placement_id),
                )

    def _availability(self, before: Places, after: Places) -> Iterator[AvailabilityChange]:
        said: dict[str, AvailabilityChange] = {}
        for unit_id, words in self._said.items():
            registered = after.units[unit_id].registered
            name = level_name(after, registered.level) if registered is not None else ""
            line = said.get(name, AvailabilityChange(level=name, said=0, corrected=0, units=0))
            was = before.units.get(unit_id)
            open_before = was.open_places if was is not None else frozenset()
            said[name] = replace(
                line,
                said=line.said + words,
                corrected=line.corrected + self._corrected[unit_id],
                units=line.units + (open_before != after.units[unit_id].open_places),
            )
        return iter(said[name] for name in sorted(said))


def unit_changes(before: Places, after: Places) -> Iterator[UnitChange]:
    """Each unit that is not as it was, in the order of registration; a new one was nothing."""
    for unit_id, unit in after.units.items():
        was, now = before.units.get(unit_id), unit_counts(unit)
        counts = unit_counts(was) if was is not None else PlaceCounts()
        if counts != now and unit.registered is not None:
            yield UnitChange(unit_id=unit_id, shelter_id=unit.registered.shelter_id, before=counts, after=now)


def _levels(before: Places, after: Places) -> Iterator[LevelChange]:
    """Every level that has units at either end."""
    was, now = place_counts(before), place_counts(after)
    for level in sorted({*was, *now}):
        yield LevelChange(
            level=level, before=was.get(level, PlaceCounts()), after=now.get(level, PlaceCounts())
        )


def _named(changes: Iterable[RequestChange]) -> RequestChanges:
    known = tuple(changes)
    return RequestChanges(count=len(known), items=known[:MOST_NAMED])
