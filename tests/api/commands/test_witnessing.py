"""`approdo witness` as a process: its doors, its bounds, and what it remembers after it was killed."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Timer

import httpx
import pytest

from ledger.evidence.notes.checkpoint import parse_checkpoint
from ledger.evidence.notes.signed import parse_lines, parse_note, parse_vkey, signers_of
from ledger.evidence.witnessing.memory_files import hash_of
from ledger.evidence.witnessing.submission import LONGEST_SUBMISSION, submission
from tests.api.commands.program import ROOT, approdo, environment
from tests.ledger.evidence.sealed_log import KEY, ORIGIN, note_over
from tests.ledger.evidence.test_witness import leaves, proof_between

NAME = "witness.example/one"
VKEY = KEY.heads.verifier.vkey


def arguments(folder: Path, log: str = VKEY) -> list[str]:
    key = ["--dir", str(folder / "heads"), "--name", NAME, "--key", str(folder / "witness.key")]
    return ["witness", *key, "--log", log, "--port", "0"]


@contextmanager
def witnessing(folder: Path, log: str = VKEY) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "api.commands.main", *arguments(folder, log)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment(os.environ, {})
    ) as process:
        try:
            assert process.stdout is not None
            ready = re.search(r"http://\S+", process.stdout.readline())
            assert ready is not None
            yield ready[0], process
        finally:
            process.kill()


def body(old: int, size: int) -> bytes:
    over = leaves(size)
    return submission(old, proof_between(old, over), note_over(over))


def test_its_key_is_drawn_once_for_itself_alone(tmp_path: Path) -> None:
    printed = approdo({}, *arguments(tmp_path), "--print-key").out
    assert approdo({}, *arguments(tmp_path), "--print-key").out == printed
    assert parse_vkey(printed.strip()).name == NAME
    assert stat.S_IMODE((tmp_path / "witness.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--name", "a name"], "--name 'a name'"),
        (["--log", "nothing"], "--log nothing"),
        (["--trust", "nowhere"], "nowhere cannot be read"),
        (["--key", __file__], "is not a key"),
    ],
)
def test_a_wrong_argument_is_named(tmp_path: Path, more: list[str], said: str) -> None:
    ended = approdo({}, *arguments(tmp_path), *more)
    assert ended.status == 2
    assert said in ended.complaint


def test_a_witness_without_any_log_does_not_start(tmp_path: Path) -> None:
    ended = approdo({}, "witness", "--dir", tmp_path, "--name", NAME, "--key", tmp_path / "witness.key")
    assert ended.status == 2
    assert "--log VKEY" in ended.complaint


def test_its_doors_answer_as_the_specification_says(tmp_path: Path) -> None:
    with witnessing(tmp_path) as (url, process), httpx.Client(base_url=url) as client:
        vkey = parse_vkey(approdo({}, *arguments(tmp_path), "--print-key").out.strip())
        head = f"/{hash_of(ORIGIN)}/checkpoint"
        assert client.get(head).status_code == 404
        given = client.post("/add-checkpoint", content=body(0, 5))
        assert given.status_code == 200
        (line,) = parse_lines(given.text)
        assert vkey.has_signed(note_over(leaves(5)).text, line)
        told = parse_note(client.get(head).content)
        assert [key for key, _ in signers_of(told, [KEY.heads.verifier, vkey])] == [KEY.heads.verifier, vkey]
        conflict = client.post("/add-checkpoint", content=body(4, 9))
        assert (conflict.status_code, conflict.text) == (409, "5\n")
        assert conflict.headers["content-type"] == "text/x.tlog.size"
        assert client.post("/add-checkpoint", content=b"nothing").status_code == 400
        assert client.post("/add-checkpoint", content=b"x" * (LONGEST_SUBMISSION + 1)).status_code == 413
        assert client.post("/add-checkpoint", content=body(5, 9)).status_code == 200
        for method, path in (("GET", "/add-checkpoint"), ("POST", head), ("PUT", head)):
            assert client.request(method, path).status_code == 405
        for path in ("/", "/docs", "/openapi.json", "/lock/checkpoint", "/../lock/checkpoint", "/checkpoint"):
            assert client.get(path).status_code == 404
        second = approdo({}, *arguments(tmp_path))
        assert "Another witness runs on this folder" in second.complaint
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


@pytest.mark.slow
def test_a_killed_witness_never_forgets_what_it_vouched_for(tmp_path: Path) -> None:
    random, vouched, kills = Random(6), 0, 6
    for _ in range(kills):
        with witnessing(tmp_path) as (url, process), httpx.Client(base_url=url) as client:
            remembered = _remembered(client)
            assert remembered >= vouched
            vouched = remembered
            killing = Timer(0.05 + 0.2 * random.random(), process.kill)
            killing.start()
            try:
                while True:
                    answer = client.post("/add-checkpoint", content=body(vouched, vouched + 1))
                    assert answer.status_code == 200
                    vouched += 1
            except httpx.TransportError:
                killing.join()
    assert vouched > kills


def _remembered(client: httpx.Client) -> int:
    told = client.get(f"/{hash_of(ORIGIN)}/checkpoint")
    return parse_checkpoint(parse_note(told.content).text).size if told.status_code == 200 else 0
