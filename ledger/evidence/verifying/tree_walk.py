"""The tree of a log grown again from its leaves, a bundle of 256 at a time, and its heads held against it.

Pure. It is what checking a whole log costs beyond reading it, and so goes level by level over plain lists:
one hash for each leaf and one for each node. A head at any size is a look-up of what stands already. For
`verifying.contents`, and for the bench `verify_log`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ledger.evidence.tree.merkle import EMPTY_ROOT, CompactRange, node_hash
from ledger.evidence.tree.tiles import HEIGHT, WIDTH, BundleBroken


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadsHeld:
    """What became of heads: `held` of them are of this tree, the largest before `wrong` (the size of the
    first that is not) has the size `good`. `size` and `root` are those of all the leaves.
    """

    size: int
    root: bytes
    held: int
    good: int
    wrong: int | None


class TreeWalk:
    """Takes the bundles of a log in order; each but the last has 256 leaves."""

    def __init__(self) -> None:
        self._before = CompactRange()
        self._levels: list[list[bytes]] = [[]]

    @property
    def size(self) -> int:
        """Leaves taken."""
        return self._before.size * WIDTH + len(self._levels[0])

    def take(self, bundle: bytes) -> Sequence[bytes]:
        """The hashes of its leaves. Errors: `BundleBroken`, also for one that cannot follow."""
        self.close()
        if self._levels[0]:
            raise BundleBroken
        hashes = hashes_of(bundle)
        if not 0 < len(hashes) <= WIDTH:
            raise BundleBroken
        self._levels = levels_over(hashes)
        return hashes

    def close(self) -> tuple[bytes, ...]:
        """Where the last bundle was whole: the hashes of the node over it and of those whole with it, by
        level from 8 on. It is put away with it: no head inside it can be asked for any more.
        """
        if len(self._levels) <= HEIGHT:
            return ()
        (whole,) = self._levels[HEIGHT]
        self._levels = [[]]
        return self._before.append(whole)

    def root_at(self, size: int) -> bytes:
        """The root at a size inside the last bundle, or at its ends."""
        inside = size - self._before.size * WIDTH
        assert 0 <= inside <= len(self._levels[0])
        peaks = [*self._before.peaks]
        peaks += [
            self._levels[level][(inside >> level) - 1]
            for level in reversed(range(inside.bit_length()))
            if inside >> level & 1
        ]
        if not peaks:
            return EMPTY_ROOT
        joined = peaks.pop()
        while peaks:
            joined = node_hash(peaks.pop(), joined)
        return joined


def heads_hold(bundles: Iterable[bytes], heads: Iterable[tuple[int, bytes]]) -> HeadsHeld:
    """Whether heads (size, root), in order of their sizes, are of the tree over these bundles.

    Errors: `BundleBroken`.
    """
    walk, asked = TreeWalk(), iter(heads)
    held, good, wrong = 0, 0, None
    head = next(asked, None)
    for bundle in bundles:
        walk.take(bundle)
        while head is not None and head[0] <= walk.size:
            if walk.root_at(head[0]) == head[1]:
                held += 1
                good = head[0] if wrong is None else good
            elif wrong is None:
                wrong = head[0]
            head = next(asked, None)
    if head is not None and wrong is None:
        wrong = head[0]
    return HeadsHeld(size=walk.size, root=walk.root_at(walk.size), held=held, good=good, wrong=wrong)


def hashes_of(bundle: bytes) -> list[bytes]:
    """The hashes of a bundle's leaves. Errors: `BundleBroken`."""
    hashes: list[bytes] = []
    take, hashed = hashes.append, sha256
    at, end = 0, len(bundle)
    try:
        while at < end:
            begin = at + 2
            at = begin + (bundle[at] << 8 | bundle[at + 1])
            take(hashed(b"\x00" + bundle[begin:at]).digest())
    except IndexError:
        raise BundleBroken from None
    if at != end:
        raise BundleBroken
    return hashes


def levels_over(hashes: list[bytes]) -> list[list[bytes]]:
    """The whole nodes over up to 256 leaves whose hashes these are, level by level, the leaves first."""
    hashed, levels = sha256, [hashes]
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [hashed(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=False)]
        levels.append(hashes)
    return levels
