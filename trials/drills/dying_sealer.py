"""A sealer that dies: `python -m trials.drills.dying_sealer DSN ORIGIN HEAD_FILE MOMENT HEADS [VARIANT]`.

It seals as the product's does and kills itself (SIGKILL) at one moment of the head after so many others. With
the moment NEVER it seals all there is and ends: status 0, or 1 where it refuses the database. A variant is a
control: `hasty` publishes before it keeps its head and begins without comparing, `swapped` takes events out
of order.
"""

from __future__ import annotations

import asyncio
import enum
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.log_key import log_key
from ledger.evidence.sealing.port import Cosignature, KeyStatement, SealedHead
from ledger.evidence.sealing.sealer import DatabaseDisagrees, Sealer, SealingKeys
from ledger.evidence.tree.merkle import CompactRange, leaf_hash
from ledger.postgres.sealed import PostgresSealedLog

SEED = bytes(range(32))
"""Of the trial's own key."""
REFUSED = 1
LOOK_SECONDS = 0.02


class Moment(enum.StrEnum):
    """When it dies: at every write, before, in the midst of it and after."""

    STATING = "STATING"
    STATED = "STATED"
    COMPUTED = "COMPUTED"
    HALF_WRITTEN = "HALF_WRITTEN"
    WRITTEN = "WRITTEN"
    RENAMED = "RENAMED"
    LEAVES_SENT = "LEAVES_SENT"
    HEAD_SENT = "HEAD_SENT"
    COMMITTED = "COMMITTED"
    BEATING = "BEATING"
    BEATEN = "BEATEN"
    NEVER = "NEVER"


class Dying:
    """Knows when it is time."""

    def __init__(self, moment: Moment, heads: int) -> None:
        self._moment = moment
        self.heads = heads

    def reached(self, moment: Moment) -> None:
        if moment is self._moment and self.heads <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class _DyingFile(HeadFile):
    """The product's file but for the moments of a write."""

    def __init__(self, path: Path, dying: Dying) -> None:
        super().__init__(path)
        object.__setattr__(self, "_dying", dying)

    def write(self, note: bytes) -> None:
        dying: Dying = self._dying  # type: ignore[attr-defined]
        part = self.path.with_name(f".{self.path.name}.part")
        dying.reached(Moment.COMPUTED)
        part.write_bytes(note[: len(note) // 2])
        dying.reached(Moment.HALF_WRITTEN)
        part.write_bytes(note)
        dying.reached(Moment.WRITTEN)
        super().write(note)
        dying.reached(Moment.RENAMED)


class _DyingConnection:
    """A session that dies where it has just sent something of a head."""

    def __init__(self, connection: Any, dying: Dying) -> None:
        self._connection = connection
        self._dying = dying

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    async def copy_records_to_table(self, *arguments: Any, **named: Any) -> None:
        await self._connection.copy_records_to_table(*arguments, **named)
        self._dying.reached(Moment.LEAVES_SENT)

    async def execute(self, statement: str, *values: Any) -> None:
        await self._connection.execute(statement, *values)
        if "evidence.checkpoint" in statement:
            self._dying.reached(Moment.HEAD_SENT)


class _DyingLog(PostgresSealedLog):
    """The product's log but for the moments of a transaction."""

    def __init__(self, dsn: str, dying: Dying) -> None:
        super().__init__(dsn)
        self._dying = dying

    @asynccontextmanager
    async def _sealing(self) -> AsyncIterator[Any]:
        async with super()._sealing() as connection:
            yield _DyingConnection(connection, self._dying)

    async def seal(self, **given: Any) -> None:
        await super().seal(**given)
        self._dying.reached(Moment.COMMITTED)
        self._dying.heads -= 1

    async def state_key(self, statement: KeyStatement) -> None:
        self._dying.reached(Moment.STATING)
        await super().state_key(statement)
        self._dying.reached(Moment.STATED)

    async def cosign(self, cosignature: Cosignature) -> None:
        self._dying.reached(Moment.BEATING)
        await super().cosign(cosignature)
        self._dying.reached(Moment.BEATEN)


class _Hasty(Sealer):
    """The control: published first, kept afterwards, and begun without comparing."""

    async def start(self) -> None:
        head = await self._sealed.head()
        self._tree = await self._grown(head)

    async def _publish(self, hashes: list[tuple[bytes, ...]], tree: CompactRange) -> SealedHead:
        head = self._signed(Checkpoint(origin=self._keys.origin, size=tree.size, root=tree.root()))
        await self._sealed.seal(after=self._tree.size, hashes=hashes, head=head)
        self._kept.write(head.note)
        self._tree = tree
        return head


class _Swapped(Sealer):
    """The control: events as they come, and they come the wrong way round."""

    async def _leaves(self, upto: int) -> tuple[list[tuple[bytes, ...]], CompactRange]:
        tree = await self._tree_at(self._tree.size)
        rows = await self._sealed.rows(after=tree.size, limit=upto - tree.size)
        return [tree.append(leaf_hash(leaf_of(row))) for row in reversed(rows)], tree


_VARIANTS: Mapping[str, type[Sealer]] = {"hasty": _Hasty, "swapped": _Swapped}


class _Hurrying:
    """A clock that is eleven minutes on at each look: every look is time for a heartbeat."""

    def __init__(self) -> None:
        self._looks = 0

    def __call__(self) -> datetime:
        self._looks += 1
        return datetime.now(UTC) + timedelta(minutes=11 * self._looks)


async def main(arguments: Sequence[str]) -> int:
    dsn, origin, path, moment, heads, *more = arguments
    dying = Dying(Moment(moment), int(heads))
    kept = _DyingFile(Path(path), dying)
    keys = SealingKeys(origin=origin, present=log_key(origin, SEED))
    async with _DyingLog(dsn, dying) as log, log.alone():
        with kept.alone():
            sealer = (_VARIANTS[more[0]] if more else Sealer)(log, keys, kept, _Hurrying())
            try:
                await sealer.start()
            except DatabaseDisagrees:
                return REFUSED
            end = await log.log_head()
            while sealer.size < end or moment != Moment.NEVER:
                await sealer.step()
                await sealer.beat()
                await asyncio.sleep(LOOK_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
