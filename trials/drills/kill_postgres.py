"""PostgreSQL and all its processes are killed at random moments under load: what was acknowledged is still
there.

The control is the same with `synchronous_commit=off`, repeated until something is lost. A killed process
leaves the page cache behind, so this shows the write-ahead log, not the disk: that `fsync` is on is read back
and printed.
"""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

from trials.drills.finding import Finding
from trials.drills.killing import NETWORK, Killed, found, kills_asked, until_the_moment
from trials.drills.load import Load, compare
from trials.stage.ground import Ground, folder, ground
from trials.stage.ledger_on import TrialLedger, found_on
from trials.stage.programs import Served

CONTROL_ROUNDS = 40
CONTROL_SERIES = 6
STANDS_STILL_SECONDS = 20.0
"""A server that had read what is lost stands ahead of its log for good. If none of that had been acknowledged
the control has found nothing, and begins anew.
"""
KEYS_ASKED_AGAIN = 5


def run(rounds: int, reduced: bool) -> Finding:
    with ground() as on, folder() as kept:
        settings = on.durability()
        own = _series(on, kept, kills_asked(rounds, reduced), until_loss=False)
    control = _control()
    said = f"synchronous_commit=off, killed {control.kills} times,"
    return found("kill_postgres", own, control, said, settings)


def _control() -> Killed:
    """The first series in which something acknowledged is lost; the last one where none is."""
    for _ in range(CONTROL_SERIES - 1):
        control = _control_series()
        if control.compared.lost:
            return control
    return _control_series()


def _control_series() -> Killed:
    with ground(settings={"synchronous_commit": "off"}) as on, folder() as kept:
        return _series(on, kept, CONTROL_ROUNDS, until_loss=True)


def _series(on: Ground, kept: Path, kills: int, *, until_loss: bool) -> Killed:
    ledger = found_on(on, NETWORK, kept)
    with Served(ledger.settings, log=kept / "server.log") as server:
        load = Load(server.url, ledger, kept / "journal.jsonl")
        try:
            return asyncio.run(_kill(on, ledger, load, kills, until_loss=until_loss))
        finally:
            load.close()


async def _kill(on: Ground, ledger: TrialLedger, load: Load, kills: int, *, until_loss: bool) -> Killed:
    chance, under_load, done = random.Random(kills), 0, 0
    async with load.going_on():
        for done in range(1, kills + 1):  # noqa: B007 - how many there were is told
            try:
                async with asyncio.timeout(STANDS_STILL_SECONDS if until_loss else None):
                    under_load += await until_the_moment(load, chance)
            except TimeoutError:
                load.abandoned = True
                break
            before = set(load.acknowledged)
            await asyncio.to_thread(_kill_and_start, on)
            if until_loss and (await compare(ledger, load, only=before)).lost:
                load.abandoned = True
                break
            if not until_loss:
                await load.ask_again(KEYS_ASKED_AGAIN)
    return Killed(
        compared=await compare(ledger, load),
        kills=done,
        kills_under_load=under_load,
        retries=load.lost_answers + load.unavailable + load.asked_again,
    )


def _kill_and_start(on: Ground) -> None:
    on.kill()
    on.server.start()
