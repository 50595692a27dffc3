"""C2SP tlog-tiles: which tiles a tree has, what they are called, what is in a bundle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.evidence.tree.merkle import CompactRange, Node, leaf_hash, peaks_of, root_of
from ledger.evidence.tree.tiles import (
    BundleBroken,
    Tile,
    bundle_of,
    bundle_path,
    leaves_in,
    tile_at,
    tiles_of,
)

EDGES = (0, 1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000)


@pytest.mark.parametrize(
    ("level", "number", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 0, 1, "tile/0/000.p/1"),
        (0, 999, 255, "tile/0/999.p/255"),
        (1, 1000, 256, "tile/1/x001/000"),
        (0, 1_234_067, 256, "tile/0/x001/x234/067"),
        (63, 0, 17, "tile/63/000.p/17"),
    ],
)
def test_a_tile_has_one_path_and_the_path_one_tile(level: int, number: int, width: int, path: str) -> None:
    tile = Tile(level=level, number=number, width=width)
    assert tile.path == path
    assert tile_at(path.removeprefix("tile/")) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "0", "0/", "0/0", "0/00", "0/0000", "00/000", "64/000", "-1/000", "0/000/", "/0/000", "0/000.p",
        "0/000.p/", "0/000.p/0", "0/000.p/01", "0/000.p/256", "0/000.p/257", "0/000.p/999", "0/x000/000",
        "0/x001/00", "0/001/000", "0/x01/000", "0/x001/x002", "0/x000/x001/000", "0/\u0660\u0660\u0660",
        "0/000\n", "0/000.p/1/", "entries/000", "0/../000", "0/x001/000.p/-1",
    ],
)  # fmt: skip
def test_no_other_path_names_a_tile(path: str) -> None:
    assert tile_at(path) is None


@given(st.integers(0, 63), st.integers(0, 10**18 - 1), st.integers(1, 256))
def test_every_tile_is_found_by_its_path(level: int, number: int, width: int) -> None:
    tile = Tile(level=level, number=number, width=width)
    assert tile_at(tile.path.removeprefix("tile/")) == tile


@given(st.text(alphabet="0123456789x/.p", max_size=24))
def test_a_path_that_is_read_is_the_one_that_is_written(path: str) -> None:
    tile = tile_at(path)
    assert tile is None or tile.path == f"tile/{path}"


def test_a_tree_of_70000_leaves_has_the_tiles_of_the_specification() -> None:
    tiles = list(tiles_of(70_000))
    told = [(level, width, sum((t.level, t.width) == (level, width) for t in tiles)) for level, width in
            [(0, 256), (0, 112), (1, 256), (1, 17), (2, 1)]]  # fmt: skip
    assert told == [(0, 256, 273), (0, 112, 1), (1, 256, 1), (1, 17, 1), (2, 1, 1)]
    assert len(tiles) == 277


def test_a_tree_of_256_leaves_has_a_whole_tile_and_one_above_it() -> None:
    assert [tile.path for tile in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]


@pytest.mark.parametrize("size", EDGES)
def test_the_tiles_of_a_tree_hold_its_whole_nodes_of_every_eighth_level_once(size: int) -> None:
    held = [node for tile in tiles_of(size) for node in tile.nodes]
    assert len(held) == len(set(held)) == sum(size >> level for level in range(0, 64, 8))
    assert all(node.completed_by < size and node.level % 8 == 0 for node in held)


@pytest.mark.parametrize("size", EDGES)
@pytest.mark.parametrize("after", EDGES)
def test_what_is_written_after_an_earlier_size_is_what_it_did_not_have(size: int, after: int) -> None:
    if after <= size:
        assert set(tiles_of(size, after=after)) == set(tiles_of(size)) - set(tiles_of(after))


@pytest.mark.parametrize("size", [1, 255, 256, 257, 1000])
def test_the_root_follows_from_the_tiles_alone(size: int) -> None:
    leaves = [b"%d" % index for index in range(size)]
    tree, nodes = CompactRange(), {}
    for leaf in leaves:
        for level, whole in enumerate(tree.append(leaf_hash(leaf))):
            nodes[Node(level, (tree.size - 1) >> level)] = whole
    kept = {node: nodes[node] for tile in tiles_of(size) for node in tile.nodes}
    grown = CompactRange(size, [_grown(node, kept) for node in peaks_of(size)])
    assert grown.root() == root_of(leaves)


def _grown(peak: Node, kept: dict[Node, bytes]) -> bytes:
    """A node out of the tile that lies at or below it."""
    below = peak.level % 8
    first = peak.number << below
    part = CompactRange()
    for number in range(first, first + (1 << below)):
        part.append(kept[Node(peak.level - below, number)])
    return part.root()


# --- bundles ------------------------------------------------------------------------------------------------


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_back_its_leaves(leaves: list[bytes]) -> None:
    assert leaves_in(bundle_of(leaves)) == leaves


@given(st.binary(max_size=60))
def test_bytes_that_are_read_as_a_bundle_are_the_ones_it_is_written_in(raw: bytes) -> None:
    try:
        leaves = leaves_in(raw)
    except BundleBroken:
        return
    assert bundle_of(leaves) == raw


def test_a_bundle_that_is_cut_anywhere_inside_a_leaf_is_broken() -> None:
    leaves = [b"", b"a", b"bc" * 200]
    whole = bundle_of(leaves)
    ends = {len(bundle_of(leaves[:count])) for count in range(len(leaves) + 1)}
    for cut in set(range(len(whole))) - ends:
        with pytest.raises(BundleBroken):
            leaves_in(whole[:cut])


def test_the_longest_leaf_has_65535_bytes() -> None:
    longest = bytes(65_535)
    assert leaves_in(bundle_of([longest])) == [longest]


def test_a_bundle_has_the_path_of_its_tile() -> None:
    assert bundle_path(0) == "tile/entries/000"
    assert bundle_path(1_234_067, 112) == "tile/entries/x001/x234/067.p/112"
