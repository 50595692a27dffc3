"""`approdo rebuild` and `approdo work` as people start them, on a given database."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest

from projections.read_models import SHAPE
from tests.api.commands.program import EXERCISE, NETWORK, ROOT, approdo, environment
from tests.support.postgres import Database

pytestmark = pytest.mark.slow
STARTING_SECONDS = 30.0


@pytest.fixture
def founded(database: Database) -> dict[str, str]:
    variables = {"APPRODO_DATABASE_URL": database.dsn()}
    assert approdo(variables, "init", NETWORK, *EXERCISE).status == 0
    return variables


def asked(database: Database, statement: str) -> list[Any]:
    """As the application's role, which may change rows of the views and nothing else."""

    async def ask() -> list[Any]:
        connection = await asyncpg.connect(database.dsn())
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_a_rebuild_that_agrees_takes_over_and_says_how_much_it_compared(
    founded: dict[str, str], database: Database
) -> None:
    first = approdo(founded, "rebuild")
    assert first.status == 0, first.err
    told = re.fullmatch(
        r"(\d+) rows rebuilt and compared at position (\d+): all agree; the rebuilt ones have taken over\n",
        first.out,
    )
    assert told is not None, first.out
    assert int(told[1]) > 3
    before = asked(database, "SELECT generation, position, live FROM views.generation")
    assert [(position, live) for _, position, live in before] == [(int(told[2]), True)]
    assert approdo(founded, "rebuild").status == 0
    after = asked(database, "SELECT generation, position, live FROM views.generation")
    assert [row[1:] for row in after] == [row[1:] for row in before]
    assert after[0][0] > before[0][0], "another making of the same rows is read now"
    assert asked(database, "SELECT DISTINCT generation FROM views.unit") == [(after[0][0],)]


def test_rows_that_differ_are_told_and_stay_until_they_are_to_be_swapped(
    founded: dict[str, str], database: Database
) -> None:
    assert approdo(founded, "rebuild").status == 0
    (unit, *_) = asked(database, "SELECT unit_id, fits FROM views.unit ORDER BY unit_id")
    asked(database, f"UPDATE views.unit SET fits = 7 WHERE unit_id = '{unit[0]}'")
    asked(database, "DELETE FROM views.level")
    differing = approdo(founded, "rebuild")
    assert differing.status == 1
    assert f"unit {unit[0]}: fits 7 where the log gives {unit[1]}" in differing.out
    assert re.search(r"level \S+: missing from what is read", differing.out)
    assert "3 differ; nothing was changed" in differing.out
    assert differing.err.splitlines()[-1].startswith("approdo: What is read is not what the log gives.")
    assert asked(database, f"SELECT fits FROM views.unit WHERE unit_id = '{unit[0]}'") == [(7,)]
    swapped = approdo(founded, "rebuild", "--swap")
    assert (swapped.status, "taken over" in swapped.out) == (0, True), swapped.err
    assert asked(database, f"SELECT fits FROM views.unit WHERE unit_id = '{unit[0]}'") == [(unit[1],)]
    assert approdo(founded, "rebuild").status == 0


def test_what_an_interrupted_rebuild_or_an_earlier_program_left_is_removed(
    founded: dict[str, str], database: Database
) -> None:
    left = f"({SHAPE}, false, 9), ({SHAPE - 1}, true, 9)"
    asked(database, f"INSERT INTO views.generation (shape, live, position) VALUES {left}")
    asked(database, "INSERT INTO views.level SELECT generation, 'l', 'FIRST_LEVEL' FROM views.generation")
    assert approdo(founded, "rebuild").status == 0
    assert asked(database, "SELECT count(*) FROM views.generation") == [(1,)]
    assert asked(database, "SELECT count(*) FROM views.level WHERE code = 'l'") == [(0,)]


def test_two_rebuilds_at_once_are_one_too_many(founded: dict[str, str], database: Database) -> None:
    async def held() -> None:
        connection = await asyncpg.connect(database.dsn())
        try:
            await connection.execute("SELECT pg_advisory_lock(4715911023)")
            second = await asyncio.to_thread(approdo, founded, "rebuild")
            assert (second.status, "under way" in second.complaint) == (1, True)
        finally:
            await connection.close()

    asyncio.run(held())


def test_the_application_role_changes_rows_of_the_views_and_not_what_they_are(
    founded: dict[str, str], database: Database
) -> None:
    for statement in ("TRUNCATE views.unit", "DROP TABLE views.unit", "CREATE TABLE views.more ()"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asked(database, statement)


# --- work -------------------------------------------------------------------------------------------------


@contextmanager
def working(variables: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "api.commands.main", "work"],
        cwd=ROOT,
        env=environment(os.environ, variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_two_workers_keep_the_views_at_the_head_and_stop_when_told(
    founded: dict[str, str], database: Database
) -> None:
    with working(founded) as one, working(founded) as other:
        for each in (one, other):
            assert each.stdout is not None
            assert each.stdout.readline().startswith("approdo works on a EXERCISE log (the given PostgreSQL)")
        head = asked(database, "SELECT max(notification_id) FROM ledger.stored_events")[0][0]
        until = time.monotonic() + STARTING_SECONDS
        while asked(database, "SELECT position FROM views.generation WHERE live") != [(head,)]:
            assert time.monotonic() < until
            time.sleep(0.05)
        for each, number in ((one, signal.SIGTERM), (other, signal.SIGINT)):
            each.send_signal(number)
            _, complaints = each.communicate(timeout=20)
            assert (each.returncode, complaints) == (0, "")
    assert approdo(founded, "rebuild").status == 0


def test_help_says_what_each_changes() -> None:
    assert "Never changes an event" in approdo({}, "rebuild", "--help").out
    said = " ".join(approdo({}, "work", "--help").out.split())
    assert "Changes the ledger as deadlines pass" in said
