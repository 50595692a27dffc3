"""Every place where a token could have come to rest, read after the fact. For `canary`.

The server's folder is read as it lies on disk after a checkpoint: tables, indexes, the write-ahead log, what
a dead backend left, PostgreSQL's own log. Dumps are made with the programs that the server came with.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from ledger.postgres import binaries
from ledger.postgres.directory import server_user
from trials.drills.canary_tokens import Hit, Tokens
from trials.stage.ground import Ground
from trials.stage.wire import Answer


@dataclass(slots=True)
class Searched:
    """What has been looked at so far, by kind of sink, and every hit."""

    tokens: Tokens
    bytes_seen: dict[str, int] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)

    def content(self, kind: str, content: bytes, where: str = "") -> None:
        self._counted(kind, len(content))
        self.hits += self.tokens.found(f"{kind} {where}".strip(), content)

    def file(self, kind: str, path: Path, root: Path) -> None:
        try:
            self._counted(kind, path.stat().st_size)
        except FileNotFoundError:
            return
        self.hits += self.tokens.found_in(f"{kind} {path.relative_to(root)}", path)

    def answer(self, answer: Answer, where: str) -> None:
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.content("headers", head.encode(), where)
        self.content("bodies", answer.body, where)

    def of(self, *kinds: str) -> int:
        """Hits in these kinds of sink."""
        return sum(hit.sink.split(" ")[0] in kinds for hit in self.hits)

    def _counted(self, kind: str, number: int) -> None:
        self.bytes_seen[kind] = self.bytes_seen.get(kind, 0) + number


def search_disk(searched: Searched, on: Ground) -> None:
    """The server's whole folder, its log, and what a dump of each database says."""
    on.administer("CHECKPOINT")
    root = on.server.data_dir
    for path in _files(root):
        searched.file(_kind_of(path.relative_to(root)), path, root)
    for database in _databases(on):
        searched.content("dump", _dumped(on, database), database)


def search_folder(searched: Searched, kind: str, folder: Path, names: Iterable[str]) -> None:
    for name in names:
        for path in folder.glob(name):
            searched.file(kind, path, folder)


def _files(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink())


def _kind_of(path: Path) -> str:
    if "pg_wal" in path.parts:
        return "wal"
    return "pg-log" if path.suffix in (".log", ".1") else "files"


def _databases(on: Ground) -> list[str]:
    return on.ask("SELECT datname FROM pg_database WHERE datallowconn ORDER BY datname")


def _dumped(on: Ground, database: str) -> bytes:
    user = server_user("nobody")
    found = binaries.reachable_by(binaries.locate(), user.uid, user.gid, on.server.data_dir)
    asked = urlsplit(on.server.dsn(database))
    socket = unquote(parse_qs(asked.query)["host"][0])
    done = subprocess.run(
        [found.program("pg_dump"), "-h", socket, "-p", "5432", "-U", "postgres", database],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return done.stdout
