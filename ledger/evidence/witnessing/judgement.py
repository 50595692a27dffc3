"""What a witness answers to a submission, by C2SP tlog-witness. Pure: what it saw before is given.

The order is that of the specification: form, log, signature, sizes, memory, proof.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.notes.signed import NoteBroken, SignatureLine, SignedNote, VerifierKey, signers_of
from ledger.evidence.tree.merkle import EMPTY_ROOT, is_consistent
from ledger.evidence.witnessing.submission import Submission

Logs = Mapping[str, Sequence[VerifierKey]]
"""The keys that are trusted for each origin."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """An answer without a cosignature. `size`: with CONFLICT, what the witness has seen."""

    status: HTTPStatus
    size: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Vouched:
    """The head may be cosigned. `note` has the log's signatures that were verified, and no others."""

    note: SignedNote


def judged(asked: Submission, logs: Logs, seen: Checkpoint | None) -> Vouched | Refused:
    """`seen` is the last head that this witness cosigned for the log."""
    said, seen_size = asked.checkpoint, seen.size if seen is not None else 0
    if said.origin not in logs:
        return Refused(status=HTTPStatus.NOT_FOUND)
    lines = _verified(asked.note, logs[said.origin])
    if not lines:
        return Refused(status=HTTPStatus.FORBIDDEN)
    if asked.old > said.size:
        return Refused(status=HTTPStatus.BAD_REQUEST)
    if asked.old != seen_size:
        return Refused(status=HTTPStatus.CONFLICT, size=seen_size)
    if not _follows(asked, seen):
        return Refused(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return Vouched(note=SignedNote(text=asked.note.text, signatures=lines))


def _verified(note: SignedNote, keys: Sequence[VerifierKey]) -> tuple[SignatureLine, ...]:
    """None where there is none, or one that says to be of a key and is not."""
    try:
        return tuple(line for _, line in signers_of(note, keys))
    except NoteBroken:
        return ()


def _follows(asked: Submission, seen: Checkpoint | None) -> bool:
    said = asked.checkpoint
    if said.size == 0 and said.root != EMPTY_ROOT:
        return False
    if seen is None or seen.size == 0:
        return not asked.proof
    return is_consistent(seen.size, seen.root, said.size, said.root, asked.proof)
