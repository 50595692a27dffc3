"""The drills at few rounds, as `make test` runs them, and proof that nothing but a drill can take a guard
away.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args
from uuid import uuid4

import asyncpg
import pytest

from api.settings import Settings
from domain.claims import Claim, ClaimKind
from domain.vocabulary import LogKind
from ledger.postgres import migrations
from ledger.postgres.supervisor import EmbeddedPostgres
from ledger.store.port import Append, Birth, Conflict, LogClock, NewEvent, Outcome, Receipt
from ledger.store.postgres import PostgresStore
from tests.trials.nights import ROOT
from trials.drills.__main__ import DRILLS
from trials.drills.double_claims import double_claims
from trials.drills.unguarded import Without, cut
from trials.stage.ground import APP, Ground

WITHOUT_LEDGER = frozenset({"rankers_agree", "suppression", "locate"})


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(DRILLS))
def test_a_drill_is_reached_and_its_control_fails(name: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "trials.drills", "--only", name, "--reduced"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stdout.strip().endswith("reached")
    assert "NOT reached" not in said.stdout
    durable = "fsync=on full_page_writes=on synchronous_commit=on data_checksums=on"
    assert (durable in said.stdout) is (name not in WITHOUT_LEDGER)


def test_an_unknown_drill_is_named() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "trials.drills", "--only", "fly"], cwd=ROOT, capture_output=True, text=True
    )
    assert said.returncode == 2
    assert "fly" in said.stderr


# --- no setting disables a guard --------------------------------------------------------------------------


def test_no_setting_of_the_product_is_a_switch() -> None:
    """What cannot be said to be on or off cannot be turned off: addresses, paths, names and secrets alone."""
    switches = [
        name
        for name, field in Settings.model_fields.items()
        if bool in (field.annotation, *get_args(field.annotation))
    ]
    assert switches == []
    spoken = re.compile("guard|claim|version|check|verify|unsafe|skip|disable|force|idempot|conflict")
    assert [name for name in Settings.model_fields if spoken.search(name)] == []


def test_the_append_takes_commands_and_nothing_that_says_how_to_judge_them() -> None:
    sql = "\n".join(each.sql for each in migrations.known())
    (signature,) = re.findall(r"CREATE FUNCTION ledger\.append\((.*?)OUT head", sql, re.DOTALL)
    named = re.findall(r"(\w+) (?:uuid|bytea|int|bigint|text|boolean)\[\]", signature)
    assert named == [
        "command_ids",
        "digests",
        "event_commands",
        "streams",
        "versions",
        "topics",
        "states",
        "event_ids",
        "metadatas",
        "guard_commands",
        "guard_streams",
        "guard_versions",
        "claim_commands",
        "claim_kinds",
        "claim_takes",
        "claim_keys",
        "claim_holders",
    ]
    assert not re.search(r"current_setting\('(?!transaction_isolation)", sql)


def test_no_product_code_knows_the_trials() -> None:
    rooms = [ROOT / name for name in ("domain", "ledger", "projections", "api")]
    words = ("trials", "unguarded", "hasty")
    telling = [
        path.name
        for room in rooms
        for path in room.rglob("*.py")
        if any(
            re.search(rf"^\s*(from|import) .*\b{word}\b", path.read_text(), re.MULTILINE) for word in words
        )
    ]
    assert telling == []


# --- a cut guard is really gone, and the counter sees what follows ----------------------------------------


@pytest.fixture
def on(postgres_server: EmbeddedPostgres) -> Ground:
    return Ground(postgres_server)


def held(stream: object, version: int, place: object, holder: object) -> bytes:
    told = b'{"places":["%s"]}' % str(place).encode()
    reserved = bytes(16) + b'{"placement_id":"%s"}' % str(holder).encode()
    return len(told).to_bytes(4) + told + len(reserved).to_bytes(4) + reserved


async def _two_holds(on: Ground, database: str, without: Without) -> tuple[Outcome, Outcome, int]:
    """Two commands that each believe the place to be free, one after the other."""
    await cut(on, database, without)
    unit, place = uuid4(), uuid4()
    async with PostgresStore(on.server.dsn(database, APP)) as store:
        await store.bear(Birth(network=uuid4(), kind=LogKind.EXERCISE, clock=LogClock.REAL))
        outcomes = []
        for _ in range(2):
            holder = uuid4()
            event = NewEvent(
                stream=unit,
                version=1,
                topic="unit.held.1",
                state=held(unit, 1, place, holder),
                event_id=uuid4(),
                metadata=b"{}",
            )
            claim = Claim(kind=ClaimKind.PLACE, key=place, holder=holder)
            outcomes.append(
                await store.append(
                    Append(command_id=uuid4(), digest=bytes(32), events=(event,), takes=(claim,))
                )
            )
        rows = await store.read_all(after=0, limit=10)
    return outcomes[0], outcomes[1], double_claims(rows)


@pytest.mark.parametrize("without", list(Without))
def test_only_without_both_guards_a_place_is_held_twice(without: Without, on: Ground, tmp_path: Path) -> None:
    name = f"cut_{uuid4().hex}"
    on.administer(f"CREATE DATABASE {name}")
    try:
        asyncio.run(migrations.migrate(on.server.dsn(name)))
        first, second, doubles = asyncio.run(_two_holds(on, name, without))
    finally:
        on.administer(f"DROP DATABASE {name} WITH (FORCE)")
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt if without is Without.BOTH else Conflict)
    assert doubles == (1 if without is Without.BOTH else 0)


def test_a_cut_that_finds_nothing_to_cut_is_an_error(on: Ground) -> None:
    name = f"cut_{uuid4().hex}"
    on.administer(f"CREATE DATABASE {name}")
    try:
        asyncio.run(migrations.migrate(on.server.dsn(name)))
        asyncio.run(cut(on, name, Without.VERSIONS))
        with pytest.raises(AssertionError, match="no longer says"):
            asyncio.run(cut(on, name, Without.VERSIONS))
    finally:
        on.administer(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_application_role_cannot_cut_a_guard(on: Ground) -> None:
    name = f"cut_{uuid4().hex}"
    on.administer(f"CREATE DATABASE {name}")
    try:
        asyncio.run(migrations.migrate(on.server.dsn(name)))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asyncio.run(_drop_a_key(on.server.dsn(name, APP)))
    finally:
        on.administer(f"DROP DATABASE {name} WITH (FORCE)")


async def _drop_a_key(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("ALTER TABLE ledger.active_claim DROP CONSTRAINT active_claim_pkey")
    finally:
        await connection.close()
