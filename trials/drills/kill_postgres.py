"""PostgreSQL and all its processes are killed at random moments under load: what was acknowledged is still
there.

The control is the same with `synchronous_commit=off`, repeated until something is lost. A killed process
leaves the page cache behind, so this shows the write-ahead log, not the disk: that `fsync` is on is read back
and printed.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

from trials.drills.finding import Finding
from trials.drills.load import Compared, Load, compare
from trials.stage.ground import Ground, folder, ground
from trials.stage.ledger_on import TrialLedger, found_on
from trials.stage.plain_network import plain_network
from trials.stage.programs import Served

KILLS, REDUCED_KILLS, CONTROL_ROUNDS = 30, 4, 40
LOAD_SECONDS = (0.0, 0.3)
ANSWERS_BETWEEN = 20
KEYS_ASKED_AGAIN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Killed:
    """How a series of kills ended."""

    compared: Compared
    kills: int
    kills_under_load: int
    retries: int


def run(rounds: int, reduced: bool) -> Finding:
    kills = rounds or (REDUCED_KILLS if reduced else KILLS)
    with ground() as on, folder() as kept:
        settings = on.durability()
        own = _series(on, kept, kills, until_loss=False)
    with ground(settings={"synchronous_commit": "off"}) as on, folder() as kept:
        control = _series(on, kept, CONTROL_ROUNDS, until_loss=True)
    return Finding(
        name="kill_postgres",
        wrong=own.compared.lost + own.compared.duplicated + own.compared.faults,
        needed={
            "acks": own.compared.acknowledged,
            "kills_under_load": own.kills_under_load,
            "retries": own.retries,
        },
        control=control.compared.lost,
        control_said=f"synchronous_commit=off lost {control.compared.lost} of "
        f"{control.compared.acknowledged} events in {control.kills} kills",
        settings=settings,
        said=f"lost={own.compared.lost} duplicated={own.compared.duplicated} faults={own.compared.faults}",
    )


def _series(on: Ground, kept: Path, kills: int, *, until_loss: bool) -> Killed:
    ledger = found_on(on, plain_network(shelters=10, units=5, beds=40), kept)
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
            await load.more(ANSWERS_BETWEEN)
            await asyncio.sleep(chance.uniform(*LOAD_SECONDS))
            under_load += load.in_flight > 0
            before = set(load.acknowledged)
            await asyncio.to_thread(_kill_and_start, on)
            if until_loss and (await compare(ledger, load, only=before)).lost:
                load.abandoned = True
                break
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
