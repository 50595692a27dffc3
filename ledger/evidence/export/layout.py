"""The form of an exported log: the names of its files, its manifest, and notes one after another. Pure.

`export.writing` writes it and `export.reading` reads it; `docs/EVIDENCE.md` specifies it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from domain.vocabulary import LogKind
from ledger.evidence.tree.merkle import LARGEST_SIZE
from ledger.faults import LedgerFault

FORMAT = "approdo/export v1"
README, LOG, CHECKPOINT, CHECKPOINTS = "README.txt", "log.jsonl", "checkpoint", "checkpoints"
KEYS, TRUST, SUMS, MANIFEST = "keys", "trust", "SHA256SUMS", "manifest.json"
ALWAYS = frozenset({README, LOG, CHECKPOINT, CHECKPOINTS, KEYS, TRUST, SUMS})
"""What every export has beside its manifest and its tiles."""
LONGEST_MANIFEST = 16_000_000
"""In bytes."""
_is_path = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*){0,15}").fullmatch
_is_digest = re.compile(r"[0-9a-f]{64}").fullmatch
_sum = re.compile(rb"([0-9a-f]{64})  (tile/[a-z0-9./]{1,120})\n").fullmatch
LONGEST_SUM = 200


class ExportBroken(LedgerFault):
    """A file of an export is not there, or is not what it should be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileSum:
    """A file of the export: its length in bytes and its SHA-256 in hexadecimal."""

    size: int
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StampFile:
    """A time stamp (`token`, a file) over the bytes of `note`, a file too: the head of `size` as kept."""

    size: int
    provider: str
    note: str
    token: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What an export is of and what is in it, but for itself. The files below `tile/` are those of `SUMS`.

    `beyond` events stood in the log without being sealed when it was written, and are not in it.
    """

    origin: str
    kind: LogKind
    size: int
    rows: int
    beyond: int
    files: Mapping[str, FileSum]
    stamps: Sequence[StampFile]

    @property
    def raw(self) -> bytes:
        said = {
            "format": FORMAT,
            "origin": self.origin,
            "kind": self.kind,
            "size": self.size,
            "rows": self.rows,
            "beyond": self.beyond,
            "files": {path: {"bytes": each.size, "sha256": each.digest} for path, each in self.files.items()},
            "stamps": [
                {"size": each.size, "provider": each.provider, "note": each.note, "token": each.token}
                for each in self.stamps
            ],
        }
        return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def parse_manifest(raw: bytes) -> Manifest:
    """Errors: `ExportBroken`."""
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise ExportBroken("is not JSON") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ExportBroken(f"is not that of an export ({FORMAT})")
    try:
        found = Manifest(
            origin=_text(said["origin"]),
            kind=LogKind(said["kind"]),
            size=_count(said["size"], 1),
            rows=_count(said["rows"]),
            beyond=_count(said["beyond"]),
            files={_path(path): _sum_of(each) for path, each in said["files"].items()},
            stamps=tuple(_stamp(each) for each in said["stamps"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        raise ExportBroken("does not say what an export's says") from None
    missing = ALWAYS - set(found.files)
    if missing:
        raise ExportBroken(f"does not name {' and '.join(sorted(missing))}")
    return found


def sum_line(path: str, digest: str) -> bytes:
    """A line of `SUMS`, as `sha256sum` writes and checks them."""
    return f"{digest}  {path}\n".encode()


def parse_sum(line: bytes) -> tuple[str, str]:
    """Path and digest of such a line. Errors: `ExportBroken`."""
    match = _sum(line)
    if match is None or _is_path(match[2].decode()) is None:
        raise ExportBroken("has a line that is not a digest and a tile's path")
    return match[2].decode(), match[1].decode()


def counted(note: bytes) -> bytes:
    """A note among notes: a line with its length in bytes, then its bytes."""
    return b"%d\n%b" % (len(note), note)


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 1000 or not value.isprintable():
        raise ValueError
    return value


def _count(value: object, least: int = 0) -> int:
    if type(value) is not int or not least <= value <= LARGEST_SIZE:
        raise ValueError
    return value


def _path(value: object) -> str:
    """Below the export, and never out of it."""
    path = _text(value)
    if _is_path(path) is None or len(path) > 200:
        raise ValueError
    return path


def _sum_of(value: Mapping[str, object]) -> FileSum:
    digest = _text(value["sha256"])
    if _is_digest(digest) is None:
        raise ValueError
    return FileSum(size=_count(value["bytes"]), digest=digest)


def _stamp(value: Mapping[str, object]) -> StampFile:
    return StampFile(
        size=_count(value["size"], 1),
        provider=_text(value["provider"]),
        note=_path(value["note"]),
        token=_path(value["token"]),
    )
