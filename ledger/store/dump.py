"""The plain dump of a log: its rows as lines of JSON, every column of each, and nothing else.

`docs/EVIDENCE.md` specifies it. One log has one dump, byte for byte. A reader is strict about form and says
by line what is wrong; whether the rows make a log that may be believed is for `ledger.evidence` to say.
Called by `approdo replay` and by whoever checks a log without its database.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import orjson

from ledger.faults import LedgerFault
from ledger.store.port import StoredRow

LONGEST_LINE = 200_000
"""In bytes. A row's topic, state and metadata are at most 60,000, which hexadecimal doubles."""
_LARGEST = 2**63 - 1

_is_id = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_is_instant = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z").fullmatch

NAMES = ("position", "stream", "version", "topic", "state", "event_id", "metadata", "recorded_at")
"""Of a line's values, in their order."""
assert set(NAMES) == {field.name for field in fields(StoredRow)}


class DumpBroken(LedgerFault):
    """The dump cannot be read."""


class DumpNotWritten(LedgerFault):
    """The dump was not written; nothing was left behind."""


# --- one line -----------------------------------------------------------------------------------------------


def line_of(row: StoredRow) -> bytes:
    """A row as a line, with its end."""
    return orjson.dumps(
        {
            "position": row.position,
            "stream": str(row.stream),
            "version": row.version,
            "topic": row.topic,
            "state": row.state.hex(),
            "event_id": str(row.event_id),
            "metadata": row.metadata.hex(),
            "recorded_at": row.recorded_at,
        },
        option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE,
    )


def row_of(line: bytes, number: int) -> StoredRow:
    """The row of the line with this number. Errors: `DumpBroken`, with what is wrong in it and never what it
    holds.
    """
    try:
        row = _row(line)
        if line_of(row) != line:
            raise _Wrong("is not written as a dump is: order of the names, spaces, or a name given twice")
    except _Wrong as wrong:
        raise DumpBroken(f"line {number} {wrong}") from None
    return row


class _Wrong(Exception):
    """What is wrong with a line, as the end of a sentence about it."""


def _row(line: bytes) -> StoredRow:
    if not line.endswith(b"\n"):
        raise _Wrong(
            "is longer than a row can be" if len(line) >= LONGEST_LINE else "is cut off: it has no end"
        )
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise _Wrong("is not JSON") from None
    if not isinstance(said, dict):
        raise _Wrong("is not a JSON object")
    missing = [name for name in NAMES if name not in said]
    if missing:
        raise _Wrong(f"has no {' and no '.join(missing)}")
    if len(said) > len(NAMES):
        raise _Wrong("has a name that no column has")
    return StoredRow(
        stream=_id(said, "stream"),
        version=_count(said, "version"),
        position=_count(said, "position"),
        topic=_topic(said),
        state=_bytes(said, "state"),
        event_id=_id(said, "event_id"),
        metadata=_bytes(said, "metadata"),
        recorded_at=_instant(said, "recorded_at"),
    )


def _id(said: dict[str, object], name: str) -> UUID:
    value = said[name]
    if not isinstance(value, str) or _is_id(value) is None:
        raise _Wrong(f"has no UUID in lower case as its {name}")
    return UUID(value)


def _count(said: dict[str, object], name: str) -> int:
    value = said[name]
    if type(value) is not int or not 0 < value <= _LARGEST:
        raise _Wrong(f"has no whole number from 1 on as its {name}")
    return value


def _topic(said: dict[str, object]) -> str:
    value = said["topic"]
    if not isinstance(value, str) or not value:
        raise _Wrong("has no text as its topic")
    return value


def _bytes(said: dict[str, object], name: str) -> bytes:
    value = said[name]
    try:
        read = bytes.fromhex(value) if isinstance(value, str) else None
    except ValueError:
        read = None
    if read is None or read.hex() != value:
        raise _Wrong(f"has no bytes in hexadecimal, in lower case, as its {name}")
    return read


def _instant(said: dict[str, object], name: str) -> datetime:
    value = said[name]
    if not isinstance(value, str) or _is_instant(value) is None:
        raise _Wrong(f"has no instant like 2026-11-21T02:13:00Z as its {name}")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Wrong(f"has a {name} that no calendar has") from None


# --- a file -------------------------------------------------------------------------------------------------


def read_dump(path: Path) -> Iterator[StoredRow]:
    """The rows of a dump in the order of its lines, read as they are asked for. Errors: `DumpBroken`."""
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                yield row_of(line, number)
    except OSError as cause:
        raise DumpBroken(f"{path}: {cause.strerror}") from None
    if number == 0:
        raise DumpBroken(f"{path} is empty, and no log is")


@contextmanager
def dump_at(path: Path) -> Iterator[Callable[[StoredRow], None]]:
    """Write a dump row by row; it stands under its name once the block has ended well.

    Refuses (`DumpNotWritten`) a name that is taken, and a file that cannot be written. Until the end the rows
    stand in a file beside it that only its owner reads: a crash leaves that one, under a name that begins
    with a dot, and never a dump that is not whole.
    """
    try:
        _refuse_taken(path)
        folder = path.absolute().parent
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{path.name}.")
        part = Path(name)
        try:
            with open(handle, "wb") as file:
                yield lambda row: _write(file, row)
                file.flush()
                os.fsync(file.fileno())
            _refuse_taken(path)
            part.rename(path)
            _sync(folder)
        finally:
            part.unlink(missing_ok=True)
    except OSError as cause:
        raise DumpNotWritten(f"{path}: {cause.strerror}") from None


def _write(file: BinaryIO, row: StoredRow) -> None:
    file.write(line_of(row))


def _refuse_taken(path: Path) -> None:
    if os.path.lexists(path):
        raise DumpNotWritten(f"{path} exists already: give another name")


def _sync(folder: Path) -> None:
    """A new name in a folder is durable once the folder is."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
