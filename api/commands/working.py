"""`approdo work`: every loop of the engine without the HTTP doors, until it is told to stop.

It may run beside servers, whose loops are the same, and beside others of its kind: each automatic command's
id derives from its cause, and of two projectors one loses each race and has written nothing.
"""

from __future__ import annotations

import asyncio
import signal

from api.commands.turning import turning
from api.settings import Settings
from api.wiring import OpenLedger, open_ledger


async def work(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl-C. Errors: all of `open_ledger`."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with open_ledger(settings, join=True) as ledger:
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, stopping.set)
        async with turning(ledger):
            print(_ready(settings, ledger), flush=True)
            await stopping.wait()


def _ready(settings: Settings, ledger: OpenLedger) -> str:
    where = f"PostgreSQL in {settings.data_dir}" if settings.embedded else "the given PostgreSQL"
    return f"approdo works on a {ledger.birth.kind} log ({where}) without doors"
