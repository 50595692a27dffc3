"""The plain dump: what is written is read back, the same log is the same bytes, and a bad line is named."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.store.dump import (
    LONGEST_LINE,
    DumpBroken,
    DumpNotWritten,
    dump_at,
    line_of,
    read_dump,
    row_of,
)
from ledger.store.port import StoredRow
from tests.ledger.evidence.night import played
from tests.vectors import stranger


@pytest.fixture(scope="module")
def rows() -> list[StoredRow]:
    async def all_rows() -> list[StoredRow]:
        return await (await played()).rows()

    return asyncio.run(all_rows())


def write(rows: list[StoredRow], path: Path) -> Path:
    with dump_at(path) as add:
        for row in rows:
            add(row)
    return path


def test_what_is_written_is_read_back(rows: list[StoredRow], tmp_path: Path) -> None:
    assert list(read_dump(write(rows, tmp_path / "log.jsonl"))) == rows


def test_instants_keep_their_microseconds(rows: list[StoredRow]) -> None:
    for microsecond in (0, 1, 123_456, 999_999):
        row = replace(rows[0], recorded_at=datetime(2026, 11, 20, 21, 0, 0, microsecond, UTC))
        assert row_of(line_of(row), 1) == row


def test_one_log_has_one_dump(rows: list[StoredRow], tmp_path: Path) -> None:
    first, second = (write(list(rows), tmp_path / name) for name in ("a.jsonl", "b.jsonl"))
    assert first.read_bytes() == second.read_bytes()


def test_somebody_without_this_program_reads_it(rows: list[StoredRow], tmp_path: Path) -> None:
    lines = write(rows, tmp_path / "log.jsonl").read_text().splitlines()
    for line, row in zip(lines, rows, strict=True):
        said = json.loads(line)
        shown, _ = stranger.read_state(bytes.fromhex(said["state"]))
        assert json.loads(shown) is not None
        assert (said["position"], said["topic"]) == (row.position, row.topic)


def test_only_its_owner_reads_it(rows: list[StoredRow], tmp_path: Path) -> None:
    assert stat.S_IMODE(write(rows, tmp_path / "log.jsonl").stat().st_mode) == 0o600


def test_it_stands_whole_or_not_at_all(rows: list[StoredRow], tmp_path: Path) -> None:
    def stopped() -> None:
        with dump_at(tmp_path / "log.jsonl") as add:
            add(rows[0])
            assert not (tmp_path / "log.jsonl").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_refused_and_what_is_there_stays(
    rows: list[StoredRow], tmp_path: Path
) -> None:
    def overtaken() -> None:
        with dump_at(tmp_path / "late.jsonl") as add:
            add(rows[0])
            (tmp_path / "late.jsonl").write_text("mine")

    (tmp_path / "log.jsonl").write_text("mine")
    with pytest.raises(DumpNotWritten, match="exists already: give another name"):
        write(rows, tmp_path / "log.jsonl")
    with pytest.raises(DumpNotWritten, match="exists already"):
        overtaken()
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {
        "log.jsonl": "mine",
        "late.jsonl": "mine",
    }


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(DumpNotWritten, match="No such file or directory"), dump_at(tmp_path / "no" / "log"):
        raise AssertionError


# --- bad lines ----------------------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda line: line.pop("state"), "line 3 has no state"),
        (lambda line: [line.pop("state"), line.pop("topic")], "line 3 has no topic and no state"),
        (lambda line: line.update(colour="red"), "line 3 has a name that no column has"),
        (lambda line: line.update(position=0), "line 3 has no whole number from 1 on as its position"),
        (lambda line: line.update(position=2**63), "has no whole number from 1 on as its position"),
        (lambda line: line.update(version="1"), "has no whole number from 1 on as its version"),
        (lambda line: line.update(version=True), "has no whole number from 1 on as its version"),
        (lambda line: line.update(version=1.0), "has no whole number from 1 on as its version"),
        (lambda line: line.update(stream="x"), "has no UUID in lower case as its stream"),
        (lambda line: line.update(stream=line["stream"].upper()), "has no UUID in lower case as its stream"),
        (lambda line: line.update(event_id=None), "has no UUID in lower case as its event_id"),
        (lambda line: line.update(topic=""), "has no text as its topic"),
        (lambda line: line.update(topic=7), "has no text as its topic"),
        (lambda line: line.update(state="0"), "has no bytes in hexadecimal, in lower case, as its state"),
        (lambda line: line.update(state="FF"), "has no bytes in hexadecimal, in lower case, as its state"),
        (lambda line: line.update(metadata=[]), "has no bytes in hexadecimal, in lower case, as its meta"),
        (
            lambda line: line.update(recorded_at="yesterday"),
            "has no instant like 2026-11-21T02:13:00Z as its",
        ),
        (lambda line: line.update(recorded_at=1), "has no instant like"),
        (lambda line: line.update(recorded_at="2026-13-21T02:13:00Z"), "has a recorded_at that no calendar"),
        (lambda line: line.update(recorded_at="2026-11-21T02:13:00.000000Z"), "is not written as a dump is"),
        (lambda line: line.update(topic=line.pop("topic")), "is not written as a dump is"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_with_its_number(
    rows: list[StoredRow], tmp_path: Path, change: Change, said: str
) -> None:
    path = tmp_path / "log.jsonl"
    lines = [line_of(row) for row in rows[:5]]
    line = json.loads(lines[2])
    change(line)
    lines[2] = json.dumps(line, separators=(",", ":")).encode() + b"\n"
    path.write_bytes(b"".join(lines))
    with pytest.raises(DumpBroken) as told:
        list(read_dump(path))
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"{}\n", "line 2 has no position and no stream and no version"),
        (b"\n", "line 2 is not JSON"),
        (b"{\n", "line 2 is not JSON"),
        (b"\xff\xfe\n", "line 2 is not JSON"),
        (b"[" * 5000 + b"\n", "line 2 is not JSON"),
        (b"[]\n", "line 2 is not a JSON object"),
        (b"7\n", "line 2 is not a JSON object"),
        (b'{"position":', "line 2 is cut off: it has no end"),
        (b"x" * (LONGEST_LINE + 1), "line 2 is longer than a row can be"),
    ],
)
def test_what_is_no_line_of_a_dump_is_told(
    rows: list[StoredRow], tmp_path: Path, bad: bytes, said: str
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(line_of(rows[0]) + bad)
    with pytest.raises(DumpBroken) as told:
        list(read_dump(path))
    assert said in str(told.value)


def test_a_name_given_twice_is_not_read_either_way(rows: list[StoredRow]) -> None:
    line = line_of(rows[0])
    for twice in (line.replace(b'"version":', b'"version":9,"version":'), line.replace(b":", b": ", 1)):
        with pytest.raises(DumpBroken, match="is not written as a dump is"):
            row_of(twice, 1)


def test_a_line_that_was_cut_off_is_not_a_shorter_log(rows: list[StoredRow], tmp_path: Path) -> None:
    whole = b"".join(line_of(row) for row in rows[:3])
    for cut in range(len(whole) - len(line_of(rows[2])) + 1, len(whole)):
        (tmp_path / "log.jsonl").write_bytes(whole[:cut])
        with pytest.raises(DumpBroken, match="line 3 is cut off"):
            list(read_dump(tmp_path / "log.jsonl"))


def test_a_file_that_is_no_dump_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(DumpBroken, match="is empty, and no log is"):
        list(read_dump(tmp_path / "empty"))
    with pytest.raises(DumpBroken, match="No such file or directory"):
        list(read_dump(tmp_path / "none"))
    with pytest.raises(DumpBroken, match="Is a directory"):
        list(read_dump(tmp_path))
