"""The server is killed at random moments under load: nothing acknowledged is lost, no retry counts twice.

The control is the same under `hasty_server`, which acknowledges before it commits.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trials.drills.finding import Finding
from trials.drills.load import Compared, Load, compare
from trials.stage.ground import folder, ground
from trials.stage.ledger_on import TrialLedger, found_on
from trials.stage.plain_network import plain_network
from trials.stage.programs import PRODUCT, Served

KILLS, REDUCED_KILLS, CONTROL_KILLS = 30, 4, 2
LOAD_SECONDS = (0.0, 0.3)
ANSWERS_BETWEEN = 20
"""As many as are answered between two kills at least."""
_HASTY = ("-m", "trials.drills.hasty_server")


@dataclass(frozen=True, kw_only=True, slots=True)
class Killed:
    """How a series of kills ended."""

    compared: Compared
    kills_under_load: int
    lost_answers: int


def run(rounds: int, reduced: bool) -> Finding:
    kills = rounds or (REDUCED_KILLS if reduced else KILLS)
    network = plain_network(shelters=10, units=5, beds=40)
    with ground() as on, folder() as kept:
        settings = on.durability()
        own = _series(found_on(on, network, kept), kept / "own.jsonl", kills, (*PRODUCT, "serve"))
        control = _series(found_on(on, network, kept), kept / "hasty.jsonl", CONTROL_KILLS, _HASTY)
    return Finding(
        name="kill_server",
        wrong=own.compared.lost + own.compared.duplicated + own.compared.faults,
        needed={
            "acks": own.compared.acknowledged,
            "kills_under_load": own.kills_under_load,
            "retries": own.lost_answers,
        },
        control=control.compared.lost,
        control_said=f"acknowledging before commit lost {control.compared.lost} of "
        f"{control.compared.acknowledged} events",
        settings=settings,
        said=f"lost={own.compared.lost} duplicated={own.compared.duplicated} faults={own.compared.faults}",
    )


def _series(ledger: TrialLedger, journal: Path, kills: int, program: Sequence[str]) -> Killed:
    with Served(ledger.settings, program=program, log=journal.with_suffix(".log")) as server:
        return asyncio.run(_kill(ledger, server, journal, kills))


async def _kill(ledger: TrialLedger, server: Served, journal: Path, kills: int) -> Killed:
    chance, load, under_load = random.Random(kills), Load(server.url, ledger, journal), 0
    try:
        async with load.going_on():
            for _ in range(kills):
                await load.more(ANSWERS_BETWEEN)
                await asyncio.sleep(chance.uniform(*LOAD_SECONDS))
                under_load += load.in_flight > 0
                server.kill()
                await asyncio.to_thread(server.start)
    finally:
        load.close()
    return Killed(
        compared=await compare(ledger, load), kills_under_load=under_load, lost_answers=load.lost_answers
    )
