"""The tree of RFC 6962 section 2: hashes, growth, proofs and their verification.

A tree of size n is over the leaves 0..n-1 of a log; leaf i is the event at position i + 1. Nothing here reads
or keeps anything: what grows a tree keeps a `CompactRange`, what makes a proof asks which nodes it needs
(`inclusion_plan`, `consistency_plan`), fetches them, and has them `filled`.

The verifiers are stricter than the letter of RFC 9162 section 2.1: every hash has 32 bytes, and nothing is
consistent with, or included in, a tree of size 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
LARGEST_SIZE = 2**63 - 1


class Node(NamedTuple):
    """A whole subtree: over the leaves from `number << level` to before `(number + 1) << level`."""

    level: int
    number: int

    @property
    def completed_by(self) -> int:
        """The leaf with which it is whole."""
        return ((self.number + 1) << self.level) - 1


Plan = tuple[tuple[Node, ...], ...]
"""What a proof is made of: each of its hashes is one of a subtree, given by the whole subtrees in it."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash (32 bytes) of a leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash (32 bytes) of a node over two."""
    return sha256(b"\x01" + left + right).digest()


# --- growth -------------------------------------------------------------------------------------------------


class CompactRange:
    """All that a tree must keep to grow: one hash for each bit of its size."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """`peaks` are the hashes of `peaks_of(size)`."""
        assert len(peaks) == size.bit_count()
        self.size = size
        self._peaks = list(peaks)

    def append(self, hashed: bytes) -> tuple[bytes, ...]:
        """Take the next leaf's hash; it, and after it each node that is whole with it, by level."""
        whole, bits = [hashed], self.size
        while bits & 1:
            hashed = node_hash(self._peaks.pop(), hashed)
            whole.append(hashed)
            bits >>= 1
        self._peaks.append(hashed)
        self.size += 1
        return tuple(whole)

    @property
    def peaks(self) -> Sequence[bytes]:
        """The hashes of `peaks_of(size)`."""
        return self._peaks

    def root(self) -> bytes:
        """The root at this size."""
        return _joined(self._peaks) if self._peaks else EMPTY_ROOT


def peaks_of(size: int) -> tuple[Node, ...]:
    """The whole subtrees, from the left, that a tree of this size is made of."""
    return _whole(0, size)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaves (not hashes)."""
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf_hash(leaf))
    return tree.root()


def _joined(peaks: Sequence[bytes]) -> bytes:
    joined = peaks[-1]
    for peak in reversed(peaks[:-1]):
        joined = node_hash(peak, joined)
    return joined


# --- proofs -------------------------------------------------------------------------------------------------


def inclusion_plan(index: int, size: int) -> Plan:
    """Of the proof that leaf `index` is in the tree of `size`, from the leaf upwards (2.1.1)."""
    assert 0 <= index < size
    return tuple(_whole(low, high) for low, high in _path(index, 0, size))


def consistency_plan(old: int, new: int) -> Plan:
    """Of the proof that the tree of size `new` begins with that of size `old` (2.1.2)."""
    assert 0 < old <= new
    return tuple(_whole(low, high) for low, high in _subproof(old, 0, new, is_whole=True))


def nodes_of(plan: Plan) -> tuple[Node, ...]:
    """Every node that is needed to fill it."""
    return tuple(node for nodes in plan for node in nodes)


def filled(plan: Plan, nodes: Mapping[Node, bytes]) -> tuple[bytes, ...]:
    """The proof's hashes. Errors: KeyError for a node that is not given."""
    return tuple(_joined([nodes[node] for node in part]) for part in plan)


def _path(index: int, low: int, high: int) -> list[tuple[int, int]]:
    if high - low == 1:
        return []
    split = low + _split(high - low)
    if index < split:
        return [*_path(index, low, split), (split, high)]
    return [*_path(index, split, high), (low, split)]


def _subproof(old: int, low: int, high: int, *, is_whole: bool) -> list[tuple[int, int]]:
    if old == high:
        return [] if is_whole else [(low, high)]
    split = low + _split(high - low)
    if old <= split:
        return [*_subproof(old, low, split, is_whole=is_whole), (split, high)]
    return [*_subproof(old, split, high, is_whole=False), (low, split)]


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << ((size - 1).bit_length() - 1)


def _whole(low: int, high: int) -> tuple[Node, ...]:
    """The whole subtrees between two leaves, from the left; `low` is where a subtree of the tree begins."""
    found = []
    while low < high:
        level = (high - low).bit_length() - 1
        found.append(Node(level, low >> level))
        low += 1 << level
    return tuple(found)


# --- verification -------------------------------------------------------------------------------------------


def is_included(hashed: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf with this hash is at `index` of the tree of that size and root (RFC 9162 2.1.3.2)."""
    if not (0 <= index < size <= LARGEST_SIZE) or not _are_hashes(hashed, root, *proof):
        return False
    at, last, computed = index, size - 1, hashed
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            computed = node_hash(each, computed)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            computed = node_hash(computed, each)
        at, last = at >> 1, last >> 1
    return last == 0 and computed == root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of size `new` begins with all of the tree of size `old` (RFC 9162 2.1.4.2)."""
    if not (0 < old <= new <= LARGEST_SIZE) or not _are_hashes(old_root, new_root, *proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if len(path) < 2:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, each)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def _are_hashes(*each: bytes) -> bool:
    return all(len(found) == HASH_BYTES for found in each)
