"""Heads that somebody kept, held against the tree of an export: what was rolled back or forked shows here.

A head may stand on a daily page, in a letter, with a witness, or in an earlier export. It proves something
only where a key signed it that is trusted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from ledger.evidence.daily.finding import HeadFound
from ledger.evidence.export.layout import Manifest
from ledger.evidence.notes.signed import NoteBroken, signers_of
from ledger.evidence.verifying.finding import Findings, Kind
from ledger.evidence.verifying.keys import KeyRing


def hold_earlier(
    heads: Sequence[HeadFound],
    manifest: Manifest,
    keys: KeyRing,
    roots: Mapping[int, bytes],
    findings: Findings,
) -> int:
    """How many fit; `roots` are those of the tree, by size."""
    fitting: list[int] = []
    for head in sorted(heads, key=lambda each: each.checkpoint.size):
        wrong = _fault(head, manifest, keys, roots)
        size = head.checkpoint.size
        if wrong is None:
            fitting.append(size)
            continue
        said, concerns = wrong
        smaller = bisect_left(fitting, size)
        first = (fitting[smaller - 1] if smaller else 0) if concerns else None
        if concerns and size > manifest.size:
            first = manifest.size
        findings.add(Kind.EARLIER, said, first, size if concerns else None)
    return len(fitting)


def _fault(
    head: HeadFound, manifest: Manifest, keys: KeyRing, roots: Mapping[int, bytes]
) -> tuple[str, bool] | None:
    """What is wrong, and whether it is with the events below the head."""
    said = head.checkpoint
    if said.origin != manifest.origin:
        return f"the head of {said.size} events is of another log, {said.origin}", False
    try:
        signed = bool(signers_of(head.note, keys.known))
    except NoteBroken:
        signed = False
    if not signed:
        return f"the head of {said.size} events is not signed by a trusted key of this log", False
    if head.spelled_otherwise:
        return f"beside the head of {said.size} events another root is spelled out", False
    if said.size > manifest.size:
        longer = (
            f"when the head of {said.size} events was signed the log was longer than this export "
            f"({manifest.size}): it was rolled back, or the export is older than the head"
        )
        return longer, True
    if said.size and roots.get(said.size) != said.root:
        return f"when the head of {said.size} events was signed the log had other events", True
    return None
