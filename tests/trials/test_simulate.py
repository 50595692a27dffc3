"""Simulated nights, judged from the log they leave; and the judge itself, who must find what is planted."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from uuid import uuid4

import pytest

from domain.vocabulary import LogKind, Urgency
from ledger.evidence.invariants import check
from ledger.store.memory import MemoryStore
from ledger.store.port import Birth, LogClock, StoredRow
from trials.simulate.judge import Judge
from trials.simulate.parameters import SCALES
from trials.simulate.running import Plan, Simulation, founded
from trials.stage.exercise import RealLog

WEEKS = 6
BUSY = replace(SCALES["A"], requests_a_day=2.0)
"""The small network with as many requests in six weeks as it has in most of a year."""


class Run:
    """One run on the memory store, and every row it left."""

    def __init__(self, seed: int, days: int = 7 * WEEKS) -> None:
        self.store = MemoryStore()
        self.simulation, self.judge = asyncio.run(self._play(seed, days))
        self.rows = asyncio.run(self._rows())

    async def _play(self, seed: int, days: int) -> tuple[Simulation, Judge]:
        simulation = await founded(Plan(scale=BUSY, seed=seed, days=days), self.store)
        judge = Judge(simulation.engine.index.places)
        simulation.engine.ears.append(judge.hear)
        await simulation.play()
        return simulation, judge

    async def _rows(self) -> tuple[StoredRow, ...]:
        return await self.store.read_all(after=0, limit=10**9)

    @property
    def digest(self) -> str:
        whole = hashlib.sha256()
        for row in self.rows:
            whole.update(repr(row).encode())
        return whole.hexdigest()


@pytest.fixture(scope="module")
def run() -> Run:
    return Run(seed=1)


def test_a_simulated_log_is_sound(run: Run) -> None:
    verdict = check(run.rows)
    assert verdict.findings == ()
    assert verdict.events == run.simulation.events == len(run.rows)


def test_people_asked_and_were_placed(run: Run) -> None:
    journeys = run.simulation.people.journeys.values()
    assert len(journeys) > 50
    assert any(journey.admitted_at is not None for journey in journeys)


def test_the_same_seed_gives_the_same_log_and_another_gives_another(run: Run) -> None:
    assert Run(seed=1).digest == run.digest
    assert Run(seed=2, days=3).digest != Run(seed=1, days=3).digest


def test_a_real_log_is_refused() -> None:
    async def play() -> None:
        store = MemoryStore()
        await store.bear(Birth(network=uuid4(), kind=LogKind.REAL, clock=LogClock.REAL))
        with pytest.raises(RealLog):
            await founded(Plan(scale=BUSY, seed=1, days=1), store)
        assert await store.head() == 0

    asyncio.run(play())


def test_nobody_pressing_was_left_out_while_a_place_was_free(run: Run) -> None:
    assert run.judge.left_out == []
    assert any(
        journey.arrival.urgency in (Urgency.U1, Urgency.U2)
        for journey in run.simulation.people.journeys.values()
    )
