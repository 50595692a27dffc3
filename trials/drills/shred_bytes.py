"""What of a person could still be read after a shred: looked for in every file, and in every dump, in every
form in which bytes are written. For `shred`.

Two searches: for bytes known beforehand (what was said, what it was sealed to, her key wrapped and bare); and
as a thief would, with the master key in hand, for anything near her id that opens as her key.
"""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from ledger.postgres import binaries
from ledger.postgres.directory import server_user
from ledger.vault.port import ValueBroken
from ledger.vault.wrapping import MasterKeys, MasterKeyUnknown, WrappedKey
from trials.stage.ground import Ground

WRAPPED_BYTES = 56
REACH = 256
"""So far from her id a key is looked for, on either side."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Hits by needle in one kind of place, and how many bytes were searched."""

    hits: Mapping[str, int]
    searched: int

    @property
    def number(self) -> int:
        return sum(self.hits.values())


def forms(needle: bytes) -> tuple[bytes, ...]:
    """Raw, hexadecimal in both cases, base64 wherever it may begin, bytea escaped as text."""
    small = needle.hex().encode()
    escaped = b"".join(
        b"\\\\" if byte == 0x5C else bytes([byte]) if 0x20 <= byte < 0x7F else b"\\%03o" % byte
        for byte in needle
    )
    shifted = (base64.b64encode(bytes(before) + needle) for before in range(3))
    # What lies beside it changes the first and the last characters.
    inner = (each[4:-4] for each in shifted)
    return tuple(dict.fromkeys((needle, small, small.upper(), escaped, *inner)))


def search(contents: Iterable[bytes], needles: Mapping[str, bytes]) -> Found:
    written = {name: forms(needle) for name, needle in needles.items()}
    hits, searched = dict.fromkeys(needles, 0), 0
    for content in contents:
        searched += len(content)
        for name, each in written.items():
            hits[name] += sum(content.count(form) for form in each)
    return Found(hits=hits, searched=searched)


def files(on: Ground, *, wal: bool) -> Iterator[bytes]:
    """Every file of the server: of the write-ahead log, or all the others."""
    for path in sorted(on.server.data_dir.rglob("*")):
        if path.is_file() and not path.is_symlink() and ("pg_wal" in path.parts) is wal:
            yield _content(path)


def dumps(on: Ground) -> Iterator[bytes]:
    """What `pg_dump` says of every database."""
    for database in on.ask("SELECT datname FROM pg_database WHERE datallowconn ORDER BY datname"):
        yield _dumped(on, database)


def opened_by_a_thief(contents: Iterable[bytes], master: bytes, subject: UUID) -> bool:
    """Whether, with the master key, her key can be had from bytes near her id."""
    keys = MasterKeys(master)
    return any(
        _unwraps(keys, subject, content[start : start + WRAPPED_BYTES])
        for content in contents
        for at in _places(content, subject.bytes)
        for start in range(max(0, at - REACH), at + REACH)
    )


def _unwraps(keys: MasterKeys, subject: UUID, wrapped: bytes) -> bool:
    if len(wrapped) < WRAPPED_BYTES:
        return False
    try:
        keys.unwrap(subject, WrappedKey(master=keys.name, wrapped=wrapped))
    except (ValueBroken, MasterKeyUnknown):
        return False
    return True


def _places(content: bytes, wanted: bytes) -> Iterator[int]:
    at = content.find(wanted)
    while at >= 0:
        yield at
        at = content.find(wanted, at + 1)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _dumped(on: Ground, database: str) -> bytes:
    user = server_user("nobody")
    found = binaries.reachable_by(binaries.locate(), user.uid, user.gid, on.server.data_dir)
    socket = unquote(parse_qs(urlsplit(on.server.dsn(database)).query)["host"][0])
    done = subprocess.run(
        [found.program("pg_dump"), "-h", socket, "-p", "5432", "-U", "postgres", database],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return done.stdout
