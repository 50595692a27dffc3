"""No trial touches a REAL log."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from domain.vocabulary import LogKind
from ledger.store.port import Birth, LogClock
from ledger.store.postgres import PostgresStore
from tests.support.postgres import Database
from tests.trials.nights import ROOT
from trials.stage.exercise import RealLog, require_exercise


async def _bear(dsn: str, kind: LogKind) -> None:
    async with PostgresStore(dsn) as store:
        await store.bear(Birth(network=uuid4(), kind=kind, clock=LogClock.REAL))


async def _require(dsn: str) -> None:
    async with PostgresStore(dsn) as store:
        await require_exercise(store)


def test_a_real_log_is_refused_and_an_exercise_is_not(database: Database) -> None:
    asyncio.run(_require(database.dsn()))
    asyncio.run(_bear(database.dsn(), LogKind.REAL))
    with pytest.raises(RealLog):
        asyncio.run(_require(database.dsn()))


def test_the_demo_refuses_a_real_log_and_writes_nothing(database: Database, tmp_path: Path) -> None:
    asyncio.run(_bear(database.dsn(), LogKind.REAL))
    said = subprocess.run(
        [sys.executable, "-m", "trials.demo", "--exit"],
        cwd=ROOT,
        env={**os.environ, "APPRODO_DATABASE_URL": database.dsn(), "APPRODO_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 2
    assert "REAL" in said.stderr
    assert list(tmp_path.iterdir()) == []
