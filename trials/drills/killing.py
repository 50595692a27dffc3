"""What the drills that kill something under load have in common: when it is killed, and what is found in the
end.

What is killed, and what the control is, each of them says itself.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from trials.drills.finding import Finding
from trials.drills.load import Compared, Load
from trials.stage.plain_network import plain_network

NETWORK = plain_network(shelters=10, units=5, beds=40)
LOAD_SECONDS = (0.0, 0.3)
ANSWERS_BETWEEN = 20
"""As many as are answered between two kills at least."""
_KILLS, _REDUCED_KILLS = 30, 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Killed:
    """How a series of kills ended. `retries`: keys that were asked for again, for whatever reason."""

    compared: Compared
    kills: int
    kills_under_load: int
    retries: int


def kills_asked(rounds: int, reduced: bool) -> int:
    return rounds or (_REDUCED_KILLS if reduced else _KILLS)


async def until_the_moment(load: Load, chance: random.Random) -> bool:
    """Until enough was answered and a random while has passed; whether requests are under way just then."""
    await load.more(ANSWERS_BETWEEN)
    await asyncio.sleep(chance.uniform(*LOAD_SECONDS))
    return load.in_flight > 0


def found(name: str, own: Killed, control: Killed, control_said: str, settings: str) -> Finding:
    """`control_said` is what the control does and how often; what it lost is added."""
    compared = own.compared
    return Finding(
        name=name,
        wrong=compared.lost + compared.duplicated + compared.faults,
        needed={
            "acks": compared.acknowledged,
            "requests": compared.requests,
            "kills_under_load": own.kills_under_load,
            "retries": own.retries,
        },
        control=control.compared.lost,
        control_said=f"{control_said} lost {control.compared.lost} of {control.compared.acknowledged} events",
        settings=settings,
        said=f"lost={compared.lost} duplicated={compared.duplicated} faults={compared.faults}",
    )
