"""The heads in a text that came back: a daily page, a bare note, or a letter with one in it. Pure.

Mail puts marks before lines, other ends behind them and words around them: all that is passed over. The note
itself must be as it was written, sign by sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ledger.evidence.daily.spelling import are_spelled, root_spelled
from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import NoteBroken, SignedNote, parse_note

LONGEST_TEXT = 1_000_000
"""In bytes."""
_quoted = re.compile(r"^(?:[ \t]*>)+")
_is_size = re.compile(r"0|[1-9][0-9]{0,18}").fullmatch
_is_root = re.compile(r"[A-Za-z0-9+/]{43}=").fullmatch
_SIGNED = "— "
_AROUND = " \t\r\ufeff\u00a0"


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadFound:
    """A head and its note. `spelled_otherwise`: the text also spells a root, and another or a wrong one."""

    note: SignedNote
    checkpoint: Checkpoint
    spelled_otherwise: bool = False


def heads_in(raw: bytes) -> tuple[HeadFound, ...]:
    """Every head in it, in order. Errors: `NoteBroken` where none is there, or one is not whole."""
    if len(raw) > LONGEST_TEXT:
        raise NoteBroken("the text is too long for a page")
    lines = [_bare(line) for line in raw.decode(errors="replace").split("\n")]
    notes = [parse_note(note.encode()) for note in _notes(lines)]
    if not notes:
        raise NoteBroken("no signed head is in it, or its lines were broken on the way")
    heads = [HeadFound(note=note, checkpoint=parse_checkpoint(note.text)) for note in notes]
    if not are_spelled(lines) or len({head.checkpoint for head in heads}) > 1:
        return tuple(heads)
    spelled = root_spelled(lines)
    return tuple(replace(head, spelled_otherwise=spelled != head.checkpoint.root) for head in heads)


def _bare(line: str) -> str:
    return _quoted.sub("", line).strip(_AROUND)


def _notes(lines: Sequence[str]) -> Iterator[str]:
    """Each run of lines that has the form of a checkpoint with signatures below it."""
    for at in range(1, len(lines) - 3):
        if lines[at - 1] and _is_size(lines[at]) and _is_root(lines[at + 1]):
            below = at + 2
            while below < len(lines) and lines[below]:
                below += 1
            end = below + 1
            while end < len(lines) and lines[end].startswith(_SIGNED):
                end += 1
            if end > below + 1:
                yield "\n".join([*lines[at - 1 : end], ""])
