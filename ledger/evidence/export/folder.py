"""A directory that appears whole or not at all, and knows the length and digest of each file in it.

Until it is done it stands beside its place under a name that begins with a dot; only its owner reads it. What
a crash leaves behind is that one, and never an export that is not whole.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ledger.evidence.export.layout import FileSum
from ledger.faults import LedgerFault


class ExportNotWritten(LedgerFault):
    """The export was not written; nothing was left behind."""


class OpenFile:
    """A file being written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hashed = sha256()
        self._size = 0

    def write(self, some: bytes) -> None:
        self._file.write(some)
        self._hashed.update(some)
        self._size += len(some)

    @property
    def sum(self) -> FileSum:
        """Of what was written up to here."""
        return FileSum(size=self._size, digest=self._hashed.hexdigest())


class NewFolder:
    """A directory being written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made = {path}
        self.files: dict[str, FileSum] = {}
        """What is written, by path; a file is there once it is closed."""

    @contextmanager
    def open(self, path: str, *, listed: bool = True) -> Iterator[OpenFile]:
        """A new file. Errors: OSError."""
        full = self._path / path
        self._make(full.parent)
        handle = os.open(full, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(handle, "wb") as file:
            opened = OpenFile(file)
            yield opened
            file.flush()
            os.fsync(file.fileno())
        if listed:
            self.files[path] = opened.sum

    def write(self, path: str, content: bytes, *, listed: bool = True) -> FileSum:
        """A whole file; one that is not listed is in no `files`. Errors: OSError."""
        with self.open(path, listed=listed) as file:
            file.write(content)
        return file.sum

    def sync(self) -> None:
        """Names are durable once their folders are."""
        for each in self._made:
            _sync(each)

    def _make(self, folder: Path) -> None:
        if folder not in self._made:
            self._make(folder.parent)
            folder.mkdir(mode=0o700)
            self._made.add(folder)


@contextmanager
def new_folder(path: Path) -> Iterator[NewFolder]:
    """It stands under its name once the block has ended well. Refuses (`ExportNotWritten`) a name that is
    taken, and what cannot be written.
    """
    try:
        refuse_taken(path)
        beside = path.absolute().parent
        part = Path(tempfile.mkdtemp(dir=beside, prefix=f".{path.name}."))
        try:
            made = NewFolder(part)
            yield made
            made.sync()
            refuse_taken(path)
            part.rename(path)
            _sync(beside)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as cause:
        raise ExportNotWritten(f"{path}: {cause.strerror}") from None


def refuse_taken(path: Path) -> None:
    """Refuses (`ExportNotWritten`) a name that something has."""
    if os.path.lexists(path):
        raise ExportNotWritten(f"{path} exists already: give another name")


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
