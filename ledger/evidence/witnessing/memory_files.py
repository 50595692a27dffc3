"""A witness's memory: the last head that it cosigned for each log, as a note in a file of its own.

The file is named by the SHA-256 of the log's origin. It is replaced whole, and on the disk before the witness
answers. What a crash leaves behind: the head before, or the head whose cosignature nobody was given yet.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ledger.evidence.notes.checkpoint import parse_checkpoint
from ledger.evidence.notes.signed import NoteBroken, SignedNote, parse_note
from ledger.faults import LedgerFault


class MemoryBroken(LedgerFault):
    """A file in which the witness remembers a head cannot be read or written: put it back from a copy, never
    remove it, or the witness would vouch for another history.
    """


class WitnessTaken(LedgerFault):
    """Another witness runs on this folder: each needs one of its own."""


def hash_of(origin: str) -> str:
    """How a log is named in addresses and files."""
    return sha256(origin.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class MemoryFiles:
    """One witness's folder."""

    folder: Path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the one witness on this folder. Errors: `WitnessTaken`, `MemoryBroken`."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as cause:
            raise MemoryBroken(f"{self.folder}: {cause.strerror}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WitnessTaken(str(self.folder)) from None
        else:
            yield
        finally:
            os.close(lock)

    def last(self, hashed: str) -> SignedNote | None:
        """The head of the log with this hash, with the signatures of both; None where there was none yet.

        Errors: `MemoryBroken`.
        """
        path = self.folder / hashed
        try:
            note = parse_note(path.read_bytes())
            if hash_of(parse_checkpoint(note.text).origin) != hashed:
                raise MemoryBroken(f"{path}: it is of another log")
        except FileNotFoundError:
            return None
        except OSError as cause:
            raise MemoryBroken(f"{path}: {cause.strerror}") from None
        except NoteBroken as broken:
            raise MemoryBroken(f"{path}: {broken}") from None
        return note

    def keep(self, origin: str, note: SignedNote) -> None:
        """Errors: `MemoryBroken`; the head before then stands."""
        path = self.folder / hash_of(origin)
        part = path.with_suffix(".part")
        try:
            with open(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb"
            ) as file:
                file.write(note.raw)
                file.flush()
                os.fsync(file.fileno())
            part.rename(path)
            folder = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as cause:
            raise MemoryBroken(f"{path}: {cause.strerror}") from None
