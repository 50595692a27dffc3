"""The sealer's memory outside the database: the last head it signed, as a note in a file.

It is written before the database learns of the head, whole or not at all. What a crash in between leaves
behind: a head that the database does not have yet; the same events and the same key make the same note again.
A head that was published and that the database can never have again, because somebody took a backup in use,
is given up: it stays beside, and nothing is signed that is not larger.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import NoteBroken, parse_note
from ledger.evidence.sealing.port import HeadMoved
from ledger.faults import LedgerFault


class HeadFileBroken(LedgerFault):
    """The file with the last head cannot be read or written: put back the one that was there."""


@dataclass(frozen=True, slots=True)
class HeadFile:
    """One sealer's, on its own machine."""

    path: Path

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the one process of this machine that writes it. Errors: `HeadMoved` where another is,
        `HeadFileBroken`.
        """
        try:
            lock = os.open(self._beside(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as cause:
            raise HeadFileBroken(f"{self.path}: {cause.strerror}") from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise HeadMoved from None
        finally:
            os.close(lock)

    def read(self) -> Checkpoint | None:
        """None where there is no file. Errors: `HeadFileBroken`."""
        return _read(self.path)

    def given_up(self) -> Checkpoint | None:
        """The largest head that was given up, if any was. Errors: `HeadFileBroken`."""
        return _read(self._given_up)

    def give_up(self) -> None:
        """The kept head is one that the database does not follow from any more: put it aside. A crash
        afterwards leaves no kept head, which no sealer starts without. Errors: `HeadFileBroken`.
        """
        kept, before = self.read(), self.given_up()
        try:
            if kept is not None and (before is None or before.size < kept.size):
                self.path.rename(self._given_up)
            else:
                self.path.unlink(missing_ok=True)
            self._keep_folder()
        except OSError as cause:
            raise HeadFileBroken(f"{self.path}: {cause.strerror}") from None

    def write(self, note: bytes) -> None:
        """Errors: `HeadFileBroken`."""
        part = self._beside(".part")
        try:
            with open(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb"
            ) as file:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
            part.rename(self.path)
            self._keep_folder()
        except OSError as cause:
            raise HeadFileBroken(f"{self.path}: {cause.strerror}") from None

    @property
    def _given_up(self) -> Path:
        return self.path.with_name(f"{self.path.name}.given-up")

    def _beside(self, ending: str) -> Path:
        return self.path.with_name(f".{self.path.name}{ending}")

    def _keep_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(path: Path) -> Checkpoint | None:
    try:
        return parse_checkpoint(parse_note(path.read_bytes()).text)
    except FileNotFoundError:
        return None
    except OSError as cause:
        raise HeadFileBroken(f"{path}: {cause.strerror}") from None
    except NoteBroken as broken:
        raise HeadFileBroken(f"{path}: {broken}") from None
