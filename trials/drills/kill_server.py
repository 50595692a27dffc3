"""The server is killed at random moments under load: nothing acknowledged is lost, no retry counts twice.

The control is the same under `hasty_server`, which acknowledges before it commits.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from pathlib import Path

from trials.drills.finding import Finding
from trials.drills.killing import NETWORK, Killed, found, kills_asked, until_the_moment
from trials.drills.load import Load, compare
from trials.stage.ground import folder, ground
from trials.stage.ledger_on import TrialLedger, found_on
from trials.stage.programs import PRODUCT, Served

CONTROL_KILLS = 2
_HASTY = ("-m", "trials.drills.hasty_server")


def run(rounds: int, reduced: bool) -> Finding:
    kills = kills_asked(rounds, reduced)
    with ground() as on, folder() as kept:
        settings = on.durability()
        own = _series(found_on(on, NETWORK, kept), kept / "own.jsonl", kills, (*PRODUCT, "serve"))
        control = _series(found_on(on, NETWORK, kept), kept / "hasty.jsonl", CONTROL_KILLS, _HASTY)
    return found("kill_server", own, control, "acknowledging before commit", settings)


def _series(ledger: TrialLedger, journal: Path, kills: int, program: Sequence[str]) -> Killed:
    with Served(ledger.settings, program=program, log=journal.with_suffix(".log")) as server:
        return asyncio.run(_kill(ledger, server, journal, kills))


async def _kill(ledger: TrialLedger, server: Served, journal: Path, kills: int) -> Killed:
    chance, load, under_load = random.Random(kills), Load(server.url, ledger, journal), 0
    try:
        async with load.going_on():
            for _ in range(kills):
                under_load += await until_the_moment(load, chance)
                server.kill()
                await asyncio.to_thread(server.start)
    finally:
        load.close()
    return Killed(
        compared=await compare(ledger, load),
        kills=kills,
        kills_under_load=under_load,
        retries=load.lost_answers,
    )
