"""Reading an exported directory: whatever lies there, the answer is bytes or `ExportBroken`.

It opens plain files below the directory and nothing else: no link is followed, nothing is waited for, no
more is read than such a file may have.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ledger.evidence.export.layout import (
    LONGEST_MANIFEST,
    LONGEST_SUM,
    MANIFEST,
    SUMS,
    ExportBroken,
    FileSum,
    Manifest,
    parse_manifest,
    parse_sum,
)
from ledger.evidence.notes.signed import LONGEST_NOTE

_PIECE = 1 << 20
_LONGEST_COUNT = 8


class ExportFiles:
    """One export."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folders: set[Path] = set()

    def open(self, path: str) -> BinaryIO:
        """A plain file below the directory. Errors: `ExportBroken`."""
        full = self._path / path
        try:
            self._pass(full.parent)
            handle = os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            file = open(handle, "rb")  # noqa: SIM115 - the caller's
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                file.close()
                raise ExportBroken(f"{path}: no plain file")
        except OSError as cause:
            raise ExportBroken(f"{path}: {cause.strerror}") from None
        return file

    def read(self, path: str, most: int) -> bytes:
        """All of a file of at most so many bytes. Errors: `ExportBroken`."""
        try:
            with self.open(path) as file:
                found = file.read(most + 1)
        except OSError as cause:
            raise ExportBroken(f"{path}: {cause.strerror}") from None
        if len(found) > most:
            raise ExportBroken(f"{path}: longer than such a file can be")
        return found

    def sum(self, path: str) -> FileSum:
        """Length and digest of a file. Errors: `ExportBroken`."""
        hashed, size = sha256(), 0
        try:
            with self.open(path) as file:
                while piece := file.read(_PIECE):
                    hashed.update(piece)
                    size += len(piece)
        except OSError as cause:
            raise ExportBroken(f"{path}: {cause.strerror}") from None
        return FileSum(size=size, digest=hashed.hexdigest())

    def manifest(self) -> Manifest:
        """Errors: `ExportBroken`."""
        raw = self.read(MANIFEST, LONGEST_MANIFEST)
        try:
            return parse_manifest(raw)
        except ExportBroken as broken:
            raise ExportBroken(f"{MANIFEST} {broken.args[0]}") from None

    def sums(self) -> Iterator[tuple[str, str]]:
        """Path and digest of each file below `tile/`. Errors: `ExportBroken`."""
        for line in self.lines(SUMS, LONGEST_SUM):
            try:
                yield parse_sum(line)
            except ExportBroken as broken:
                raise ExportBroken(f"{SUMS} {broken.args[0]}") from None

    def lines(self, path: str, longest: int) -> Iterator[bytes]:
        """The lines of a file as they are, cut at `longest` bytes. Errors: `ExportBroken`."""
        try:
            with self.open(path) as file:
                while line := file.readline(longest):
                    yield line
        except OSError as cause:
            raise ExportBroken(f"{path}: {cause.strerror}") from None

    def notes(self, path: str) -> Iterator[bytes]:
        """Notes one after another, each after its length. Errors: `ExportBroken`."""
        with self.open(path) as file:
            try:
                yield from notes_in(file)
            except ExportBroken as broken:
                raise ExportBroken(f"{path}: {broken.args[0]}") from None
            except OSError as cause:
                raise ExportBroken(f"{path}: {cause.strerror}") from None

    def _pass(self, folder: Path) -> None:
        """Through plain folders alone. Errors: `ExportBroken`, OSError."""
        if folder in self._folders or folder == self._path:
            return
        self._pass(folder.parent)
        if not stat.S_ISDIR(folder.lstat().st_mode):
            raise ExportBroken(f"{folder.relative_to(self._path)}: no folder")
        self._folders.add(folder)


def notes_in(file: BinaryIO) -> Iterator[bytes]:
    """Notes one after another, each after its length. Errors: `ExportBroken`, OSError."""
    while line := file.readline(_LONGEST_COUNT):
        count = line.removesuffix(b"\n")
        if not line.endswith(b"\n") or not count.isdigit() or not 0 < int(count) <= LONGEST_NOTE:
            raise ExportBroken("a note has no length before it")
        note = file.read(int(count))
        if len(note) < int(count):
            raise ExportBroken("the last note is cut off")
        yield note
