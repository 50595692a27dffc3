"""The store in memory: the same promises and the same judgement, for tests and simulation.

Not durable and not shared between processes; one event loop. Its real clock is given to it, so a run can be
repeated.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from uuid import UUID

from domain.claims import Claim, ClaimKind
from domain.vocabulary import LogKind
from ledger.faults import ClockSteppedBack, WrongLog
from ledger.store.footprint import expected_versions, footprint, require_counted_from_one
from ledger.store.port import (
    Append,
    Birth,
    Conflict,
    KeyReused,
    LogClock,
    NewEvent,
    Outcome,
    Receipt,
    StoredRow,
)
from ledger.store.wakeups import Growth


def _real_clock() -> datetime:
    return datetime.now(UTC)


class MemoryStore:
    """`Store` and `LogBirth` in memory. `clock` is the real clock, in UTC."""

    def __init__(self, clock: Callable[[], datetime] = _real_clock) -> None:
        self._clock = clock
        self._rows: list[StoredRow] = []
        self._streams: dict[UUID, list[StoredRow]] = {}
        self._commands: dict[UUID, tuple[bytes, Receipt]] = {}
        self._claims: dict[ClaimKind, dict[UUID, UUID]] = {kind: {} for kind in ClaimKind}
        self._birth: Birth | None = None
        self._virtual: datetime | None = None
        self._growth = Growth()

    async def append(self, append: Append) -> Outcome:
        require_counted_from_one(append)
        footprint(append)
        recorded = self._commands.get(append.command_id)
        if recorded is not None:
            digest, receipt = recorded
            return _repeated(receipt) if digest == append.digest else KeyReused()
        if self._stale(append) or self._claimed(append):
            return Conflict(head=len(self._rows))
        return self._record(append)

    async def receipt(self, command_id: UUID) -> tuple[bytes, Receipt] | None:
        recorded = self._commands.get(command_id)
        return None if recorded is None else (recorded[0], _repeated(recorded[1]))

    async def read_streams(
        self, streams: Sequence[UUID], *, upto: int | None = None
    ) -> Mapping[UUID, tuple[StoredRow, ...]]:
        return {
            stream: tuple(
                row for row in self._streams.get(stream, ()) if upto is None or row.position <= upto
            )
            for stream in streams
        }

    async def read_all(self, *, after: int, limit: int, upto: int | None = None) -> tuple[StoredRow, ...]:
        end = len(self._rows) if upto is None else min(upto, len(self._rows))
        return tuple(self._rows[after : min(after + limit, max(end, after))])

    async def head(self) -> int:
        return len(self._rows)

    async def position_at(self, instant: datetime) -> int:
        return bisect_right(self._rows, instant, key=attrgetter("recorded_at"))

    async def claims(self, kind: ClaimKind) -> Mapping[UUID, UUID]:
        return dict(self._claims[kind])

    async def now(self) -> datetime:
        return self._clock() if self._virtual is None else self._virtual

    async def grown(self, *, beyond: int) -> None:
        await self._growth.beyond(beyond)

    async def follow(self, *, after: int, limit: int = 1000) -> AsyncIterator[tuple[StoredRow, ...]]:
        """As the port says."""
        while True:
            page = await self.read_all(after=after, limit=limit)
            if page:
                after = page[-1].position
                yield page
            else:
                await self.grown(beyond=after)

    async def bear(self, birth: Birth) -> None:
        virtual_in_earnest = birth.kind is LogKind.REAL and birth.clock is LogClock.VIRTUAL
        if self._birth is not None or self._rows or virtual_in_earnest:
            raise WrongLog("born already, or not of the kind for this")
        self._birth = birth

    async def birth(self) -> Birth | None:
        return self._birth

    async def move_clock(self, to: datetime) -> None:
        if self._birth is None or self._birth.clock is not LogClock.VIRTUAL:
            raise WrongLog("born already, or not of the kind for this")
        if self._rows and to < self._rows[-1].recorded_at:
            raise ClockSteppedBack
        self._virtual = to

    async def clock_skew(self) -> timedelta:
        return timedelta()

    def _stale(self, append: Append) -> bool:
        expected = {**expected_versions(append.events), **dict(append.guards)}
        return any(len(self._streams.get(stream, ())) != version for stream, version in expected.items())

    def _claimed(self, append: Append) -> bool:
        freed = {(claim.kind, claim.key) for claim in append.frees}
        return any(self._claims[claim.kind].get(claim.key) != claim.holder for claim in append.frees) or any(
            claim.key in self._claims[claim.kind] and (claim.kind, claim.key) not in freed
            for claim in append.takes
        )

    def _record(self, append: Append) -> Receipt:
        instant = self._clock() if self._virtual is None else self._virtual
        if self._rows:
            instant = max(instant, self._rows[-1].recorded_at)
        before = len(self._rows)
        for event in append.events:
            self._write(event, instant)
        self._apply(append.frees, append.takes)
        receipt = Receipt(
            command_id=append.command_id,
            first=before + 1 if append.events else None,
            last=len(self._rows) if append.events else None,
            head=len(self._rows),
            recorded_at=instant,
        )
        self._commands[append.command_id] = (append.digest, receipt)
        self._growth.reached(receipt.head)
        return receipt

    def _write(self, event: NewEvent, instant: datetime) -> None:
        row = StoredRow(
            stream=event.stream,
            version=event.version,
            position=len(self._rows) + 1,
            topic=event.topic,
            state=event.state,
            event_id=event.event_id,
            metadata=event.metadata,
            recorded_at=instant,
        )
        self._rows.append(row)
        self._streams.setdefault(event.stream, []).append(row)

    def _apply(self, frees: Sequence[Claim], takes: Sequence[Claim]) -> None:
        for claim in frees:
            del self._claims[claim.kind][claim.key]
        for claim in takes:
            self._claims[claim.kind][claim.key] = claim.holder


def _repeated(receipt: Receipt) -> Receipt:
    return Receipt(
        command_id=receipt.command_id,
        first=receipt.first,
        last=receipt.last,
        head=receipt.head,
        recorded_at=receipt.recorded_at,
        repeated=True,
    )
