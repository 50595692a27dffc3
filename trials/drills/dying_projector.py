"""A projector that dies: `python -m trials.drills.dying_projector DSN MOMENT PAGE`.

It takes batches as the product's does, and kills itself (SIGKILL) at one moment of the first: before the rows
are sent, when they are written and not committed, or after the commit. With the moment NEVER it reads to the
head and ends.
"""

from __future__ import annotations

import asyncio
import enum
import os
import signal
import sys

from ledger.store.postgres import PostgresStore
from projections.projector import Projector
from projections.views import Changes, Checkpoint
from projections.views_postgres import PostgresViews


class Moment(enum.StrEnum):
    """When it dies."""

    BEFORE = "BEFORE"
    DURING = "DURING"
    AFTER = "AFTER"
    NEVER = "NEVER"


class _Dying(PostgresViews):
    """The product's rows but for the moment at which the process ends."""

    def __init__(self, dsn: str, moment: Moment) -> None:
        super().__init__(dsn)
        self._moment = moment

    async def advance(self, at: Checkpoint, to: int, changes: Changes) -> bool:
        if self._moment is Moment.BEFORE:
            _die()
        if self._moment is Moment.DURING:
            async with self.connection() as connection, connection.transaction():
                assert await self.advance_on(connection, at, to, changes)
                _die()
        moved = await super().advance(at, to, changes)
        if self._moment is Moment.AFTER:
            _die()
        return moved


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def main(dsn: str, moment: Moment, page: int) -> None:
    async with PostgresStore(dsn) as store, _Dying(dsn, moment) as views:
        await Projector(store, views, page=page).catch_up()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Moment(sys.argv[2]), int(sys.argv[3])))
