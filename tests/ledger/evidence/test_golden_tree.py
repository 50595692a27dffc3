"""The golden tree: its bytes stay, and a stranger who has `docs/EVIDENCE.md` alone finds the same."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tests.vectors import generate, grown, stranger_heads
from tests.vectors.stranger import Unreadable

EVENTS = json.loads(generate.EVENTS.read_text())
TREE: dict[str, Any] = json.loads(grown.TREE.read_text())
LEAVES = [bytes.fromhex(EVENTS[name]["leaf"]) for name in TREE["leaves"]]
ROOTS = [bytes.fromhex(each) for each in TREE["roots"]]
PAGE = (Path(__file__).parents[3] / "docs" / "EVIDENCE.md").read_text()


def verified(signed: Sequence[tuple[bytes, bytes]], key: stranger_heads.Key) -> int:
    """How many lines of a key stand under what it signed; a wrong one raises."""
    for message, signature in signed:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
    return len(signed)


def test_the_golden_tree_is_what_is_made_today() -> None:
    assert grown.tree(EVENTS) == TREE


def test_the_stranger_to_heads_knows_nothing_of_this_program() -> None:
    nodes = ast.walk(ast.parse(Path(stranger_heads.__file__).read_text()))
    imported = {
        name
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or "."] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
        )
    }
    assert {each for each in imported if each.split(".")[0] not in sys.stdlib_module_names} == {
        "tests.vectors.stranger"
    }


def test_a_stranger_computes_every_root() -> None:
    assert [stranger_heads.root(LEAVES[:size]) for size in range(len(ROOTS))] == ROOTS


def test_a_stranger_reads_the_head_and_who_signed_it() -> None:
    head = stranger_heads.read_head(TREE["checkpoint"].encode())
    assert (head.origin, head.size, head.root) == (grown.ORIGIN, len(LEAVES), stranger_heads.root(LEAVES))
    for name in ("key", "clock"):
        key = stranger_heads.read_key(TREE[name])
        assert verified(stranger_heads.signed_by(key, head), key) == 1


def test_a_stranger_follows_the_proof_to_the_signed_root() -> None:
    index, hashes, head = stranger_heads.read_proof(TREE["proof of 9"].encode())
    hashed = stranger_heads.leaf_hash(LEAVES[index])
    assert stranger_heads.root_shown(index, head.size, hashed, hashes) == head.root == ROOTS[head.size]
    key = stranger_heads.read_key(TREE["key"])
    assert verified(stranger_heads.signed_by(key, head), key) == 1
    with pytest.raises(Unreadable):
        stranger_heads.root_shown(index, head.size, hashed, hashes[1:])


def test_a_stranger_follows_one_head_from_the_earlier() -> None:
    hashes = [bytes.fromhex(each) for each in TREE["consistency from 6"]]
    assert stranger_heads.roots_shown(6, 13, ROOTS[6], hashes) == (ROOTS[6], ROOTS[13])


def test_a_stranger_finds_the_tile_and_the_leaves_by_their_paths() -> None:
    tile = bytes.fromhex(TREE[stranger_heads.tile_path(0, 0, 13)])
    assert tile == b"".join(map(stranger_heads.leaf_hash, LEAVES))
    assert (
        stranger_heads.read_bundle(bytes.fromhex(TREE[stranger_heads.tile_path("entries", 0, 13)])) == LEAVES
    )
    assert stranger_heads.tile_path(0, 1_234_067, 256) == "tile/0/x001/x234/067"


def test_a_stranger_reads_who_signs_from_when_on() -> None:
    first, following = TREE["statement of the first key"], TREE["statement of the next key"]
    for statement, since in ((first, "0"), (following, "13")):
        text, below = statement.rsplit("\n\n", 1)
        said = text.split("\n")
        assert (said[0], said[1], said[2], len(said)) == ("approdo/log-key v1", grown.ORIGIN, since, 5)
        new, former = stranger_heads.read_key(said[3]), stranger_heads.read_key(TREE["key"])
        keys = {(key.name, key.key_id): key for key in (new, former)}
        lines = [line.split(" ") for line in below.splitlines()]
        for _, name, coded in lines:
            plain = base64.b64decode(coded)
            key = keys.pop((name, plain[:4]))
            Ed25519PublicKey.from_public_bytes(key.public).verify(plain[4:], text.encode() + b"\n")
        assert not keys


def test_the_page_shows_the_golden_head_and_proof() -> None:
    shown = PAGE.split("## A head and a proof", 1)[1].split("\n## ", 1)[0]
    blocks = shown.split("```\n")[1::2]
    assert TREE["proof of 9"].startswith(blocks[0])
    assert blocks[1] == TREE["checkpoint"]
    assert TREE["key"] in shown
    assert hashlib.sha256(b"\0" + LEAVES[9]).hexdigest() in shown
