"""`approdo export` and `approdo verify` as a person runs them: what they say, and how they end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from ledger.evidence.notes.trust import Trust, rendered
from tests.api.commands.program import EXERCISE, NETWORK, Ended, approdo
from tests.api.commands.test_checkpoints import SEED, seal
from tests.api.commands.test_exporting import AGREED, ASKED, _in_earnest, given
from tests.ledger.evidence.exported import exported
from tests.support.postgres import Database, passable_directory

FIRST_EARLIER = """
UPDATE ledger.stored_events SET recorded_at = recorded_at - interval '1 us' WHERE notification_id = 1
"""
NO_SETTINGS_AT_ALL = {"APPRODO_DATABASE_URL": "not an address", "APPRODO_PORT": "many"}


class Log:
    """A founded log on a given database, sealed by another process, and its key on paper."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.variables = {"APPRODO_DATABASE_URL": database.dsn()}
        self.database = database
        self.folder = folder
        assert approdo(self.variables, "init", NETWORK, *EXERCISE).status == 0
        key = asyncio.run(seal(database, folder))
        self.trust = folder / "given-keys"
        self.trust.write_text(
            rendered(Trust(logs=(key.heads.verifier, key.clock.verifier))), encoding="utf-8"
        )

    def export(self, name: str) -> Ended:
        return approdo(self.variables, "export", self.folder / name)

    def verify(self, name: str, *arguments: str | Path) -> Ended:
        return approdo(NO_SETTINGS_AT_ALL, "verify", self.folder / name, "--trust", self.trust, *arguments)

    def tamper(self, statement: str) -> None:
        with psycopg.connect(self.database.dsn("superuser"), autocommit=True) as connection:
            connection.execute(b"SET session_replication_role = replica")
            connection.execute(statement.encode())


@pytest.fixture
def log(database: Database, tmp_path: Path) -> Log:
    return Log(database, tmp_path)


def test_a_log_is_written_out_and_holds(log: Log) -> None:
    written = log.export("out")
    assert written.status == 0, written.err
    assert "EXERCISE" in written.out
    assert "not sealed" not in written.out
    said = log.verify("out")
    lines = said.out.splitlines()
    assert said.status == 0, said.out
    assert lines[0].startswith("ESERCITAZIONE")
    assert lines[-1].startswith("ESERCITAZIONE / EXERCISE. Tutto concorda")
    assert "!!" not in said.out


def test_keys_that_came_with_the_export_are_told_loudly(log: Log) -> None:
    log.export("out")
    said = approdo({}, "verify", log.folder / "out")
    assert said.status == 0
    assert "!! The keys below came WITH the export" in said.out
    assert "still to be compared" in said.out.splitlines()[-1]


def test_a_row_that_was_changed_is_named(log: Log) -> None:
    log.tamper(FIRST_EARLIER)
    assert log.export("out").status == 0
    said = log.verify("out")
    assert said.status == 4
    assert "LEAF_DIFFERS at index 0:" in said.out
    assert "first bad index: 0\n" in said.out
    told = json.loads(log.verify("out", "--json").out)
    assert (told["status"], told["first_bad"]) == (4, {"index": 0, "before": None})


def test_a_head_kept_earlier_finds_a_log_that_was_written_anew(log: Log) -> None:
    """With the log's own key, and a sealer that has forgotten: nothing in the export itself tells."""
    log.export("before")
    kept = log.folder / "before" / "checkpoint"
    assert log.verify("before", "--against", kept).status == 0
    for table in ("cosignature", "checkpoint", "leaf"):
        log.tamper(f"DELETE FROM evidence.{table}")
    log.tamper(FIRST_EARLIER)
    (log.folder / "sealed-head").unlink()
    asyncio.run(seal(log.database, log.folder, SEED))
    log.export("after")
    assert log.verify("after").status == 0
    said = log.verify("after", "--against", kept)
    assert said.status == 9
    assert "EARLIER at index 0" in said.out


def test_every_head_of_another_export_may_be_held_against_it(log: Log) -> None:
    log.export("one")
    heads = log.folder / "one" / "checkpoints"
    assert "heads kept earlier that fit: 1 of 1" in log.verify("one", "--against", heads).out
    heads.write_bytes(heads.read_bytes()[:-1])
    cut = log.verify("one", "--against", heads)
    assert (cut.status, "cut off" in cut.complaint) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--trust", "nowhere"),
        ("--against", "nowhere"),
        ("--against", "given-keys"),
        ("--stamp-roots", "given-keys"),
        ("--trust", "out/README.txt"),
        ("--wrong",),
    ],
)
def test_wrong_arguments_end_with_their_own_status(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    _, folder = exported(tmp_path)
    folder.rename(tmp_path / "out")
    (tmp_path / "given-keys").write_text("quorum none\n")
    named = [each if each.startswith("--") else str(tmp_path / each) for each in arguments]
    said = approdo({}, "verify", tmp_path / "out", *named)
    assert (said.status, said.out) == (2, "")


def test_a_log_of_which_nothing_is_sealed_is_not_written_out(database: Database, tmp_path: Path) -> None:
    variables = {"APPRODO_DATABASE_URL": database.dsn()}
    assert approdo(variables, "init", NETWORK, *EXERCISE).status == 0
    refused = approdo(variables, "export", tmp_path / "out")
    assert (refused.status, (tmp_path / "out").exists()) == (1, False)
    assert "not sealed yet" in refused.complaint


def test_a_name_that_is_taken_is_refused(log: Log) -> None:
    log.export("out")
    assert "give another name" in log.export("out").complaint


@pytest.fixture
def data() -> Iterator[Path]:
    with passable_directory() as folder:
        yield folder / "data"


def test_a_real_log_is_exported_once_after_two_persons_agreed(tmp_path: Path, data: Path) -> None:
    earnest, out = tmp_path / "earnest.toml", tmp_path / "out"
    earnest.write_text(_in_earnest())
    variables = {"APPRODO_DATA_DIR": str(data)}
    assert approdo(variables, "init", earnest, "--kind", "real").status == 0
    for command in (ASKED, AGREED):
        refused = approdo(variables, "export", out)
        assert (refused.status, out.exists()) == (1, False)
        assert "two persons' will" in refused.complaint
        given(data, command)
    written = approdo(variables, "export", out)
    assert written.status == 0, written.err
    assert "network.log-exported.1" in (out / "log.jsonl").read_text().splitlines()[-1]
    said = approdo({}, "verify", out)
    assert said.status == 0, said.out
    assert "ESERCITAZIONE" not in said.out
    assert "ESERCITAZIONE" not in (out / "README.txt").read_text()
    again = approdo(variables, "export", tmp_path / "second")
    assert (again.status, (tmp_path / "second").exists()) == (1, False)
