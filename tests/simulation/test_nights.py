"""Random nights on the real engine against the naive model, in memory and on PostgreSQL; and the controls: on
a stage where something is broken the same machine finds it.

`APPRODO_NIGHTS=nightly` plays many more.
"""

# ruff: noqa: ARG002 - what is dispatched by name, or overridden, takes what its like takes

from __future__ import annotations

import ast
import os
import sys
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from domain.catalogue import EVENT_TYPES
from domain.matching import rankers
from ledger.postgres.supervisor import EmbeddedPostgres
from ledger.store.ids import Sources
from ledger.store.port import Store
from ledger.store.postgres import PostgresStore
from ledger.store.transact import TooManyConflicts, Transactor
from tests.simulation import model
from tests.simulation.broken import Careless, Forgetful, Generous, Lenient, Unguarded
from tests.simulation.driving import NETWORK
from tests.simulation.interleaved import InterleavedStore
from tests.simulation.machine import EVENING, Night, Stage, StagedStore, play_seeded
from tests.support.postgres import clone

NIGHTLY = os.environ.get("APPRODO_NIGHTS") == "nightly"


NOT_PLAYED = {
    "shelter.security-state-set.1",
    "placement.alarm-raised.1",
    "placement.alarm-taken.1",
    "placement.bridge-arranged.1",
    "placement.bridge-checked.1",
    "placement.bridge-ended.1",
    "placement.entry-corrected.1",
    "placement.household-split-agreed.1",
    "placement.neighbour-answered.1",
    "placement.neighbour-asked.1",
    "placement.safe-until-revised.1",
}
"""What touches no place and no order, or does it as another event does that is played."""
OF_CASES = {"case.opened.1", "case.bound.1", "case.unbound.1"}
"""Of a case nights play that it is bound to its placement. Of the others one touches places: what a place was
held against is judged by `rederive`, and tried in `tests/domain/coordination/test_overriding.py`.
"""
JUDGED = {
    *("FREE", "TO_BE_CONFIRMED", "SEVERAL_UNITS", "NOT_TO_ASK", "NOT_ACCEPTING", "INTAKE_MODE", "LEVEL"),
    *("CAPACITY", "CHILDREN", "RISK", "FEATURE", "SAFETY", "OCCUPIED", "OWED"),
}


class InMemory:
    """A stage in memory; `store` and `transactor` can be broken ones."""

    def __init__(
        self,
        store: type[InterleavedStore] = InterleavedStore,
        transactor: type[Transactor] = Transactor,
    ) -> None:
        self._store = store
        self._transactor = transactor

    async def open(self, seed: int) -> StagedStore:
        return self._store(lambda: EVENING, seed)

    async def close(self) -> None:
        pass

    def transactor(self, store: Store, sources: Sources) -> Transactor:
        return self._transactor(store, sources, NETWORK)


class OnPostgres:
    """A stage on a fresh database for each night."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self._open = ExitStack()
        self._store: PostgresStore | None = None

    async def open(self, seed: int) -> StagedStore:
        database = self._open.enter_context(clone(self._server))
        self._store = PostgresStore(database.dsn("app"))
        await self._store.open()
        return self._store

    async def close(self) -> None:
        if self._store is not None:
            await self._store.close()
        self._open.close()

    def transactor(self, store: Store, sources: Sources) -> Transactor:
        return Transactor(store, sources, NETWORK)


def _nights(examples: int, steps: int, *, find: bool = False) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=find or not NIGHTLY,
        report_multiple_bugs=False,
        phases=[Phase.generate] if find else [Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def _play(stage: Stage, how: settings) -> Counter[str]:
    seen: Counter[str] = Counter()
    run_state_machine_as_test(cast("type[Night]", lambda: Night(stage, seen)), settings=how)
    return seen


@pytest.mark.slow
def test_nights_in_memory_go_as_the_naive_model_says() -> None:
    seen = _play(InMemory(), _nights(5000, 60) if NIGHTLY else _nights(70, 40))
    for seed in range(1000 if NIGHTLY else 30):
        play_seeded(InMemory(), seed, 40, seen)
    apart = ("network.", "desk.", "inquiry.", "case.")
    played = {topic for topic in EVENT_TYPES if not topic.startswith(apart)} | OF_CASES
    played -= NOT_PLAYED
    assert played <= seen.keys(), "every event that nights play happened in some night"
    assert seen.keys() >= JUDGED, "units were judged in every way"


@pytest.mark.slow
def test_nights_on_postgres_go_as_the_naive_model_says(migrated_server: EmbeddedPostgres) -> None:
    """Which command comes first is the database's to say, so each night follows from a seed alone."""
    seen: Counter[str] = Counter()
    for seed in range(500 if NIGHTLY else 15):
        play_seeded(OnPostgres(migrated_server), seed, 50 if NIGHTLY else 30, seen)
    assert {"placement.household-admitted.1", "placement.hold-expired.1"} <= seen.keys()


@pytest.mark.parametrize("store", [Lenient, Unguarded, Forgetful])
def test_on_a_store_that_does_not_judge_the_machine_finds_it(store: type[InterleavedStore]) -> None:
    with pytest.raises(model.Violation):
        _play(InMemory(store=store), _nights(60, 40, find=True))


def test_on_an_engine_that_forgets_to_free_the_machine_finds_it() -> None:
    """Or the engine itself does: it ranks as free what the guard of places never gives."""
    with pytest.raises((model.Violation, TooManyConflicts)):
        _play(InMemory(transactor=Careless), _nights(60, 40, find=True))


def test_on_a_ranker_that_keeps_nothing_for_who_waits_the_machine_finds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rankers, "RANKERS", {"rank_1": Generous()})
    with pytest.raises(model.Violation):
        _many(InMemory())


def _many(stage: Stage) -> None:
    for seed in range(40):
        play_seeded(stage, seed, 40, Counter())


def test_the_model_imports_nothing_of_the_program() -> None:
    naive = ("model", "town", "choosing", "housework", "seeking", "answers", "revising", "endings")
    imported: set[str] = set()
    for name in naive:
        for node in ast.walk(ast.parse((Path(__file__).parent / f"{name}.py").read_text())):
            if isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                imported.add(node.module or "")
    imported -= {"tests.simulation", *(f"tests.simulation.{name}" for name in naive)}
    assert {each.split(".")[0] for each in imported} <= sys.stdlib_module_names
    assert "importlib" not in imported
