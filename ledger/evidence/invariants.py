"""Checks a log against what must always be true of it, from its rows alone: no database, no live state.

It refolds the log one command after another and names every breach by position and stream. Facts that stand
beside a stay (contested places) are declared exceptions: listed, never failures. Called by `approdo replay`,
by trials and by tests; cryptographic proofs are another matter.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.claims import Claim, ClaimKind, claim_change
from domain.event import Event, kind_of
from domain.placement import state as placement
from domain.placement.events import (
    HoldPlaced,
    HouseholdAdmitted,
    PlacementEnded,
    PlacementEvent,
)
from domain.placement.state import PlacementState
from domain.unit import OccupiedOutsideEngine, UnitRegistered
from ledger.faults import BrokenEvent, UnknownTopic
from ledger.store import codec, metadata
from ledger.store.metadata import Metadata
from ledger.store.port import StoredRow


class Breach(enum.StrEnum):
    """What was found wrong, in the order in which a row is looked at."""

    POSITION_OUT_OF_ORDER = "POSITION_OUT_OF_ORDER"
    POSITION_MISSING = "POSITION_MISSING"
    TIME_STEPPED_BACK = "TIME_STEPPED_BACK"
    VERSION_OUT_OF_ORDER = "VERSION_OUT_OF_ORDER"
    STREAM_OF_TWO_KINDS = "STREAM_OF_TWO_KINDS"
    UNREADABLE = "UNREADABLE"
    ANOTHER_NETWORK = "ANOTHER_NETWORK"
    COMMAND_TWICE = "COMMAND_TWICE"
    DOUBLE_CLAIM = "DOUBLE_CLAIM"
    FREED_WITHOUT_CLAIM = "FREED_WITHOUT_CLAIM"
    CASE_BOUND_TWICE = "CASE_BOUND_TWICE"
    CASE_BINDING_DIFFERS = "CASE_BINDING_DIFFERS"
    TWO_HOLDS = "TWO_HOLDS"
    TWO_STAYS = "TWO_STAYS"
    TWO_ENDINGS = "TWO_ENDINGS"
    HELD_AFTER_ENDING = "HELD_AFTER_ENDING"
    HOLD_ACROSS_SHELTERS = "HOLD_ACROSS_SHELTERS"
    PLACES_DIFFER_FROM_HOLD = "PLACES_DIFFER_FROM_HOLD"
    CLAIM_TABLE_DIFFERS = "CLAIM_TABLE_DIFFERS"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One breach, where it stands in the log."""

    breach: Breach
    position: int
    stream: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Contested:
    """A declared exception: guests from outside were in a place where a stay already stood."""

    position: int
    stream: UUID
    place: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a log was found to be. `claims` are those that stand at its end, by kind."""

    events: int
    commands: int
    position: int
    findings: tuple[Finding, ...]
    exceptions: tuple[Contested, ...]
    claims: Mapping[ClaimKind, Mapping[UUID, UUID]]

    @property
    def sound(self) -> bool:
        return not self.findings


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """A row whose bytes could be read."""

    row: StoredRow
    event: Event
    metadata: Metadata


def check(
    rows: Iterable[StoredRow], tables: Mapping[ClaimKind, Mapping[UUID, UUID]] | None = None
) -> Verdict:
    """Check a whole log, from position 1 on; with `tables`, also that the second guard says the same."""
    checker = Checker()
    checker.take(rows)
    return checker.verdict(tables)


class Checker:
    """Takes a log in any number of pieces, in order."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self._exceptions: list[Contested] = []
        self._rows = _RowOrder(self._findings)
        self._state = _State(self._findings)
        self._network: UUID | None = None
        self._commands: set[UUID] = set()
        self._command: list[_Read] = []
        self._described: tuple[bytes, Metadata] | None = None

    def take(self, rows: Iterable[StoredRow]) -> None:
        for row in rows:
            self._rows.take(row)
            read = self._read(row)
            if read is not None:
                self._join(read)

    def verdict(self, tables: Mapping[ClaimKind, Mapping[UUID, UUID]] | None = None) -> Verdict:
        """What was found up to here; the log is taken to end."""
        self._settle()
        for kind, table in (tables or {}).items():
            self._compare(self._state.claims[kind], table)
        return Verdict(
            events=self._rows.count,
            commands=len(self._commands),
            position=self._rows.position,
            findings=tuple(self._findings),
            exceptions=tuple(self._exceptions),
            claims=self._state.claims,
        )

    def _read(self, row: StoredRow) -> _Read | None:
        try:
            if self._described is None or self._described[0] != row.metadata:
                self._described = row.metadata, metadata.decode(row.metadata)
            return _Read(row=row, event=codec.decode(row.topic, row.state), metadata=self._described[1])
        except (BrokenEvent, UnknownTopic):
            self._find(Breach.UNREADABLE, row)
            return None

    def _join(self, read: _Read) -> None:
        """Events of one command stand together; the next command's first event ends it."""
        command_id = read.metadata.command_id
        if self._command and self._command[0].metadata.command_id != command_id:
            self._settle()
        if not self._command and command_id in self._commands:
            self._find(Breach.COMMAND_TWICE, read.row)
        if self._network is None:
            self._network = read.metadata.network
        if read.metadata.network != self._network:
            self._find(Breach.ANOTHER_NETWORK, read.row)
        if isinstance(read.event, OccupiedOutsideEngine):
            self._exceptions.extend(
                Contested(position=read.row.position, stream=read.row.stream, place=place)
                for place in read.event.contested
            )
        self._commands.add(command_id)
        self._command.append(read)

    def _settle(self) -> None:
        if self._command:
            self._state.apply(self._command)
            self._command = []

    def _compare(self, derived: Mapping[UUID, UUID], table: Mapping[UUID, UUID]) -> None:
        for key in sorted({*derived, *table}):
            if derived.get(key) != table.get(key):
                self._findings.append(
                    Finding(breach=Breach.CLAIM_TABLE_DIFFERS, position=self._rows.position, stream=key)
                )

    def _find(self, breach: Breach, row: StoredRow) -> None:
        self._findings.append(Finding(breach=breach, position=row.position, stream=row.stream))


class _RowOrder:
    """What can be said of rows without reading them: positions, times, versions, kinds."""

    def __init__(self, findings: list[Finding]) -> None:
        self._findings = findings
        self._recorded_at: datetime | None = None
        self._streams: dict[UUID, tuple[int, str]] = {}
        self.position = 0
        self.count = 0

    def take(self, row: StoredRow) -> None:
        version, kind = self._streams.get(row.stream, (0, kind_of(row.topic)))
        breaches = {
            Breach.POSITION_OUT_OF_ORDER: row.position <= self.position,
            Breach.POSITION_MISSING: row.position > self.position + 1,
            Breach.TIME_STEPPED_BACK: self._recorded_at is not None and row.recorded_at < self._recorded_at,
            Breach.VERSION_OUT_OF_ORDER: row.version != version + 1,
            Breach.STREAM_OF_TWO_KINDS: kind_of(row.topic) != kind,
        }
        self._findings.extend(
            Finding(breach=breach, position=row.position, stream=row.stream)
            for breach, found in breaches.items()
            if found
        )
        self._streams[row.stream] = row.version, kind
        self._recorded_at = max(self._recorded_at or row.recorded_at, row.recorded_at)
        self.position = max(self.position, row.position)
        self.count += 1


class _State:
    """Claims, placements and units, brought forward one command at a time."""

    def __init__(self, findings: list[Finding]) -> None:
        self._findings = findings
        self._placements: dict[UUID, PlacementState] = {}
        self._houses: dict[UUID, UUID] = {}
        self._bound: dict[UUID, set[UUID]] = {}
        self._taken: dict[UUID, set[UUID]] = {}
        self.claims: dict[ClaimKind, dict[UUID, UUID]] = {kind: {} for kind in ClaimKind}

    def apply(self, command: Sequence[_Read]) -> None:
        for read in command:
            self._fold(read)
        touched = self._change_claims(command)
        touched.update((read.row.stream, read.row) for read in command)
        for stream, row in touched.items():
            if stream in self._placements:
                self._agree(stream, row)

    def _fold(self, read: _Read) -> None:
        row, event = read.row, read.event
        if isinstance(event, UnitRegistered):
            self._houses[row.stream] = event.shelter_id
        if isinstance(event, PlacementEvent):
            before = self._placements.get(row.stream, placement.initial)
            for breach in _unlawful(before, event):
                self._find(breach, row)
            try:
                self._placements[row.stream] = placement.evolve(before, event)
            except KeyError:  # it speaks of an offer that was never made
                self._find(Breach.UNREADABLE, row)
        if isinstance(event, HoldPlaced):
            houses = {self._houses.get(held.unit_id) for held in event.units}
            if houses != {event.shelter_id}:
                self._find(Breach.HOLD_ACROSS_SHELTERS, row)

    def _change_claims(self, command: Sequence[_Read]) -> dict[UUID, StoredRow]:
        """As the ledger: what the whole command frees, then what it takes. Gives whose claims changed."""
        changes = [(read, claim_change([(read.row.stream, read.event)])) for read in command]
        for read, change in changes:
            for claim in change.frees:
                self._free(claim, read.row)
        for read, change in changes:
            for claim in change.takes:
                self._take(claim, read.row)
        return {
            claim.holder: read.row for read, change in changes for claim in (*change.frees, *change.takes)
        }

    def _free(self, claim: Claim, row: StoredRow) -> None:
        if self.claims[claim.kind].get(claim.key) != claim.holder:
            self._find(Breach.FREED_WITHOUT_CLAIM, row)
            return
        del self.claims[claim.kind][claim.key]
        self._of(claim).discard(claim.key)

    def _take(self, claim: Claim, row: StoredRow) -> None:
        if claim.key in self.claims[claim.kind]:
            self._find(Breach.DOUBLE_CLAIM if claim.kind is ClaimKind.PLACE else Breach.CASE_BOUND_TWICE, row)
            return
        self.claims[claim.kind][claim.key] = claim.holder
        self._of(claim).add(claim.key)

    def _of(self, claim: Claim) -> set[UUID]:
        return (self._taken if claim.kind is ClaimKind.PLACE else self._bound).setdefault(claim.holder, set())

    def _agree(self, placement_id: UUID, row: StoredRow) -> None:
        """After a command a placement has exactly the places of its hold or stay, and its case while open."""
        state = self._placements[placement_id]
        held = {place for unit in state.held.units for place in unit.places} if state.held else set()
        if self._taken.get(placement_id, set()) != held:
            self._find(Breach.PLACES_DIFFER_FROM_HOLD, row)
        bound = {state.request.case_id} if state.request is not None and state.outcome is None else set()
        if self._bound.get(placement_id, set()) != bound:
            self._find(Breach.CASE_BINDING_DIFFERS, row)

    def _find(self, breach: Breach, row: StoredRow) -> None:
        self._findings.append(Finding(breach=breach, position=row.position, stream=row.stream))


def _unlawful(before: PlacementState, event: PlacementEvent) -> list[Breach]:
    """What an event may not follow, whatever was decided."""
    breaches: list[Breach] = []
    match event:
        case HoldPlaced():
            breaches += [Breach.TWO_HOLDS] if before.hold is not None else []
            breaches += [Breach.HELD_AFTER_ENDING] if before.outcome is not None else []
        case HouseholdAdmitted():
            breaches += [Breach.TWO_STAYS] if before.admitted else []
        case PlacementEnded():
            breaches += [Breach.TWO_ENDINGS] if before.outcome is not None else []
        case _:
            pass
    return breaches
