"""What a log sends to a witness: `old SIZE`, the hashes of a consistency proof, an empty line, a note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.evidence.notes.checkpoint import Checkpoint, checkpoint_said
from ledger.evidence.notes.signed import LONGEST_NOTE, NoteBroken, SignedNote, decoded, encoded, parse_note
from ledger.evidence.tree.merkle import HASH_BYTES, LARGEST_SIZE

MOST_HASHES = 63
LONGEST_SUBMISSION = LONGEST_NOTE + 10_000
"""In bytes."""
_old = re.compile(r"old (0|[1-9][0-9]{0,18})").fullmatch


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """The witness is believed to have seen `old` leaves; `proof` leads from there to the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: SignedNote
    checkpoint: Checkpoint


def submission(old: int, proof: Sequence[bytes], note: SignedNote) -> bytes:
    """The bytes of a request."""
    return "\n".join([f"old {old}", *map(encoded, proof)]).encode() + b"\n\n" + note.raw


def parse_submission(raw: bytes) -> Submission:
    """Errors: `NoteBroken` for what has not the form."""
    head, divided, note = raw.partition(b"\n\n")
    try:
        first, *hashes = head.decode().split("\n")
    except UnicodeDecodeError:
        raise NoteBroken("a submission is not UTF-8") from None
    old, proof = _old(first), tuple(decoded(line) for line in hashes)
    if not divided or old is None or int(old[1]) > LARGEST_SIZE:
        raise NoteBroken("a submission begins with the size that was seen before")
    if len(proof) > MOST_HASHES or any(len(each) != HASH_BYTES for each in proof):
        raise NoteBroken("a proof has at most 63 hashes of 32 bytes")
    signed = parse_note(note)
    return Submission(old=int(old[1]), proof=proof, note=signed, checkpoint=checkpoint_said(signed.text))
