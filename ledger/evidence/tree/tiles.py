"""C2SP tlog-tiles: where the hashes and leaves of a tree lie as files, and what is in them.

A tile holds up to 256 hashes, those of the nodes 8 levels apart; a bundle holds the leaves under one tile of
level 0. Only paths and bytes: who writes and reads them is for `ledger.evidence.export` and the doors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from struct import pack

from ledger.evidence.tree.merkle import HASH_BYTES, Node
from ledger.faults import LedgerFault

HEIGHT = 8
WIDTH = 1 << HEIGHT
LONGEST_ENTRY = 65_535
_TILE = re.compile(r"([1-5]?[0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class BundleBroken(LedgerFault):
    """A bundle of leaves is cut off or has bytes left over."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tile:
    """The `number`-th tile of a level, of 1..256 hashes."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Those whose hashes it holds, in its order."""
        first = self.number * WIDTH
        return tuple(Node(self.level * HEIGHT, first + each) for each in range(self.width))

    @property
    def path(self) -> str:
        """Below the log's prefix."""
        return f"tile/{self.level}/{_numbered(self.number, self.width)}"


def tiles_of(size: int, *, after: int = 0) -> Iterator[Tile]:
    """Every tile of a tree of this size that the tree of size `after` does not have alike, level by level."""
    level = 0
    while (hashes := size >> (HEIGHT * level)) > 0:
        first = (after >> (HEIGHT * level)) // WIDTH
        for number in range(first, -(-hashes // WIDTH)):
            tile = Tile(level=level, number=number, width=min(WIDTH, hashes - number * WIDTH))
            if (after >> (HEIGHT * level)) < number * WIDTH + tile.width:
                yield tile
        level += 1


def tile_at(path: str) -> Tile | None:
    """The tile of a path below `tile/`, as "0/x001/234" or "1/000.p/17"; None where it names none."""
    match = _TILE.fullmatch(path)
    if match is None:
        return None
    width = int(match[3]) if match[3] else WIDTH
    number = int(match[2].replace("x", "").replace("/", ""))
    tile = Tile(level=int(match[1]), number=number, width=width)
    return tile if width <= WIDTH and tile.path == f"tile/{path}" else None


def bundle_path(number: int, width: int = WIDTH) -> str:
    """Of the leaves under the tile of level 0 with this number."""
    return f"tile/entries/{_numbered(number, width)}"


def bundle_of(leaves: Iterable[bytes]) -> bytes:
    """Leaves, each after its length in two bytes."""
    return b"".join(pack(">H", len(leaf)) + leaf for leaf in leaves)


def leaves_in(bundle: bytes) -> list[bytes]:
    """The leaves of a bundle. Errors: `BundleBroken`."""
    found, at, end = [], 0, len(bundle)
    while at < end:
        begin = at + 2
        at = begin + (bundle[at] << 8) + bundle[at + 1] if begin <= end else end + 1
        if at > end:
            raise BundleBroken
        found.append(bundle[begin:at])
    return found


def hashes_in(tile: bytes) -> Sequence[bytes]:
    """The hashes of a tile."""
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]


def _numbered(number: int, width: int) -> str:
    digits = f"{number:03}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return path if width == WIDTH else f"{path}.p/{width}"
