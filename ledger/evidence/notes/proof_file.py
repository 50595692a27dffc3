"""C2SP tlog-proof: that a leaf stands in a log, in one file that is checked without the log."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import LONGEST_NOTE, NoteBroken, SignedNote, decoded, encoded, parse_note
from ledger.evidence.tree.merkle import HASH_BYTES, is_included

_FIRST = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 63
LONGEST_PROOF = LONGEST_NOTE + 20_000
"""In bytes."""
_index_of = re.compile(r"index (0|[1-9][0-9]{0,18})").fullmatch


@dataclass(frozen=True, kw_only=True, slots=True)
class TlogProof:
    """The leaf at `index` is in the tree of the note. The note's signatures are for who knows its keys."""

    index: int
    hashes: tuple[bytes, ...]
    note: SignedNote

    @property
    def checkpoint(self) -> Checkpoint:
        """Errors: `NoteBroken`."""
        return parse_checkpoint(self.note.text)

    @property
    def raw(self) -> bytes:
        head = "\n".join([_FIRST, f"index {self.index}", *map(encoded, self.hashes)])
        return head.encode() + b"\n\n" + self.note.raw

    def holds(self, hashed: bytes) -> bool:
        """Whether the leaf with this hash is at its index. Errors: `NoteBroken`."""
        head = self.checkpoint
        return is_included(hashed, self.index, head.size, self.hashes, head.root)


def parse_proof(raw: bytes) -> TlogProof:
    """Read a proof; an `extra` line is passed over, as nothing vouches for it. Errors: `NoteBroken`."""
    if len(raw) > LONGEST_PROOF:
        raise NoteBroken("a proof is too long")
    head, divided, note = raw.partition(b"\n\n")
    try:
        lines = head.decode().split("\n")
    except UnicodeDecodeError:
        raise NoteBroken("a proof is not UTF-8") from None
    if not divided or lines[0] != _FIRST:
        raise NoteBroken("a proof begins with the name of its format")
    if lines[1:] and lines[1].startswith("extra "):
        decoded(lines.pop(1).removeprefix("extra "))
    index = _index_of(lines[1]) if lines[1:] else None
    hashes = tuple(decoded(line) for line in lines[2:])
    if index is None or len(hashes) > _MOST_HASHES or any(len(each) != HASH_BYTES for each in hashes):
        raise NoteBroken("a proof has an index and hashes of 32 bytes")
    signed = parse_note(note)
    parse_checkpoint(signed.text)
    return TlogProof(index=int(index[1]), hashes=hashes, note=signed)
