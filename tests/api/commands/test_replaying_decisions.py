"""`approdo replay --dump | --decisions`: a plain dump tells whether its decisions follow from it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr

from api.commands.replaying_decisions import SAID
from api.settings import read_settings
from api.wiring import open_ledger
from domain.coordination.requesting import request_placement
from domain.event import Event
from domain.network import PolicyAdopted
from domain.placement.events import CandidatesRanked, HoldPlaced
from domain.unit import AvailabilityPublished
from domain.vocabulary import Household
from ledger.evidence.rederive_verdict import Flaw
from ledger.store import codec
from ledger.store.dump import dump_at, line_of, read_dump
from ledger.store.port import StoredRow
from ledger.store.transact import Done
from tests.api.commands.program import EXERCISE, NETWORK, ROOT, Ended, approdo, environment
from tests.ledger.evidence.night import played
from tests.support.postgres import Database
from trials.stage.in_process import command, emergency

E = TypeVar("E", bound=Event)


@pytest.fixture(scope="module")
def rows() -> list[StoredRow]:
    async def all_rows() -> list[StoredRow]:
        return await (await played()).rows()

    return asyncio.run(all_rows())


@pytest.fixture
def log(rows: list[StoredRow], tmp_path: Path) -> Path:
    """The dump of a night."""
    return written(rows, tmp_path / "log.jsonl")


def written(rows: list[StoredRow], path: Path) -> Path:
    with dump_at(path) as write:
        for row in rows:
            write(row)
    return path


def changed(log: Path, row: StoredRow, event: Event) -> Path:
    """The dump after somebody has edited one line of it."""
    state = codec.encode(event, bytes(16))
    lines = log.read_bytes().splitlines(keepends=True)
    lines[row.position - 1] = line_of(replace(row, state=state))
    log.write_bytes(b"".join(lines))
    return log


def find(log: Path, kind: type[E], stream: object = None) -> tuple[StoredRow, E]:
    """The first event of that kind, of that stream where one is given."""
    for row in read_dump(log):
        event = codec.decode(row.topic, row.state)
        if isinstance(event, kind) and stream in (None, row.stream):
            return row, event
    raise AssertionError(kind)


def derived(log: Path, *arguments: str) -> Ended:
    nowhere = {"APPRODO_DATA_DIR": str(log.parent / "no-database")}
    ended = approdo(nowhere, "replay", "--decisions", "--from", log, *arguments)
    assert not (log.parent / "no-database").exists()
    return ended


def test_an_untouched_dump_agrees_whole(log: Path, rows: list[StoredRow]) -> None:
    count = sum(row.topic == CandidatesRanked.TOPIC for row in rows)
    for way in ((), ("--fast",)):
        ended = derived(log, *way)
        assert (ended.status, ended.out) == (0, f"decisions re-derived {count} of {count}, differing 0\n")
        assert ended.err.startswith(f"{len(rows)} rows, {count} decisions, ")
        assert ended.err.endswith(" rows/s\n")


def test_one_weight_that_was_changed_is_reported(log: Path) -> None:
    row, event = find(log, PolicyAdopted)
    heavier = replace(event.policy.weights, spare_feature=event.policy.weights.spare_feature + 1)
    ended = derived(changed(log, row, replace(event, policy=replace(event.policy, weights=heavier))))
    reported(ended, "another certificate follows from the log (best, digest)")


def test_one_availability_that_was_changed_is_reported(log: Path) -> None:
    held = find(log, HoldPlaced)[1].units[0].unit_id
    row, event = find(log, AvailabilityPublished, held)
    ended = derived(changed(log, row, replace(event, open_places=event.open_places[1:])))
    reported(ended, "another certificate follows from the log")


def test_one_certificate_that_was_changed_is_reported(log: Path) -> None:
    row, event = find(log, CandidatesRanked)
    ended = derived(changed(log, row, replace(event, eligible=event.eligible + 1)))
    reported(ended, f"DIFFERS at position {row.position} in stream {row.stream}: ")
    assert "(eligible)" in ended.out
    assert ", differing 1\n" in ended.out


def reported(ended: Ended, said: str) -> None:
    assert ended.status == 1
    assert said in ended.out
    assert ended.out.splitlines()[-1].startswith("decisions re-derived ")
    assert "approdo: The log and its decisions do not agree." in ended.err


def test_a_hold_that_was_changed_is_reported_beside_the_decisions(log: Path) -> None:
    row, event = find(log, HoldPlaced)
    places = event.units[0].places[:1]
    other = replace(event, units=(replace(event.units[0], places=places),))
    ended = derived(changed(log, row, other))
    reported(ended, f"HELD_ANOTHER at position {row.position}")
    assert "other deviations" in ended.out


def test_every_flaw_can_be_told() -> None:
    assert set(SAID) == set(Flaw)


def test_programs_read_the_same(log: Path) -> None:
    row, event = find(log, CandidatesRanked)
    shown = json.loads(derived(log, "--json").out)
    assert (shown["differing"], shown["flaws"], shown["deviations"]) == (0, {}, [])
    assert shown["decisions"] == shown["rederived"] > 0
    ended = derived(changed(log, row, replace(event, units_seen=99)), "--json")
    shown = json.loads(ended.out)
    assert (ended.status, shown["differing"], shown["flaws"]) == (1, 1, {"DIFFERS": 1})
    assert shown["deviations"] == [
        {"flaw": "DIFFERS", "position": row.position, "stream": str(row.stream), "fields": ["units_seen"]}
    ]


def test_it_may_stop_at_a_position_or_an_instant(log: Path, rows: list[StoredRow]) -> None:
    ranked = [row for row in rows if row.topic == CandidatesRanked.TOPIC]
    ended = derived(log, "--position", str(ranked[1].position - 1))
    assert ended.out == "decisions re-derived 1 of 1, differing 0\n"
    at = ranked[1].recorded_at.isoformat()
    assert derived(log, "--as-of", at).out == "decisions re-derived 2 of 2, differing 0\n"


def test_how_far_back_a_decision_may_rest_can_be_said(log: Path) -> None:
    assert derived(log, "--window", "99999").status == 0
    near = derived(log, "--window", "1")
    reported(near, "ranked at a position too far back to be derived")


def test_a_process_of_its_own_needs_nothing_but_the_dump(log: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "api.commands.main", "replay", "--decisions", "--from", str(log)]
    variables = {"APPRODO_DATA_DIR": str(tmp_path / "none"), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment(os.environ, variables), capture_output=True, text=True
    )
    assert (ended.returncode, ended.stdout.endswith("differing 0\n")) == (0, True), ended.stderr
    assert not (tmp_path / "none").exists()


# --- mistakes -----------------------------------------------------------------------------------------------


def _cut(line: bytes) -> bytes:
    return line[:-20]


def _renamed(line: bytes) -> bytes:
    return line.replace(b'"topic"', b'"theme"')


def _blank(_: bytes) -> bytes:
    return b"\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [(_cut, "line 3 is not JSON"), (_renamed, "line 3 has no topic"), (_blank, "line 3 is not JSON")],
)
def test_a_dump_that_is_broken_is_told_by_its_line(
    log: Path, change: Callable[[bytes], bytes], said: str
) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    lines[2] = change(lines[2]).rstrip(b"\n") + b"\n"
    log.write_bytes(b"".join(lines))
    ended = derived(log)
    assert (ended.status, ended.complaint) == (1, f"approdo: The dump cannot be read. ({said})\n")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--from", "x"), 2, "--window, --policy and --one-more go with --decisions"),
        (("--window", "9"), 2, "--window, --policy and --one-more go with --decisions"),
        (("--decisions", "--window", "0"), 2, "a whole number, 1 or more"),
        (("--fast",), 2, "--window, --policy and --one-more go with --decisions"),
        (("--dump", "y", "--from", "x"), 2, "--window, --policy and --one-more go with --decisions"),
        (("--decisions", "--dump", "y"), 2, "not allowed with argument"),
        (("--decisions", "--placement", "0" * 32), 2, "not allowed with argument"),
        (("--decisions", "--from", "none.jsonl"), 1, "none.jsonl: No such file or directory"),
        (("--decisions", "--from", "."), 1, "Is a directory"),
        (("--decisions", "--from", os.devnull), 1, "is empty, and no log is"),
        (("--dump", "docs"), 1, "docs exists already: give another name"),
        (("--dump", "no-such-folder/log"), 1, "No such file or directory"),
    ],
)
def test_a_mistake_is_told_in_a_line(
    arguments: tuple[str, ...], status: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    ended = approdo({"APPRODO_DATA_DIR": str(tmp_path / "data")}, "replay", *arguments)
    assert (ended.status, said in ended.err) == (status, True), ended.err
    assert not (tmp_path / "data").exists()


# --- the ledger ---------------------------------------------------------------------------------------------


@pytest.fixture
def variables(database: Database) -> dict[str, str]:
    """A ledger with a network in which somebody has asked for a place."""
    given = {"APPRODO_DATABASE_URL": database.dsn("app")}
    assert approdo(given, "init", NETWORK, *EXERCISE).status == 0
    asyncio.run(ask(database.dsn("app")))
    return given


async def ask(dsn: str) -> None:
    async with open_ledger(read_settings(database_url=SecretStr(dsn))) as ledger:
        asked = emergency(Household(adults=1, children=()), await ledger.store.now())
        this = command(ledger.network_id, ledger.network_id, ledger.opened.sources)
        done = await ledger.engine.place(
            this, lambda world, context, places: request_placement(asked, world, context, places)
        )
    assert isinstance(done, Done)


def test_a_ledger_and_its_dump_say_the_same(variables: dict[str, str], tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    dumped = approdo(variables, "replay", "--dump", log)
    rows = list(read_dump(log))
    assert dumped.out == f"wrote {len(rows)} rows, up to position {len(rows)}, to {log}\n"
    assert dumped.err.startswith(f"{len(rows)} rows, ")
    live: Any = json.loads(approdo(variables, "replay", "--decisions", "--json").out)
    assert live == json.loads(derived(log, "--json").out)
    assert (live["rows"], live["decisions"], live["rederived"]) == (len(rows), 1, 1)
    again = approdo(variables, "replay", "--dump", log)
    assert (again.status, "exists already" in again.err) == (1, True)


def test_a_dump_may_end_earlier(variables: dict[str, str], tmp_path: Path) -> None:
    approdo(variables, "replay", "--dump", tmp_path / "all.jsonl", "--position", "9" * 30)
    approdo(variables, "replay", "--dump", tmp_path / "three.jsonl", "--position", "3")
    approdo(variables, "replay", "--dump", tmp_path / "then.jsonl", "--as-of", "2026-11-20T22:00")
    whole = (tmp_path / "all.jsonl").read_bytes()
    assert (tmp_path / "then.jsonl").read_bytes() == whole
    three = (tmp_path / "three.jsonl").read_bytes()
    assert whole.startswith(three)
    assert three.count(b"\n") == 3


def test_a_ledger_without_a_network_has_nothing_to_dump(database: Database, tmp_path: Path) -> None:
    given = {"APPRODO_DATABASE_URL": database.dsn("app")}
    for arguments in (("--dump", str(tmp_path / "log.jsonl")), ("--decisions",)):
        ended = approdo(given, "replay", *arguments)
        assert (ended.status, "has no network yet" in ended.complaint) == (1, True)
    assert list(tmp_path.iterdir()) == []
