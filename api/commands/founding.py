"""`approdo init` and `approdo migrate`: what makes a ledger that can be served."""

from __future__ import annotations

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from api import wiring
from api.commands.instants import instant
from api.network_file.reading import read_network_file, said_at_set_up
from api.network_file.writing import Founded, found
from api.settings import Settings, WrongSettings
from api.wiring import VERSION, open_store, refuse_scratch
from domain.vocabulary import LogKind
from ledger.store.port import LogClock


async def init(
    settings: Settings, *, path: Path, kind: LogKind, clock: LogClock, starts_at: str | None, print_ids: bool
) -> None:
    """Found the network of a file.

    Errors: `WrongSettings`, `BadNetworkFile`, `WrongInstant`, and all of `open_store` and `found`.
    """
    if clock is LogClock.REAL and starts_at is not None:
        raise WrongSettings("Only a virtual clock begins somewhere: add --clock virtual.")
    if clock is LogClock.VIRTUAL and kind is LogKind.REAL:
        raise WrongSettings("A REAL log runs on the real clock: leave --clock virtual to exercises.")
    file = read_network_file(path)
    begins = instant(starts_at, ZoneInfo(file.network.time_zone)) if starts_at is not None else None
    refuse_scratch(settings, kind)
    async with open_store(settings) as opened:
        opened.fitness.require(kind)
        founded = await found(
            file,
            opened.store,
            opened.sources,
            kind=kind,
            clock=clock,
            app_version=VERSION,
            starts_at=begins,
            vault=opened.vault,
        )
        vaulted = opened.vault is not None
    print(_ids(founded) if print_ids else _sentence(founded))
    for left_open in said_at_set_up(file, vaulted=vaulted):
        print(left_open, file=sys.stderr)


async def migrate(settings: Settings) -> None:
    """Bring the schema up. Errors: all of `wiring.migrate`."""
    done = await wiring.migrate(settings)
    print(f"applied {', '.join(done)}" if done else "the schema is already this program's")


def _ids(founded: Founded) -> str:
    return orjson.dumps(founded.ids, option=orjson.OPT_INDENT_2, default=str).decode()


def _sentence(founded: Founded) -> str:
    ids = founded.ids
    units = sum(len(shelter.units) for shelter in ids.shelters.values())
    done = "founded" if founded.anew else "was founded from this file before; nothing changed in"
    return (
        f"{done} {founded.birth.kind} network {ids.network} on a {founded.birth.clock} clock: "
        f"{len(ids.districts)} districts, {len(ids.members)} members, "
        f"{len(ids.shelters)} shelters, {units} units"
    )
