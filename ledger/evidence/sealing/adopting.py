"""Taking the database's last head as the one to go on from, by a person's order: after the file with the last
head was lost, or a backup was taken in use.

Nothing is signed here. A head that was published and does not follow from the database's events is given up:
the log has lost what it had sealed, whoever holds that head can prove it, and no size up to its own is signed
again. Called by `approdo seal --adopt`; `docs/OPERATIONS.md` says when.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.checkpoint import Checkpoint, parse_checkpoint
from ledger.evidence.notes.signed import signers_of
from ledger.evidence.sealing.head_file import HeadFile
from ledger.evidence.sealing.port import SealedHead, SealedLog
from ledger.evidence.sealing.sealer import PAGE, DatabaseDisagrees, SealingKeys
from ledger.evidence.tree.merkle import CompactRange, leaf_hash


@dataclass(frozen=True, kw_only=True, slots=True)
class Adopted:
    """`head` is gone on from (None: nothing is sealed yet); `given_up` was published and has no events."""

    head: Checkpoint | None
    given_up: Checkpoint | None


async def adopt(sealed: SealedLog, keys: SealingKeys, kept: HeadFile) -> Adopted:
    """Keep the database's last head, once every event has been hashed again up to it.

    Errors: `DatabaseDisagrees` where that head is not of our keys or not over these events, `HeadFileBroken`
    where the kept one cannot be read (move it away first), the log's.
    """
    head, before = await sealed.head(), kept.read()
    said = _said(keys, head)
    roots = await _roots(sealed, {each.size for each in (said, before) if each is not None})
    if said is not None and roots.get(said.size) != said.root:
        raise DatabaseDisagrees(f"the head of size {said.size} is not over the events that are there")
    given_up = before if before is not None and not _follows(keys, before, roots) else None
    if given_up is not None:
        kept.give_up()
    if head is not None and (before is None or given_up is not None or before.size < head.size):
        kept.write(head.note)
    return Adopted(head=said, given_up=given_up)


def _said(keys: SealingKeys, head: SealedHead | None) -> Checkpoint | None:
    """What the head says, once it is known to be of our keys and of this log."""
    if head is None:
        return None
    said = parse_checkpoint(head.signed.text)
    if not signers_of(head.signed, [key.heads.verifier for key in keys.every]) or said.origin != keys.origin:
        raise DatabaseDisagrees(f"the head of size {head.size} is not one that was signed here")
    return said


def _follows(keys: SealingKeys, before: Checkpoint, roots: dict[int, bytes]) -> bool:
    return before.origin == keys.origin and roots.get(before.size) == before.root


async def _roots(sealed: SealedLog, sizes: set[int]) -> dict[int, bytes]:
    """The roots of the trees over so many of the log's events, for those sizes that it reaches."""
    tree, found = CompactRange(), dict[int, bytes]()
    while tree.size < max(sizes, default=0):
        rows = await sealed.rows(after=tree.size, limit=PAGE)
        if not rows:
            break
        for row in rows:
            if row.position != tree.size + 1:
                raise DatabaseDisagrees(f"there is no event at position {tree.size + 1}")
            tree.append(leaf_hash(leaf_of(row)))
            if tree.size in sizes:
                found[tree.size] = tree.root()
    return found
