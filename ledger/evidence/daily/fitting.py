"""Whether heads that went out earlier still fit the log as it is sealed now.

A head fits where it is of this log, signed by its key, not longer than the log, and where the proof holds
that the log's last head begins with it. All is made from the nodes that are kept. Whether the events still
stand under the nodes as they did is for whoever checks the whole log.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.evidence.daily.finding import HeadFound
from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import NoteBroken, SignedNote, VerifierKey, signers_of
from ledger.evidence.sealing.port import SealedHead, SealedReading
from ledger.evidence.sealing.proving import consistency_of
from ledger.evidence.tree.merkle import is_consistent
from ledger.faults import LedgerFault


class LastHeadBroken(LedgerFault):
    """The last head that the log has is not one that its key signed: nothing can be held against it."""


class Fit(enum.StrEnum):
    """What became of an earlier head."""

    FITS = "FITS"
    DIFFERS = "DIFFERS"
    """The log had other events below this size when the head was signed."""
    LONGER = "LONGER"
    """The log has fewer events now than the head says it had."""
    OTHER_LOG = "OTHER_LOG"
    NOT_SIGNED = "NOT_SIGNED"
    """No known key of the log signed it, or a line under it is not its key's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One head, judged. `since`: where it differs, an event at this index (from 0) or a later one, below the
    head's size, is not what it was.
    """

    head: HeadFound
    fit: Fit
    since: int = 0


async def judged(
    sealed: SealedReading, origin: str, known: Sequence[VerifierKey], heads: Sequence[HeadFound]
) -> tuple[Judged, ...]:
    """Each head, in the order given, against the log `origin` whose keys are `known`.

    Errors: `LastHeadBroken`, `NotSealed`.
    """
    last = await sealed.head()
    if last is not None and not _is_whole(last, origin, known):
        raise LastHeadBroken
    fits = [await _fit(sealed, origin, known, head, last) for head in heads]
    fitting = [head.checkpoint.size for head, fit in zip(heads, fits, strict=True) if fit is Fit.FITS]
    return tuple(
        Judged(head=head, fit=fit, since=_below(head.checkpoint.size, fitting) if fit is Fit.DIFFERS else 0)
        for head, fit in zip(heads, fits, strict=True)
    )


async def _fit(
    sealed: SealedReading,
    origin: str,
    known: Sequence[VerifierKey],
    head: HeadFound,
    last: SealedHead | None,
) -> Fit:
    said = head.checkpoint
    if said.origin != origin:
        return Fit.OTHER_LOG
    if not _is_signed(head.note, origin, known):
        return Fit.NOT_SIGNED
    if said.size == 0:
        return Fit.FITS
    if last is None or said.size > last.size:
        return Fit.LONGER
    proof = await consistency_of(sealed, said.size, last.size)
    fits = is_consistent(said.size, said.root, last.size, last.root, proof)
    return Fit.FITS if fits else Fit.DIFFERS


def _is_whole(last: SealedHead, origin: str, known: Sequence[VerifierKey]) -> bool:
    said = Checkpoint(origin=origin, size=last.size, root=last.root)
    try:
        note = last.signed
        return parse_checkpoint(note.text) == said and _is_signed(note, origin, known)
    except NoteBroken:
        return False


def _is_signed(note: SignedNote, origin: str, known: Sequence[VerifierKey]) -> bool:
    try:
        return bool(signers_of(note, [key for key in known if key.name == origin]))
    except NoteBroken:
        return False


def _below(size: int, fitting: Sequence[int]) -> int:
    return max((each for each in fitting if each < size), default=0)
