"""The loops of one process, each in a task of its own, and the embedded server kept up beside them. Shared by
`approdo serve` and `approdo work`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from api.wiring import OpenLedger
from ledger.faults import LedgerFault
from ledger.log_lines import Line, tell
from ledger.postgres.supervisor import EmbeddedPostgres

LOOK_SECONDS = 0.5

_log = logging.getLogger(__name__)


@asynccontextmanager
async def turning(ledger: OpenLedger) -> AsyncIterator[None]:
    """Turn them while the body runs."""
    tasks = [asyncio.ensure_future(loop()) for loop in ledger.loops]
    if ledger.opened.server is not None:
        tasks.append(asyncio.create_task(_kept_up(ledger.opened.server)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_up(server: EmbeddedPostgres) -> None:
    """Start the embedded server again when it has died; clients meanwhile hear that it is unreachable."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if not server.running:
            tell(_log, logging.ERROR, Line.SERVER_GONE)
            starting = asyncio.ensure_future(asyncio.to_thread(server.start))
            try:
                await asyncio.shield(starting)
            except LedgerFault as fault:
                tell(_log, logging.ERROR, Line.SERVER_DOES_NOT_START, fault=fault)
            except asyncio.CancelledError:
                with suppress(LedgerFault):
                    await starting
                raise
