"""`approdo seal` as an operator runs it, beside a server and alone, on an embedded exercise."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import parse_note, parse_vkey, signers_of
from tests.api.commands.program import EXERCISE, NETWORK, ROOT, approdo, environment, identity, serving
from tests.support.postgres import passable_directory

PATIENCE_SECONDS = 20.0


@pytest.fixture
def variables() -> Iterator[dict[str, str]]:
    with passable_directory() as folder:
        named = {
            "APPRODO_DATA_DIR": str(folder / "data"),
            "APPRODO_PROFILE": "scratch",
            **identity(folder),
        }
        assert approdo(named, "init", NETWORK, *EXERCISE).status == 0
        yield named


def head_file(variables: dict[str, str]) -> Path:
    return Path(variables["APPRODO_DATA_DIR"], "sealed-head")


def head_in(path: Path) -> Checkpoint:
    """The head, as soon as there is one."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.02)
    return parse_checkpoint(parse_note(path.read_bytes()).text)


def published(variables: dict[str, str]) -> Checkpoint:
    """The head, as soon as the database has it too: the file is written first."""
    head, until = head_in(head_file(variables)), time.monotonic() + PATIENCE_SECONDS
    while approdo(variables, "checkpoint", "page", "-").status != 0:
        assert time.monotonic() < until
    return head


@contextmanager
def sealing(variables: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "api.commands.main", "seal"],
        cwd=ROOT,
        env=environment(os.environ, variables),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_a_server_seals_and_a_sealer_beside_it_waits_its_turn(variables: dict[str, str]) -> None:
    with serving(variables) as server:
        head = head_in(head_file(variables))
        assert head.origin.startswith("approdo.exercise/")
        with sealing(variables) as second:
            assert second.stdout is not None
            assert second.stdout.readline() == "another sealer is there; this one waits until it has gone\n"
            assert second.stdout.readline() == f"approdo seals {head.origin}\n"
            second.send_signal(signal.SIGTERM)
            assert second.wait(PATIENCE_SECONDS) == 0
        adopting = approdo(variables, "seal", "--adopt")
        assert (adopting.status, "only one may run" in adopting.complaint) == (1, True)
        assert server.stop() == 0


def test_it_seals_alone_and_prints_the_keys_under_which_the_head_verifies(variables: dict[str, str]) -> None:
    with sealing(variables) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        head = published(variables)
        assert said == f"approdo seals {head.origin}\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0
    heads, clock = approdo(variables, "seal", "--print-key").out.split()
    note = parse_note(head_file(variables).read_bytes())
    assert [key for key, _ in signers_of(note, [parse_vkey(heads)])] == [parse_vkey(heads)]
    assert parse_vkey(clock).name == f"{head.origin}/clock"
    head_file(variables).unlink()
    refused = approdo(variables, "seal")
    assert refused.status == 1
    assert "no kept head is there" in refused.err
    assert not head_file(variables).exists()
    adopted = approdo(variables, "seal", "--adopt")
    assert adopted.out == f"adopted: {head.origin} size {head.size} root {head.root.hex()}\n"
    assert head_in(head_file(variables)) == head


def test_a_head_whose_events_are_gone_is_given_up_aloud(variables: dict[str, str]) -> None:
    kept = head_file(variables)
    with sealing(variables):
        head = published(variables)
    kept.write_text(kept.read_text().replace(f"\n{head.size}\n", f"\n{head.size + 9}\n"))
    assert approdo(variables, "seal").status == 1
    adopted = approdo(variables, "seal", "--adopt")
    assert adopted.status == 0
    assert f"given up: {head.origin} size {head.size + 9} " in adopted.out
    assert "tell whoever verifies" in re.sub(r"\s+", " ", adopted.out)
    assert head_in(kept) == head
    assert head_in(kept.with_name("sealed-head.given-up")).size == head.size + 9


def test_a_given_database_asks_for_a_key_and_a_place_for_the_head(tmp_path: Path) -> None:
    dsn = {"APPRODO_SEALER_DATABASE_URL": "postgresql://nobody@/nowhere?host=/nowhere"}
    refused = approdo(dsn, "seal")
    assert refused.status == 2
    assert "Set APPRODO_LOG_KEY_FILE and APPRODO_SEALED_HEAD_FILE" in refused.complaint
