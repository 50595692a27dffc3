"""A simulated network's log, sealed and exported, for `verify_log`; and `approdo verify` over it as a person
would run it, in a process of its own whose time and peak memory are taken.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.vocabulary import LogKind
from ledger.evidence.export.writing import LogToExport, write_export
from ledger.evidence.notes.checkpoint import origin_of
from ledger.evidence.notes.trust import Trust, rendered
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import log_key
from ledger.evidence.sealing.memory import MemorySealedLog
from ledger.evidence.sealing.sealer import Sealer, SealingKeys
from ledger.store.memory import MemoryStore
from ledger.store.port import StoredRow
from trials.simulate.parameters import SCALES
from trials.simulate.running import Plan, founded

SEED, PAGE = 6, 1000
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


class NotSound(AssertionError):
    """`approdo verify` found something wrong with a log that nobody touched."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verifying:
    """What one run of `approdo verify` cost."""

    events: int
    seconds: float
    megabytes: float


def verifying(folder: Path, events: Sequence[int], leaves_in_a_head: int) -> tuple[Verifying, ...]:
    """The cost of verifying a log at each of these sizes. Errors: `NotSound`."""
    return tuple(
        _verified(path, size) for path, size in asyncio.run(_exports(folder, events, leaves_in_a_head))
    )


async def _exports(folder: Path, events: Sequence[int], leaves_in_a_head: int) -> list[tuple[Path, int]]:
    """One log, written out each time it has grown to the next size."""
    store = MemoryStore()
    plan = Plan(scale=SCALES["A"], seed=SEED, days=10_000, events=max(events))
    simulation = await founded(plan, store)
    await simulation.play()
    origin = origin_of(LogKind.EXERCISE, (await store.read_all(after=0, limit=1))[0].stream)
    key, sealed = log_key(origin, bytes(32)), _Growing(store)
    sealer = Sealer(sealed, SealingKeys(origin=origin, present=key), HeadFile(folder / "head"), lambda: NOW)
    await sealer.start()
    trusted = Trust(logs=(key.heads.verifier, key.clock.verifier))
    (folder / "trust").write_text(rendered(trusted))
    made = []
    for size in events:
        while sealer.size < size:
            sealed.upto = min(size, sealer.size + leaves_in_a_head)
            await sealer.step()
        head = await sealed.head()
        assert head is not None
        log = LogToExport(
            origin=origin,
            kind=LogKind.EXERCISE,
            head=head,
            log_head=size,
            rows=_pages(store, size),
            sealed=sealed,
            trusted=trusted,
        )
        await write_export(folder / str(size), log, lambda _: None)
        made.append((folder / str(size), size))
    return made


class _Growing(MemorySealedLog):
    """Sealed no further than it is told, so that heads come as often as they would."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        self.upto = 0

    async def log_head(self) -> int:
        return min(self.upto, await super().log_head())


async def _pages(store: MemoryStore, upto: int) -> AsyncIterator[Sequence[StoredRow]]:
    for after in range(0, upto, PAGE):
        yield await store.read_all(after=after, limit=min(PAGE, upto - after))


def _verified(export: Path, events: int) -> Verifying:
    command = [
        sys.executable,
        "-c",
        _APPRODO,
        "verify",
        str(export),
        "--trust",
        str(export.parent / "trust"),
        "--fast",
    ]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise NotSound(done.stdout)
    return Verifying(events=events, seconds=seconds, megabytes=int(done.stderr.split()[-2]) / 1024)


_APPRODO = """
import sys
from api.commands.main import program
sys.argv[0] = "approdo"
status = program()
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(status)
"""
