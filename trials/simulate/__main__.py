"""`python -m trials.simulate [--scale A|B|C] [--seed N] [--days N | --events N] [--store memory|postgres]
[--data DIR]`: plays a network's nights on virtual time and reports.

Exit status 1 where a U1 or U2 household was left without a place that was free, or the log is not sound.
Ctrl-C ends the run after the minute it is in and reports what there is. A REAL log is refused.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from domain.claims import ClaimKind
from ledger.evidence.invariants import Checker
from ledger.faults import LedgerFault
from ledger.store.port import Store
from trials.simulate.first_fit import FirstFit
from trials.simulate.judge import Judge
from trials.simulate.parameters import SCALES
from trials.simulate.report import Ended, Occupancy, lines
from trials.simulate.running import Plan, Simulation, founded
from trials.simulate.stores import NotHere, opened
from trials.stage.exercise import RealLog

LONGEST_DAYS = 20 * 365
SAYS_EVERY_SECONDS = 2.0
PAGE = 5000


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--scale", choices=sorted(SCALES), default="A", help="how large a network")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other nights")
    parser.add_argument("--days", type=_number, help="virtual days (28 unless EVENTS is given)")
    parser.add_argument("--events", type=_number, help="stop when the log has so many events")
    parser.add_argument("--store", choices=("memory", "postgres"), default="memory")
    parser.add_argument("--data", type=Path, help="keep the PostgreSQL ledger in this new folder")
    asked = parser.parse_args(arguments)
    if asked.data is not None and asked.store != "postgres":
        parser.error("--data is for --store postgres: the memory store keeps nothing")
    days = asked.days or (LONGEST_DAYS if asked.events else 28)
    plan = Plan(scale=SCALES[asked.scale], seed=asked.seed, days=days, events=asked.events)
    try:
        with _collecting_seldom():
            return asyncio.run(_run(plan, asked.store, asked.data))
    except (NotHere, RealLog, LedgerFault) as refusal:
        print(f"simulate: {refusal}", file=sys.stderr)
        return 2


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Nearly all that a run makes stays: to look through it for cycles as often as usual is a fifth of the
    work."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _number(text: str) -> int:
    number = int(text)
    if number <= 0:
        raise argparse.ArgumentTypeError("must be greater than 0")
    return number


async def _run(plan: Plan, kind: str, data: Path | None) -> int:
    scale = plan.scale
    print(
        f"scale {scale.name}: {scale.houses} houses, {scale.units} units, "
        f"{scale.requests_a_day:g} requests a day · seed {plan.seed} · {kind} store · EXERCISE on a "
        f"virtual clock, everything invented",
        flush=True,
    )
    async with opened(kind, data) as store:
        simulation = await founded(plan, store)
        judge, telling = Judge(simulation.engine.index.places), Telling()
        simulation.engine.ears.append(judge.hear)
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, simulation.stop)
        simulation.after_loops.append(judge.look)
        await simulation.play(telling.progress)
        telling.end(simulation)
        sound = await _is_sound(store)
    first_fit = FirstFit(plan, simulation.agenda.now)
    first_fit.play()
    ended = Ended(
        journeys=tuple(simulation.people.journeys.values()),
        first_fit=first_fit.asks,
        occupancy=telling.occupancy,
        refused=simulation.asking.refused,
        judged=judge.judged,
        left_out=judge.left_out,
        looked=judge.looked,
        standing=judge.standing,
    )
    print()
    print("\n".join(lines(ended)), flush=True)
    return 0 if sound and not (judge.left_out or judge.standing) else 1


async def _is_sound(store: Store) -> bool:
    """Refold the whole log from its rows, and compare the claims that follow with the ledger's own."""
    checker, position, began = Checker(), 0, time.monotonic()
    while rows := await store.read_all(after=position, limit=PAGE):
        checker.take(rows)
        position = rows[-1].position
        if time.monotonic() - began >= SAYS_EVERY_SECONDS:
            began = time.monotonic()
            print(f"verifying: {position:,} events", file=sys.stderr, flush=True)
    verdict = checker.verdict({kind: await store.claims(kind) for kind in ClaimKind})
    told = "sound" if verdict.sound else f"NOT SOUND: {len(verdict.findings)} findings"
    print(f"verification of the log: {told}, {verdict.events:,} events of {verdict.commands:,} commands")
    return verdict.sound


class Telling:
    """The progress line: virtual date, events, rate."""

    def __init__(self) -> None:
        self.occupancy = Occupancy()
        self._began = self._said = time.monotonic()
        self._worked = time.process_time()

    def progress(self, simulation: Simulation) -> None:
        self.occupancy.look(simulation.engine.index.places, simulation.agenda.now)
        now = time.monotonic()
        if now - self._said >= SAYS_EVERY_SECONDS:
            self._said = now
            print(self._line(simulation), file=sys.stderr, flush=True)

    def end(self, simulation: Simulation) -> None:
        stopped = " · stopped" if simulation.stopping else ""
        worked = time.process_time() - self._worked
        print(
            f"{self._line(simulation)} · {worked:.1f} s of this process's own CPU time: "
            f"{simulation.events / max(worked, 1e-9):,.0f} events/s{stopped}",
            flush=True,
        )

    def _line(self, simulation: Simulation) -> str:
        seconds = time.monotonic() - self._began
        return (
            f"{simulation.agenda.now:%Y-%m-%d} · {simulation.events:,} events · "
            f"{len(simulation.people.journeys):,} requests · {seconds:.1f} s · "
            f"{simulation.events / max(seconds, 1e-9):,.0f} events/s"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
