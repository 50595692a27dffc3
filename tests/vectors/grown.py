"""The golden tree: what a log of thirteen golden events seals, for `tree-1.json`.

Like the events it is never changed: heads of the first form can be checked for ever. The seed of its keys is
the 32 bytes 00 to 1f, so that anybody can write the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.notes.proof_file import TlogProof
from ledger.evidence.notes.signed import SignedNote
from ledger.evidence.sealing.log_key import log_key, statement_of
from ledger.evidence.tree.merkle import (
    CompactRange,
    Node,
    consistency_plan,
    filled,
    inclusion_plan,
    leaf_hash,
)
from ledger.evidence.tree.tiles import Tile, bundle_of, bundle_path

TREE = Path(__file__).parent / "tree-1.json"
ORIGIN = "approdo.exercise/0f8fad5b-d9cb-469f-a165-70867728950e"
SEED, NEXT_SEED = bytes(range(32)), bytes(range(32, 64))
SIZE, INDEX, OLD, STOOD_AT = 13, 9, 6, 1_795_305_600


def tree(events: Mapping[str, Any]) -> dict[str, Any]:
    """Over the leaves of the first thirteen events of `events-1.json`, in its order."""
    names = list(events)[:SIZE]
    leaves = [bytes.fromhex(events[name]["leaf"]) for name in names]
    growing, nodes, roots = CompactRange(), {}, [CompactRange().root()]
    for leaf in leaves:
        for level, whole in enumerate(growing.append(leaf_hash(leaf))):
            nodes[Node(level, (growing.size - 1) >> level)] = whole
        roots.append(growing.root())
    present, following = log_key(ORIGIN, SEED), log_key(ORIGIN, NEXT_SEED)
    text = Checkpoint(origin=ORIGIN, size=SIZE, root=roots[SIZE]).text
    note = SignedNote(text=text, signatures=(present.heads.sign(text), present.clock.sign(text, STOOD_AT)))
    proof = TlogProof(index=INDEX, hashes=filled(inclusion_plan(INDEX, SIZE), nodes), note=note)
    tile = Tile(level=0, number=0, width=SIZE)
    return {
        "leaves": names,
        "roots": [root.hex() for root in roots],
        "seed": SEED.hex(),
        "key": present.heads.verifier.vkey,
        "clock": present.clock.verifier.vkey,
        "checkpoint": note.raw.decode(),
        f"proof of {INDEX}": proof.raw.decode(),
        f"consistency from {OLD}": [each.hex() for each in filled(consistency_plan(OLD, SIZE), nodes)],
        "statement of the first key": statement_of(ORIGIN, 0, present, None).raw.decode(),
        "statement of the next key": statement_of(ORIGIN, SIZE, following, present).raw.decode(),
        tile.path: b"".join(nodes[node] for node in tile.nodes).hex(),
        bundle_path(0, SIZE): bundle_of(leaves).hex(),
    }
