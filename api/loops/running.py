"""Keeps the loops turning inside a process: a fault is logged by its type alone and the loop starts again.

Put together by `api.wiring`; `approdo serve` and `approdo work` give each loop a task of its own. Who moves
time by himself steps those that decide instead (`stepped`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from api.adapters.notifier import Notifier
from api.erasing import Erasing
from api.loops.alarming import Alarming
from api.loops.automatic import Automatic
from api.loops.deadlines import Deadlines
from api.loops.destroying import Destroying
from api.loops.notifying import Notifying
from api.loops.projecting import Projecting
from api.loops.proposing import Proposing
from api.loops.searching import Searching
from api.loops.sending_on import SendingOn
from api.loops.sweeping import Sweeping
from api.placing import Engine
from ledger.faults import LedgerFault
from ledger.log_lines import Line, tell
from ledger.vault.port import Vault
from projections.projector import Projector

Loop = Callable[[], Awaitable[None]]
PAUSE_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Stepped(Protocol):
    """A loop: `run` turns without end, `step` once, at the ledger's instant."""

    async def run(self) -> None: ...
    async def step(self) -> None: ...


def loops(
    engine: Engine,
    app_version: str,
    projector: Projector,
    vault: Vault | None = None,
    notifier: Notifier | None = None,
    eraser: Vault | None = None,
) -> tuple[Loop, ...]:
    """Every loop of this process, each to be awaited in a task of its own and cancelled between two steps.
    Without a `notifier` no desk is told anything; `eraser` destroys and need not be able to read.
    """
    store = engine.transactor.store
    sweeping = (Sweeping(store, vault),) if vault is not None else ()
    automatic = Automatic(network_id=engine.transactor.network_id, app_version=app_version)
    ending = (Destroying(Erasing(eraser, engine, automatic)),) if eraser is not None else ()
    telling = (Notifying(engine, notifier),) if notifier is not None else ()
    turning = (*stepped(engine, app_version), Projecting(store, projector), *sweeping, *ending, *telling)
    return tuple(kept_turning(loop.run) for loop in turning)


def stepped(engine: Engine, app_version: str) -> tuple[Stepped, ...]:
    """Those of them that decide, to be stepped by whoever moves time."""
    automatic = Automatic(network_id=engine.transactor.network_id, app_version=app_version)
    return (
        Searching(engine, automatic),
        Deadlines(engine, automatic),
        SendingOn(engine, automatic),
        Proposing(engine, automatic),
        Alarming(engine, automatic),
    )


def kept_turning(run: Loop) -> Loop:
    """A loop that goes on after every fault."""

    async def turning() -> None:
        while True:
            try:
                await run()
            except LedgerFault as fault:
                _told(logging.WARNING, run, fault)
            except Exception as fault:  # noqa: BLE001 - one loop's fault stops neither the doors nor the others
                _told(logging.ERROR, run, fault)
            await asyncio.sleep(PAUSE_SECONDS)

    return turning


def _told(level: int, run: Loop, fault: Exception) -> None:
    tell(_log, level, Line.LOOP_RESTARTED, loop=getattr(run, "__qualname__", ""), fault=fault)
