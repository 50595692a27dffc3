"""What checking an export can find, and the exit status that tells the worst of it. Values alone."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

MOST_TOLD = 10
"""Findings of one kind that are told in full; all are counted."""
ALL_HOLDS, WRONG_ARGUMENTS = 0, 2


class Kind(enum.StrEnum):
    """What was found, in the order in which it is told."""

    UNREADABLE = "UNREADABLE"
    """Something is missing, or is not what it should be."""
    NOT_SOUND = "NOT_SOUND"
    """The events contradict each other."""
    FILE_DIFFERS = "FILE_DIFFERS"
    """A file is not the one that the manifest or the list of tiles names."""
    ROW_DIFFERS = "ROW_DIFFERS"
    """The row's leaf is not the entry at its index."""
    LEAF_DIFFERS = "LEAF_DIFFERS"
    """The entry is not the leaf that was sealed at its index."""
    NODE_DIFFERS = "NODE_DIFFERS"
    """A node of the tree is not the one over its leaves."""
    ROWS_MISSING = "ROWS_MISSING"
    """There are fewer or more rows than the last head has."""
    ROOT_DIFFERS = "ROOT_DIFFERS"
    """A head's root is not that of the leaves below it."""
    CHAIN = "CHAIN"
    """The heads are no chain: of another log, not growing, not as the manifest says."""
    NOT_SIGNED = "NOT_SIGNED"
    """A head is not signed by a key that is trusted at its size, or a known key's line under it is wrong."""
    KEY_NOT_TRUSTED = "KEY_NOT_TRUSTED"
    """A key was stated that no trusted key vouches for."""
    QUORUM = "QUORUM"
    """Fewer witnesses than are needed have seen the last head."""
    STAMP = "STAMP"
    """A time stamp is not one of the head it is said to be of."""
    DECISION = "DECISION"
    """A decision does not follow from what stood before it."""
    EARLIER = "EARLIER"
    """A head that was kept earlier does not fit: rolled back, or forked."""

    @property
    def status(self) -> int:
        return _STATUS[self]


_STATUS = {
    Kind.UNREADABLE: 1,
    Kind.NOT_SOUND: 3,
    Kind.FILE_DIFFERS: 4,
    Kind.ROW_DIFFERS: 4,
    Kind.LEAF_DIFFERS: 4,
    Kind.NODE_DIFFERS: 4,
    Kind.ROWS_MISSING: 4,
    Kind.ROOT_DIFFERS: 4,
    Kind.CHAIN: 5,
    Kind.NOT_SIGNED: 5,
    Kind.KEY_NOT_TRUSTED: 5,
    Kind.QUORUM: 6,
    Kind.STAMP: 7,
    Kind.DECISION: 8,
    Kind.EARLIER: 9,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One finding, in words. `index` is the first leaf (from 0) that is concerned; with `before`, it is that
    one or another below `before`, and which cannot be told.
    """

    kind: Kind
    said: str
    index: int | None = None
    before: int | None = None


class Findings:
    """Gathers them; keeps few of each kind and counts all."""

    def __init__(self) -> None:
        self.counts: Counter[Kind] = Counter()
        self._told: dict[Kind, list[Found]] = {kind: [] for kind in Kind}

    def add(self, kind: Kind, said: str, index: int | None = None, before: int | None = None) -> None:
        self.counts[kind] += 1
        if len(self._told[kind]) < MOST_TOLD:
            self._told[kind].append(Found(kind=kind, said=said, index=index, before=before))

    def __iter__(self) -> Iterator[Found]:
        """Those that are told, by kind."""
        for told in self._told.values():
            yield from told

    @property
    def status(self) -> int:
        return min((kind.status for kind in self.counts), default=ALL_HOLDS)

    @property
    def first_bad(self) -> Found | None:
        """The one with the lowest index. A stretch counts only where no index inside it is named alone."""
        named = [(found.index, found) for found in self if found.index is not None]
        alone = min((each for each in named if each[1].before is None), key=_by_index, default=None)
        stretch = min((each for each in named if each[1].before is not None), key=_by_index, default=None)
        if alone is None or stretch is None:
            first = alone or stretch
            return first[1] if first is not None else None
        return alone[1] if alone[0] < (stretch[1].before or 0) else stretch[1]


def _by_index(each: tuple[int, Found]) -> int:
    return each[0]
