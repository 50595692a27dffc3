"""The events of an export held against its tree, and the tree against every head, in one pass.

Row i of the log is read beside entry i of the bundles and hash i of the tiles; the tree is grown from the
entries. So a row or a hash that was changed is named by its index. Where rows, entries and hashes were all
written anew and only the heads disagree, what is named is the stretch between two heads.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from typing import Protocol

from ledger.evidence.export.layout import LOG, ExportBroken, Manifest
from ledger.evidence.export.reading import ExportFiles
from ledger.evidence.leaf import leaf_of
from ledger.evidence.notes.checkpoint import Checkpoint
from ledger.evidence.tree.merkle import HASH_BYTES
from ledger.evidence.tree.tiles import (
    HEIGHT,
    LONGEST_ENTRY,
    WIDTH,
    BundleBroken,
    Tile,
    bundle_path,
    leaves_in,
)
from ledger.evidence.verifying.finding import Findings, Kind
from ledger.evidence.verifying.tree_walk import TreeWalk
from ledger.faults import BrokenEvent
from ledger.store.dump import LONGEST_LINE, DumpBroken, row_of
from ledger.store.port import StoredRow

LONGEST_BUNDLE = WIDTH * (LONGEST_ENTRY + 2)


class RowReader(Protocol):
    """Somebody else who is to see every row that can be read, in order."""

    def take(self, rows: Sequence[StoredRow]) -> None:
        """The next of them."""


class Contents:
    """One export's. `asked` are sizes at which somebody wants to know the root."""

    def __init__(
        self,
        files: ExportFiles,
        manifest: Manifest,
        findings: Findings,
        readers: Sequence[RowReader],
        asked: Sequence[int] = (),
    ) -> None:
        self._files = files
        self._manifest = manifest
        self._findings = findings
        self._readers = readers
        self._asked = sorted(set(asked))
        self._upper: list[list[bytes]] = []
        self._whole: list[int] = []
        self.roots: dict[int, bytes] = {}
        """At the sizes that were asked for, as far as the tree could be grown."""
        self.rows = 0
        self.good = 0
        """The size of the last head that holds before the first that does not."""
        self.held = 0
        self.wrong: int | None = None
        self.root: bytes | None = None
        """Over all entries."""

    def check(self, heads: Iterator[Checkpoint], tell: Callable[[int], None]) -> None:
        """Read everything."""
        rows, walk = self._read_rows(), TreeWalk()
        head = next(heads, None)
        try:
            for tile in self._level_0():
                bundle = self._files.read(bundle_path(tile.number, tile.width), LONGEST_BUNDLE)
                first = walk.size
                self._hold_rows(list(islice(rows, tile.width)), leaves_in(bundle), first)
                self._hold_hashes(walk.take(bundle), tile, first)
                while head is not None and head.size <= walk.size:
                    self.hold_head(head, walk.root_at(head.size))
                    head = next(heads, None)
                self._note_roots(walk)
                self._grow_upper(walk.close())
                tell(self.rows)
            self._end_upper()
            self.root = walk.root_at(walk.size)
        except ExportBroken as broken:
            self._findings.add(Kind.UNREADABLE, broken.args[0], index=walk.size)
        except BundleBroken:
            said = "a bundle of entries is cut off, empty, or longer than it may be"
            self._findings.add(Kind.UNREADABLE, said, index=walk.size)
        while head is not None:
            self._wrong(
                head, f"the head of {head.size} events reaches beyond the {walk.size} entries there are"
            )
            head = next(heads, None)
        for row in rows:
            tell(self.rows)
            del row
        if self.rows != self._manifest.size:
            self._count_rows()

    # --- the comparisons ------------------------------------------------------------------------------------

    def entry_agrees(self, row: StoredRow, entry: bytes) -> bool:
        """Whether the entry is the row's leaf."""
        try:
            return leaf_of(row) == entry
        except (BrokenEvent, struct.error, OverflowError):
            return False

    def hash_agrees(self, hashed: bytes, sealed: bytes) -> bool:
        return hashed == sealed

    def root_agrees(self, head: Checkpoint, root: bytes) -> bool:
        return head.root == root

    def hold_head(self, head: Checkpoint, root: bytes) -> None:
        if self.root_agrees(head, root):
            self.held += 1
            self.good = head.size if self.wrong is None else self.good
        else:
            self._wrong(head, f"the head of {head.size} events has another root than the leaves below it")

    def _wrong(self, head: Checkpoint, said: str) -> None:
        if self.wrong is None:
            self.wrong = head.size
        self._findings.add(Kind.ROOT_DIFFERS, said, index=self.good, before=head.size)

    def _hold_rows(self, rows: Sequence[StoredRow], entries: Sequence[bytes], first: int) -> None:
        for index, row, entry in zip(count(first), rows, entries, strict=False):
            if not self.entry_agrees(row, entry):
                said = f"the row at position {row.position} is not the event whose leaf is here"
                self._findings.add(Kind.ROW_DIFFERS, said, index)

    def _hold_hashes(self, hashes: Sequence[bytes], tile: Tile, first: int) -> None:
        sealed = self._files.read(tile.path, WIDTH * HASH_BYTES)
        if len(sealed) != tile.width * HASH_BYTES:
            raise ExportBroken(f"{tile.path}: not {tile.width} hashes")
        if b"".join(hashes) == sealed:
            return
        for at, hashed in enumerate(hashes):
            if not self.hash_agrees(hashed, sealed[at * HASH_BYTES : (at + 1) * HASH_BYTES]):
                said = "the event here is not the one that was sealed"
                self._findings.add(Kind.LEAF_DIFFERS, said, first + at)

    # --- reading --------------------------------------------------------------------------------------------

    def _level_0(self) -> Iterator[Tile]:
        size = self._manifest.size
        for number in range(-(-size // WIDTH)):
            yield Tile(level=0, number=number, width=min(WIDTH, size - number * WIDTH))

    def _read_rows(self) -> Iterator[StoredRow]:
        """Every row that can be read. After one that cannot, none is."""
        try:
            for number, line in enumerate(self._files.lines(LOG, LONGEST_LINE), start=1):
                row = row_of(line, number)
                self.rows += 1
                for reader in self._readers:
                    reader.take((row,))
                yield row
        except DumpBroken as broken:
            self._findings.add(Kind.UNREADABLE, f"{LOG}: {broken.args[0]}", index=self.rows)
        except ExportBroken as broken:
            self._findings.add(Kind.UNREADABLE, broken.args[0])

    def _count_rows(self) -> None:
        """The end of the shorter is bad in any case; where one before it is gone, its index is named too."""
        said = f"{self.rows} rows for {self._manifest.size} events"
        self._findings.add(Kind.ROWS_MISSING, said, min(self.rows, self._manifest.size))

    def _note_roots(self, walk: TreeWalk) -> None:
        while self._asked and self._asked[0] <= walk.size:
            size = self._asked.pop(0)
            self.roots[size] = walk.root_at(size)

    # --- the tiles above ------------------------------------------------------------------------------------

    def _grow_upper(self, nodes: Sequence[bytes]) -> None:
        """The nodes of levels 8, 16, 24, ... that became whole."""
        for level, node in enumerate(nodes[::HEIGHT]):
            if len(self._upper) <= level:
                self._upper.append([])
                self._whole.append(0)
            self._upper[level].append(node)
            if len(self._upper[level]) == WIDTH:
                self._hold_upper(level)

    def _end_upper(self) -> None:
        for level, nodes in enumerate(self._upper):
            if nodes:
                self._hold_upper(level)

    def _hold_upper(self, level: int) -> None:
        nodes = self._upper[level]
        tile = Tile(level=level + 1, number=self._whole[level], width=len(nodes))
        if b"".join(nodes) != self._files.read(tile.path, WIDTH * HASH_BYTES):
            first = tile.number * WIDTH << HEIGHT * (level + 1)
            said = f"{tile.path} is not what lies over the leaves"
            self._findings.add(Kind.NODE_DIFFERS, said, first, self._manifest.size)
        self._upper[level] = []
        self._whole[level] += 1
