"""The heads of an export, one after another: signed, of this log, growing, seen by witnesses.

Whether their roots are those of the leaves is for `contents`, who asks this for the next head as its tree
grows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.evidence.export.layout import CHECKPOINT, CHECKPOINTS, ExportBroken, Manifest
from ledger.evidence.export.reading import ExportFiles
from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import LONGEST_NOTE, NoteBroken, SignedNote, parse_note
from ledger.evidence.notes.trust import Standing, standing
from ledger.evidence.verifying.finding import Findings, Kind
from ledger.evidence.verifying.keys import KeyRing


@dataclass(slots=True)
class HeadsSeen:
    """What was seen of the heads up to the last of them."""

    count: int = 0
    first: Checkpoint | None = None
    last: Checkpoint | None = None
    standing: Standing | None = None
    """Of the last; None where it is not signed as it should be."""
    with_quorum: int = 0
    """The size of the last head that enough witnesses have seen."""


class Heads:
    """Reads and judges them in order."""

    def __init__(self, files: ExportFiles, manifest: Manifest, keys: KeyRing, findings: Findings) -> None:
        self._files = files
        self._manifest = manifest
        self._keys = keys
        self._findings = findings
        self._last_note = b""
        self.seen = HeadsSeen()

    def judged(self) -> Iterator[Checkpoint]:
        """Each head whose root is to be held against the tree, in the order of sizes."""
        try:
            for raw in self._files.notes(CHECKPOINTS):
                head = self._judge(raw)
                if head is not None:
                    yield head
            self._end()
        except ExportBroken as broken:
            self._findings.add(Kind.UNREADABLE, broken.args[0])

    def _judge(self, raw: bytes) -> Checkpoint | None:
        self.seen.count += 1
        self.seen.standing, self._last_note = None, raw
        try:
            note = parse_note(raw)
            found = self.signed(note)
        except NoteBroken as broken:
            self._findings.add(Kind.NOT_SIGNED, f"head number {self.seen.count}: {broken.args[0]}")
            return None
        head = found.checkpoint
        last = self.seen.last
        if head.origin != self._manifest.origin:
            self._findings.add(Kind.CHAIN, f"the head of {head.size} events is of the log {head.origin}")
            return None
        if last is not None and not self.grows(last, head):
            said = f"after the head of {last.size} events comes one of {head.size}"
            self._findings.add(Kind.CHAIN, said, head.size)
            return None
        self.seen.first = self.seen.first or head
        self.seen.last, self.seen.standing = head, found
        if found.quorum_reached:
            self.seen.with_quorum = head.size
        return head

    def signed(self, note: SignedNote) -> Standing:
        """What the note is worth; a finding where no key signed it that should. Errors: `NoteBroken`."""
        size = parse_checkpoint(note.text).size
        found = standing(note, self._keys.at(size))
        if not found.signed_by:
            said = f"the head of {size} events is not signed by the key that is trusted at its size"
            self._findings.add(Kind.NOT_SIGNED, said, before=size)
        return found

    def grows(self, last: Checkpoint, head: Checkpoint) -> bool:
        return head.size > last.size

    def _end(self) -> None:
        last = self.seen.last
        if last is None or last.size != self._manifest.size:
            said = f"the last head is of {last.size if last else 0} events, not of {self._manifest.size}"
            self._findings.add(Kind.CHAIN, said)
        if self._files.read(CHECKPOINT, LONGEST_NOTE) != self._last_note:
            self._findings.add(Kind.CHAIN, f"{CHECKPOINT} is not the last head of {CHECKPOINTS}")
