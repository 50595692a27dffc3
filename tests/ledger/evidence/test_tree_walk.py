"""The tree grown again from bundles is the tree, and a head that is not of it is named."""

from __future__ import annotations

from itertools import accumulate

import pytest

from ledger.evidence.tree.merkle import EMPTY_ROOT, CompactRange, leaf_hash
from ledger.evidence.tree.tiles import WIDTH, BundleBroken, bundle_of
from ledger.evidence.verifying.tree_walk import TreeWalk, heads_hold


def grown(tree: CompactRange, leaf: bytes) -> CompactRange:
    grown = CompactRange(tree.size, tree.peaks)
    grown.append(leaf_hash(leaf))
    return grown


LEAVES = [bytes([number % 251]) * (number % 70) + number.to_bytes(4) for number in range(3 * WIDTH + 41)]
TREES = list(accumulate(LEAVES, grown, initial=CompactRange()))
HEADS = [(tree.size, tree.root()) for tree in TREES][1:]


def bundles(leaves: list[bytes]) -> list[bytes]:
    return [bundle_of(leaves[at : at + WIDTH]) for at in range(0, len(leaves), WIDTH)]


def test_every_size_has_the_root_that_the_growing_tree_has() -> None:
    held = heads_hold(bundles(LEAVES), HEADS)
    assert (held.held, held.wrong, held.good) == (len(LEAVES), None, len(LEAVES))
    assert (held.size, held.root) == HEADS[-1]


def test_no_leaves_have_the_empty_root() -> None:
    held = heads_hold([], [])
    assert (held.size, held.root, held.wrong) == (0, EMPTY_ROOT, None)


@pytest.mark.parametrize("changed", [0, 1, 255, 256, 511, 700, len(LEAVES) - 1])
def test_the_first_head_over_a_changed_leaf_is_named(changed: int) -> None:
    leaves = list(LEAVES)
    leaves[changed] += b"!"
    held = heads_hold(bundles(leaves), HEADS)
    assert (held.good, held.wrong, held.held) == (changed, changed + 1, changed)


def test_a_head_beyond_the_leaves_is_wrong() -> None:
    held = heads_hold(bundles(LEAVES[:-1]), HEADS)
    assert (held.good, held.wrong) == (len(LEAVES) - 1, len(LEAVES))


def test_only_the_last_bundle_is_short_and_none_is_broken() -> None:
    whole = bundles(LEAVES)
    for broken in ([whole[-1], whole[0]], [whole[0] + whole[1]], [b""], [whole[0][:-1]], [whole[0] + b"\0"]):
        with pytest.raises(BundleBroken):
            heads_hold(broken, [])


def test_the_nodes_over_whole_bundles_are_those_of_the_tree() -> None:
    walk, tree = TreeWalk(), CompactRange()
    for bundle in bundles(LEAVES):
        leaves = LEAVES[tree.size : tree.size + WIDTH]
        *_, whole = (tree.append(leaf_hash(leaf)) for leaf in leaves)
        hashes = walk.take(bundle)
        assert hashes == [leaf_hash(leaf) for leaf in leaves]
        assert walk.root_at(tree.size) == tree.root()
        assert walk.close() == whole[8:]
