"""Simulated nights, judged from the log they leave; and the judge himself, who must find what is planted."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from dataclasses import replace
from uuid import uuid4

import pytest

from api.network_file.writing import FoundableStore
from api.placing import DecideOnPlaces
from domain.matching.places import Places
from domain.placement.events import BridgeArranged, HouseholdAdmitted, OfferRefused
from domain.vocabulary import LogKind, Urgency
from domain.world import Context, Decided, World
from ledger.evidence.invariants import check
from ledger.store.memory import MemoryStore
from ledger.store.port import Birth, LogClock, StoredRow
from ledger.store.postgres import PostgresStore
from ledger.store.transact import Command, Result
from tests.support.postgres import Database
from tests.trials.nights import ROOT
from trials.simulate.arrivals import Arrival, arrivals
from trials.simulate.figures import Assumed
from trials.simulate.first_fit import FirstFit
from trials.simulate.judge import Judge, covered
from trials.simulate.listening import Heard
from trials.simulate.parameters import PARAMETERS, SCALES, described
from trials.simulate.running import FIRST_DAY, Plan, founded
from trials.simulate.stores import SoleWriter
from trials.simulate.weeks import ZONE
from trials.simulate.world import zones
from trials.stage.exercise import RealLog

BUSY = replace(SCALES["A"], requests_a_day=3.0)
"""The small network with as many requests in weeks as it has in most of a year."""
MANY = 16
EMPTY = replace(PARAMETERS, occupancy=Assumed((0, 0), "share", "nobody is there yet"))
PRESSING = (Urgency.U1, Urgency.U2)


class Run:
    """One run, and every row it left. `engine_of` may be a spoilt one, in houses that begin empty."""

    def __init__(self, *, seed: int = 1, days: int = 16, engine_of: type[Heard] = Heard) -> None:
        parameters = PARAMETERS if engine_of is Heard else EMPTY
        self.plan = Plan(scale=BUSY, seed=seed, days=days, parameters=parameters)
        self._engine_of = engine_of

    async def play(self, store: FoundableStore) -> Run:
        self.simulation = await founded(self.plan, store, self._engine_of)
        self.judge = Judge(self.simulation.engine.index.places)
        self.simulation.engine.ears.append(self.judge.hear)
        self.simulation.after_loops.append(self.judge.look)
        await self.simulation.play()
        self.rows: tuple[StoredRow, ...] = await store.read_all(after=0, limit=10**9)
        return self

    @property
    def digest(self) -> str:
        whole = hashlib.sha256()
        for row in self.rows:
            parts = (row.stream, row.version, row.position, row.topic, row.event_id, row.recorded_at)
            whole.update(repr(tuple(map(str, parts))).encode() + row.state + row.metadata)
        return whole.hexdigest()


def play(*, seed: int = 1, days: int = 16, engine_of: type[Heard] = Heard) -> Run:
    return asyncio.run(Run(seed=seed, days=days, engine_of=engine_of).play(MemoryStore()))


@pytest.fixture(scope="module")
def run() -> Run:
    return play()


# --- what a run leaves --------------------------------------------------------------------------------------


def test_a_simulated_log_is_sound(run: Run) -> None:
    verdict = check(run.rows)
    assert verdict.findings == ()
    assert verdict.events == run.simulation.events == len(run.rows)


def test_people_asked_were_refused_were_placed_and_were_carried_over(run: Run) -> None:
    assert len(run.simulation.people.journeys) > 20
    topics = {row.topic for row in run.rows}
    assert {HouseholdAdmitted.TOPIC, OfferRefused.TOPIC, BridgeArranged.TOPIC} <= topics


def test_hardly_a_command_is_refused(run: Run) -> None:
    """People look before they act; what is left are races that real people have too."""
    assert run.simulation.asking.refused.total() < len(run.simulation.people.journeys) / 5


def test_the_same_seed_gives_the_same_log_and_another_gives_another() -> None:
    once = play(days=6).digest
    assert play(days=6).digest == once
    assert play(seed=2, days=6).digest != once


def test_every_parameter_has_its_unit_and_its_source() -> None:
    assert [name for name, each in described() if not (each.unit and each.source)] == []


@pytest.mark.slow
def test_postgresql_keeps_the_same_log_as_memory(database: Database) -> None:
    async def on_postgres() -> Run:
        async with SoleWriter(database.dsn()) as store:
            return await Run(days=5).play(store)

    assert asyncio.run(on_postgres()).digest == play(days=5).digest


# --- who is left out ----------------------------------------------------------------------------------------


def test_nobody_pressing_is_left_out_while_a_place_is_free(run: Run) -> None:
    assert run.judge.judged > 0
    assert run.judge.left_out == []
    assert run.judge.looked > 0
    assert run.judge.standing == []


class Blind(Heard):
    """The control: an engine that decides as if the network had no unit."""

    async def place(self, command: Command, decide: DecideOnPlaces) -> Result:
        def blindly(world: World, context: Context, places: Places) -> Decided:
            empty = Places()
            empty.network, empty.position = places.network, places.position
            return decide(world, context, empty)

        return await super().place(command, blindly)


def test_the_judge_finds_whom_a_blind_engine_leaves_out() -> None:
    blind = play(days=4, engine_of=Blind)
    assert blind.judge.left_out != []
    assert blind.judge.standing != []
    assert {found.urgency for found in blind.judge.left_out} <= set(PRESSING)


def test_a_place_owed_to_an_earlier_request_does_not_count_as_free() -> None:
    """One after the other asks a blind engine for the same: the first are left out of places that are free;
    once as many wait before her as there are places, the next is not."""

    async def ask() -> list[bool]:
        simulation = await founded(Plan(scale=BUSY, seed=1, days=1, parameters=EMPTY), MemoryStore(), Blind)
        judge = Judge(simulation.engine.index.places)
        simulation.engine.ears.append(judge.hear)
        found = []
        for _ in range(MANY):
            before = len(judge.left_out)
            await simulation.people.arrive(_pressing())
            found.append(len(judge.left_out) > before)
        return found

    found = asyncio.run(ask())
    assert found[0]
    assert not found[-1]
    assert found == sorted(found, reverse=True)


def test_what_is_owed_is_one_choice_for_each_request() -> None:
    assert covered(0b11, [[0b01], [0b10]])
    assert covered(0b11, [[0b01, 0b10], [0b01]])
    assert not covered(0b11, [[0b01, 0b10]])
    assert not covered(0b111, [[0b011], [0b011], [0b001]])


def _pressing() -> Arrival:
    """A woman alone who asks for tonight and requires nothing."""
    plan = Plan(scale=BUSY, seed=1, days=30)
    coming = arrivals(plan.draws, PARAMETERS, 3.0, FIRST_DAY, 30, ZONE, zones(BUSY))
    one = next(each for each in coming if each.urgency is Urgency.U1)
    whole = replace(one.household, children=())
    return replace(one, household=whole, features=(), zone=None, direct=None, consent_minutes=0)


# --- what it is compared with -------------------------------------------------------------------------------


def test_first_fit_meets_the_same_households_and_overfills_no_room(run: Run) -> None:
    other = FirstFit(run.plan, run.simulation.until)
    other.play()
    again = FirstFit(run.plan, run.simulation.until)
    again.play()
    assert [each.admitted for each in other.asks] == [each.admitted for each in again.asks]
    ours = {each.arrival.key for each in run.simulation.people.journeys.values()}
    theirs = {each.arrival.key for each in other.asks}
    assert {key for key in ours ^ theirs if "+" not in key} == set()
    assert all(room.free_beds >= 0 for room in other.rooms)


# --- where it may not play, and how it ends -----------------------------------------------------------------


def test_a_real_log_is_refused() -> None:
    async def refuse() -> None:
        store = MemoryStore()
        await store.bear(Birth(network=uuid4(), kind=LogKind.REAL, clock=LogClock.REAL))
        with pytest.raises(RealLog):
            await founded(Plan(scale=BUSY, seed=1, days=1), store)
        assert await store.head() == 0

    asyncio.run(refuse())


def test_the_command_refuses_where_the_settings_point_at_a_real_log(database: Database) -> None:
    async def bear() -> None:
        async with PostgresStore(database.dsn()) as store:
            await store.bear(Birth(network=uuid4(), kind=LogKind.REAL, clock=LogClock.REAL))

    asyncio.run(bear())
    said = subprocess.run(
        [sys.executable, "-m", "trials.simulate", "--days", "1"],
        cwd=ROOT,
        env={**os.environ, "APPRODO_DATABASE_URL": database.dsn()},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 2
    assert "REAL" in said.stderr


@pytest.mark.slow
def test_ctrl_c_ends_a_run_with_its_report() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "trials.simulate", "--days", "3000"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "events/s" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "stopped" in said
    assert "first come, first fit" in said
