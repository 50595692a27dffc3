"""Gathers the appends of one process into batches: while one is under way the next fills, and nobody waits
for a timer.

Not a queue that outlives the process, and no judge: the recorder it is given answers each command of a batch.
A batch holds only commands that are apart (see `footprint`); the others keep their place for the next. Called
by the PostgreSQL adapter. A crash loses what waits here, and nothing of it was acknowledged.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from ledger.faults import LedgerFault, StoreOverloaded, StoreUnreachable
from ledger.store.footprint import Footprint, footprint
from ledger.store.port import Append, Outcome


@dataclass(frozen=True, slots=True)
class AnotherBatch:
    """The recorder's answer to a command that depends on another of its batch: nothing was written, it goes
    into the next.
    """


Record = Callable[[Sequence[Append]], Awaitable[Sequence[Outcome | AnotherBatch]]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Ticket:
    append: Append
    footprint: Footprint
    answer: asyncio.Future[Outcome]


class Batcher:
    """One caller's `append` is one command in some batch, and one batch is under way at a time.
    `most_commands` and `most_events` bound a batch, `most_waiting` the commands not yet sent.
    """

    def __init__(
        self,
        record: Record,
        *,
        most_commands: int = 256,
        most_events: int = 2000,
        most_waiting: int = 10_000,
    ) -> None:
        self._record = record
        self._most_commands = most_commands
        self._most_events = most_events
        self._most_waiting = most_waiting
        self._waiting: deque[_Ticket] = deque()
        self._draining: asyncio.Task[None] | None = None
        self._closed = False

    async def append(self, append: Append) -> Outcome:
        """The recorder's answer to this command. A caller who is cancelled leaves the others as they are; a
        command that was already sent may still be recorded.

        Errors: `MalformedAppend`, `StoreOverloaded`, and what the recorder raises for this command alone.
        """
        ticket = _Ticket(
            append=append,
            footprint=footprint(append),
            answer=asyncio.get_running_loop().create_future(),
        )
        if self._closed:
            raise StoreUnreachable("the store is closed")
        if len(self._waiting) >= self._most_waiting:
            raise StoreOverloaded
        self._waiting.append(ticket)
        self._drain()
        return await ticket.answer

    async def close(self) -> None:
        """Take no more; what waits is still recorded."""
        self._closed = True
        while self._draining is not None and not self._draining.done():
            await asyncio.wait({self._draining})

    def _drain(self) -> None:
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._batches(), name="ledger batch")

    async def _batches(self) -> None:
        try:
            while batch := self._next_batch():
                await self._settle(batch)
        finally:
            # Forgotten in the same step that found nothing to do, so that no append comes between the two.
            self._draining = None
            if self._waiting:
                self._drain()

    def _next_batch(self) -> list[_Ticket]:
        """From the head of the queue, all that are apart; who must wait keeps his place."""
        batch: list[_Ticket] = []
        passed: list[_Ticket] = []
        changes: set[UUID] = set()
        touches: set[UUID] = set()
        events = 0
        while self._waiting and len(batch) < self._most_commands and len(passed) < self._most_commands:
            ticket = self._waiting.popleft()
            if ticket.answer.done():
                continue
            found = ticket.footprint
            if not (changes.isdisjoint(found.touches) and touches.isdisjoint(found.changes)):
                passed.append(ticket)
                continue
            events += len(ticket.append.events)
            if batch and events > self._most_events:
                passed.append(ticket)
                break
            batch.append(ticket)
            changes |= found.changes
            touches |= found.touches
        self._waiting.extendleft(reversed(passed))
        return batch

    async def _settle(self, batch: list[_Ticket]) -> None:
        try:
            answers = await self._record([ticket.append for ticket in batch])
        except StoreUnreachable as fault:
            _fail(batch, fault)
        except LedgerFault as fault:
            if len(batch) == 1:
                _fail(batch, fault)
            else:
                for ticket in batch:
                    await self._settle([ticket])
        except BaseException as fault:
            _fail(batch, fault)
            raise
        else:
            self._deliver(batch, answers)

    def _deliver(self, batch: list[_Ticket], answers: Sequence[Outcome | AnotherBatch]) -> None:
        again: list[_Ticket] = []
        for ticket, answer in zip(batch, answers, strict=True):
            if isinstance(answer, AnotherBatch):
                again.append(ticket)
            elif not ticket.answer.done():
                ticket.answer.set_result(answer)
        self._waiting.extendleft(reversed(again))


def _fail(batch: Sequence[_Ticket], fault: BaseException) -> None:
    for ticket in batch:
        if not ticket.answer.done():
            ticket.answer.set_exception(fault)
