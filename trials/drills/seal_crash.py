"""The sealer's process is killed at every write under appends, and its database is taken back to a backup:
never two roots for one size, every sealed size follows from the events, nothing stays unsealed.

What counts as said is each note that ever stood in the database or in the sealer's file, also of a run that
was killed. Control: a sealer that publishes first, keeps its head afterwards and begins without comparing;
after the backup it gives a second root for a size. Another takes events out of order, and its roots do not
follow.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from domain.vocabulary import LogKind
from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.checkpoint import Checkpoint, origin_of, parse_checkpoint
from ledger.evidence.notes.signed import parse_note
from ledger.evidence.tree.merkle import CompactRange, leaf_hash
from ledger.postgres.sealed import PostgresSealedLog
from ledger.state_bytes import StateParts, join
from ledger.store.port import Append, NewEvent
from ledger.store.postgres import PostgresStore
from trials.drills.dying_sealer import REFUSED, Moment
from trials.drills.finding import Finding
from trials.stage.ground import APP, Ground, folder, ground
from trials.stage.programs import ROOT

ROUNDS, REDUCED_ROUNDS = 6, 1
"""Deaths at each of the moments that come with every head."""
SEALER = "approdo_sealer"
CHILD_SECONDS = 60.0
APPEND_SECONDS = 0.01
MOST_EVENTS = 1_000_000
ORIGIN = origin_of(LogKind.EXERCISE, uuid.UUID(int=6))
_ONCE = (Moment.STATING, Moment.STATED)
_EACH = tuple(moment for moment in Moment if moment not in (*_ONCE, Moment.NEVER))
_BACKED_UP = (Moment.RENAMED, Moment.LEAVES_SENT, Moment.COMMITTED)


class NotKilled(AssertionError):
    """The sealer ended otherwise than it must."""


@dataclass(kw_only=True)
class Said:
    """Every root that was ever said, by size, and how the runs ended."""

    roots: defaultdict[int, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    kills: int = 0
    between: dict[int, bytes] = field(default_factory=dict)
    """Heads that a kill left in the file and that the database did not have."""
    resealed: int = 0
    """Of these, those that a later start sealed again byte for byte."""
    refused: int = 0
    wrong: int = 0

    def note(self, raw: bytes) -> Checkpoint:
        checkpoint = parse_checkpoint(parse_note(raw).text)
        self.roots[checkpoint.size].add(checkpoint.root)
        return checkpoint

    @property
    def forked(self) -> int:
        """Sizes with two roots."""
        return sum(len(roots) > 1 for roots in self.roots.values())


def run(rounds: int, reduced: bool) -> Finding:
    rounds = rounds or (REDUCED_ROUNDS if reduced else ROUNDS)
    with ground() as on, folder() as kept:
        settings = on.durability()
        killed, hasty = Said(), Said()
        asyncio.run(_killed(on, kept / "killed", rounds, killed))
        back = [_taken_back(on, kept / moment, moment, Said()) for moment in _BACKED_UP]
        _taken_back(on, kept / "hasty", Moment.COMMITTED, hasty, "hasty")
        swapped = asyncio.run(_swapped(on, kept / "swapped"))
    own = (killed, *back)
    return Finding(
        name="seal_crash",
        wrong=sum(each.forked + each.wrong for each in own),
        needed={
            "kills": sum(each.kills for each in own),
            "between": len(killed.between),
            "resealed": killed.resealed,
            "sizes": sum(len(each.roots) for each in own),
            "backups_refused": sum(each.refused for each in own),
        },
        control=min(hasty.forked, swapped.wrong),
        control_said=f"publishing first and not comparing gave two roots for {hasty.forked} size, "
        f"taking events out of order {swapped.wrong} root that does not follow",
        settings=settings,
        said=f"forked={sum(each.forked for each in own)}",
    )


async def _killed(on: Ground, path: Path, rounds: int, said: Said) -> None:
    """A death at every moment, `rounds` times, while events come."""
    database = await asyncio.to_thread(on.fresh)
    dsn = on.server.dsn(database, SEALER)
    async with PostgresStore(on.server.dsn(database, APP)) as store, PostgresSealedLog(dsn) as log:
        async with _appending(store):
            for number, moment in enumerate((*_ONCE, *_EACH * rounds)):
                heads = 0 if moment in _ONCE else number % 3
                await _expect(-signal.SIGKILL, dsn, path, moment, heads)
                said.kills += 1
                await _after_death(log, path, said)
        await _expect(0, dsn, path, Moment.NEVER, 0)
        await _judge(store, log, said)


async def _after_death(log: PostgresSealedLog, path: Path, said: Said) -> None:
    """What stands in the file and in the database now; a head between them must come, byte for byte."""
    head = await log.head()
    if head is not None:
        said.note(head.note)
    raw = _in_file(path)
    if raw is None:
        return
    note = said.note(raw)
    if head is None or head.size < note.size:
        said.between[note.size] = raw


def _in_file(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


async def _judge(store: PostgresStore, log: PostgresSealedLog, said: Said) -> None:
    """Every size that was said follows from the events, and all of them are sealed."""
    for head in await log.heads(after=0, limit=MOST_EVENTS):
        said.note(head.note)
        said.resealed += said.between.get(head.size) == head.note
    said.wrong += len(said.between) - said.resealed
    tree, end = CompactRange(), await store.head()
    while tree.size < end:
        for row in await store.read_all(after=tree.size, limit=1000):
            tree.append(leaf_hash(leaf_of(row)))
            said.wrong += tree.size in said.roots and tree.root() not in said.roots[tree.size]
    last = await log.head()
    said.wrong += last is None or last.size != end
    said.wrong += sum(size > end for size in said.roots)


async def _swapped(on: Ground, path: Path) -> Said:
    """The other control, on ten events."""
    said, database = Said(), await asyncio.to_thread(on.fresh)
    await _events(on, database, 10)
    dsn = on.server.dsn(database, SEALER)
    await _expect(0, dsn, path, Moment.NEVER, 0, "swapped")
    async with PostgresStore(on.server.dsn(database, APP)) as store, PostgresSealedLog(dsn) as log:
        await _judge(store, log, said)
    return said


def _taken_back(on: Ground, path: Path, moment: Moment, said: Said, *more: str) -> Said:
    """Ten events are sealed and backed up; ten more, at whose head the sealer dies; then the backup is taken
    in use, and ten others come.
    """
    first = on.fresh()
    backup = f"{first}_backup"
    asyncio.run(_events(on, first, 10))
    asyncio.run(_expect(0, on.server.dsn(first, SEALER), path, Moment.NEVER, 0, *more))
    on.administer(f"CREATE DATABASE {backup} TEMPLATE {first}")
    asyncio.run(_events(on, first, 10))
    asyncio.run(_expect(-signal.SIGKILL, on.server.dsn(first, SEALER), path, moment, 0, *more))
    said.kills += 1
    asyncio.run(_collect(on, first, path, said))
    asyncio.run(_events(on, backup, 10))
    status = asyncio.run(_run(on.server.dsn(backup, SEALER), path, Moment.NEVER, 0, *more))
    said.refused += status == REFUSED
    asyncio.run(_collect(on, backup, path, said))
    return said


async def _collect(on: Ground, database: str, path: Path, said: Said) -> None:
    async with PostgresSealedLog(on.server.dsn(database, SEALER)) as log:
        for head in await log.heads(after=0, limit=MOST_EVENTS):
            said.note(head.note)
    if (raw := _in_file(path)) is not None:
        said.note(raw)


async def _events(on: Ground, database: str, number: int) -> None:
    async with PostgresStore(on.server.dsn(database, APP)) as store:
        for _ in range(number):
            await store.append(_append())


@asynccontextmanager
async def _appending(store: PostgresStore) -> AsyncIterator[None]:
    """Events come while the body runs."""

    async def appending() -> None:
        while True:
            await store.append(_append())
            await asyncio.sleep(APPEND_SECONDS)

    task = asyncio.ensure_future(appending())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _append() -> Append:
    event = NewEvent(
        stream=uuid.uuid4(),
        version=1,
        topic="tested.1",
        state=join(StateParts(open=b"{}", reserved=uuid.uuid4().bytes)),
        event_id=uuid.uuid4(),
        metadata=b"{}",
    )
    return Append(command_id=uuid.uuid4(), digest=bytes(32), events=(event,))


async def _expect(status: int, dsn: str, path: Path, moment: Moment, heads: int, *more: str) -> None:
    """Errors: `NotKilled`."""
    if (ended := await _run(dsn, path, moment, heads, *more)) != status:
        raise NotKilled(f"{moment}: status {ended}, not {status}")


async def _run(dsn: str, path: Path, moment: Moment, heads: int, *more: str) -> int:
    program = [sys.executable, "-m", "trials.drills.dying_sealer", dsn, ORIGIN, str(path), moment.value]
    child = await asyncio.create_subprocess_exec(*program, str(heads), *more, cwd=ROOT)
    try:
        return await asyncio.wait_for(child.wait(), CHILD_SECONDS)
    except TimeoutError:
        child.kill()
        await child.wait()
        raise NotKilled(f"{moment}: it goes on") from None
