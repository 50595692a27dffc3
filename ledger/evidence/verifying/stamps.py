"""The time stamps of an export: each over the bytes of a head's note, and that head of this log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ledger.evidence.export.layout import ExportBroken, Manifest, StampFile
from ledger.evidence.export.reading import ExportFiles
from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import LONGEST_NOTE, NoteBroken, parse_note
from ledger.evidence.notes.trust import standing
from ledger.evidence.stamping.stamp import LONGEST_STAMP, StampFault, StampFound, check_stamp
from ledger.evidence.verifying.finding import Findings, Kind
from ledger.evidence.verifying.keys import KeyRing

CheckStamp = Callable[[bytes, bytes, bytes | None], StampFound | StampFault]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamped:
    """A head that was there at an instant, as `provider` (kept beside the stamp) says in `found`."""

    size: int
    provider: str
    found: StampFound


def stamped(
    files: ExportFiles,
    manifest: Manifest,
    keys: KeyRing,
    roots: Mapping[int, bytes],
    authorities: bytes | None,
    findings: Findings,
    check: CheckStamp = check_stamp,
) -> Iterator[Stamped]:
    """Those that hold; `roots` are those of the tree. `authorities` (PEM) vouch for stamps; without them
    nothing but what a stamp is over is checked. Errors: `RootsBroken`.
    """
    for stamp in manifest.stamps:
        try:
            note = files.read(stamp.note, LONGEST_NOTE)
            token = files.read(stamp.token, LONGEST_STAMP)
        except ExportBroken as broken:
            findings.add(Kind.UNREADABLE, broken.args[0])
            continue
        wrong = _head_fault(note, stamp, manifest, keys, roots)
        found = check(note, token, authorities) if wrong is None else wrong
        if isinstance(found, StampFound):
            yield Stamped(size=stamp.size, provider=stamp.provider, found=found)
        else:
            said = f"{stamp.token} over the head of {stamp.size} events: {found}"
            findings.add(Kind.STAMP, said)


def _head_fault(
    raw: bytes, stamp: StampFile, manifest: Manifest, keys: KeyRing, roots: Mapping[int, bytes]
) -> str | None:
    """Why the note that was stamped is no head of this log."""
    try:
        note = parse_note(raw)
        said = parse_checkpoint(note.text)
        root = roots.get(stamp.size)
        if root is None or said != Checkpoint(origin=manifest.origin, size=stamp.size, root=root):
            return "what was stamped is no head of this tree"
        if not standing(note, keys.at(stamp.size)).signed_by:
            return "what was stamped is not signed by a trusted key"
    except NoteBroken as broken:
        return str(broken.args[0])
    return None
