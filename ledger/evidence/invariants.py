"""Checks a log against what must always be true of it, from its rows alone: no database, no live state.

It refolds the log one command after another and names every breach by position and stream. What happened
beside the rules and was recorded as such (contested places, households admitted without the engine, places
held against a rule) are declared exceptions: listed, never failures. Called by `approdo replay`, by trials
and by tests; cryptographic proofs are another matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from uuid import UUID

from domain.case import RuleOverridden
from domain.claims import ClaimKind
from domain.event import Event, kind_of
from domain.placement.events import AdmissionByDirectAgreement, ExtraordinaryAdmission
from domain.unit import OccupiedDirectly, OccupiedOutsideEngine
from domain.vocabulary import HeldUnit
from ledger.evidence.refold import ReadRow, Refold
from ledger.evidence.verdict import Breach, DeclaredException, ExceptionKind, Finding, Verdict
from ledger.faults import BrokenEvent, UnknownTopic
from ledger.store import codec, metadata
from ledger.store.metadata import Metadata
from ledger.store.port import StoredRow


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
        self._exceptions: list[DeclaredException] = []
        self._rows = _RowOrder(self._findings)
        self._refold = Refold(self._findings)
        self._network: UUID | None = None
        self._commands: set[UUID] = set()
        self._command: list[ReadRow] = []
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
            self._compare(self._refold.claims[kind], table)
        return Verdict(
            events=self._rows.count,
            commands=len(self._commands),
            position=self._rows.position,
            findings=tuple(self._findings),
            exceptions=tuple(self._exceptions),
            claims=self._refold.claims,
        )

    def _read(self, row: StoredRow) -> ReadRow | None:
        try:
            if self._described is None or self._described[0] != row.metadata:
                self._described = row.metadata, metadata.decode(row.metadata)
            return ReadRow(row=row, event=codec.decode(row.topic, row.state), metadata=self._described[1])
        except (BrokenEvent, UnknownTopic):
            self._find(Breach.UNREADABLE, row)
            return None

    def _join(self, read: ReadRow) -> None:
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
        self._exceptions.extend(_declared(read.event, read.row))
        self._commands.add(command_id)
        self._command.append(read)

    def _settle(self) -> None:
        if self._command:
            self._refold.apply(self._command)
            self._command = []

    def _compare(self, derived: Mapping[UUID, UUID], table: Mapping[UUID, UUID]) -> None:
        for key in sorted({*derived, *table}):
            if derived.get(key) != table.get(key):
                self._findings.append(
                    Finding(breach=Breach.CLAIM_TABLE_DIFFERS, position=self._rows.position, stream=key)
                )

    def _find(self, breach: Breach, row: StoredRow) -> None:
        self._findings.append(Finding(breach=breach, position=row.position, stream=row.stream))


def _declared(event: Event, row: StoredRow) -> Iterator[DeclaredException]:
    """What an event declares to have happened beside the rules."""
    match event:
        case OccupiedOutsideEngine(contested=contested) | OccupiedDirectly(contested=contested) if contested:
            yield DeclaredException(
                kind=ExceptionKind.CONTESTED, position=row.position, stream=row.stream, places=contested
            )
        case AdmissionByDirectAgreement(units=units):
            yield DeclaredException(
                kind=ExceptionKind.DIRECT_AGREEMENT,
                position=row.position,
                stream=row.stream,
                places=_places(units),
            )
        case ExtraordinaryAdmission(units=units, without_place=without_place):
            yield DeclaredException(
                kind=ExceptionKind.EXTRAORDINARY_ADMISSION,
                position=row.position,
                stream=row.stream,
                places=_places(units),
                without_place=without_place,
            )
        case RuleOverridden():
            yield DeclaredException(
                kind=ExceptionKind.RULE_OVERRIDDEN, position=row.position, stream=row.stream, places=()
            )
        case _:
            pass


def _places(units: tuple[HeldUnit, ...]) -> tuple[UUID, ...]:
    return tuple(place for unit in units for place in unit.places)


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
