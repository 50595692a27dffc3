"""`python -m trials.demo [--scenario NAME] [--seed N] [--exit]`: plays a night, replays and verifies it, then
serves.

`--exit` stops after the night. Ctrl-C ends everything in order; the night's database stays where the first
lines say.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

from domain.permissions import Role
from ledger.evidence.notes.signed import encoded
from ledger.evidence.sealing.port import SealedHead
from ledger.faults import LedgerFault
from ledger.postgres.sealed import PostgresSealedLog
from ledger.postgres.supervisor import EmbeddedPostgres
from ledger.store.postgres import PostgresStore
from trials.demo.desks import Desks, Return
from trials.demo.flowing import Flowing
from trials.demo.night import ZONE, Night, NothingHappened
from trials.demo.screen import Screen
from trials.demo.stage import NotHere, Stage, data_directory, make_database, refuse_another_database, stage
from trials.scenarios.nights import FIRST, NIGHTS
from trials.stage.calls import Problem
from trials.stage.exercise import RealLog
from trials.stage.programs import ProgramFailed, run

EVENING = datetime(2026, 11, 21, tzinfo=ZONE)
"""The day every exercise night begins on: a Saturday in winter time."""
SEAL_LOOKS, SEAL_LOOK_SECONDS = 200, 0.05


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--scenario", choices=sorted(NIGHTS), default=FIRST, help="which night")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another night that passes too")
    parser.add_argument("--exit", action="store_true", help="stop after the night")
    asked = parser.parse_args(arguments)
    screen = Screen()
    try:
        asyncio.run(refuse_another_database())
        _play(screen, asked.scenario, asked.seed, exits=asked.exit)
    except KeyboardInterrupt:
        return 0
    except (NotHere, RealLog, LedgerFault) as refusal:
        print(f"demo: {refusal}", file=sys.stderr)
        return 2
    except (NothingHappened, Problem, ProgramFailed) as fault:
        print(f"demo: {type(fault).__name__}: {fault}", file=sys.stderr)
        return 1
    return 0


def _play(screen: Screen, name: str, seed: int, *, exits: bool) -> None:
    scenario = NIGHTS[name]
    screen.title(f"Approdo · notte di esercitazione «{name}» · seme {seed} · {scenario.TITLE}")
    screen.progress("avvio PostgreSQL 18 nella cartella dei dati …")
    with EmbeddedPostgres(data_directory()) as server:
        database = asyncio.run(make_database(server.dsn()))
        screen.progress("fondo la rete dei quattro Ambiti e avvio il server …")
        with stage(server, database, _starts(scenario)) as on:
            _show_stage(screen, on)
            with asyncio.Runner() as runner:
                _night(screen, on, runner, scenario, seed)
                if not exits:
                    _serve_on(screen, on, runner)


def _starts(scenario: ModuleType) -> datetime:
    hour, minute = map(int, scenario.STARTS.split(":"))
    return EVENING + timedelta(hours=hour, minutes=minute)


def _show_stage(screen: Screen, on: Stage) -> None:
    log = "registro di ESERCITAZIONE su orologio virtuale"
    screen.note(f"{log} · database {on.database} in {data_directory()}")
    screen.note(f"server {on.served.url} · processo {on.served.pid} · rete {on.ids['network']}")
    screen.note("case, persone e date sono inventate; a destra la fine dell'id e la posizione nel registro")


def _night(screen: Screen, on: Stage, runner: asyncio.Runner, scenario: ModuleType, seed: int) -> None:
    store = PostgresStore(on.dsn)
    runner.run(store.open())
    try:
        scenario.play(Night(on, store, runner, screen, seed))
        head = runner.run(_sealed(store, on.dsn))
    finally:
        runner.run(store.close())
    _verify(screen, on)
    _show_seal(screen, on, head)


def _verify(screen: Screen, on: Stage) -> None:
    screen.title("Verifica: il registro, riletto da capo")
    screen.quoted(run(["replay"], on.settings))
    screen.good("nessun posto a due famiglie, una sola richiesta aperta per caso, versioni senza buchi")


async def _sealed(store: PostgresStore, dsn: str) -> SealedHead:
    """The head over all that has happened, as soon as the server has sealed it. Errors: `NothingHappened`."""
    end = await store.head()
    async with PostgresSealedLog(dsn) as sealed:
        for _ in range(SEAL_LOOKS):
            if (head := await sealed.head_covering(end)) is not None:
                return head
            await asyncio.sleep(SEAL_LOOK_SECONDS)
    raise NothingHappened("the log was not sealed")


def _show_seal(screen: Screen, on: Stage, head: SealedHead) -> None:
    screen.title("Sigillo: la testa firmata del registro")
    screen.note(f"{head.size} fatti · radice {encoded(head.root)}")
    keys = run(["seal", "--print-key"], on.settings).split()
    for vkey, use in zip(keys, ("teste", "ora"), strict=True):
        screen.note(f"chiave ({use}) {vkey}")
    screen.title("Controllo: il registro copiato in una cartella, senza database e senza rete")
    with tempfile.TemporaryDirectory(prefix="approdo-") as folder:
        copy, trust = Path(folder) / "log", Path(folder) / "trust"
        run(["export", str(copy)], on.settings)
        trust.write_text("".join(f"log {vkey}\n" for vkey in keys) + "quorum none\n")
        screen.quoted(run(["verify", str(copy), "--trust", str(trust)], {}))
    screen.good("con la chiave e una copia del registro chiunque verifica che è questo, e intero")


def _serve_on(screen: Screen, on: Stage, runner: asyncio.Runner) -> None:
    store = PostgresStore(on.dsn)
    runner.run(store.open())
    try:
        desks, clock, key = Desks(on, screen), Flowing(store, runner), Return()
        _show_doors(screen, on)
        desks.tell()

        def goes_on() -> bool:
            clock.catch_up()
            if key.pressed():
                desks.tell()
            return True

        on.served.wait_while(goes_on)
    finally:
        runner.run(store.close())


def _show_doors(screen: Screen, on: Stage) -> None:
    screen.title("Il server resta acceso fino a Ctrl-C")
    token = on.people.token("visitatrice", Role.COORDINATOR)
    screen.note("Le porte, con curl e il token di una coordinatrice; /openapi.json le descrive tutte.")
    print(f"\n  TOKEN={token}", flush=True)
    for door in ("/placement-requests?status=open", "/bed-board"):
        print(f'  curl -H "Authorization: Bearer $TOKEN" "{on.served.url}{door}"', flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
