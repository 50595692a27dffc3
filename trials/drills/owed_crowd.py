"""One process of the drill `owed`: people who act, an engine, an index, and all the loops, over one log.

What the processes do together is judged by `owed_judge` from the rows alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event, Semaphore
from uuid import UUID

from api.loops.running import stepped
from ledger.faults import LedgerFault
from ledger.store.postgres import PostgresStore
from trials.drills import owed_without
from trials.drills.owed_people import Crowd
from trials.stage.in_process import APP_VERSION

PEOPLE = 3
"""Who act side by side in one process."""
PAUSE_SECONDS = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What one process is told."""

    dsn: str
    network: UUID
    seed: str
    number: int
    acts: int
    """In each spell."""
    careless: bool
    """The control: an engine that keeps nothing for anybody."""


def take_part(part: Part, done: Semaphore, go_on: Sequence[Event]) -> None:
    """Act for a spell, say so, and let the loops turn until all may go on; as many spells as `go_on` has. The
    process knows nothing any more after half of them, as one that has just started.
    """
    if part.careless:
        owed_without.keep_nothing()
    asyncio.run(_take_part(part, done, go_on))


async def _take_part(part: Part, done: Semaphore, go_on: Sequence[Event]) -> None:
    half = (len(go_on) + 1) // 2
    async with PostgresStore(part.dsn) as store:
        for number, spells in enumerate((go_on[:half], go_on[half:])):
            crowd = Crowd(store, part.network, f"{part.seed} {part.number} {number}")
            async with _owned([loop.run for loop in stepped(crowd.engine, APP_VERSION)]):
                for rested in spells:
                    async with _owned([crowd.move_clock] if part.number == 0 else []):
                        await asyncio.gather(*(crowd.act(part.acts // PEOPLE) for _ in range(PEOPLE)))
                    await crowd.answer_at_last()
                    done.release()
                    await asyncio.to_thread(rested.wait)


@asynccontextmanager
async def _owned(loops: Sequence[Callable[[], Awaitable[None]]]) -> AsyncIterator[None]:
    """Turn these while the body runs."""
    turning = [asyncio.create_task(_turn(loop)) for loop in loops]
    try:
        yield
    finally:
        for task in turning:
            task.cancel()
        await asyncio.gather(*turning, return_exceptions=True)


async def _turn(loop: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await loop()
        except LedgerFault:
            await asyncio.sleep(PAUSE_SECONDS)
