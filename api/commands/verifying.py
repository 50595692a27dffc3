"""`approdo verify`: an exported log checked with nothing but the export, keys and kept heads.

It opens no database, asks no network and reads no settings. How it looks is `verifying_shown`'s.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from api.commands.progress import Progress
from api.commands.verifying_shown import as_json, as_text
from ledger.evidence.daily.finding import HeadFound, heads_in
from ledger.evidence.export.layout import ExportBroken
from ledger.evidence.export.reading import notes_in
from ledger.evidence.notes.checkpoint import parse_checkpoint
from ledger.evidence.notes.signed import NoteBroken, parse_note
from ledger.evidence.notes.trust import Trust, TrustBroken, parse_trust
from ledger.evidence.rederive import Way
from ledger.evidence.stamping.stamp import RootsBroken
from ledger.evidence.verifying.finding import WRONG_ARGUMENTS
from ledger.evidence.verifying.verification import LONGEST_TRUST, Asked, Verification

LONGEST_HEADS = 200_000_000
"""In bytes, of a file with heads."""
_is_counted = re.compile(rb"[0-9]{1,7}\n").match


@dataclass(frozen=True, kw_only=True, slots=True)
class VerifyArguments:
    """As the command line gives them."""

    folder: Path
    trust: Path | None = None
    against: Sequence[Path] = ()
    stamp_roots: Path | None = None
    fast: bool = False
    decisions: bool = True
    in_json: bool = False


class _Wrong(Exception):
    """What is wrong with an argument."""


def verify(arguments: VerifyArguments) -> int:
    """Check and tell; the exit status."""
    progress = Progress()
    try:
        asked = _asked(arguments)
        found = Verification(arguments.folder, asked, progress.tell).verified()
    except RootsBroken:
        return _misused(f"{arguments.stamp_roots}: no certificates in PEM")
    except _Wrong as wrong:
        return _misused(str(wrong))
    progress.end(found.rows)
    print(as_json(found) if arguments.in_json else as_text(found, len(asked.earlier)))
    return found.status


def _misused(said: str) -> int:
    print(f"approdo: {said}", file=sys.stderr)
    return WRONG_ARGUMENTS


def _asked(arguments: VerifyArguments) -> Asked:
    way = Way.FAST if arguments.fast else Way.NORMATIVE
    roots = arguments.stamp_roots
    return Asked(
        trust=_trust(arguments.trust) if arguments.trust is not None else None,
        earlier=tuple(head for path in arguments.against for head in _heads(path)),
        authorities=_read(roots, LONGEST_TRUST) if roots is not None else None,
        way=way if arguments.decisions else None,
    )


def _trust(path: Path) -> Trust:
    try:
        return parse_trust(_read(path, LONGEST_TRUST).decode())
    except UnicodeDecodeError:
        raise _Wrong(f"{path}: not UTF-8") from None
    except TrustBroken as broken:
        raise _Wrong(f"{path}: {broken.args[0]}") from None


def _heads(path: Path) -> Iterable[HeadFound]:
    """Those in a text, or every one of another export's file of heads."""
    try:
        raw = _read(path, LONGEST_HEADS)
        if _is_counted(raw):
            return [_head(note) for note in notes_in(BytesIO(raw))]
        return heads_in(raw)
    except (NoteBroken, ExportBroken) as broken:
        raise _Wrong(f"{path}: {broken.args[0]}") from None


def _head(raw: bytes) -> HeadFound:
    note = parse_note(raw)
    return HeadFound(note=note, checkpoint=parse_checkpoint(note.text))


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            found = file.read(most + 1)
    except OSError as cause:
        raise _Wrong(f"{path}: {cause.strerror}") from None
    if len(found) > most:
        raise _Wrong(f"{path}: too long")
    return found
