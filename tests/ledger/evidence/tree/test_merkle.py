"""The tree against RFC 6962 word for word, and its verifiers against proofs that were spoiled.

For every size up to 300, every index and every earlier size: the proof is the literal one and verifies; and
it is refused with one bit flipped in each of its hashes, in the leaf or an old root and in the root (which
bit goes round with size and index; every bit of every hash is flipped for every size up to 16, and for one
index and one earlier size of each size beyond); with any two neighbouring hashes swapped; cut at either end;
with a hash more at either end; for a neighbouring index or old size, for the first and last index, for index
or size beyond; and for a neighbouring size with the root of that size. A size is not bound by a proof and
root alone (the root of five leaves is shown by the same path as one of six): the signed head binds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import pytest

from ledger.evidence.tree.merkle import (
    EMPTY_ROOT,
    LARGEST_SIZE,
    CompactRange,
    Node,
    consistency_plan,
    filled,
    inclusion_plan,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    nodes_of,
    peaks_of,
    root_of,
)
from tests.ledger.evidence.tree.literal import Literal

MOST, EVERY_BIT = 300, 16
BITS = 256
PARTS = 4
LEAVES = [b"leaf %d" % index * (index % 3) + bytes([index % 251]) for index in range(MOST + 1)]
LITERAL = Literal(LEAVES)
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
ROOTS = [LITERAL.root(size) for size in range(MOST + 2)]
EDGES = (1, 2, 255, 256, 257, 65_535, 65_536, 70_000)


def nodes_over(size: int) -> dict[Node, bytes]:
    """Every whole node, as appending tells them."""
    tree, nodes = CompactRange(), {}
    for hashed in HASHES[:size]:
        for level, whole in enumerate(tree.append(hashed)):
            nodes[Node(level, (tree.size - 1) >> level)] = whole
    return nodes


NODES = nodes_over(MOST + 1)


def flipped(hashed: bytes, bit: int) -> bytes:
    return (int.from_bytes(hashed) ^ 1 << bit).to_bytes(len(hashed))


def exchanged(proof: Sequence[bytes], at: int, other: bytes) -> list[bytes]:
    return [*proof[:at], other, *proof[at + 1 :]]


def spoiled(proof: Sequence[bytes], bit: int) -> Iterator[Sequence[bytes]]:
    """Every proof that is not this one: see above."""
    for at, hashed in enumerate(proof):
        yield exchanged(proof, at, flipped(hashed, (bit + 37 * at) % BITS))
    for at, (here, after) in enumerate(pairwise(proof)):
        yield [*proof[:at], after, here, *proof[at + 2 :]]
    if proof:
        yield proof[1:]
        yield proof[:-1]
        yield [proof[0], *proof]
        yield [*proof, proof[-1]]
    yield [*proof, EMPTY_ROOT]
    yield [EMPTY_ROOT, *proof]


def every_bit(proof: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for at, hashed in enumerate(proof):
        for bit in range(BITS):
            yield exchanged(proof, at, flipped(hashed, bit))


def sizes(part: int) -> range:
    """A share of all sizes, so that processes can take one each."""
    return range(1 + part, MOST + 1, PARTS)


# --- known answers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "known"),
    [
        (EMPTY_ROOT, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (leaf_hash(b""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (leaf_hash(b"L123456"), "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"),
        (node_hash(b"N123", b"N456"), "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"),
    ],
    ids=["no leaf", "empty leaf", "leaf", "node"],
)
def test_a_hash_is_the_known_one(made: bytes, known: str) -> None:
    assert made.hex() == known


# --- growth -------------------------------------------------------------------------------------------------


def test_the_root_of_every_size_is_the_literal_one() -> None:
    tree = CompactRange()
    for size in range(MOST + 1):
        assert tree.size == size
        assert tree.root() == ROOTS[size] == root_of(LEAVES[:size])
        assert CompactRange(size, tree.peaks).root() == ROOTS[size]
        tree.append(HASHES[size])


def test_every_whole_node_is_told_by_the_leaf_that_completes_it() -> None:
    for node, hashed in NODES.items():
        first, end = node.number << node.level, (node.number + 1) << node.level
        assert node.completed_by == end - 1
        assert hashed == LITERAL.over(first, end)
    whole = sum(1 for level in range(9) for _ in range((MOST + 1) >> level))
    assert len(NODES) == whole


@pytest.mark.parametrize("size", EDGES)
def test_the_peaks_of_a_size_cover_it_from_the_left_once(size: int) -> None:
    at = 0
    for node in peaks_of(size):
        assert node.number << node.level == at
        at += 1 << node.level
    assert at == size
    assert len(peaks_of(size)) == size.bit_count()


def test_a_compact_range_takes_no_other_number_of_peaks() -> None:
    with pytest.raises(AssertionError):
        CompactRange(3, [EMPTY_ROOT])


# --- inclusion ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_leaf_is_shown_in_every_tree_and_nothing_spoiled_is_taken(part: int) -> None:
    for size in sizes(part):
        for index in range(size):
            proof = filled(inclusion_plan(index, size), NODES)
            assert list(proof) == LITERAL.inclusion(index, size)
            _only_this_inclusion(proof, index, size, 7 * size + index)


def _only_this_inclusion(proof: Sequence[bytes], index: int, size: int, seed: int) -> None:
    hashed, root, bit = HASHES[index], ROOTS[size], seed % BITS
    assert is_included(hashed, index, size, proof, root)
    for other in spoiled(proof, bit):
        assert not is_included(hashed, index, size, other, root)
    assert not is_included(flipped(hashed, bit), index, size, proof, root)
    assert not is_included(hashed, index, size, proof, flipped(root, bit))
    for elsewhere in {-1, 0, index - 1, index + 1, index ^ 1, size - 1, size, size + 1} - {index}:
        assert not is_included(hashed, elsewhere, size, proof, root)
    for neighbour in (size - 1, size + 1):
        if neighbour <= MOST:
            assert not is_included(hashed, index, neighbour, proof, ROOTS[neighbour])


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_bit_of_a_proof_of_inclusion_can_be_flipped(part: int) -> None:
    for size in sizes(part):
        for index in range(size) if size <= EVERY_BIT else [37 * size % size, 101 * part % size]:
            proof = LITERAL.inclusion(index, size)
            for other in every_bit(proof):
                assert not is_included(HASHES[index], index, size, other, ROOTS[size])
            for bit in range(BITS):
                assert not is_included(flipped(HASHES[index], bit), index, size, proof, ROOTS[size])
                assert not is_included(HASHES[index], index, size, proof, flipped(ROOTS[size], bit))


# --- consistency --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_tree_begins_with_every_earlier_one_and_nothing_spoiled_is_taken(part: int) -> None:
    for size in sizes(part):
        for old in range(1, size + 1):
            proof = filled(consistency_plan(old, size), NODES)
            assert list(proof) == LITERAL.consistency(old, size)
            _only_this_consistency(proof, old, size, 11 * size + old)


def _only_this_consistency(proof: Sequence[bytes], old: int, size: int, seed: int) -> None:
    before, root, bit = ROOTS[old], ROOTS[size], seed % BITS
    assert is_consistent(old, before, size, root, proof)
    for other in spoiled(proof, bit):
        assert not is_consistent(old, before, size, root, other)
    assert not is_consistent(old, flipped(before, bit), size, root, proof)
    assert not is_consistent(old, before, size, flipped(root, bit), proof)
    for earlier in {-1, 0, 1, old - 1, old + 1, size} - {old}:
        assert not is_consistent(earlier, before, size, root, proof)
        if 0 <= earlier <= size:
            assert not is_consistent(earlier, ROOTS[earlier], size, root, proof)
    for neighbour in (size - 1, size + 1):
        if neighbour <= MOST and (old, proof) != (neighbour, ()):
            assert not is_consistent(old, before, neighbour, ROOTS[neighbour], proof)
    if old < size:
        assert not is_consistent(size, root, old, before, proof)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_no_bit_of_a_proof_of_consistency_can_be_flipped(part: int) -> None:
    for size in sizes(part):
        for old in range(1, size) if size <= EVERY_BIT else [1 + 37 * part % size]:
            proof = LITERAL.consistency(old, size)
            for other in every_bit(proof):
                assert not is_consistent(old, ROOTS[old], size, ROOTS[size], other)


# --- what the letter of RFC 9162 lets through ---------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 2, 3, 8])
def test_nothing_follows_from_a_tree_without_leaves(size: int) -> None:
    assert not is_consistent(0, EMPTY_ROOT, size, ROOTS[size], [])
    assert not is_consistent(0, EMPTY_ROOT, size, ROOTS[size], LITERAL.inclusion(0, size) if size else [])
    assert not is_consistent(0, ROOTS[1], size, ROOTS[1], [])
    assert not is_included(EMPTY_ROOT, 0, 0, [], EMPTY_ROOT)


@pytest.mark.parametrize(
    "cut", [lambda hashed: hashed[:31], lambda hashed: hashed + b"\0", lambda hashed: hashed[:0]]
)
def test_a_hash_has_32_bytes_in_every_place(cut: Callable[[bytes], bytes]) -> None:
    proof = LITERAL.inclusion(2, 7)
    assert not is_included(cut(HASHES[2]), 2, 7, proof, ROOTS[7])
    assert not is_included(HASHES[2], 2, 7, proof, cut(ROOTS[7]))
    assert not any(
        is_included(HASHES[2], 2, 7, exchanged(proof, at, cut(proof[at])), ROOTS[7])
        for at in range(len(proof))
    )
    assert not is_included(cut(HASHES[0]), 0, 1, [], cut(HASHES[0]))
    path = LITERAL.consistency(3, 7)
    assert not is_consistent(3, cut(ROOTS[3]), 7, ROOTS[7], path)
    assert not is_consistent(3, ROOTS[3], 7, cut(ROOTS[7]), path)
    assert not is_consistent(7, cut(ROOTS[7]), 7, cut(ROOTS[7]), [])


def test_bytes_cannot_move_from_one_hash_of_a_node_to_the_other() -> None:
    """Both pairs below give the same bytes to SHA-256: only the lengths tell them apart."""
    left, right = HASHES[0], HASHES[1]
    assert node_hash(left + right[:1], right[1:]) == ROOTS[2]
    assert not is_included(left + right[:1], 0, 2, [right[1:]], ROOTS[2])


def test_a_node_cannot_be_shown_as_a_leaf() -> None:
    """Leaves and nodes are hashed apart, so two hashes are no leaf of a smaller tree."""
    assert leaf_hash(HASHES[0] + HASHES[1]) != ROOTS[2]
    assert not is_included(leaf_hash(HASHES[0] + HASHES[1]), 0, 1, [], ROOTS[2])


def test_a_size_has_63_bits() -> None:
    path = [EMPTY_ROOT] * 63
    root = HASHES[0]
    for each in path:
        root = node_hash(root, each)
    assert is_included(HASHES[0], 0, LARGEST_SIZE, path, root)
    assert not is_included(HASHES[0], 0, LARGEST_SIZE + 2, path, root)
    assert not is_included(HASHES[0], 2**64, 2**64 + 1, path, root)
    assert not is_consistent(1, root, LARGEST_SIZE + 1, root, path)


def test_one_tree_follows_from_itself_by_an_empty_proof_alone() -> None:
    assert is_consistent(5, ROOTS[5], 5, ROOTS[5], [])
    assert not is_consistent(5, ROOTS[5], 5, ROOTS[5], [ROOTS[5]])
    assert not is_consistent(5, ROOTS[4], 5, ROOTS[5], [])


# --- plans of large trees -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", EDGES)
def test_a_plan_names_whole_nodes_of_the_tree_alone(size: int) -> None:
    for index in {0, size // 2, size - 1}:
        plan = inclusion_plan(index, size)
        assert all(node.completed_by < size for node in nodes_of(plan))
        assert sum(1 << node.level for node in nodes_of(plan)) == size - 1
    for old in {1, size // 2 or 1, size}:
        assert all(node.completed_by < size for node in nodes_of(consistency_plan(old, size)))


def test_a_proof_that_lacks_a_node_is_not_made() -> None:
    plan = inclusion_plan(0, 7)
    with pytest.raises(KeyError):
        filled(plan, {node: NODES[node] for node in nodes_of(plan)[1:]})


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 5), (5, 5)])
def test_there_is_no_plan_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(AssertionError):
        inclusion_plan(index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (6, 5), (-1, 5)])
def test_there_is_no_plan_from_no_tree_or_to_an_earlier_one(old: int, new: int) -> None:
    with pytest.raises(AssertionError):
        consistency_plan(old, new)
