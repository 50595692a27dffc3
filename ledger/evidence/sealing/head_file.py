"""The sealer's memory outside the database: the last head it signed, as a note in a file.

It is written before the database learns of the head, whole or not at all. What a crash in between leaves
behind: a head that the database does not have yet; the same events and the same key make the same note again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import NoteBroken, parse_note
from ledger.faults import LedgerFault


class HeadFileBroken(LedgerFault):
    """The file with the last head cannot be read or written: put back the one that was there."""


@dataclass(frozen=True, slots=True)
class HeadFile:
    """One sealer's, on its own machine."""

    path: Path

    def read(self) -> Checkpoint | None:
        """None where there is no file. Errors: `HeadFileBroken`."""
        try:
            return parse_checkpoint(parse_note(self.path.read_bytes()).text)
        except FileNotFoundError:
            return None
        except OSError as cause:
            raise HeadFileBroken(f"{self.path}: {cause.strerror}") from None
        except NoteBroken as broken:
            raise HeadFileBroken(f"{self.path}: {broken}") from None

    def write(self, note: bytes) -> None:
        """Errors: `HeadFileBroken`."""
        part = self.path.with_name(f".{self.path.name}.part")
        try:
            with open(
                os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb"
            ) as file:
                file.write(note)
                file.flush()
                os.fsync(file.fileno())
            part.rename(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as cause:
            raise HeadFileBroken(f"{self.path}: {cause.strerror}") from None
