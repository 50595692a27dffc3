"""Proofs made from a sealed log: that an event stands in it, that one head follows another."""

from __future__ import annotations

from ledger.evidence.notes.proof_file import TlogProof
from ledger.evidence.notes.signed import SignedNote
from ledger.evidence.sealing.port import NotSealed, SealedHead, SealedReading
from ledger.evidence.tree.merkle import consistency_plan, filled, inclusion_plan, nodes_of


async def note_of(sealed: SealedReading, head: SealedHead) -> SignedNote:
    """A head with every signature under it: the log's, its clock's last, the witnesses'."""
    lines = {
        each.line.name + each.line.key_id.hex(): each.line for each in await sealed.cosignatures(head.size)
    }
    return head.signed.signed_also(lines.values())


async def proof_of(sealed: SealedReading, position: int, head: SealedHead | None = None) -> TlogProof:
    """That the event at this position stands under a head, by default the last. Errors: `NotSealed`."""
    head = head or await sealed.head()
    if head is None or not 0 < position <= head.size:
        raise NotSealed
    plan = inclusion_plan(position - 1, head.size)
    hashes = filled(plan, await sealed.nodes(nodes_of(plan)))
    return TlogProof(index=position - 1, hashes=hashes, note=await note_of(sealed, head))


async def consistency_of(sealed: SealedReading, old: int, new: int) -> tuple[bytes, ...]:
    """The proof that the tree of size `new` begins with that of size `old`; empty for `old` 0.

    Errors: `NotSealed`.
    """
    if old == 0:
        return ()
    plan = consistency_plan(old, new)
    return filled(plan, await sealed.nodes(nodes_of(plan)))
